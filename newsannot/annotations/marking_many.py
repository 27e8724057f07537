"""Marking many records that name each other in one go: what an import brings. As many queries for 500 as for five."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations import checks
from newsannot.annotations.actions import claim_reading
from newsannot.annotations.checks import Evidence, OpenReading
from newsannot.annotations.copying import identity, insert_records, layers, named_records, translated
from newsannot.annotations.kinds import Kind, all_kinds
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import Slice, read_records, slices
from newsannot.annotations.rules import Piece, Problems, Record, offsets
from newsannot.annotations.together import together
from newsannot.core.history import action

_SPANS = 'COPY annotations_span (annotation_id, reading_id, role, start, "end", exact, prefix, suffix) FROM STDIN'
_STEPS = "COPY annotations_step (reading_id, annotation_id, by_id, at, after) FROM STDIN"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record to mark; the records it names are keys of others that are wanted."""

    kind: Kind
    record: Record


@dataclass(frozen=True, slots=True)
class MarkedMany:
    """What became of each key: the id it got, the id that stood already, or why it was refused."""

    new: dict[int, int] = field(default_factory=dict)
    standing: dict[int, int] = field(default_factory=dict)
    refused: dict[int, Problems] = field(default_factory=dict)


@action
def mark_many(*, reading: Reading, wanted: Mapping[int, Wanted], by: User, origin: str, engine: str = "") -> MarkedMany:
    """Mark records, each wholly or not at all; one step to undo.

    One that stands there already, alike in every field and piece, is left alone, and so is one that came in the same
    way and was deleted since: sending the same again changes nothing. A record that breaks a rule is refused, and so
    are those that name it; the rest goes on. Raises RuleBroken when there is something new and the reading is closed.
    Locks the reading.
    """
    locked = Reading.objects.select_for_update(of=("self",)).select_related("revision").get(pk=reading.pk)
    marking = _Marking(locked, wanted, by, origin, engine)
    with together(locked.pk, by=by):
        for kind in all_kinds():
            marking.mark_kind(kind)
    return marking.done


