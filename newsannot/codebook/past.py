"""The versions there were of a code list and of a chapter, and what each changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from newsannot.codebook.models import Became, CodebookVersion, Guideline, Scheme, SchemeVersion
from newsannot.codebook.queries import became_between, entries_of
from newsannot.codebook.revising import Difference, differences
from newsannot.core.wording import Stretch, passages


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version: when it came in force, by whom (None: loaded from a file), why, and in which codebook first."""

    number: int
    since: datetime
    by: str | None
    reason: str
    codebook: int | None = None


def versions_of(scheme: Scheme) -> list[VersionLine]:
    """The versions of a scheme, the newest first; two queries."""
    rows = list(
        SchemeVersion.objects.filter(scheme=scheme).annotate(first=Min("codebooks__number")).order_by("-number")
    )
    firsts = [row.first for row in rows if row.first]
    codebooks = {one.number: one for one in CodebookVersion.objects.filter(number__in=firsts).select_related("by")}
    found = []
    for row in rows:
        made = codebooks.get(row.first) if row.is_edited_here else None
        by = made.by.label if made and made.by else None
        found.append(VersionLine(row.number, row.created_at, by, made.reason if made else "", row.first))
    return found


@dataclass(frozen=True, slots=True)
class StepOfVersion:
    """A version and what became in it of the codes before: sort, old code, new codes."""

    version: VersionLine
    became: Sequence[tuple[str, str, Sequence[str]]]


def steps_of(scheme: Scheme) -> list[StepOfVersion]:
    """The versions of a scheme with what became of codes in each, the newest first; three queries."""
    found: dict[int, dict[tuple[str, str], list[str]]] = {}
    rows = Became.objects.filter(scheme_version__scheme=scheme).order_by("pk")
    for number, sort, old, new in rows.values_list("scheme_version__number", "sort", "old", "new"):
        found.setdefault(number, {}).setdefault((sort, old), []).extend([new] if new else [])
    return [
        StepOfVersion(version, [(*key, new) for key, new in found.get(version.number, {}).items()])
        for version in versions_of(scheme)
    ]


def scheme_differences(scheme: Scheme, number: int) -> list[Difference]:
    """What a version of a scheme changed; nothing for its first. Four queries."""
    versions = {row.number: row for row in scheme.versions.filter(number__in=[number - 1, number])}
    if number - 1 not in versions or number not in versions:
        return []
    was, now = versions[number - 1], versions[number]
    of_codes = differences(entries_of(was.pk), entries_of(now.pk), became_between(scheme.pk, number - 1, number))
    return [*_of_the_list(was, now), *of_codes]


def _of_the_list(was: SchemeVersion, now: SchemeVersion) -> list[Difference]:
    """What differs about the list itself: its name, its description."""
    told = (("name", was.name, now.name), ("description", was.description, now.description))
    fields = tuple(one for one in told if one[1] != one[2])
    return [Difference("reworded", (), (), "The list itself", fields)] if fields else []


def wordings_of(key: str) -> list[VersionLine]:
    """The wordings of a chapter, the newest first; one query."""
    rows = Guideline.objects.filter(key=key).select_related("by").order_by("-number").defer("text")
    return [VersionLine(row.number, row.created_at, row.by.label if row.by else None, row.reason) for row in rows]


def wording_differences(key: str, number: int) -> Sequence[Sequence[Stretch]]:
    """The passages that a wording of a chapter changed; nothing for its first. One query."""
    found = {row.number: row.text for row in Guideline.objects.filter(key=key, number__in=[number - 1, number])}
    return passages(found[number - 1], found[number]) if len(found) == 2 else []
