"""What a reading holds, record by record, and what is still missing from it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from django.db.models import Model

from newsannot.annotations.kinds import ClaimField, Kind, all_kinds, kind_named
from newsannot.annotations.models import Span
from newsannot.core.rows import ask
from newsannot.core.wording import first_words
from newsannot.statements.models import Statement
from newsannot.statements.rules import is_quoted
from newsannot.workbench.queries.text import marks_in
from newsannot.workbench.rules import EXPRESSION, Marked

MOST_LISTED = 200
NOT_QUOTED = "content without quotation marks"


class Entry(NamedTuple):
    """A record as lists show it: how its words begin, the actor it is about, the names of what it still lacks."""

    annotation: int
    kind: Kind
    words: str
    who: str
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The records of one kind, in the order of the text."""

    kind: Kind
    entries: Sequence[Entry]
    most: int | None = None

    @property
    def listed(self) -> Sequence[Entry]:
        """Those shown at first: a list nobody reads to its end need not be sent to it."""
        return self.entries[: self.most]

    @property
    def is_cut(self) -> bool:
        """Whether there are more than are listed."""
        return len(self.listed) < len(self.entries)


MOST_COUNTED = 1000
_TALLY = """
    SELECT (SELECT count(*) FROM (
        SELECT FROM annotations_annotation WHERE reading_id = %(reading)s AND kind = wanted.kind AND deleted_at IS NULL
        LIMIT %(most)s
    ) counted) FROM unnest(%(kinds)s::text[]) WITH ORDINALITY AS wanted(kind, place) ORDER BY place
"""


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a kind a reading holds; MOST_COUNTED stands for as many and more."""

    kind: Kind
    count: int

    @property
    def said(self) -> str:
        """The count as it is told: “12”, “1,000+”."""
        return f"{self.count:,}+" if self.count == MOST_COUNTED else str(self.count)


def overview(reading_id: int, marks: Sequence[Marked] | None = None, *, most: int | None = MOST_LISTED) -> list[Group]:
    """The records of a reading by kind, in the order of the text; as many queries for thirty as for one.

    Of each kind `most` are listed (None: all).
    """
    places = _places(marks_in(reading_id) if marks is None else marks)
    lacking = missing_in(reading_id)
    order = {pk: at for at, pk in enumerate(places)}
    groups = []
    for kind in all_kinds():
        pks = sorted(lacking[kind.name], key=lambda pk: order.get(pk, len(order)))
        entries = [_entry(pk, kind, places.get(pk), lacking[kind.name][pk]) for pk in pks]
        groups.append(Group(kind, entries, most))
    return groups


def people_in(groups: Sequence[Group]) -> list[str]:
    """The names of the actors the records are about, each once, in alphabetical order."""
    return sorted({entry.who for group in groups for entry in group.entries if entry.who}, key=str.casefold)


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see of a reading: records about an actor, lacking something or complete, without kinds."""

    who: str = ""
    state: str = ""
    without: frozenset[str] = frozenset()

    def admits(self, entry: Entry) -> bool:
        """Whether the record stays in sight."""
        return (
            entry.kind.name not in self.without
            and self.who in {"", entry.who}
            and self.state in {"", "lacking" if entry.missing else "complete"}
        )


def next_lacking(reading_id: int, *, place: int, after: int | None, is_backwards: bool = False) -> Entry | None:
    """The next record, in the order of the text, that still lacks something, and round again at its end.

    It is sought from the record `after`, else from the code point `place`.
    """
    places = _places(marks_in(reading_id))
    lacking = missing_in(reading_id)
    here = (places[after].start, after) if after in places else (place, 0 if not is_backwards else 2**63)
    found = sorted(
        (places[pk].start if pk in places else 0, pk, kind)
        for kind, records in lacking.items()
        for pk, missing in records.items()
        if missing
    )
    if is_backwards:
        found.reverse()
    beyond = [one for one in found if (one[:2] < here if is_backwards else one[:2] > here)]
    if not found:
        return None
    _, pk, kind_name = (beyond or found)[0]
    return _entry(pk, kind_named(kind_name), places.get(pk), lacking[kind_name][pk])


