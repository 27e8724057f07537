"""From a person and a key to what is under review or assigned: unseen is 404, seen but not permitted 403."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from newsannot.accounts.models import User
from newsannot.annotations.access import HEAVY, reading_for
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.review.models import Assignment, Batch, Dispute

OWN = "This is your own reading; another editor decides about it."


def reading_to_review(user: User, pk: int) -> Reading:
    """A reading an editor may look at: handed in by an analyst, or curated."""
    reading = reading_for(user, pk)
    if not user.is_editor:
        raise PermissionDenied("Only editors review readings.")
    return reading


def reading_to_accept(user: User, pk: int) -> Reading:
    """An analyst's reading an editor may accept: any but their own."""
    reading = reading_to_review(user, pk)
    if reading.reader_id == user.pk:
        raise PermissionDenied(OWN)
    return reading


def batch_for(user: User, pk: int) -> Batch:
    """A batch; editors see all, nobody else any."""
    batch = Batch.objects.select_related("created_by", "requires").filter(pk=pk).first() if user.is_editor else None
    if batch is None:
        raise Http404("There is no such batch, or it is not yours to see.")
    return batch


def assignment_to_release(user: User, pk: int) -> Assignment:
    """An assignment an editor may take back."""
    assignment = Assignment.objects.filter(pk=pk).first() if user.is_editor else None
    if assignment is None:
        raise Http404("There is no such assignment, or it is not yours to see.")
    return assignment


def assignment_to_take_again(user: User, pk: int) -> Assignment:
    """An assignment that was taken back from the person; 404 for any other."""
    return get_object_or_404(Assignment.objects.filter(lapses__analyst=user).distinct(), pk=pk)


def revision_to_compare(user: User, pk: int) -> Revision:
    """A revision whose readings an editor compares, without its text, with its article and source."""
    if not user.is_editor:
        raise PermissionDenied("Only editors compare readings.")
    revisions = Revision.objects.select_related("article__source").defer(*HEAVY)
    found = revisions.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such text.")
    return found


def dispute_to_decide(user: User, pk: int) -> Dispute:
    """A dispute an editor decides, with its record, reading, revision (no text), article and source."""
    if not user.is_editor:
        raise PermissionDenied("Only editors decide between readings.")
    disputes = Dispute.objects.select_related("curated__reading__revision__article__source")
    found = disputes.defer(*(f"curated__reading__revision__{column}" for column in HEAVY)).filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such question.")
    return found


def own_assignment(user: User, pk: int) -> Assignment:
    """An assignment of the person's; 404 for any other."""
    return get_object_or_404(Assignment.objects.of(user), pk=pk)


def training_compared(user: User, pk: int) -> Assignment:
    """A training text of the person's that was held against the curated reading; nobody sees that before."""
    own = Assignment.objects.of(user).filter(batch__is_training=True, score__isnull=False)
    return get_object_or_404(own.select_related("batch", "reading", "revision__article__source"), pk=pk)
