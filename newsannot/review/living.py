"""What editors do about the codebook that others are told of: deciding proposals, moving readings on."""

from uuid import UUID

from newsannot.accounts.models import User
from newsannot.annotations.moving import Carried, carry_all, take_back_run
from newsannot.codebook.drafting import decide_proposal
from newsannot.codebook.models import Proposal
from newsannot.core.history import action
from newsannot.review.models import Notice
from newsannot.review.notices import tell_of_moves, tell_of_proposal


@action
def answer_proposal(*, proposal: Proposal, is_accepted: bool, answer: str, by: User) -> Proposal:
    """Accept a proposal or decline it with a reason, and tell its author; refused once it was decided."""
    decided = decide_proposal(proposal=proposal, is_accepted=is_accepted, answer=answer, by=by)
    tell_of_proposal(decided)
    return decided


@action
def carry_over(*, by: User) -> Carried:
    """Move every open reading in which nothing is a question to the newest codebook, and tell whose they are."""
    carried = carry_all(by=by)
    tell_of_moves(carried.moves)
    return carried


@action
def undo_carrying(*, run: UUID, by: User) -> tuple[int, int]:
    """Undo what was moved at once; answers how many readings went back and how many, changed since, stay."""
    counts = take_back_run(run=run, by=by)
    Notice.objects.filter(move__run=run, move__undone_at__isnull=False).delete()
    return counts
