"""From a person and a key to a reading under review: unseen is 404, seen by somebody who may not review it 403."""

from django.core.exceptions import PermissionDenied

from newsannot.accounts.models import User
from newsannot.annotations.access import reading_for
from newsannot.annotations.models import Reading

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
