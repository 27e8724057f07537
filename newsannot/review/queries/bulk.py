"""What doing something to many readings at once would do, looked at before it is done."""

import hashlib
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.review.access import OWN
from newsannot.review.models import BulkDeed, DeedSort
from newsannot.review.queries.comparing import HANDED_IN
from newsannot.review.queries.queue import NOT_SHOWN, measured

MOST = 200
"""The most readings at once."""


@dataclass(frozen=True, slots=True)
class BulkPlan:
    """What would be done to the readings chosen: `willing` take it, `refused` say why they do not.

    `seal` changes with anything of it.
    """

    sort: DeedSort
    willing: Sequence[Reading]
    refused: Sequence[tuple[Reading, str]]
    seal: str


def plan_bulk(sort: DeedSort, chosen: Collection[int], by: User) -> BulkPlan:
    """What doing it to these readings would do; those the person does not see are left out. Three queries."""
    rows = Reading.objects.visible_to(by).filter(pk__in=chosen, reader__isnull=False).order_by("submitted_at", "pk")
    readings = list(measured(rows).select_related("revision__article__source", "reader").defer(*NOT_SHOWN))
    revisions = [reading.revision_id for reading in readings]
    others = Reading.objects.filter(revision__in=revisions)
    published = set(others.curated().filter(state=ReadingState.PUBLISHED).values_list("revision", flat=True))
    handed_in = others.filter(Q(reader__isnull=False), state__in=HANDED_IN).values_list("revision", flat=True)
    read = Counter(handed_in)
    reasons = {reading.pk: _why_not(sort, reading, published, read, by) for reading in readings}
    told = "|".join(f"{reading.pk} {reading.version} {reasons[reading.pk]}" for reading in readings)
    return BulkPlan(
        sort=sort,
        willing=[reading for reading in readings if not reasons[reading.pk]],
        refused=[(reading, reasons[reading.pk]) for reading in readings if reasons[reading.pk]],
        seal=hashlib.sha256(f"{sort} {told}".encode()).hexdigest(),
    )


def _why_not(sort: DeedSort, reading: Reading, published: Collection[int], read: Mapping[int, int], by: User) -> str:
    """Why it is not done to a reading; empty where it is."""
    if reading.state != ReadingState.SUBMITTED:
        return f"It is {reading.get_state_display().lower()}, not submitted."
    if sort == DeedSort.RETURN:
        return ""
    if reading.reader_id == by.pk:
        return OWN
    if reading.revision_id in published:
        return "The curated reading of its text is published."
    return _in_dispute(getattr(reading, "differing", -1), read[reading.revision_id])


def _in_dispute(differing: int, readings: int) -> str:
    """Why a reading cannot be accepted unseen, of a text that so many are in of; `differing` as the queue has it."""
    if differing > 0:
        return f"{differing} thing{'s are' if differing > 1 else ' is'} in dispute: compare the readings first."
    if differing < 0 and readings > 1:
        return "The readings of its text are not compared yet; the worker does that within a minute."
    return ""


def recent_deeds(most: int = 30) -> list[BulkDeed]:
    """What was done to many at once, the last first."""
    return list(BulkDeed.objects.select_related("by", "undone_by", "batch")[:most])


def readings_of(deed: BulkDeed) -> list[Reading]:
    """The readings of a deed as they stand, without their texts."""
    rows = Reading.objects.filter(pk__in=[one["id"] for one in deed.readings]).order_by("pk")
    return list(rows.select_related("revision__article__source", "reader").defer(*NOT_SHOWN))
