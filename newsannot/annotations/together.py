"""Steps that one gesture made together: undone, and done again, as one."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.db.models import F
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.checks import OpenReading
from newsannot.annotations.models import Annotation, Step
from newsannot.annotations.queries import read_records, records_resting_on, resting_in_words
from newsannot.annotations.rules import Record, offsets
from newsannot.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Standing:
    """Annotations of which all came back or all went: the first of them, and the ranges to repaint."""

    annotation: Annotation
    ranges: Sequence[tuple[int, int]]


@contextmanager
def together(reading_id: int, *, by: User) -> Iterator[UUID]:
    """Let all steps that are made within be one to undo, and tell by what they are known.

    Call it in an action that holds the reading's lock.
    """
    mine, name = Step.objects.filter(reading=reading_id, by=by), uuid4()
    last = mine.values_list("pk", flat=True).last() or 0
    yield name
    mine.filter(pk__gt=last).update(together=name)


def steps_with(step: Step) -> list[Step]:
    """The steps made together with this one, in the order they were made; itself among them."""
    return [step] if step.together is None else list(Step.objects.filter(together=step.together))


def put_standing(puts: Sequence[tuple[int, Any, Any]], held: OpenReading, by: User) -> Standing | None:
    """Delete records, or bring them back, in a handful of queries; None when that is not all that is wanted.

    `puts` names for each annotation what is expected of it and what is wanted (JSON of a record; None: deleted).
    Raises RuleBroken when one was changed since, or another record rests on one that is to go. Call it under the
    reading's lock.
    """
    is_deletion = all(wanted is None for _, _, wanted in puts)
    if not is_deletion and not all(expected is None for _, expected, _ in puts):
        return None
    told = {pk: expected if is_deletion else wanted for pk, expected, wanted in puts}
    rows = {one.pk: one for one in Annotation.objects.select_for_update(of=("self",)).filter(pk__in=told)}
    records = read_records(rows.values())
    if any((rows[pk].deleted_at is None) is not is_deletion or not records[pk].says(told[pk]) for pk in told):
        raise RuleBroken("This was changed again since; it cannot be undone by itself.", field="annotation")
    if is_deletion:
        _check_unneeded(rows.values())
    now = timezone.now()
    gone_at = now if is_deletion else None
    Annotation.objects.filter(pk__in=told).update(
        deleted_at=gone_at, version=F("version") + 1, updated_by=by, updated_at=now
    )
    first = rows[puts[0][0]]
    first.refresh_from_db(fields=["deleted_at", "version", "updated_at"])
    return Standing(first, _ranges(records.values()))


def _check_unneeded(rows: Iterable[Annotation]) -> None:
    """Raise RuleBroken when a record that is not among these rests on one of them."""
    by_kind: dict[str, list[int]] = {}
    for row in rows:
        by_kind.setdefault(row.kind, []).append(row.pk)
    going = [pk for pks in by_kind.values() for pk in pks]
    resting = [words for kind, pks in by_kind.items() for words in records_resting_on(kind, pks, besides=going)]
    if resting:
        raise RuleBroken(
            f"{resting_in_words(resting)} on this record; change or delete it first.",
            field="annotation",
        )


def _ranges(records: Iterable[Record]) -> list[tuple[int, int]]:
    return offsets(piece for record in records for pieces in record.parts.values() for piece in pieces)
