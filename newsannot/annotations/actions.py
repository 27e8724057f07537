"""Every write to readings and annotations. All kinds go through the same few actions; a kind only describes itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations import checks, storing
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import (
    EDITABLE_STATES,
    Annotation,
    Move,
    Reading,
    ReadingState,
    Span,
    Step,
    Transition,
)
from newsannot.annotations.queries import read_record, records_resting_on, resting_in_words
from newsannot.annotations.rules import Parts, Piece, Record, Role, offsets
from newsannot.annotations.together import put_standing, steps_with
from newsannot.articles.models import Revision
from newsannot.codebook.queries import latest_codebook
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.core.rows import ask, pipelined


@dataclass(frozen=True, slots=True)
class Change:
    """What an action did: the annotation as it stands now, the reading's new version, and the ranges to repaint.

    `spans` are the annotation's, where the action has them at hand; `step`, what undo takes back (None: nothing was
    changed, or the action does not tell).
    """

    annotation: Annotation
    reading_version: int
    ranges: Sequence[tuple[int, int]]
    spans: Sequence[Span] | None = None
    step: Step | None = None


@action
def open_reading(*, revision: Revision, by: User) -> Reading:
    """Open one's own reading of a revision, or give back the one there is. Stamped with the newest codebook."""
    reading, _ = Reading.objects.get_or_create(revision=revision, reader=by, defaults={"codebook": latest_codebook()})
    return reading


def claim_reading(reading_id: int) -> checks.OpenReading:
    """Lock a reading for a write and number it on; raises RuleBroken when it is closed."""
    return ask_for_reading(reading_id)()


def ask_for_reading(reading_id: int) -> Callable[[], checks.OpenReading]:
    """Ask for the same; what is given back tells whether it is claimed, or raises."""
    sql = """
        UPDATE annotations_reading r SET version = r.version + 1, updated_at = now(), nothing_found = false
        FROM articles_revision v
        WHERE r.id = %s AND v.id = r.revision_id AND r.state = ANY(%s)
        RETURNING r.id, r.version, r.codebook_id, v.id, v.length
    """
    cursor = ask(sql, [reading_id, list(EDITABLE_STATES)])

    def fetch() -> checks.OpenReading:
        row = cursor.fetchone()
        if row is None:
            state = Reading.objects.get(pk=reading_id).get_state_display().lower()
            raise RuleBroken(f"This reading is {state}; nothing in it can change now.", field="reading")
        return checks.OpenReading(*row)

    return fetch


@pipelined()
@action
def mark_annotation(
    *,
    kind: Kind,
    reading: Reading,
    parts: Parts,
    claim: Mapping[str, Any],
    by: User,
    origin: str = "person",
    engine: str = "",
) -> Change:
    """Record a claim about the text, with its evidence.

    `claim` may name any of the kind's fields; the rest stay empty. Offsets are code points of the reading's revision.
    Raises RuleBroken when a rule of the kind, the codebook or the text forbids it (naming the field or role), Mismatch
    when a quote is not what stands there. Locks the reading.
    """
    record = kind.settled(Record(kind.empty_claim() | dict(claim), parts))
    keys = storing.ask_keys(record)
    held = claim_reading(reading.pk)
    evidence = checks.check_record(kind, record, held)
    stored = storing.insert_record(
        kind, record, evidence, keys=keys(), reading_id=held.id, by=by, origin=origin, engine=engine
    )
    return Change(stored.annotation, held.version, _ranges(record), stored.spans)


@action
def change_annotation(
    *,
    annotation: Annotation,
    by: User,
    version: int | None = None,
    claim: Mapping[str, Any] | None = None,
    parts: Parts | None = None,
) -> Change:
    """Change some of an annotation's fields, or the pieces of some of its roles; what is not named stays.

    A change that changes nothing leaves the version as it is, so that nobody else's becomes stale by it.
    `version` is the one the sender saw (None: whichever stands). Raises Stale when it has moved on, RuleBroken and
    Mismatch as marking does. Locks the reading.
    """
    held = claim_reading(annotation.reading_id)
    standing = standing_at(annotation.pk, version)
    before = read_record(standing)
    record = Record({**before.claim, **(claim or {})}, {**before.parts, **(parts or {})})
    return rewrite(standing, before, record, held, by)


@action
def delete_annotation(*, annotation: Annotation, by: User, version: int | None = None) -> Change:
    """Delete an annotation, softly: its rows stay, undo brings it back. Refused while another record rests on it."""
    held = claim_reading(annotation.reading_id)
    return lay_aside(standing_at(annotation.pk, version), held, by)


def lay_aside(standing: Annotation, held: checks.OpenReading, by: User) -> Change:
    """Delete an annotation under lock, as one step to undo; refused while another record rests on it."""
    before = read_record(standing)
    _set_deleted(standing, by, deleted=True)
    step = Step.objects.create(reading_id=held.id, annotation_id=standing.pk, by=by, before=before.as_json())
    return Change(standing, held.version, _ranges(before), step=step)