class _Marking:
    """One reading's records, kind by kind and those that are named before those that name them."""

    def __init__(self, reading: Reading, wanted: Mapping[int, Wanted], by: User, origin: str, engine: str) -> None:
        self.reading, self.wanted, self.by, self.done = reading, wanted, by, MarkedMany()
        self.source = Annotation(origin=origin, engine=engine)
        self.is_claimed = False
        length = reading.revision.length
        self.held = OpenReading(reading.pk, reading.version, reading.codebook_id, reading.revision_id, length)
        self.known = self._known()

    def _known(self) -> dict[str, int]:
        """What stands in the reading, and what of the same origin was deleted there, by what it says."""
        there = list(Annotation.objects.filter(reading=self.reading))
        records = read_records(there)
        deleted = [one for one in there if one.deleted_at and one.origin == self.source.origin]
        standing = [one for one in there if not one.deleted_at]
        return {identity(one.kind, records[one.pk]): one.pk for one in [*deleted, *standing]}

    def mark_kind(self, kind: Kind) -> None:
        """Mark what is wanted of a kind."""
        own = {key: one.record for key, one in self.wanted.items() if one.kind.name == kind.name}
        for key in _in_circles(own, kind):
            self._refuse(key, "record", "It is nested in itself, by way of others.")
            del own[key]
        for layer in layers(own, kind):
            self._mark_layer(kind, {key: own[key] for key in layer})

    def _mark_layer(self, kind: Kind, records: Mapping[int, Record]) -> None:
        settled: dict[int, Record] = {}
        first: dict[str, int] = {}
        again: dict[int, str] = {}
        ids = self.done.standing | self.done.new
        for key, record in records.items():
            if missing := named_records(kind, record) - ids.keys():
                self._refuse(key, "record", f"It names {len(missing)} record(s) that are not taken in.")
                continue
            ready = kind.settled(translated(kind, record, ids))
            said = identity(kind.name, ready)
            if said in self.known or said in first:
                again[key] = said
            else:
                first[said], settled[key] = key, ready
        good, evidence = self._checked(kind, settled)
        if good:
            made = self._insert(kind, good, evidence)
            self.known |= {said: made[key] for said, key in first.items() if key in made}
        self.done.standing.update({key: self.known[said] for key, said in again.items() if said in self.known})

    def _checked(self, kind: Kind, records: Mapping[int, Record]) -> tuple[dict[int, Record], Evidence]:
        """The records that break no rule, and the text under all of them."""
        sound = {}
        strangers = checks.unknown_actors(pk for record in records.values() for pk in _actors(kind, record))
        for key, record in records.items():
            problems = checks.plain_problems(kind, record, self.held) or kind.problems(record)
            if strange := strangers & set(_actors(kind, record)):
                problems = {**problems, "actor": [f"There is no actor {min(strange)} any more."]}
            if problems:
                self.done.refused[key] = problems
            else:
                sound[key] = record
        evidence = slices(self.held.revision_id, list(dict.fromkeys(_places(sound.values()))))
        return {key: record for key, record in sound.items() if self._stands(key, record, evidence)}, evidence

    def _stands(self, key: int, record: Record, evidence: Evidence) -> bool:
        for role, pieces in record.parts.items():
            for piece in pieces:
                standing = evidence[piece.start, piece.end]
                if not checks.says_what_stands(piece, standing):
                    stands, sent = standing.exact[:60], str(piece.quote)[:60]
                    self._refuse(key, role, f"The text at {piece.start}–{piece.end} is “{stands}”, not “{sent}”.")
                    return False
                if problem := checks.slice_problem(standing):
                    self._refuse(key, role, problem)
                    return False
        return True

    def _refuse(self, key: int, name: str, reason: str) -> None:
        self.done.refused[key] = {name: [reason]}

    def _insert(self, kind: Kind, records: Mapping[int, Record], evidence: Evidence) -> dict[int, int]:
        if not self.is_claimed:
            claim_reading(self.reading.pk)
            self.is_claimed = True
        made = insert_records(kind, records, dict.fromkeys(records, self.source), self.reading, self.by)
        spans = ((made[key], role, evidence[p.start, p.end]) for key, role, p in _pieces(records))
        _copy(_SPANS, ((pk, self.reading.pk, role, *_columns(found)) for pk, role, found in spans))
        now = timezone.now()
        steps = ((made[key], json.dumps(record.as_json(), default=str)) for key, record in records.items())
        _copy(_STEPS, ((self.reading.pk, pk, self.by.pk, now, after) for pk, after in steps))
        self.done.new.update(made)
        return made


def _pieces(records: Mapping[int, Record]) -> Iterator[tuple[int, str, Piece]]:
    for key, record in records.items():
        for role, pieces in record.parts.items():
            for piece in pieces:
                yield key, role, piece


def _columns(found: Slice) -> tuple[int, int, str, str, str]:
    return found.start, found.end, found.exact, found.prefix, found.suffix


def _copy(sql: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """Write rows by COPY, which asks a fourth of the time of INSERT here; triggers see each of them all the same."""
    with connection.cursor() as cursor, cursor.copy(sql) as copy:
        for row in rows:
            copy.write_row(row)


def _actors(kind: Kind, record: Record) -> list[int]:
    values = [(f, record.claim.get(f.name)) for f in kind.fields if f.sort in {"actor", "actors"}]
    return [pk for f, value in values if value for pk in (value if f.is_many else [value])]


def _places(records: Collection[Record]) -> list[tuple[int, int]]:
    return offsets(piece for record in records for pieces in record.parts.values() for piece in pieces)


def _in_circles(records: Mapping[int, Record], kind: Kind) -> set[int]:
    """The records of a kind that name each other in a circle, and those that rest on such."""
    nesting = [f.name for f in kind.fields if f.sort == "record" and f.of == kind.name]
    left = {key: {record.claim.get(name) for name in nesting} & records.keys() for key, record in records.items()}
    while free := {key for key, named in left.items() if not named & left.keys()}:
        left = {key: named for key, named in left.items() if key not in free}
    return set(left)
