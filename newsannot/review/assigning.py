"""Every write about batches: making and undoing them, taking work from the pool and giving it back."""

from collections import Counter
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.models import Assignment, Batch, Lapse
from newsannot.review.queries.planning import Plan, Wish, plan_batch
from newsannot.review.queries.training import gold_of, passed_by, score_against

NOT_FOR_EDITORS = "Editors see what others handed in, so they are given nothing to code blind."
NOTHING_LEFT = "Nothing is left in the pool for you."


@action
def make_batch(*, wish: Wish, seal: str, by: User) -> Batch:
    """Make a batch as it was shown before: assign its articles, or leave them in the pool.

    Raises RuleBroken naming a field when the wish cannot be fulfilled, and when something else than what was shown
    (`seal`) would come of it now.
    """
    if Batch.objects.filter(name=wish.name).exists():
        raise RuleBroken("There is a batch of this name.", field="name")
    plan = plan_batch(wish)
    if plan.seal != seal:
        raise RuleBroken("What would be given to whom has changed since. Look at it again.", field="articles")
    batch = Batch.objects.create(
        name=wish.name,
        note=wish.note,
        analysts_per_article=wish.analysts_per_article,
        maximum_share=wish.maximum_share,
        due_at=wish.due_at,
        lease_hours=wish.lease_hours,
        is_pool=wish.is_pool,
        hides_suggestions=wish.hides_suggestions,
        is_training=wish.is_training,
        pass_mark=wish.pass_mark,
        requires=wish.requires,
        created_by=by,
    )
    Assignment.objects.bulk_create(_slots(batch, plan))
    return batch


def _slots(batch: Batch, plan: Plan) -> list[Assignment]:
    """The slots of a batch, each with its analyst if it has one."""
    given: Counter[int] = Counter()
    slots = []
    for article, analyst in plan.pairs or _nobodys(batch, plan):
        given[article] += 1
        slots.append(
            Assignment(
                batch=batch,
                revision_id=plan.revisions[article],
                slot=given[article],
                analyst_id=analyst,
                due_at=batch.due_at,
            )
        )
    return slots


def _nobodys(batch: Batch, plan: Plan) -> list[tuple[int, None]]:
    return [(article, None) for article in plan.revisions for _ in range(batch.analysts_per_article)]


@action
def delete_batch(*, batch: Batch, by: User) -> None:
    """Undo a batch; raises RuleBroken when anybody has begun to read for it, or another batch requires it."""
    Batch.objects.select_for_update().get(pk=batch.pk)
    if batch.assignments.filter(Q(reading__isnull=False) | Q(lapses__isnull=False)).exists():
        raise RuleBroken("Somebody has begun to read for this batch. Close it instead.", field="batch")
    if batch.leads_to.exists():
        raise RuleBroken("Another batch requires this training.", field="batch")
    batch.delete()


@action
def close_batch(*, batch: Batch, is_closed: bool, by: User) -> Batch:
    """Give nothing more out of a batch, or go on; who has work of it keeps that. Raises RuleBroken when it is so."""
    standing = Batch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if standing.is_closed == is_closed:
        raise RuleBroken(f"This batch is {'closed' if is_closed else 'open'} already.", field="batch")
    standing.closed_at = timezone.now() if is_closed else None
    standing.save(update_fields=["closed_at"])
    return standing


@action
def take_next(*, by: User) -> Assignment:
    """Give somebody the assignment of the pool that is due first; the one they took last, while nothing is done in it.

    Nobody gets what another is getting at the same moment (rows locked by others are passed over), nor two slots of one
    text. Raises RuleBroken, in words, when there is none for them. Locks the person and the assignment.
    """
    _hold(by)
    untouched = Q(reading=None) | Q(reading__version=1, reading__state=ReadingState.OPEN)
    if standing := Assignment.objects.of(by).filter(untouched, leased_until__gt=timezone.now()).first():
        return standing
    free = _open_to(by).select_for_update(skip_locked=True, of=("self",))
    found = free.order_by(F("due_at").asc(nulls_last=True), "pk").select_related("batch").first()
    if found is None:
        raise RuleBroken(_why_nothing(by), field="assignment")
    return _lease(found, by)


