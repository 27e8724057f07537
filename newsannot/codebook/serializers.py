"""What the API gives out of the codebook."""

from collections.abc import Iterable
from typing import Any

from rest_framework import serializers

from newsannot.codebook.models import BecameSort
from newsannot.codebook.past import StepOfVersion
from newsannot.codebook.queries import CodeChoice, SchemeSummary
from newsannot.core.describing import page


class SchemeOut(serializers.Serializer[Any]):
    """A code list and where it comes from."""

    key = serializers.CharField()
    name = serializers.CharField()
    number = serializers.IntegerField(help_text="Our version of the list.")
    version = serializers.CharField(help_text="The version of its source.")
    source = serializers.CharField()  # type: ignore[assignment]
    licence = serializers.CharField()
    description = serializers.CharField()
    code_count = serializers.IntegerField()
    codebook = serializers.IntegerField(help_text="The number of the codebook it was read from.")


class CodeOut(serializers.Serializer[Any]):
    """One value and what it means."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    definition = serializers.CharField()
    example = serializers.CharField()
    parent = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    extra = serializers.DictField(help_text="What only this list has, such as Goldstein weights.")


class BecameOut(serializers.Serializer[Any]):
    """What became of a code in this version of the list."""

    sort = serializers.ChoiceField(choices=BecameSort.values)
    old = serializers.CharField(help_text="The code of the version before.")
    new = serializers.ListField(
        child=serializers.CharField(), help_text="The codes it became; none when it was retired."
    )


class SchemeVersionOut(serializers.Serializer[Any]):
    """A version of a list: when it came in force, and what became of the codes of the one before."""

    number = serializers.IntegerField()
    codebook = serializers.IntegerField(allow_null=True, help_text="The first codebook that has it.")
    in_force_since = serializers.DateTimeField()
    reason = serializers.CharField(help_text="Why it differs; empty for what was loaded from a file.")
    became = BecameOut(many=True)


class SchemeWithCodesOut(SchemeOut):
    """A code list with its codes, in their order, and its versions, the newest first."""

    codes = CodeOut(many=True)
    versions = SchemeVersionOut(many=True)


SchemePage = page(SchemeOut, "SchemePage")


def present_scheme(scheme: SchemeSummary, codebook: int) -> dict[str, Any]:
    """A scheme as SchemeOut says."""
    return {
        "key": scheme.key,
        "name": scheme.name,
        "number": scheme.number,
        "version": scheme.version,
        "source": scheme.source,
        "licence": scheme.licence,
        "description": scheme.description,
        "code_count": scheme.code_count,
        "codebook": codebook,
    }


def present_codes(codes: Iterable[CodeChoice]) -> list[dict[str, Any]]:
    """Codes as CodeOut says."""
    return [
        {
            "code": choice.code,
            "label": choice.label,
            "definition": choice.definition,
            "example": choice.example,
            "parent": choice.parent or None,
            "extra": dict(choice.extra),
        }
        for choice in codes
    ]


def present_versions(steps: Iterable[StepOfVersion]) -> list[dict[str, Any]]:
    """Versions as SchemeVersionOut says."""
    return [
        {
            "number": step.version.number,
            "codebook": step.version.codebook,
            "in_force_since": step.version.since,
            "reason": step.version.reason,
            "became": [{"sort": sort, "old": old, "new": list(new)} for sort, old, new in step.became],
        }
        for step in steps
    ]
