"""Changing many assignments of a batch at once, and undoing that whole."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from newsannot.accounts.models import User
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.assigning import give, release
from newsannot.review.models import Assignment, Batch, BulkDeed, DeedSort, Lapse
from newsannot.review.queries.changing import MOST, Change, Step, plan_change


@action
def change_assignments(*, batch: Batch, change: Change, chosen: QuerySet[Assignment], seal: str, by: User) -> BulkDeed:
    """Give assignments chosen another due date or another analyst, or take them back, as it was shown before.

    Raises RuleBroken when something else than what was shown (`seal`) would be done now, when nothing would be, and
    when they are too many. Locks the assignments.
    """
    keys = list(chosen.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    if len(keys) > MOST[change.sort]:
        raise RuleBroken(f"At most {MOST[change.sort]:,} at once; these are {len(keys):,}.", field="which")
    slots = Assignment.objects.filter(pk__in=keys)
    plan = plan_change(batch, change, slots)
    if plan.seal != seal:
        raise RuleBroken("Something of this has changed since. Look at it again.", field="which")
    if not plan.willing:
        raise RuleBroken("There is nothing to do.", field="which")
    was = {one.slot.pk: _as_it_was(one.slot) for one in plan.willing}
    lapses = _change(change, plan.willing, by)
    lines = [
        {"id": slot.pk, "was": was[slot.pk], "is": _as_it_is(slot), "lapse": lapses.get(slot.pk)}
        for slot in slots.filter(pk__in=was).select_related("reading").order_by("pk")
    ]
    return BulkDeed.objects.create(sort=change.sort, batch=batch, comment=change.words, assignments=lines, by=by)


def _change(change: Change, steps: Sequence[Step], by: User) -> dict[int, int]:
    """Make a change; answers the lapse that each analyst something is taken from is told by."""
    slots = [one.slot for one in steps]
    if change.sort == DeedSort.DUE:
        Assignment.objects.filter(pk__in=[slot.pk for slot in slots]).update(due_at=change.due_at)
        return {}
    held = [slot for slot in slots if slot.analyst_id]
    for slot in held:
        release(assignment=slot, by=by)
    told = Lapse.objects.filter(assignment__in=held, by=by).order_by("assignment", "-pk").distinct("assignment")
    for one in steps:
        if one.to:
            give(assignment=one.slot, to=one.to, by=by)
    return dict(told.values_list("assignment", "pk"))


def _as_it_was(slot: Assignment) -> dict[str, Any]:
    return {
        "analyst": slot.analyst_id,
        "due_at": _iso(slot.due_at),
        "leased_until": _iso(slot.leased_until),
        "score": slot.score,
    }


def _as_it_is(slot: Assignment) -> dict[str, Any]:
    """What must still be so when it is undone: nobody else has it, and nobody has worked on it since."""
    version = slot.reading.version if slot.reading else None
    return {"analyst": slot.analyst_id, "due_at": _iso(slot.due_at), "reading": slot.reading_id, "version": version}


def undo_change(*, deed: BulkDeed, by: User) -> None:
    """Put all assignments of a deed back as they were; `undo_bulk` has locked the deed.

    Whole or not at all: raises RuleBroken when one has another due date since (of due dates), or (of the rest) another
    analyst, or was worked on. Locks the assignments.
    """
    lines = {one["id"]: one for one in deed.assignments}
    rows = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=lines).select_related("reading")
    slots = list(rows.order_by("pk"))
    compared = ("due_at",) if deed.sort == DeedSort.DUE else ("analyst", "reading", "version")
    changed = [one for one in slots if any(_as_it_is(one)[name] != lines[one.pk]["is"][name] for name in compared)]
    if changed:
        raise RuleBroken(
            f"{len(changed)} of {len(slots)} assignments changed since, so nothing was undone.", field="deed"
        )
    if deed.sort == DeedSort.DUE:
        for slot in slots:
            slot.due_at = _moment(lines[slot.pk]["was"]["due_at"])
        Assignment.objects.bulk_update(slots, ["due_at"])
        return
    _put_back(slots, lines)


def _put_back(slots: Sequence[Assignment], lines: Mapping[int, Mapping[str, Any]]) -> None:
    """Give each to whom it was taken from; raises RuleBroken when one of them got the text elsewhere since."""
    keys = [slot.pk for slot in slots]
    Assignment.objects.filter(pk__in=keys).update(analyst=None, leased_until=None, score=None)
    taken = Q(pk__in=[])
    for slot in slots:
        slot.analyst_id = lines[slot.pk]["was"]["analyst"]
        taken |= Q(revision=slot.revision_id, analyst=slot.analyst_id) if slot.analyst_id else Q(pk__in=[])
    if Assignment.objects.filter(taken).exists():
        raise RuleBroken("Somebody got one of these texts by another assignment since.", field="deed")
    for slot in slots:
        was = lines[slot.pk]["was"]
        slot.leased_until, slot.score = _moment(was["leased_until"]), was["score"]
        slot.save(update_fields=["analyst", "leased_until", "score"])
    Lapse.objects.filter(pk__in=[line["lapse"] for line in lines.values() if line["lapse"]]).delete()


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(written: str | None) -> datetime | None:
    return datetime.fromisoformat(written) if written else None
