"""An editor's ruling on what readings differ about, and the end of it: the readings compared are accepted."""

from dataclasses import dataclass
from typing import Any

from newsannot.accounts.models import User
from newsannot.annotations.actions import Change, change_annotation, delete_annotation, move_reading
from newsannot.annotations.models import Annotation, Reading, ReadingState, Step
from newsannot.annotations.queries import read_record
from newsannot.annotations.restoring import restore_annotation
from newsannot.annotations.rules import Piece
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.review.access import OWN
from newsannot.review.actions import curated_reading
from newsannot.review.checks import plain_words
from newsannot.review.models import Adjudication, Dispute, Ruling
from newsannot.review.notices import tell_of_rulings
from newsannot.review.queries.disputes import STANDING, is_role, reasons, ruling_of, standing_value


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling, and what it changed."""

    ruling: Ruling
    change: Change


@action
def rule(
    *, dispute: Dispute, choice: int | None, by: User, seen: int | None = None, reason: str = "", note: str = ""
) -> Ruled:
    """Decide a dispute: for one of its choices, or (None) for what the curated record says now.

    `seen` is the ruling that the sender saw in force, if any. Raises Stale (with the ruling that stands) when there is
    another one by now, RuleBroken for a choice or reason that does not exist and for a value that a rule of the record
    forbids. It is one step to undo, and the ruling holds until that is undone. Locks the curated reading.
    """
    note = plain_words(note, field="note")
    if reason and reason not in reasons():
        raise RuleBroken("There is no such reason.", field="reason")
    if choice is not None and choice not in range(len(dispute.choices)):
        raise RuleBroken("There is no such choice.", field="choice")
    reading = curated_reading(dispute.curated.reading)
    in_force = ruling_of(dispute)
    if (in_force and in_force.pk) != seen:
        raise Stale(in_force)
    annotation = Annotation.objects.get(pk=dispute.curated_id)
    value, origin = standing_value(annotation, dispute.name), None
    if choice is not None:
        value = dispute.choices[choice]["value"]
        origin = next(iter(dispute.choices[choice]["annotations"]), None)
    change, step = apply_value(annotation, dispute.name, value, by=by)
    ruling = Ruling.objects.create(
        dispute=dispute, value=value, origin_id=origin, reason=reason, note=note, by=by, step=step
    )
    tell_of_rulings([ruling])
    reading.refresh_from_db(fields=["version"])
    return Ruled(ruling, Change(change.annotation, reading.version, change.ranges))


@action
def reopen(*, dispute: Dispute, by: User, seen: int | None = None) -> Ruled:
    """Ask a dispute again that was decided, by a person or by a strategy; the record says what it says until then.

    A record that was rejected stands again. Raises Stale (with the ruling that stands) when it is another than the one
    its sender saw, RuleBroken when nothing is decided. It is one step to undo. Locks the curated reading.
    """
    reading = curated_reading(dispute.curated.reading)
    in_force = ruling_of(dispute)
    if (in_force and in_force.pk) != seen:
        raise Stale(in_force)
    if in_force is None or in_force.reopens:
        raise RuleBroken("This is not decided yet.", field="dispute")
    annotation = Annotation.objects.get(pk=dispute.curated_id)
    change, step = ask_again(annotation, dispute.name, by=by)
    ruling = Ruling.objects.create(dispute=dispute, value=in_force.value, reopens=True, by=by, step=step)
    reading.refresh_from_db(fields=["version"])
    return Ruled(ruling, Change(change.annotation, reading.version, change.ranges))


def ask_again(annotation: Annotation, name: str, *, by: User) -> tuple[Change, Step]:
    """Make what was decided of a curated record a question again, for which it stands; answers as `apply_value`."""
    value = True if name == STANDING else standing_value(annotation, name)
    return apply_value(annotation, name, value, by=by)


def apply_value(annotation: Annotation, name: str, value: Any, *, by: User) -> tuple[Change, Step]:
    """Make a curated record say it; answers what changed and the step to undo. Raises as changing a record does."""
    before = Step.objects.filter(reading=annotation.reading_id, by=by).values_list("pk", flat=True).last() or 0
    change = _changed(annotation, name, value, by)
    step = Step.objects.filter(reading=annotation.reading_id, by=by, pk__gt=before).last()
    if step is None:  # it said so before: the ruling can be undone all the same
        says = None if annotation.deleted_at else read_record(annotation).as_json()
        step = Step.objects.create(
            reading_id=annotation.reading_id, annotation_id=annotation.pk, by=by, before=says, after=says
        )
    return change, step


def _changed(annotation: Annotation, name: str, value: Any, by: User) -> Change:
    if name == STANDING and not value and annotation.deleted_at is None:
        return delete_annotation(annotation=annotation, by=by)
    if name == STANDING and value and annotation.deleted_at is not None:
        return restore_annotation(annotation=annotation, by=by)
    if annotation.deleted_at is not None:
        if name != STANDING:
            raise RuleBroken("This record was rejected; take it back first.", field="annotation")
        return Change(annotation, 0, ())
    if is_role(annotation.kind, name):
        return change_annotation(annotation=annotation, parts={name: [Piece(*place) for place in value]}, by=by)
    return change_annotation(annotation=annotation, claim={} if name == STANDING else {name: value}, by=by)


@action
def finish_adjudication(*, adjudication: Adjudication, by: User) -> list[Reading]:
    """Accept the readings that were compared; what was ruled is the curated reading.

    Raises RuleBroken while anything is undecided, for a reading of one's own, and when one was handed in anew since
    they were compared. Locks the curated reading and those compared.
    """
    curated_reading(adjudication.curated)
    undecided = Dispute.objects.undecided().filter(curated__reading=adjudication.curated_id).count()
    if undecided:
        raise RuleBroken(
            f"{undecided} question{'s are' if undecided > 1 else ' is'} undecided still.", field="readings"
        )
    waiting = list(adjudication.merged.select_for_update(of=("self",)).filter(state=ReadingState.SUBMITTED))
    if any(reading.reader_id == by.pk for reading in waiting):
        raise RuleBroken(OWN, field="readings")
    if any(adjudication.is_older_than(reading) for reading in waiting):
        raise RuleBroken("A reading was handed in anew since; compare again first.", field="readings")
    return [move_reading(reading, ReadingState.ACCEPTED, by=by) for reading in waiting]