@action
def undo(*, reading: Reading, by: User) -> Change:
    """Take back one's own last change in a reading; raises RuleBroken when there is none, or somebody built on it."""
    held = claim_reading(reading.pk)
    step = Step.objects.filter(reading=held.id, by=by, undone_at=None).last()
    if step is None:
        raise RuleBroken("There is nothing to undo.", field="reading")
    return put_back(steps_with(step), held=_moved(step, held, back=True), by=by)


def put_back(steps: Sequence[Step], *, held: checks.OpenReading, by: User) -> Change:
    """Undo steps, the last first; refused when a record was changed since. Call it under the reading's lock."""
    change = _put_all([(one.annotation_id, one.after, one.before) for one in reversed(steps)], held=held, by=by)
    Step.objects.filter(pk__in=[one.pk for one in steps]).update(undone_at=timezone.now())
    return change


def _moved(step: Step, held: checks.OpenReading, *, back: bool) -> checks.OpenReading:
    """The reading under the codebook that undoing a step, or doing it again, puts it under: another for a move's."""
    move = Move.objects.filter(together=step.together).first() if step.together else None
    if move is None:
        return held
    left, wanted = (move.after_id, move.before_id) if back else (move.before_id, move.after_id)
    if held.codebook_id != left:
        raise RuleBroken("This reading was moved to another codebook since.", field="reading")
    Reading.objects.filter(pk=held.id).update(codebook=wanted)
    Move.objects.filter(pk=move.pk).update(undone_at=timezone.now() if back else None)
    return replace(held, codebook_id=wanted)


@action
def redo(*, reading: Reading, by: User) -> Change:
    """Do again what was undone last, unless something else was changed since."""
    held = claim_reading(reading.pk)
    mine = Step.objects.filter(reading=held.id, by=by)
    last = mine.filter(undone_at=None).last()
    step = mine.filter(undone_at__isnull=False, pk__gt=last.pk if last else 0).first()
    if step is None:
        raise RuleBroken("There is nothing to redo.", field="reading")
    steps = steps_with(step)
    held = _moved(step, held, back=False)
    change = _put_all([(one.annotation_id, one.before, one.after) for one in steps], held=held, by=by)
    Step.objects.filter(pk__in=[one.pk for one in steps]).update(undone_at=None)
    return change


def add_piece(*, annotation: Annotation, role: str, piece: Piece, by: User) -> Change:
    """Add a stretch of text to a role; a role that holds only one gets it instead of the old one."""
    present = [] if _role(annotation, role).most == 1 else read_record(annotation).parts.get(role, [])
    return change_annotation(annotation=annotation, parts={role: [*present, piece]}, by=by)


def _role(annotation: Annotation, name: str) -> Role:
    kind = kind_named(annotation.kind)
    found = next((role for role in kind.roles if role.name == name), None)
    if found is None:
        raise RuleBroken(f"A {kind.label.lower()} has no role “{name}”.", field="role")
    return found


def recast_piece(*, span: Span, role: str, by: User, version: int | None = None) -> Change:
    """Give a span another role of its record; where that role holds one piece already, the two change places.

    `version` is the one the sender saw (None: whichever stands). Raises as changing does.
    """
    is_single = _role(span.annotation, role).most == 1
    if role == span.role:
        return change_annotation(annotation=span.annotation, version=version, by=by)
    left = [other for other, same in _siblings(span) if not same]
    there = read_record(span.annotation).parts.get(role, [])
    goes, stays = (there, []) if is_single else ([], there)
    parts = {span.role: [*left, *goes], role: [*stays, Piece(span.start, span.end)]}
    return change_annotation(annotation=span.annotation, version=version, parts=parts, by=by)


def move_piece(*, span: Span, piece: Piece, by: User) -> Change:
    """Give a span new borders."""
    pieces = [piece if same else other for other, same in _siblings(span)]
    return change_annotation(annotation=span.annotation, parts={span.role: pieces}, by=by)


def remove_piece(*, span: Span, by: User) -> Change:
    """Take a span away; refused where its role must be filled."""
    pieces = [other for other, same in _siblings(span) if not same]
    return change_annotation(annotation=span.annotation, parts={span.role: pieces}, by=by)


@action
def declare_nothing_found(*, reading: Reading, nothing_found: bool, by: User) -> None:
    """Say that a text holds nothing to mark; refused when something is marked."""
    held = claim_reading(reading.pk)
    if nothing_found and Annotation.objects.standing().filter(reading=held.id).exists():
        raise RuleBroken("Something is marked in this reading; delete it first.", field="nothing_found")
    Reading.objects.filter(pk=held.id).update(nothing_found=nothing_found)


@action
def submit_reading(*, reading: Reading, by: User) -> Reading:
    """Hand one's reading in for review; refused when it is empty and not declared so, or not open."""
    locked = Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)
    if locked.is_curated:
        raise RuleBroken("A curated reading is published, not submitted.", field="reading")
    has_any = Annotation.objects.standing().filter(reading=locked).exists()
    if not has_any and not locked.nothing_found:
        raise RuleBroken(
            "Nothing is marked. Mark something, or say that there is nothing to mark.", field="nothing_found"
        )
    return move_reading(locked, ReadingState.SUBMITTED, by=by)


