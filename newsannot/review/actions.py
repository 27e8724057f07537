"""The editor's decisions about an analyst's reading."""

from dataclasses import dataclass

from newsannot.accounts.models import User
from newsannot.annotations.actions import claim_reading, move_reading
from newsannot.annotations.copying import TakenBack, copy_records, take_back
from newsannot.annotations.models import Annotation, Derivation, Reading, ReadingState
from newsannot.core.errors import RuleBroken, name_fields
from newsannot.core.history import action
from newsannot.review.access import OWN
from newsannot.review.checks import plain_words
from newsannot.review.notices import tell_of_return

name_fields(reading_accepted_by_somebody="reading", reading_accepted_by_another="reading")


@dataclass(frozen=True, slots=True)
class Returned:
    """A reading given back to its analyst, and what became of its records in the curated one."""

    reading: Reading
    curated: TakenBack


@action
def accept_reading(*, reading: Reading, by: User) -> Reading:
    """Take an analyst's reading into the curated one of its revision, making that if need be; answers the curated one.

    Every record is copied and rests on the analyst's; one that stands there already, alike in all, only rests on one
    more, and one that was copied before and then corrected stays as it was corrected. Raises RuleBroken for one's own
    reading, for one not submitted, and while the curated one is published. Locks both readings.
    """
    locked = _locked(reading)
    if locked.is_curated:
        raise RuleBroken("A curated reading is published, not accepted.", field="reading")
    if locked.reader_id == by.pk:
        raise RuleBroken(OWN, field="reading")
    move_reading(locked, ReadingState.ACCEPTED, by=by)
    curated = curated_reading(locked)
    copy_records(Annotation.objects.standing().filter(reading=locked), into=curated, by=by)
    _settle_nothing_found(curated, was_declared=curated.nothing_found)
    return curated


@action
def return_reading(*, reading: Reading, comment: str, by: User) -> Returned:
    """Give a submitted or accepted reading back to its analyst, with a comment that says why.

    What was taken into the curated reading leaves it again, except what an editor changed there, what that rests on,
    and what others marked too. Raises RuleBroken without a comment, and for a reading taken over while the curated one
    is published. Locks the reading, and the curated one when it holds records of it.
    """
    wanted = "Say what is to be changed: the analyst sees this comment."
    comment = plain_words(comment, field="comment", wanted=wanted)
    locked = _locked(reading)
    if locked.is_curated:
        raise RuleBroken("A curated reading is withdrawn, not returned.", field="reading")
    is_taken = locked.state == ReadingState.ACCEPTED or Derivation.objects.filter(original__reading=locked).exists()
    moved = move_reading(locked, ReadingState.RETURNED, by=by, comment=comment)
    tell_of_return(moved.transitions.latest("pk"))
    return Returned(moved, take_out(moved, by=by) if is_taken else TakenBack())


def take_out(reading: Reading, *, by: User) -> TakenBack:
    """Take what was copied from a reading out of the curated one; call it inside an action that holds its lock."""
    curated = curated_reading(reading)
    originals = Annotation.objects.standing().filter(reading=reading)
    taken = take_back(originals, out_of=curated, by=by)
    _settle_nothing_found(curated, was_declared=curated.nothing_found and not reading.nothing_found)
    return taken


def _settle_nothing_found(curated: Reading, *, was_declared: bool) -> None:
    """Have a curated reading without a record say that there is nothing to mark, if anybody found so."""
    is_empty = not Annotation.objects.standing().filter(reading=curated).exists()
    accepted = Reading.objects.filter(revision=curated.revision_id, state=ReadingState.ACCEPTED, nothing_found=True)
    Reading.objects.filter(pk=curated.pk).update(nothing_found=is_empty and (was_declared or accepted.exists()))


def _locked(reading: Reading) -> Reading:
    """Always before the curated one; those who hold that may still write rows that name this one (notices)."""
    return Reading.objects.select_for_update(of=("self",), no_key=True).get(pk=reading.pk)


def curated_reading(reading: Reading) -> Reading:
    """The curated reading of the same revision, made when there is none, under lock and claimed for writing.

    Its `nothing_found` is what it was before: a claimed reading says so no more.
    """
    curated, _ = Reading.objects.get_or_create(
        revision_id=reading.revision_id, reader=None, defaults={"codebook_id": reading.codebook_id}
    )
    curated = _locked(curated)
    if curated.state == ReadingState.PUBLISHED:
        raise RuleBroken("The curated reading of this text is published; withdraw it first.", field="reading")
    claim_reading(curated.pk)
    return curated