@action
def take_again(*, assignment: Assignment, by: User) -> Assignment:
    """Give back what had lapsed to whom it was taken from, while a slot of that text is free.

    Raises RuleBroken when it is not. Locks the person and the assignment.
    """
    _hold(by)
    slots = Assignment.objects.in_pool().filter(batch=assignment.batch_id, revision=assignment.revision_id)
    found = slots.select_for_update(of=("self",)).select_related("batch").first()
    if found is None or Assignment.objects.of(by).filter(revision=assignment.revision_id).exists():
        raise RuleBroken("It is not free any more: somebody else reads this text now.", field="assignment")
    return _lease(found, by)


@action
def release(*, assignment: Assignment, by: User) -> Assignment:
    """Take an assignment back into the pool; the reading stays its analyst's, who is told.

    Raises RuleBroken when nobody has it, and once the reading was handed in. Locks the assignment.
    """
    held = Assignment.objects.select_for_update(of=("self",)).select_related("reading").get(pk=assignment.pk)
    if held.analyst_id is None:
        raise RuleBroken("Nobody has this; it is in the pool.", field="assignment")
    if held.reading and held.reading.state in {ReadingState.SUBMITTED, ReadingState.ACCEPTED}:
        raise RuleBroken("The reading was handed in; there is nothing to take back.", field="assignment")
    return _take_back(held, holder=held.analyst_id, by=by)


@action
def give(*, assignment: Assignment, to: User, by: User) -> Assignment:
    """Hand a free slot of a batch to a named person, who keeps it: it has no lease.

    Raises RuleBroken when somebody has it by now, the batch is closed, or they may not have it: no analyst, the text is
    theirs already or was handed in by them, the training not passed, their share full. Locks the person and the slot.
    """
    if not to.is_active:
        raise RuleBroken("This person is not here any more.", field="analyst")
    _hold(to)
    slots = Assignment.objects.in_pool().select_for_update(of=("self",)).select_related("batch")
    free = slots.filter(pk=assignment.pk).first()
    if free is None:
        raise RuleBroken("This is not free: somebody has it, or the batch is closed.", field="assignment")
    if not _open_to(to).filter(pk=free.pk).exists():
        raise RuleBroken(_why_not(free, to), field="analyst")
    free.analyst = to
    free.save(update_fields=["analyst"])
    return free


def _why_not(free: Assignment, to: User) -> str:
    """Why a free slot is not open to somebody."""
    training = _untrained_for(to).get(free.batch_id)
    if training:
        return f"{to.label} has not passed “{training}” yet."
    if free.batch_id in _full_for(to):
        return f"{to.label} has {free.batch.maximum_share} percent of this batch already, the most for one person."
    return f"{to.label} reads this text already, or has handed it in."


@action
def compare_training(*, assignment: Assignment, by: User) -> Assignment:
    """Hold a training text against the curated reading; the first score counts.

    Raises RuleBroken when it is none, was not handed in, or its curated reading is gone. Locks the assignment.
    """
    held = Assignment.objects.select_for_update(of=("self",)).select_related("batch", "reading").get(pk=assignment.pk)
    if held.score is not None:
        return held
    gold = gold_of(held)
    if not held.batch.is_training or gold is None:
        raise RuleBroken("There is nothing to compare this with.", field="assignment")
    if held.reading is None or not held.is_done:
        raise RuleBroken("Hand it in first.", field="assignment")
    held.score = score_against(held.reading, gold)
    held.save(update_fields=["score"])
    return held


