"""Publishing and withdrawing, over the API."""

from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import signed_in
from newsannot.annotations.access import reading_for
from newsannot.annotations.api import READING_REFUSALS, WRITE
from newsannot.annotations.outward import last_comment
from newsannot.annotations.serializers import ReadingOut, present_reading
from newsannot.core.describing import described
from newsannot.core.errors import RuleBroken
from newsannot.core.http import endpoint, object_of, only
from newsannot.dataset.access import revision_to_publish
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.dataset.serializers import WithdrawalIn


def _answer(request: Request, reading_id: int) -> Response:
    reading = reading_for(signed_in(request), reading_id)
    return Response(present_reading(reading, last_comment(reading)))


@described(
    method="POST",
    tag="revisions",
    operation="publish_revision",
    summary="Publish the curated reading of a text (editors)",
    details="From now on its records are given out to everybody with a token.",
    answer=ReadingOut,
    refusals=READING_REFUSALS,
)
@endpoint(POST=WRITE)
def publish(request: Request, revision_id: int) -> Response:
    """Publish what is curated."""
    revision = revision_to_publish(signed_in(request), revision_id)
    only(object_of(request))
    return _answer(request, publish_reading(revision=revision, by=signed_in(request)).pk)


@described(
    method="POST",
    tag="revisions",
    operation="withdraw_revision",
    summary="Withdraw the published reading of a text (editors)",
    details="Its records leave the published record; it can be corrected and published again.",
    body=WithdrawalIn,
    answer=ReadingOut,
    refusals=READING_REFUSALS,
)
@endpoint(POST=WRITE)
def withdraw(request: Request, revision_id: int) -> Response:
    """Withdraw what is published."""
    revision = revision_to_publish(signed_in(request), revision_id)
    reason = only(object_of(request), "reason").get("reason", "")
    if not isinstance(reason, str):
        raise RuleBroken("This takes text.", field="reason")
    return _answer(request, withdraw_reading(revision=revision, reason=reason, by=signed_in(request)).pk)
