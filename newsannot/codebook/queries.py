"""The codes of a codebook version, read once per process: a version never changes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q

from newsannot.codebook.models import Code, CodebookVersion, Guideline, SchemeVersion
from newsannot.codebook.rules import facts_of, first_sentence


@dataclass(frozen=True, slots=True)
class CodeChoice:
    """One code as shown to a person."""

    code: str
    label: str
    definition: str
    example: str
    parent: str
    extra: Mapping[str, Any] = field(default_factory=dict, hash=False)

    @property
    def gist(self) -> str:
        """The first sentence of the definition."""
        return first_sentence(self.definition)

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What only this scheme knows of its codes, as names and values for people."""
        return facts_of(self.extra)


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


@dataclass(frozen=True, slots=True)
class SchemeSummary:
    """A scheme of a codebook: where it comes from and how many codes it has in use."""

    key: str
    name: str
    number: int
    version: str
    source: str
    licence: str
    description: str
    code_count: int


@lru_cache(maxsize=32)
def schemes_of(version_id: int) -> Mapping[str, SchemeSummary]:
    """The schemes of a codebook version by key, in alphabetical order. One query, cached."""
    in_use = Count("codes", filter=Q(codes__retired_in=""))
    columns = ("scheme__key", "scheme__name", "number", "version", "source", "licence", "description", "code_count")
    rows = SchemeVersion.objects.filter(codebooks=version_id).annotate(code_count=in_use).order_by("scheme__key")
    return {row[0]: SchemeSummary(*row) for row in rows.values_list(*columns)}


@dataclass(frozen=True, slots=True)
class FoundCode:
    """A code and the scheme it is of."""

    scheme: SchemeSummary
    choice: CodeChoice


def find_codes(version_id: int, words: str) -> list[FoundCode]:
    """Codes in which every one of the words occurs, in whatever case: in code, label, definition or example."""
    wanted = words.casefold().split()
    schemes = schemes_of(version_id)
    return [
        FoundCode(schemes[key], choice)
        for key, choices in codebook(version_id).items()
        for choice in choices.values()
        if wanted and all(word in _searched(choice) for word in wanted)
    ]


def _searched(choice: CodeChoice) -> str:
    return f"{choice.code} {choice.label} {choice.definition} {choice.example}".casefold()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The newest version of a guideline."""

    key: str
    number: int
    title: str
    text: str
    created_at: datetime

    @property
    def short_title(self) -> str:
        """The title up to its colon, for a list of chapters."""
        return self.title.partition(":")[0]


def current_guidelines() -> list[Chapter]:
    """The newest version of every chapter, in reading order. One query."""
    newest = Guideline.objects.order_by("key", "-number").distinct("key")
    in_order = sorted(newest, key=lambda chapter: (chapter.position, chapter.key))
    return [Chapter(row.key, row.number, row.title, row.text, row.created_at) for row in in_order]