@action
def return_abandoned(*, at: datetime, by: User | None) -> int:
    """Return to the pool what nobody has worked on for its batch's lease; answers how much.

    Before that, who has gone on working on what had lapsed gets it again, while it is free: nothing they do is in
    vain. Assignments that are being changed are left to the next run. `by` is None for the machine.
    """
    for lapse in _worked_on_since():
        free = Assignment.objects.select_for_update(skip_locked=True, of=("self",)).filter(analyst=None)
        slot = free.filter(pk=lapse.assignment_id).select_related("batch").first()
        theirs = Assignment.objects.filter(revision=lapse.assignment.revision_id, analyst=lapse.analyst_id)
        if slot is not None and not theirs.exists():
            _lease(slot, lapse.analyst)
    abandoned = Assignment.objects.abandoned(at).select_for_update(skip_locked=True, of=("self",))
    return len([_take_back(one, holder=one.analyst_id, by=by) for one in abandoned if one.analyst_id])


def _worked_on_since() -> QuerySet[Lapse]:
    """Leases that ended although their holder went on working, the last first; of assignments still free."""
    reading = Reading.objects.filter(
        revision=OuterRef("assignment__revision"), reader=OuterRef("analyst"), updated_at__gt=OuterRef("at")
    )
    lapses = Lapse.objects.filter(Exists(reading), by=None, assignment__analyst=None)
    return lapses.select_related("assignment", "analyst").order_by("-pk")


def _hold(by: User) -> None:
    """Let somebody take one thing at a time; raises RuleBroken for who is no analyst."""
    person = User.objects.select_for_update(no_key=True).get(pk=by.pk)
    if person.role != Role.ANALYST:
        raise RuleBroken(NOT_FOR_EDITORS, field="assignment")


def _open_to(user: User) -> QuerySet[Assignment]:
    """What of the pool somebody may take: texts they neither have nor have handed in, of batches open to them."""
    mine = Assignment.objects.filter(analyst=user, revision=OuterRef("revision"))
    read = Reading.objects.filter(reader=user, revision=OuterRef("revision")).exclude(state=ReadingState.OPEN)
    shut = [*_full_for(user), *_untrained_for(user)]
    return Assignment.objects.in_pool().filter(~Exists(mine), ~Exists(read)).exclude(batch__in=shut)


def _full_for(user: User) -> list[int]:
    """The open batches of which somebody has their share."""
    counted = Batch.objects.filter(closed_at=None, maximum_share__lt=100).annotate(
        total=Count("assignments"), mine=Count("assignments", filter=Q(assignments__analyst=user))
    )
    return [
        pk
        for pk, total, mine, share in counted.values_list("pk", "total", "mine", "maximum_share")
        if (mine + 1) * 100 > total * share
    ]


def _untrained_for(user: User) -> dict[int, Batch]:
    """The open batches for which somebody has not passed the training yet, with that training."""
    requiring = Batch.objects.filter(closed_at=None, requires__isnull=False).select_related("requires")
    trainings = {batch.requires_id: batch.requires for batch in requiring}
    lacking = {pk for pk, training in trainings.items() if training and user.pk not in passed_by(training, [user.pk])}
    return {batch.pk: batch.requires for batch in requiring if batch.requires and batch.requires_id in lacking}


def _why_nothing(user: User) -> str:
    waiting = Assignment.objects.in_pool().filter(batch__in=_untrained_for(user))
    trainings = waiting.order_by("batch__requires__name").values_list("batch__requires__name", flat=True).distinct()
    if names := " and ".join(f"“{name}”" for name in trainings):
        return f"{NOTHING_LEFT} For what waits there, first pass the training {names}."
    return NOTHING_LEFT


def _lease(assignment: Assignment, to: User) -> Assignment:
    assignment.analyst = to
    assignment.leased_until = timezone.now() + assignment.batch.lease
    assignment.save(update_fields=["analyst", "leased_until"])
    return assignment


def _take_back(assignment: Assignment, *, holder: int, by: User | None) -> Assignment:
    Lapse.objects.create(assignment=assignment, analyst_id=holder, by=by)
    assignment.analyst, assignment.leased_until, assignment.score = None, None, None
    assignment.save(update_fields=["analyst", "leased_until", "score"])
    return assignment
