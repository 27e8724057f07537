"""Accepting and returning many readings at once, and undoing that whole."""

from collections.abc import Collection
from datetime import datetime

from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.actions import move_reading
from newsannot.annotations.models import Reading, ReadingState, Transition
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.actions import accept_reading, return_reading, take_out
from newsannot.review.changing import undo_change
from newsannot.review.checks import plain_words
from newsannot.review.models import TO_READINGS, BulkDeed, DeedSort, Notice
from newsannot.review.queries.bulk import plan_bulk


@action
def do_in_bulk(*, sort: DeedSort, chosen: Collection[int], comment: str, seal: str, by: User) -> BulkDeed:
    """Accept or return the readings chosen, as it was shown before.

    Raises RuleBroken when something else than what was shown (`seal`) would be done now, when nothing would be, and
    for returning without a comment. Locks the readings.
    """
    if sort == DeedSort.RETURN:
        wanted = "Say what is to be changed: the analysts see this comment."
        comment = plain_words(comment, field="comment", wanted=wanted)
    list(Reading.objects.select_for_update(of=("self",)).filter(pk__in=chosen).order_by("pk").values_list("pk"))
    plan = plan_bulk(sort, chosen, by)
    if plan.seal != seal:
        raise RuleBroken("Something of this has changed since. Look at it again.", field="readings")
    if not plan.willing:
        raise RuleBroken("There is nothing to do.", field="readings")
    handed_in = {reading.pk: reading.submitted_at for reading in plan.willing}
    for reading in plan.willing:
        if sort == DeedSort.ACCEPT:
            accept_reading(reading=reading, by=by)
        else:
            return_reading(reading=reading, comment=comment, by=by)
    versions = Reading.objects.filter(pk__in=handed_in).order_by("pk").values_list("pk", "version")
    lines = [{"id": pk, "version": version, "submitted_at": _iso(handed_in[pk])} for pk, version in versions]
    return BulkDeed.objects.create(sort=sort, comment=comment if sort == DeedSort.RETURN else "", readings=lines, by=by)


@action
def undo_bulk(*, deed: BulkDeed, by: User) -> BulkDeed:
    """Put all readings, or assignments, of a deed back as they were.

    Readings are submitted, when they had been, and out of the curated readings again. Whole or not at all: raises
    RuleBroken when it is undone, when anything was done to one of them since, and when a record of a reading was
    corrected in the curated reading or that is published. Locks deed, readings and assignments.
    """
    held = BulkDeed.objects.select_for_update(of=("self",)).get(pk=deed.pk)
    if held.undone_at:
        raise RuleBroken("This is undone already.", field="deed")
    if held.sort in TO_READINGS:
        _undo_readings(held, by)
    else:
        undo_change(deed=held, by=by)
    held.undone_by, held.undone_at = by, timezone.now()
    held.save(update_fields=["undone_by", "undone_at"])
    return held


def _undo_readings(held: BulkDeed, by: User) -> None:
    lines = {one["id"]: one for one in held.readings}
    readings = list(Reading.objects.select_for_update(of=("self",)).filter(pk__in=lines).order_by("pk"))
    changed = [reading for reading in readings if reading.version != lines[reading.pk]["version"]]
    if changed:
        raise RuleBroken(
            f"{len(changed)} of {len(readings)} readings changed since, so nothing was undone.", field="deed"
        )
    for reading in readings:
        _put_back(reading, DeedSort(held.sort), datetime.fromisoformat(lines[reading.pk]["submitted_at"]), by)


def _put_back(reading: Reading, sort: DeedSort, submitted_at: datetime, by: User) -> None:
    """Submitted again; what was accepted goes there by way of *returned*, which its analyst is not told of."""
    if sort == DeedSort.ACCEPT:
        move_reading(reading, ReadingState.RETURNED, by=by, comment="Accepted together with others, which was undone.")
        if take_out(reading, by=by).kept:
            raise RuleBroken(
                "A record was corrected in the curated reading since, so nothing was undone.", field="deed"
            )
    else:
        told = Transition.objects.filter(reading=reading, state=ReadingState.RETURNED).latest("pk")
        Notice.objects.filter(transition=told).delete()
    move_reading(reading, ReadingState.SUBMITTED, by=by, comment="Put back: what was done to several was undone.")
    Reading.objects.filter(pk=reading.pk).update(submitted_at=submitted_at)


def _iso(at: datetime | None) -> str:
    return (at or timezone.now()).isoformat()
