"""An editor's ruling on what readings differ about, and the end of it: the readings compared are accepted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from newsannot.accounts.models import User
from newsannot.annotations.actions import Change, ask_for_reading, delete_annotation, move_reading, rewrite
from newsannot.annotations.checks import OpenReading
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, ReadingState, Step
from newsannot.annotations.queries import ask_records
from newsannot.annotations.restoring import restore_annotation
from newsannot.annotations.rules import Piece, Record
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.core.rows import ask_keys, ask_rows, insert, pipelined
from newsannot.review.access import OWN
from newsannot.review.actions import curated_reading
from newsannot.review.checks import plain_words
from newsannot.review.models import Adjudication, Dispute, Ruling
from newsannot.review.notices import tell_of_rulings
from newsannot.review.queries.disputes import (
    STANDING,
    Value,
    as_merged,
    ask_ruling_of,
    reasons,
    said_by,
    same_value,
    where_actors_went,
)


@dataclass(frozen=True, slots=True)
class Ruled:
    """A ruling, and what it changed."""

    ruling: Ruling
    change: Change


@dataclass(frozen=True, slots=True)
class Held:
    """A curated record under its reading's lock, and what it says; None when it was rejected."""

    reading: OpenReading
    annotation: Annotation
    says: Record | None

    def value(self, dispute: Dispute) -> Any:
        """What it says of what is in dispute: a field, the borders of a role, or whether it stands."""
        return said_by(self.says, dispute)


@pipelined()
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
    keys = ask_keys(Step, Ruling)
    held, _ = _held(dispute, seen)
    step_key, key = keys()
    if choice is None:
        value, origin = held.value(dispute), None
    else:
        said = Value(dispute, dispute.choices[choice]["value"])
        value = as_merged(said, where_actors_went([said]))
        origin = next(iter(dispute.choices[choice]["annotations"]), None)
    change, step = apply_value(held, dispute, value, by=by, step_key=step_key)
    ruling = Ruling(pk=key, dispute=dispute, value=value, origin_id=origin, reason=reason, note=note, by=by, step=step)
    insert(Ruling, ruling)
    tell_of_rulings([ruling])
    return Ruled(ruling, change)


def hold(curated: Annotation) -> Held:
    """Lock a curated record and its reading, and number that on; raises RuleBroken when the reading is closed."""
    with pipelined():
        held = _ask_held(curated)
    return held()


def _held(dispute: Dispute, seen: int | None) -> tuple[Held, Ruling | None]:
    """The curated record, locked, and the ruling in force; raises Stale when that is not the one `seen`."""
    with pipelined():
        held, ruling = _ask_held(dispute.curated), ask_ruling_of(dispute)
    standing, in_force = held(), ruling()
    if (in_force and in_force.pk) != seen:
        raise Stale(in_force)
    return standing, in_force


def _ask_held(curated: Annotation) -> Callable[[], Held]:
    reading = ask_for_reading(curated.reading_id)
    annotations = ask_rows(Annotation, "WHERE t.id = %s FOR UPDATE", [curated.pk])
    records = ask_records([curated])

    def fetch() -> Held:
        claimed, (annotation,) = reading(), annotations()
        return Held(claimed, annotation, None if annotation.deleted_at else records()[annotation.pk])

    return fetch


@action
def reopen(*, dispute: Dispute, by: User, seen: int | None = None) -> Ruled:
    """Ask a dispute again that was decided, by a person or by a strategy; the record says what it says until then.

    A record that was rejected stands again. Raises Stale (with the ruling that stands) when it is another than the one
    its sender saw, RuleBroken when nothing is decided. It is one step to undo. Locks the curated reading.
    """
    held, in_force = _held(dispute, seen)
    if in_force is None or in_force.reopens:
        raise RuleBroken("This is not decided yet.", field="dispute")
    change, step = ask_again(held, dispute, by=by)
    ruling = Ruling.objects.create(dispute=dispute, value=in_force.value, reopens=True, by=by, step=step)
    return Ruled(ruling, change)


def ask_again(held: Held, dispute: Dispute, *, by: User) -> tuple[Change, Step]:
    """Make what was decided of a curated record a question again, for which it stands; answers as `apply_value`."""
    return apply_value(held, dispute, True if dispute.name == STANDING else held.value(dispute), by=by)


def apply_value(
    held: Held, dispute: Dispute, value: Any, *, by: User, step_key: int | None = None
) -> tuple[Change, Step]:
    """Make a curated record say it; answers what changed and the step to undo. Raises as changing a record does.

    What it says already changes nothing, and is a step all the same: under `step_key`, if that was asked for before.
    """
    if held.says is None and dispute.name != STANDING:
        raise RuleBroken("This record was rejected; take it back first.", field="annotation")
    if same_value(value, held.value(dispute)):
        return Change(held.annotation, held.reading.version, ()), _new_step(held, by, step_key)
    change = _changed(held, dispute, value, by=by)
    return change, change.step or _new_step(held, by, step_key)


def _new_step(held: Held, by: User, key: int | None) -> Step:
    """A step that changes nothing, so that the ruling can be undone."""
    json = held.says.as_json() if held.says else None
    step = Step(pk=key, reading_id=held.reading.id, annotation_id=held.annotation.pk, by=by, before=json, after=json)
    inserted = insert(Step, step)
    step.pk = key or inserted.fetchone()[0]
    return step


@action
def _changed(held: Held, dispute: Dispute, value: Any, *, by: User) -> Change:
    annotation, says = held.annotation, held.says
    if says is None or dispute.name == STANDING:
        deed = restore_annotation if value else delete_annotation
        return deed(annotation=annotation, by=by)
    if dispute.is_border:
        record = Record(says.claim, {**says.parts, dispute.name: [Piece(*place) for place in value]})
    else:
        record = Record(_claim(says, annotation.kind, dispute.name, value), says.parts)
    return rewrite(annotation, says, record, held.reading, by)


def _claim(says: Record, kind_name: str, name: str, value: Any) -> dict[str, Any]:
    """What a record says with another value; the one of several records that leads goes when it is none of them."""
    kind, said = kind_named(kind_name), {**says.claim, name: value}
    leading = next((one.name for one in kind.fields if one.sort == "primary"), None)
    is_gone = leading and kind.field(name).sort == "records" and said[leading] not in value
    return {**said, leading: None} if leading and is_gone else said


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
