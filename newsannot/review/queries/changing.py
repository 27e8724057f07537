"""What changing many assignments of a batch at once would do, looked at before it is done."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.core.numbers import number_in
from newsannot.review.models import Assignment, Batch, BulkDeed, DeedSort
from newsannot.review.queries.batches import NOT_SHOWN
from newsannot.review.queries.training import passed_by

MOST: Mapping[DeedSort, int] = {DeedSort.DUE: 5000, DeedSort.GIVE: 500, DeedSort.RELEASE: 500}
"""The most assignments at once: a due date is one write, the rest are several each."""
NOBODY = "None of those chosen may have it: they read the text already, have their share or lack the training."
HANDED_IN = [ReadingState.SUBMITTED, ReadingState.ACCEPTED]


@dataclass(frozen=True, slots=True)
class Change:
    """What many assignments are to become: due then (None: at no time), handed to people, or back in the pool."""

    sort: DeedSort
    due_at: datetime | None = None
    to: Sequence[User] = ()

    @property
    def words(self) -> str:
        """What they become, in words."""
        if self.sort == DeedSort.GIVE:
            return " and ".join(filter(None, [", ".join(one.label for one in self.to[:-1]), self.to[-1].label]))
        if self.sort == DeedSort.RELEASE:
            return "in the pool"
        return f"due {on(self.due_at)}" if self.due_at else "without a due date"


@dataclass(frozen=True, slots=True)
class Step:
    """One assignment before and after, in words; `reason` says why nothing is done to it, where nothing is.

    `to` is whom it is handed to.
    """

    slot: Assignment
    before: str
    after: str
    reason: str = ""
    to: User | None = None


@dataclass(frozen=True, slots=True)
class ChangePlan:
    """What would be done to the assignments chosen: `willing` take it, `refused` say why they do not.

    `seal` changes with anything of it.
    """

    change: Change
    willing: Sequence[Step]
    refused: Sequence[Step]
    seal: str


def on(at: datetime) -> str:
    """A moment as these pages write it."""
    return f"{at.astimezone(UTC):%-d %b %Y, %H:%M} UTC"


def chosen_of(batch: Batch, which: str, ticked: Collection[int]) -> QuerySet[Assignment]:
    """The assignments of a batch that an editor means: those ticked, or all that answer to a word.

    `unfinished`, `late`, `pool`, and `of-12`: what the person 12 has to do.
    """
    slots = Assignment.objects.filter(batch=batch)
    undone = slots.exclude(reading__state__in=HANDED_IN)
    if which == "unfinished":
        return undone
    if which == "late":
        return undone.filter(due_at__lt=timezone.now())
    if which == "pool":
        return slots.filter(analyst=None)
    if which.startswith("of-") and (analyst := number_in(which[3:])) is not None:
        return undone.filter(analyst=analyst)
    return slots.filter(pk__in=ticked)


def plan_change(batch: Batch, change: Change, chosen: QuerySet[Assignment]) -> ChangePlan:
    """What a change would do, article by article; as many queries for many as for one."""
    rows = chosen.select_related("analyst", "reading", "revision__article__source")
    slots = list(rows.defer(*(f"revision__{one}" for one in NOT_SHOWN)).order_by("-revision", "slot"))
    reasons = {slot.pk: _why_not(change, slot) for slot in slots}
    handed = _handed(batch, change.to, [slot for slot in slots if not reasons[slot.pk]])
    steps = []
    for slot in slots:
        to, nobody = handed.get(slot.pk, (None, ""))
        after = to.label if to else change.words
        steps.append(Step(slot, _before(change, slot), after, reasons[slot.pk] or nobody, to))
    told = "|".join(f"{one.slot.pk} {one.before} {one.after} {one.reason}" for one in steps)
    return ChangePlan(
        change=change,
        willing=[one for one in steps if not one.reason],
        refused=[one for one in steps if one.reason],
        seal=hashlib.sha256(f"{change.sort} {change.words} {told}".encode()).hexdigest(),
    )


def _before(change: Change, slot: Assignment) -> str:
    if change.sort == DeedSort.DUE:
        return f"due {on(slot.due_at)}" if slot.due_at else "without a due date"
    if slot.analyst is None:
        return "in the pool"
    return f"{slot.analyst.label}, {'not begun' if slot.reading is None else slot.state_label.lower()}"


def _why_not(change: Change, slot: Assignment) -> str:
    """Why a change is not made to an assignment, whoever it goes to; empty where it is."""
    if slot.is_done:
        return "It is handed in."
    if change.sort == DeedSort.RELEASE:
        return "" if slot.analyst_id else "It is in the pool."
    if change.sort == DeedSort.GIVE:
        return "They have it already." if slot.analyst in change.to else ""
    return "That is its due date already." if slot.due_at == change.due_at else ""


def _handed(batch: Batch, people: Sequence[User], slots: Sequence[Assignment]) -> dict[int, tuple[User | None, str]]:
    """Whom each assignment goes to, by id, or why to nobody: as evenly as a batch is given out.

    Those that the fewest may have are given first, each to whom of these has the least of the batch.
    """
    desks = [_Desk(batch, one, slots) for one in people]
    found: dict[int, tuple[User | None, str]] = {}
    for slot in sorted(slots, key=lambda slot: sum(not desk.why_not(slot) for desk in desks)) if desks else ():
        willing = [desk for desk in desks if not desk.why_not(slot)]
        if willing:
            desk = min(willing, key=lambda desk: desk.theirs)
            desk.take(slot)
            found[slot.pk] = (desk.to, "")
        else:
            found[slot.pk] = (None, desks[0].why_not(slot) if len(desks) == 1 else NOBODY)
    return found


class _Desk:
    """What somebody has, and whether they may have more."""

    def __init__(self, batch: Batch, to: User, slots: Sequence[Assignment]) -> None:
        texts = [slot.revision_id for slot in slots]
        assigned = Assignment.objects.filter(analyst=to, revision__in=texts)
        read = Reading.objects.filter(reader=to, revision__in=texts).exclude(state=ReadingState.OPEN)
        self.texts = {*assigned.values_list("revision", flat=True), *read.values_list("revision", flat=True)}
        counted = batch.assignments.aggregate(total=Count("pk"), theirs=Count("pk", filter=Q(analyst=to)))
        self.total, self.theirs, self.batch, self.to = counted["total"], counted["theirs"], batch, to
        training = batch.requires
        self.lacking = training if training and to.pk not in passed_by(training, [to.pk]) else None

    def why_not(self, slot: Assignment) -> str:
        """Why they may not have this one; empty when they may."""
        if self.batch.is_closed:
            return "The batch is closed."
        if self.lacking:
            return f"{self.to.label} has not passed “{self.lacking}” yet."
        if slot.revision_id in self.texts:
            return f"{self.to.label} reads this text already, or has handed it in."
        if (self.theirs + 1) * 100 > self.total * self.batch.maximum_share:
            return (
                f"{self.to.label} has {self.batch.maximum_share} percent of this batch then, the most for one person."
            )
        return ""

    def take(self, slot: Assignment) -> None:
        """Count this one as theirs."""
        self.texts.add(slot.revision_id)
        self.theirs += 1


@dataclass(frozen=True, slots=True)
class Changed:
    """An assignment of a deed as it stands, and what it was before the deed, in words."""

    slot: Assignment
    before: str


def changed_by(deed: BulkDeed) -> list[Changed]:
    """The assignments of a deed as they stand; two queries, however many."""
    was = {one["id"]: one["was"] for one in deed.assignments}
    rows = Assignment.objects.filter(pk__in=was).select_related("analyst", "reading", "revision__article__source")
    people = User.objects.in_bulk({one["analyst"] for one in was.values() if one["analyst"]})
    found = []
    for slot in rows.defer(*(f"revision__{one}" for one in NOT_SHOWN)).order_by("-revision", "slot"):
        old = was[slot.pk]
        due = f"due {on(datetime.fromisoformat(old['due_at']))}" if old["due_at"] else "without a due date"
        whose = people[old["analyst"]].label if old["analyst"] else "in the pool"
        found.append(Changed(slot, due if deed.sort == DeedSort.DUE else whose))
    return found
