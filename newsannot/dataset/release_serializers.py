"""What the API gives out of releases."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.urls import reverse
from rest_framework import serializers

from newsannot.core.describing import page
from newsannot.dataset.models import Release
from newsannot.dataset.releasing.differences import Difference, State
from newsannot.dataset.snapshots import sha256_of


class FileOut(serializers.Serializer[Any]):
    """A file of a release."""

    name = serializers.CharField()
    media_type = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    sha256 = serializers.CharField()
    records = serializers.IntegerField(allow_null=True, help_text="Null for what holds no records.")
    path = serializers.CharField(help_text="Where to get it, with the same token.")


class ReleaseOut(serializers.Serializer[Any]):
    """The published record up to one change, kept for good."""

    name = serializers.CharField()
    seq = serializers.IntegerField(help_text="The last change it holds.")
    publisher = serializers.CharField()
    licence = serializers.CharField()
    notes = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    files = FileOut(many=True)


class StateOut(serializers.Serializer[Any]):
    """A record as a release has it."""

    seq = serializers.IntegerField(help_text="The change that brought it about.")
    version = serializers.IntegerField()
    sha256 = serializers.CharField()


class DifferenceOut(serializers.Serializer[Any]):
    """A record that is not the same in two releases."""

    kind = serializers.CharField()
    record = serializers.CharField()
    what = serializers.ChoiceField(["added", "changed", "removed"])
    differing = serializers.ListField(
        child=serializers.CharField(), help_text="The fields that say something else, when it was changed."
    )
    before = StateOut(allow_null=True)
    after = StateOut(allow_null=True)


ReleasePage = page(ReleaseOut, "ReleasePage")
DifferencePage = page(DifferenceOut, "DifferencePage")


def present_releases(releases: Sequence[Release]) -> list[dict[str, Any]]:
    """Releases as ReleaseOut says; their files are read already."""
    return [
        {
            "name": one.name,
            "seq": one.seq,
            "publisher": one.publisher,
            "licence": one.licence,
            "notes": one.notes or None,
            "created_at": one.created_at,
            "files": [
                {
                    "name": file.name,
                    "media_type": file.media_type,
                    "size": file.size,
                    "sha256": file.sha256,
                    "records": file.records,
                    "path": reverse("api:release_file", args=[one.name, file.name]),
                }
                for file in one.files.all()
            ],
        }
        for one in releases
    ]


def present_differences(rows: Iterable[Difference]) -> list[dict[str, Any]]:
    """Differences as DifferenceOut says."""
    return [
        {
            "kind": one.kind,
            "record": one.record,
            "what": one.what,
            "differing": one.fields,
            "before": _state(one.before),
            "after": _state(one.after),
        }
        for one in rows
    ]


def _state(state: State | None) -> dict[str, Any] | None:
    if state is None:
        return None
    return {"seq": state.seq, "version": state.version, "sha256": sha256_of(state.data)}
