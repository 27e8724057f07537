"""The editor's decisions about an analyst's reading."""

from newsannot.accounts.models import User
from newsannot.annotations.actions import claim_reading, move_reading
from newsannot.annotations.checks import NUL
from newsannot.annotations.copying import copy_records
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.review.access import OWN

LONGEST_COMMENT = 4000


@action
def accept_reading(*, reading: Reading, by: User) -> Reading:
    """Take an analyst's reading into the curated one of its revision, making that if need be; answers the curated one.

    Every record is copied and rests on the analyst's; one that stands there already, alike in all, only rests on one
    more. Raises RuleBroken for one's own reading, for one not submitted, and while the curated one is published. Locks
    both readings.
    """
    locked = _locked(reading)
    if locked.is_curated:
        raise RuleBroken("A curated reading is published, not accepted.", field="reading")
    if locked.reader_id == by.pk:
        raise RuleBroken(OWN, field="reading")
    move_reading(locked, ReadingState.ACCEPTED, by=by)
    curated = _curated(locked)
    copy_records(Annotation.objects.standing().filter(reading=locked), into=curated, by=by)
    is_empty = not Annotation.objects.standing().filter(reading=curated).exists()
    if locked.nothing_found and is_empty:
        Reading.objects.filter(pk=curated.pk).update(nothing_found=True)
    return curated


@action
def return_reading(*, reading: Reading, comment: str, by: User) -> Reading:
    """Give a submitted or accepted reading back to its analyst, with a comment that says why.

    What was taken into the curated reading before stays there. Raises RuleBroken without a comment. Locks the reading.
    """
    comment = comment.replace("\r\n", "\n").strip()
    if not comment:
        raise RuleBroken("Say what is to be changed: the analyst sees this comment.", field="comment")
    if len(comment) > LONGEST_COMMENT:
        raise RuleBroken(f"At most {LONGEST_COMMENT} characters.", field="comment")
    if NUL.search(comment):
        raise RuleBroken("This holds a character that cannot be stored.", field="comment")
    locked = _locked(reading)
    if locked.is_curated:
        raise RuleBroken("A curated reading is withdrawn, not returned.", field="reading")
    return move_reading(locked, ReadingState.RETURNED, by=by, comment=comment)


def _locked(reading: Reading) -> Reading:
    return Reading.objects.select_for_update(of=("self",)).get(pk=reading.pk)


def _curated(reading: Reading) -> Reading:
    """The curated reading of the same revision, made when there is none, under lock and open to writing."""
    curated, _ = Reading.objects.get_or_create(
        revision_id=reading.revision_id, reader=None, defaults={"codebook_id": reading.codebook_id}
    )
    curated = _locked(curated)
    if curated.state == ReadingState.PUBLISHED:
        raise RuleBroken("The curated reading of this text is published; withdraw it first.", field="reading")
    claim_reading(curated.pk)
    return curated
