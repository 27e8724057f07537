"""What a reading holds, record by record, and what is still missing from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from newsannot.annotations.kinds import ClaimField, Kind, all_kinds, kind_named
from newsannot.annotations.models import Span
from newsannot.statements.models import Statement
from newsannot.statements.rules import is_quoted
from newsannot.workbench.queries.text import marks_in
from newsannot.workbench.rules import EXPRESSION, Marked, first_words

NOT_QUOTED = "content without quotation marks"


@dataclass(frozen=True, slots=True)
class Entry:
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


@dataclass(frozen=True, slots=True)
class Tally:
    """How many records of a kind a reading holds."""

    kind: Kind
    count: int


def overview(reading_id: int, marks: Sequence[Marked] | None = None) -> list[Group]:
    """The records of a reading by kind, in the order of the text; as many queries for thirty as for one."""
    places = _places(marks_in(reading_id) if marks is None else marks)
    lacking = missing_in(reading_id)
    order = {pk: at for at, pk in enumerate(places)}
    groups = []
    for kind in all_kinds():
        pks = sorted(lacking[kind.name], key=lambda pk: order.get(pk, len(order)))
        entries = [_entry(pk, kind, places.get(pk), lacking[kind.name][pk]) for pk in pks]
        groups.append(Group(kind, entries))
    return groups


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
    bare = _bare_direct(reading_id)
    return {
        kind.name: {
            pk: (*labels, *([NOT_QUOTED] if pk in bare else [])) for pk, labels in _unsaid(kind, reading_id).items()
        }
        for kind in all_kinds()
    }


def _unsaid(kind: Kind, reading_id: int) -> dict[int, list[str]]:
    wanted = [f for f in kind.fields if f.is_wanted]
    columns = [f for f in wanted if f.links is None]
    names = [f"{f.name}_id" if f.sort in {"actor", "record"} else f.name for f in columns]
    links = [(f, _linked_owners(f, reading_id)) for f in wanted if f.links is not None]
    rows: QuerySet[Any, Any] = kind.model.objects.filter(reading=reading_id, deleted_at=None).values_list("pk", *names)
    return {
        pk: [f.label.lower() for f, value in zip(columns, values, strict=True) if is_empty(value)]
        + [f.label.lower() for f, owners in links if pk not in owners]
        for pk, *values in rows.order_by("pk")
    }


def _linked_owners(field: ClaimField, reading_id: int) -> set[int]:
    table = field.links
    if table is None:
        return set()
    owners: QuerySet[Any, Any] = table.model._default_manager.filter(
        **{f"{table.owner}__reading": reading_id}
    ).values_list(f"{table.owner}_id", flat=True)
    return set(owners)


def _bare_direct(reading_id: int) -> set[int]:
    """Statements said to be direct of which some content stands outside of quotation marks."""
    direct = Statement.objects.filter(reading=reading_id, mode="direct", deleted_at=None)
    content = Span.objects.filter(annotation__in=direct.values("pk"), role="content")
    return {pk for pk, exact in content.values_list("annotation_id", "exact") if not is_quoted(exact)}


def tallies(reading_id: int) -> list[Tally]:
    """How many records of each kind stand in a reading; one query."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT kind, count(*) FROM annotations_annotation"
            " WHERE reading_id = %s AND deleted_at IS NULL GROUP BY kind",
            [reading_id],
        )
        counts = dict(cursor.fetchall())
    return [Tally(kind, counts.get(kind.name, 0)) for kind in all_kinds()]


def tallies_of(groups: Sequence[Group]) -> list[Tally]:
    """The same, when the groups are at hand."""
    return [Tally(group.kind, len(group.entries)) for group in groups]


def is_empty(value: Any) -> bool:
    """Whether a field's value says nothing."""
    return value is None or value in ("", [])