def move_reading(reading: Reading, state: ReadingState, *, by: User, comment: str = "") -> Reading:
    """Change a locked reading's state and log it. Raises RuleBroken when the move is not one the states allow."""
    if state not in MOVES[ReadingState(reading.state)]:
        raise RuleBroken(
            f"A reading that is {reading.get_state_display().lower()} cannot become {state.label.lower()}.",
            field="reading",
        )
    now = timezone.now()
    reading.state, reading.version = state, reading.version + 1
    reading.submitted_at = now if state == ReadingState.SUBMITTED else reading.submitted_at
    reading.closed_at = now if state in CLOSING else None
    reading.save(update_fields=["state", "version", "submitted_at", "closed_at", "updated_at"])
    Transition.objects.create(reading=reading, state=state, comment=comment, by=by)
    return reading


CLOSING = {ReadingState.ACCEPTED, ReadingState.PUBLISHED, ReadingState.WITHDRAWN}
MOVES: dict[ReadingState, set[ReadingState]] = {
    ReadingState.OPEN: {ReadingState.SUBMITTED, ReadingState.PUBLISHED},
    ReadingState.RETURNED: {ReadingState.SUBMITTED},
    ReadingState.SUBMITTED: {ReadingState.RETURNED, ReadingState.ACCEPTED},
    ReadingState.ACCEPTED: {ReadingState.RETURNED},
    ReadingState.PUBLISHED: {ReadingState.WITHDRAWN},
    ReadingState.WITHDRAWN: {ReadingState.PUBLISHED},
}


def _siblings(span: Span) -> list[tuple[Piece, bool]]:
    """All pieces of a span's role, each with whether it is this span."""
    rows = Span.objects.filter(annotation=span.annotation_id, role=span.role).order_by("start")
    return [(Piece(start, end), pk == span.pk) for pk, start, end in rows.values_list("pk", "start", "end")]


def standing_at(pk: int, version: int | None) -> Annotation:
    """The annotation under lock; raises Stale when it was deleted or is not of that version any more."""
    standing = Annotation.objects.select_for_update(of=("self",)).get(pk=pk)
    if standing.deleted_at or version not in {None, standing.version}:
        raise Stale(standing)
    return standing


def _ranges(*records: Record) -> list[tuple[int, int]]:
    return offsets(piece for record in records for pieces in record.parts.values() for piece in pieces)


def rewrite(standing: Annotation, before: Record, record: Record, held: checks.OpenReading, by: User) -> Change:
    """Make an annotation under lock say `record` instead of `before`, as one step to undo; raises as marking does."""
    kind = kind_named(standing.kind)
    record = kind.settled(record)
    evidence = checks.check_record(kind, record, held, annotation_id=standing.pk, before=before)
    step = None
    if record.as_json() != before.as_json():
        storing.update_record(kind, standing, before, record, evidence, by=by)
        step = Step.objects.create(
            reading_id=held.id, annotation_id=standing.pk, by=by, before=before.as_json(), after=record.as_json()
        )
    return Change(standing, held.version, _ranges(before, record), step=step)


def _set_deleted(annotation: Annotation, by: User, *, deleted: bool) -> None:
    if deleted and (resting := records_resting_on(annotation.kind, [annotation.pk])):
        raise RuleBroken(f"{resting_in_words(resting)} on this record; change or delete it first.", field="annotation")
    annotation.deleted_at = timezone.now() if deleted else None
    storing.number_on(annotation, by, "deleted_at")


def _put_all(puts: Sequence[tuple[int, Any, Any]], *, held: checks.OpenReading, by: User) -> Change:
    """Put several annotations, each with what is expected and wanted of it, as one change; the first stands for all."""
    if len(puts) > 1 and (changes := put_standing(puts, held, by)):
        return Change(changes.annotation, held.version, changes.ranges)
    made = [_put(pk, expected=expected, wanted=wanted, held=held, by=by) for pk, expected, wanted in puts]
    shown = next((change for change in made if not change.annotation.deleted_at), made[0])
    return Change(shown.annotation, held.version, [place for change in made for place in change.ranges])


def _put(pk: int, *, expected: Any, wanted: Any, held: checks.OpenReading, by: User) -> Change:
    """Make an annotation be `wanted` (JSON of a record; None: deleted), provided it is `expected` now."""
    annotation = Annotation.objects.select_for_update(of=("self",)).get(pk=pk)
    before = read_record(annotation)
    if not (expected is None if annotation.deleted_at else before.says(expected)):
        raise RuleBroken("This was changed again since; it cannot be undone by itself.", field="annotation")
    if wanted is None:
        _set_deleted(annotation, by, deleted=True)
        return Change(annotation, held.version, _ranges(before))
    if annotation.deleted_at:
        _set_deleted(annotation, by, deleted=False)
    record = Record.from_json(wanted)
    kind = kind_named(annotation.kind)
    evidence = checks.check_record(kind, record, held, annotation_id=annotation.pk, before=record)
    storing.update_record(kind, annotation, before, record, evidence, by=by)
    return Change(annotation, held.version, _ranges(before, record))
