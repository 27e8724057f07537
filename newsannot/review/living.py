"""What editors do about the codebook that others are told of: deciding proposals, moving readings on."""

from uuid import UUID, uuid4

from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from newsannot.accounts.models import User
from newsannot.annotations.moving import Carried, carry_all, take_back_run
from newsannot.codebook.drafting import decide_proposal
from newsannot.codebook.models import Proposal
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.models import Notice
from newsannot.review.notices import tell_of_moves, tell_of_proposal
from newsannot.review.queries.living import CARRYING, carrying

AT_ONCE = 50
"""So many readings are moved while one waits; more, by the worker."""
AT_A_TIME = 25
"""How many the worker moves between two words about how far it is."""


@action
def answer_proposal(*, proposal: Proposal, is_accepted: bool, answer: str, by: User) -> Proposal:
    """Accept a proposal or decline it with a reason, and tell its author; refused once it was decided."""
    decided = decide_proposal(proposal=proposal, is_accepted=is_accepted, answer=answer, by=by)
    tell_of_proposal(decided)
    return decided


@action
def carry_over(*, by: User, run: UUID | None = None, most: int = AT_ONCE) -> Carried:
    """Move open readings in which nothing is a question to the newest codebook, and tell whose they are."""
    carried = carry_all(by=by, run=run, most=most)
    tell_of_moves(carried.moves)
    return carried


@action
def have_carried(*, total: int, by: User) -> UUID:
    """Have the worker move them, however many; answers the run's name. Raises RuleBroken when it does that already."""
    run = uuid4()
    job = app.configure_task(CARRYING, queueing_lock=CARRYING, lock=CARRYING)
    if carrying():
        raise RuleBroken("Readings are being moved already.", field="run")
    try:
        with transaction.atomic():
            job.defer(run=str(run), total=total, by=by.pk)
    except AlreadyEnqueued:
        raise RuleBroken("Readings are being moved already.", field="run") from None
    return run


def carry_by_parts(*, run: UUID, by: User) -> int:
    """Move all there are, some at a time, so that how far it is can be seen; answers how many were moved."""
    count = 0
    while moved := len(carry_over(by=by, run=run, most=AT_A_TIME).moves):
        count += moved
    return count


@action
def undo_carrying(*, run: UUID, by: User) -> tuple[int, int]:
    """Undo what was moved at once; answers how many readings went back and how many, changed since, stay."""
    if (standing := carrying()) and standing.run == run:
        raise RuleBroken("Readings are still being moved; wait until they are.", field="run")
    counts = take_back_run(run=run, by=by)
    Notice.objects.filter(move__run=run, move__undone_at__isnull=False).delete()
    return counts
