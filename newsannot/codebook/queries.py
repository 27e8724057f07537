"""The codes of a codebook version, read once per process, since a version never changes; versions and drafts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, Q

from newsannot.codebook.models import Became, Code, CodebookVersion, Draft, Guideline, Scheme, SchemeVersion
from newsannot.codebook.revising import EditSaid, Terms, composed, fixed_codes
from newsannot.codebook.rules import CodeEntry, facts_of, first_sentence
from newsannot.core.rows import ask_rows


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
    return ask_latest_codebook()()


def ask_latest_codebook() -> Callable[[], CodebookVersion]:
    """Ask for the same; what is given back fetches it."""
    versions = ask_rows(CodebookVersion, "ORDER BY t.number DESC LIMIT 1", [])

    def fetch() -> CodebookVersion:
        for version in versions():
            return version
        raise CodebookVersion.DoesNotExist

    return fetch


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
    columns = ("scheme__key", "name", "number", "version", "source", "licence", "description", "code_count")
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
    """The newest version of every chapter that is not withdrawn, in reading order. One query."""
    newest = Guideline.objects.order_by("key", "-number").distinct("key")
    in_force = (chapter for chapter in newest if not chapter.is_withdrawn)
    in_order = sorted(in_force, key=lambda chapter: (chapter.position, chapter.key))
    return [Chapter(row.key, row.number, row.title, row.text, row.created_at) for row in in_order]


# --- Versions -------------------------------------------------------------------------------------


def entries_of(version_id: int) -> tuple[CodeEntry, ...]:
    """All codes of a scheme's version, retired ones too, in their order. One query."""
    columns = ("code", "label", "definition", "example", "parent", "retired_in", "extra")
    rows = Code.objects.filter(scheme_version=version_id).order_by("position").values_list(*columns)
    return tuple(CodeEntry(*row) for row in rows)


@dataclass(frozen=True, slots=True)
class InForce:
    """A codebook and the time it was in force (`until` None: it is), why it was made and by whom (None: loaded).

    `changed` are the keys of the schemes that have another version than in the codebook before.
    """

    number: int
    since: datetime
    until: datetime | None
    reason: str
    by: str | None
    changed: tuple[str, ...]


def codebooks_in_force() -> list[InForce]:
    """Every codebook with when it was in force, the newest first. Two queries, however many there are."""
    rows = list(CodebookVersion.objects.select_related("by").order_by("number"))
    schemes: dict[int, dict[str, int]] = {}
    through = SchemeVersion.objects.filter(codebooks__isnull=False).order_by("scheme__key")
    for codebook_id, key, number in through.values_list("codebooks", "scheme__key", "number"):
        schemes.setdefault(codebook_id, {})[key] = number
    found, before = [], dict[str, int]()
    for at, row in enumerate(rows):
        now = schemes.get(row.pk, {})
        until = rows[at + 1].created_at if at + 1 < len(rows) else None
        changed = tuple(key for key, number in now.items() if before.get(key) != number)
        by = row.by.label if row.by else None
        found.append(InForce(row.number, row.created_at, until, row.reason, by, changed))
        before = now
    return found[::-1]


@dataclass(frozen=True, slots=True)
class ChapterInForce:
    """A wording of a chapter and when it came in force."""

    key: str
    title: str
    number: int
    since: datetime
    reason: str
    by: str | None


def guidelines_in_force() -> list[ChapterInForce]:
    """Every wording of every chapter, the newest first; one query."""
    rows = Guideline.objects.select_related("by").order_by("-created_at", "-pk").defer("text")
    return [
        ChapterInForce(row.key, row.title, row.number, row.created_at, row.reason, row.by.label if row.by else None)
        for row in rows
    ]


def became_between(scheme_id: int, after: int, until: int) -> dict[str, tuple[str, ...]]:
    """What became of a scheme's codes from its version `after` to its version `until`; one query."""
    rows = Became.objects.filter(
        scheme_version__scheme=scheme_id, scheme_version__number__gt=after, scheme_version__number__lte=until
    ).order_by("scheme_version__number", "pk")
    steps: dict[int, dict[str, tuple[str, ...]]] = {}
    for number, old, new in rows.values_list("scheme_version__number", "old", "new"):
        step = steps.setdefault(number, {})
        step[old] = (*step.get(old, ()), *([new] if new else []))
    return composed(steps.values())


# --- Drafts ---------------------------------------------------------------------------------------


def edits_of(draft: Draft) -> list[EditSaid]:
    """The edits of a draft, in the order they were made; one query."""
    return [EditSaid(one.sort, tuple(one.codes), tuple(one.says)) for one in draft.edits.all()]


def terms_of(scheme: Scheme, base: Sequence[CodeEntry]) -> Terms:
    """What edits of a scheme must keep to; two queries. `base` is its version in force."""
    ever = Code.objects.filter(scheme_version__scheme=scheme).values_list("code", flat=True).distinct().order_by()
    in_use = {one.code for one in base if not one.retired_in}
    former: dict[str, tuple[str, ...]] = {code: () for code in ever if code not in in_use}
    return Terms(fixed_codes(scheme.key, base), former | became_between(scheme.pk, 0, 2**31 - 1))


def became_across(before: int, after: int) -> dict[str, dict[str, tuple[str, ...]]]:
    """What became of codes from one codebook (by id) to a later one: scheme → old code → new codes; two queries."""
    numbers: dict[int, dict[int, int]] = {before: {}, after: {}}
    keys: dict[int, str] = {}
    rows = SchemeVersion.objects.filter(codebooks__in=[before, after]).order_by()
    for codebook_id, scheme_id, key, number in rows.values_list("codebooks", "scheme", "scheme__key", "number"):
        if codebook_id in numbers:
            numbers[codebook_id][scheme_id], keys[scheme_id] = number, key
    passed = {
        scheme: range(number + 1, numbers[after].get(scheme, number) + 1) for scheme, number in numbers[before].items()
    }
    changed = Became.objects.filter(scheme_version__scheme__in=[one for one, steps in passed.items() if steps])
    columns = ("scheme_version__scheme", "scheme_version__number", "old", "new")
    steps: dict[int, dict[int, dict[str, tuple[str, ...]]]] = {}
    for scheme, number, old, new in changed.order_by("scheme_version__number", "pk").values_list(*columns):
        if number in passed[scheme]:
            step = steps.setdefault(scheme, {}).setdefault(number, {})
            step[old] = (*step.get(old, ()), *([new] if new else []))
    return {keys[scheme]: composed(found.values()) for scheme, found in steps.items()}
