"""The codes of a codebook version, read once per process: a version never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from newsannot.codebook.models import Code, CodebookVersion


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """One code as shown to a person."""

    code: str
    label: str
    definition: str
    example: str
    parent: str
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)


Codebook = Mapping[str, Mapping[str, CodeChoice]]


@lru_cache(maxsize=32)
def codebook(version_id: int) -> Codebook:
    """All codes in use of a codebook version: scheme key → code → choice, in the scheme's order. One query, cached."""
    rows = (
        Code.objects.filter(scheme_version__codebooks=version_id, retired_in="")
        .order_by("scheme_version__scheme__key", "position")
        .values_list("scheme_version__scheme__key", "code", "label", "definition", "example", "parent", "extra")
    )
    schemes: dict[str, dict[str, CodeChoice]] = {}
    for scheme, *values in rows:
        choice = CodeChoice(*values)
        schemes.setdefault(scheme, {})[choice.code] = choice
    return schemes


def latest_codebook() -> CodebookVersion:
    """The codebook that new readings are stamped with; raises CodebookVersion.DoesNotExist before any was loaded."""
    return CodebookVersion.objects.latest()
