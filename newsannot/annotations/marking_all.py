"""Marking many places at once: a phrase wherever it stands, as one change and one step to undo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from newsannot.accounts.models import User
from newsannot.annotations import checks
from newsannot.annotations.actions import Change, claim_reading
from newsannot.annotations.checks import Evidence, OpenReading
from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Annotation, Reading, Span, Step
from newsannot.annotations.rules import Piece, Record, offsets, part_problems
from newsannot.annotations.storing import BASE_COLUMNS, column_values
from newsannot.annotations.together import together
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action

MOST = 500


@dataclass(frozen=True, slots=True)
class MarkedAll:
    """What marking many places did: the change (None: there was nothing to do), and how many were marked before."""

    change: Change | None
    new_count: int
    standing_count: int


@action
def mark_all(*, kind: Kind, reading: Reading, pieces: Sequence[Piece], claim: Mapping[str, Any], by: User) -> MarkedAll:
    """Make each piece a record of its own, all with the same claim (which names no links); one step to undo.

    A piece that stands in that kind's own role already is left alone, so that sending the same again changes nothing.
    Raises RuleBroken naming `piece` when there are none or more than 500, or two overlap, else as marking does. Locks
    the reading. As many queries for 500 as for two.
    """
    pieces = check_many(pieces)
    held = claim_reading(reading.pk)
    new = without_standing(kind, held.id, pieces)
    if not new:
        return MarkedAll(None, 0, len(pieces))
    records = [kind.settled(Record(kind.empty_claim() | dict(claim), {kind.role: [piece]})) for piece in new]
    evidence = _check(kind, records, held)
    with together(held.id, by=by):
        annotations = _insert(kind, records, evidence, held, by)
    return MarkedAll(Change(annotations[0], held.version, offsets(new)), len(new), len(pieces) - len(new))


def check_many(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces in the order of the text, each once; raises RuleBroken when they are none, too many, or overlap."""
    ordered = sorted(set(pieces))
    if not ordered:
        raise RuleBroken("Choose at least one place to mark.", field="piece")
    if len(ordered) > MOST:
        raise RuleBroken(f"These are {len(ordered):,} places; at most {MOST} can be marked at once.", field="piece")
    for one, following in pairwise(ordered):
        if one.overlaps(following):
            raise RuleBroken("Two of these places overlap; leave one out.", field="piece")
    return ordered


def without_standing(kind: Kind, reading_id: int, pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces that are not a standing record's of the kind yet, in the role a bare selection gets; one query."""
    spans = Span.objects.filter(
        reading=reading_id, role=kind.role, annotation__kind=kind.name, annotation__deleted_at=None
    )
    standing = set(
        spans.filter(start__in=[piece.start for piece in pieces]).order_by().values_list("start", "end").distinct()
    )
    return [piece for piece in pieces if (piece.start, piece.end) not in standing]


def _check(kind: Kind, records: Sequence[Record], held: OpenReading) -> Evidence:
    """The text under all the records, the first checked wholly; the others differ from it by their place alone."""
    for record in records:
        if problems := part_problems(kind.roles, record.parts, length=held.length):
            raise RuleBroken(problems=problems)
    checks.check_record(kind, records[0], held)
    return checks.check_evidence({kind.role: [piece for r in records for piece in r.parts[kind.role]]}, held)


def _insert(
    kind: Kind, records: Sequence[Record], evidence: Evidence, held: OpenReading, by: User
) -> Sequence[Annotation]:
    """Insert the rows of all records in four statements; answers the annotations in the records' order."""
    base = [f for f in kind.columns if f.name in BASE_COLUMNS]
    own = [f for f in kind.columns if f.name not in BASE_COLUMNS]
    rows = Annotation.objects.bulk_create(
        Annotation(reading_id=held.id, kind=kind.name, created_by=by, updated_by=by, **column_values(base, record))
        for record in records
    )
    pairs = list(zip(rows, records, strict=True))
    model: Any = kind.model
    children = [model(annotation_ptr_id=row.pk, **column_values(own, record)) for row, record in pairs]
    manager = model._base_manager  # bulk_create refuses child tables; this is what save() writes the child's row with
    manager._insert(children, fields=model._meta.local_concrete_fields, using=manager.db, raw=True)  # noqa: SLF001
    Span.objects.bulk_create(
        Span(
            annotation_id=row.pk,
            reading_id=held.id,
            role=kind.role,
            start=piece.start,
            end=piece.end,
            exact=evidence[piece.start, piece.end].exact,
            prefix=evidence[piece.start, piece.end].prefix,
            suffix=evidence[piece.start, piece.end].suffix,
        )
        for row, record in pairs
        for piece in record.parts[kind.role]
    )
    Step.objects.bulk_create(
        Step(reading_id=held.id, annotation_id=row.pk, by=by, after=record.as_json()) for row, record in pairs
    )
    return rows
