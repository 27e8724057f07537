"""An editor's ruling on what readings differ about, and the end of it: the readings compared are accepted."""

from dataclasses import dataclass, replace
from typing import Any

from newsannot.accounts.models import User
from newsannot.annotations.actions import Change, change_annotation, claim_reading, delete_annotation, move_reading
from newsannot.annotations.checks import OpenReading
from newsannot.annotations.models import Annotation, Reading, ReadingState, Step
from newsannot.annotations.queries import read_record
from newsannot.annotations.restoring import restore_annotation
from newsannot.annotations.rules import Piece, Record
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.core.rows import insert, row
from newsannot.review.access import OWN
from newsannot.review.actions import curated_reading
from newsannot.review.checks import plain_words
from newsannot.review.models import Adjudication, Dispute, Ruling
from newsannot.review.notices import tell_of_rulings
from newsannot.review.queries.disputes import (
    STANDING,
    reasons,
    ruling_of,
    said_by,
    same_value,
    standing_value,
)


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
    held, annotation = _held(dispute, seen)
    if choice is None:
        value, origin = standing_value(annotation, dispute), None
    else:
        value = dispute.choices[choice]["value"]
        origin = next(iter(dispute.choices[choice]["annotations"]), None)
    change, step = apply_value(annotation, dispute, value, by=by)
    ruling = Ruling(dispute=dispute, value=value, origin_id=origin, reason=reason, note=note, by=by, step=step)
    ruling.pk = insert(Ruling, ruling).fetchone()[0]
    tell_of_rulings([ruling])
    return Ruled(ruling, replace(change, reading_version=change.reading_version or held.version))


def _held(dispute: Dispute, seen: int | None) -> tuple[OpenReading, Annotation]:
    """The curated reading under lock, and the record as it is; raises Stale when `seen` is not what is in force."""
    held = claim_reading(dispute.curated.reading_id)
    in_force = ruling_of(dispute)
    if (in_force and in_force.pk) != seen:
        raise Stale(in_force)
    annotation = row(Annotation, "t.id = %s", [dispute.curated_id])
    assert annotation is not None  # noqa: S101 - a dispute is of one, and none is ever gone
    return held, annotation


@action
def reopen(*, dispute: Dispute, by: User, seen: int | None = None) -> Ruled:
    """Ask a dispute again that was decided, by a person or by a strategy; the record says what it says until then.

    A record that was rejected stands again. Raises Stale (with the ruling that stands) when it is another than the one
    its sender saw, RuleBroken when nothing is decided. It is one step to undo. Locks the curated reading.
    """
    held, annotation = _held(dispute, seen)
    in_force = ruling_of(dispute)
    if in_force is None or in_force.reopens:
        raise RuleBroken("This is not decided yet.", field="dispute")
    change, step = ask_again(annotation, dispute, by=by)
    ruling = Ruling.objects.create(dispute=dispute, value=in_force.value, reopens=True, by=by, step=step)
    return Ruled(ruling, replace(change, reading_version=change.reading_version or held.version))


def ask_again(annotation: Annotation, dispute: Dispute, *, by: User) -> tuple[Change, Step]:
    """Make what was decided of a curated record a question again, for which it stands; answers as `apply_value`."""
    value = True if dispute.name == STANDING else standing_value(annotation, dispute)
    return apply_value(annotation, dispute, value, by=by)


def apply_value(annotation: Annotation, dispute: Dispute, value: Any, *, by: User) -> tuple[Change, Step]:
    """Make a curated record say it; answers what changed and the step to undo. Raises as changing a record does.

    What it says already changes nothing, and is a step all the same. Needs the reading claimed.
    """
    if annotation.deleted_at is not None and dispute.name != STANDING:
        raise RuleBroken("This record was rejected; take it back first.", field="annotation")
    says = None if annotation.deleted_at else read_record(annotation)
    if same_value(value, said_by(says, dispute)):
        return Change(annotation, 0, ()), _new_step(annotation, says, by)
    before = _last_step(annotation, by)
    change = _changed(annotation, dispute, value, by)
    step = _last_step(annotation, by)
    if step is None or step == before:
        return change, _new_step(annotation, says, by)
    return change, step


def _last_step(annotation: Annotation, by: User) -> Step | None:
    last = "t.id = (SELECT max(id) FROM annotations_step WHERE reading_id = %s AND by_id = %s)"
    return row(Step, last, [annotation.reading_id, by.pk])


def _new_step(annotation: Annotation, says: Record | None, by: User) -> Step:
    """A step that changes nothing, so that the ruling can be undone."""
    json = says.as_json() if says else None
    step = Step(reading_id=annotation.reading_id, annotation_id=annotation.pk, by=by, before=json, after=json)
    step.pk = insert(Step, step).fetchone()[0]
    return step


def _changed(annotation: Annotation, dispute: Dispute, value: Any, by: User) -> Change:
    if dispute.name == STANDING:
        deed = restore_annotation if value else delete_annotation
        return deed(annotation=annotation, by=by)
    if dispute.is_border:
        return change_annotation(annotation=annotation, parts={dispute.name: [Piece(*place) for place in value]}, by=by)
    return change_annotation(annotation=annotation, claim={dispute.name: value}, by=by)


@action
def finish_adjudication(*, adjudication: Adjudication, by: User) -> list[Reading]:
    """Accept the readings that were compared; what was ruled is the curated reading.

    Raises RuleBroken while anything is undecided, for a reading of one's own, and when one was handed in anew since
    they were compared. Locks those compared, then the curated one.
    """
    merged = adjudication.merged.select_for_update(of=("self",), no_key=True).order_by("pk")
    waiting = list(merged.filter(state=ReadingState.SUBMITTED))
    curated_reading(adjudication.curated)
    undecided = Dispute.objects.undecided().filter(curated__reading=adjudication.curated_id).count()
    if undecided:
        raise RuleBroken(
            f"{undecided} question{'s are' if undecided > 1 else ' is'} undecided still.", field="readings"
        )
    if any(reading.reader_id == by.pk for reading in waiting):
        raise RuleBroken(OWN, field="readings")
    if any(adjudication.is_older_than(reading) for reading in waiting):
        raise RuleBroken("A reading was handed in anew since; compare again first.", field="readings")
    return [move_reading(reading, ReadingState.ACCEPTED, by=by) for reading in waiting]