def _places(marks: Iterable[Marked]) -> dict[int, Marked]:
    """The mark that stands for each annotation: the first of its kind's own role, else its first; in text order."""
    chosen: dict[int, Marked] = {}
    for mark in marks:
        standing = chosen.get(mark.annotation)
        if standing is None or _rank(mark) < _rank(standing):
            chosen[mark.annotation] = mark
    return dict(sorted(chosen.items(), key=lambda item: (item[1].start, item[1].end)))


def _rank(mark: Marked) -> int:
    if mark.role == EXPRESSION:
        return 1
    return 0 if mark.role in {"text", "content", "reference"} else 2


def _entry(pk: int, kind: Kind, place: Marked | None, missing: tuple[str, ...]) -> Entry:
    words = first_words(place.words) if place else ""
    return Entry(pk, kind, words, place.who if place else "", missing)


def missing_in(reading_id: int) -> Mapping[str, Mapping[int, tuple[str, ...]]]:
    """Kind → annotation → the names of the wanted fields it leaves empty, for every standing record of a reading."""
    sql, labels = _unsaid()
    lacking: dict[str, dict[int, tuple[str, ...]]] = {kind.name: {} for kind in all_kinds()}
    with ask(sql, {**labels, "reading": reading_id}) as cursor:
        for pk, kind, unsaid in cursor.fetchall():
            lacking[kind][pk] = tuple(unsaid.split("\n")) if unsaid else ()
    for pk in _bare_direct(reading_id):
        lacking["statement"][pk] += (NOT_QUOTED,)
    return lacking


@cache
def _unsaid() -> tuple[str, dict[str, str]]:
    """SQL for id, kind and the labels of the empty wanted fields, line by line; and those labels, as its parameters."""
    labels: dict[str, str] = {}
    selects = []
    for kind in all_kinds():
        tests = []
        for field in (f for f in kind.fields if f.is_wanted):
            labels[f"{kind.name}_{field.name}"] = field.label.lower()
            tests.append(f"CASE WHEN {_is_unsaid(kind, field)} THEN %({kind.name}_{field.name})s END")
        selects.append(f"""
            SELECT a.id, a.kind, concat_ws(E'\\n', {", ".join(tests)}) FROM {kind.model._meta.db_table} t
            JOIN annotations_annotation a ON a.id = t.annotation_ptr_id
            WHERE a.reading_id = %(reading)s AND a.deleted_at IS NULL""")  # noqa: S608 - names of our own tables
    return " UNION ALL ".join(selects) + " ORDER BY 1", labels


def _is_unsaid(kind: Kind, field: ClaimField) -> str:
    """SQL: whether the record `t` says nothing in a field."""
    if field.links is not None:
        owner = _column(field.links.model, field.links.owner)
        return f"NOT EXISTS (SELECT FROM {field.links.model._meta.db_table} l WHERE l.{owner} = t.annotation_ptr_id)"
    column = _column(kind.model, field.name)
    return f"t.{column} IS NULL" if field.sort in {"actor", "record"} else f"t.{column} = ''"


def _column(model: type[Model], name: str) -> str:
    return str(next(f.column for f in model._meta.concrete_fields if f.name == name))


def _bare_direct(reading_id: int) -> set[int]:
    """Statements said to be direct of which some content stands outside of quotation marks."""
    direct = Statement.objects.filter(reading=reading_id, mode="direct", deleted_at=None)
    content = Span.objects.filter(annotation__in=direct.values("pk"), role="content")
    return {pk for pk, exact in content.values_list("annotation_id", "exact") if not is_quoted(exact)}


def ask_tallies(reading_id: int) -> Callable[[], list[Tally]]:
    """Ask how many records of each kind stand in a reading; what is given back fetches it.

    Of a kind no more than MOST_COUNTED are counted, by an index: the answer to a mark costs the same in every reading.
    """
    kinds = list(all_kinds())
    cursor = ask(_TALLY, {"reading": reading_id, "kinds": [kind.name for kind in kinds], "most": MOST_COUNTED})
    return lambda: [Tally(kind, count) for kind, (count,) in zip(kinds, cursor.fetchall(), strict=True)]


def tallies_of(groups: Sequence[Group]) -> list[Tally]:
    """The same, when the groups are at hand."""
    return [Tally(group.kind, min(len(group.entries), MOST_COUNTED)) for group in groups]


def is_empty(value: Any) -> bool:
    """Whether a field's value says nothing."""
    return value is None or value in ("", [])
