"""An editor's decisions about readings, over the API."""

from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import signed_in
from newsannot.annotations.api import READING_REFUSALS, WRITE
from newsannot.annotations.models import Reading
from newsannot.annotations.outward import last_comment
from newsannot.annotations.serializers import ReadingOut, present_reading
from newsannot.core.describing import described
from newsannot.core.errors import RuleBroken
from newsannot.core.http import endpoint, object_of, only
from newsannot.review.access import reading_to_accept, reading_to_review
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.serializers import ReturnIn


def _answer(request: Request, reading_id: int) -> Response:
    reading = reading_to_review(signed_in(request), reading_id)
    return Response(present_reading(reading, last_comment(reading)))


@described(
    method="POST",
    tag="readings",
    operation="accept_reading",
    summary="Accept a reading (editors)",
    details="Its records are carried into the curated reading of the text, which is what is published. Answers the "
    "curated reading. Not for one's own reading.",
    answer=ReadingOut,
    refusals=READING_REFUSALS,
)
@endpoint(POST=WRITE)
def accept(request: Request, reading_id: int) -> Response:
    """Take a submitted reading into the curated one."""
    reading = reading_to_accept(signed_in(request), reading_id)
    only(object_of(request))
    curated: Reading = accept_reading(reading=reading, by=signed_in(request))
    return _answer(request, curated.pk)


@described(
    method="POST",
    tag="readings",
    operation="return_reading",
    summary="Give a reading back (editors)",
    details="What an accepted reading had brought into the curated one leaves it again, except what an editor changed.",
    body=ReturnIn,
    answer=ReadingOut,
    refusals=READING_REFUSALS,
)
@endpoint(POST=WRITE)
def give_back(request: Request, reading_id: int) -> Response:
    """Give a reading back to its analyst, with a comment."""
    reading = reading_to_review(signed_in(request), reading_id)
    comment = only(object_of(request), "comment").get("comment", "")
    if not isinstance(comment, str):
        raise RuleBroken("This takes text.", field="comment")
    return_reading(reading=reading, comment=comment, by=signed_in(request))
    return _answer(request, reading.pk)
