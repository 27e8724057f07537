"""Publishing and withdrawing, and the feed of what became of it, over the API."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Q
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of, signed_in
from newsannot.accounts.api import TokenAuthentication
from newsannot.accounts.models import Scope
from newsannot.annotations.access import reading_for
from newsannot.annotations.api import READING_REFUSALS, WRITE
from newsannot.annotations.outward import last_comment
from newsannot.annotations.serializers import ReadingOut, present_reading
from newsannot.core.describing import SIZE_AND_COUNT, described
from newsannot.core.errors import RuleBroken
from newsannot.core.filters import Filter, conditions
from newsannot.core.http import conditional, endpoint, object_of, only
from newsannot.core.numbers import number_in
from newsannot.core.paging import page_asked
from newsannot.core.places import look_again
from newsannot.core.refusals import bad_query
from newsannot.dataset.access import changes_of, revision_to_publish
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.dataset.queries import Stretch, changes_after, count_changes
from newsannot.dataset.serializers import ChangePage, WithdrawalIn

READ = Scope.READ_CURATED.value


def _seq(text: str) -> int:
    seq = number_in(text)
    if seq is None:
        raise ValueError(f"“{text[:40]}” is no number of a change")
    return seq


AFTER = Filter(
    name="after",
    help="Changes with a greater `seq`: that of the last one you have, or 0 for all from the beginning.",
    read=_seq,
    where=lambda values: Q(seq__gt=values[0]),
    schema={"type": "integer", "minimum": 0, "default": 0},
    is_single=True,
)


LONGEST_WAIT = 30
ASK_AGAIN_AFTER = 5
WAIT = OpenApiParameter(
    name="wait",
    type={"type": "integer", "minimum": 0, "maximum": LONGEST_WAIT, "default": 0},
    description="Seconds to wait for the next change while there is none after `after`. Where too many wait already, "
    "the empty page comes at once, with `Retry-After`.",
)


def _wait_asked(request: Request) -> int:
    text = request.query_params.get("wait", "0")
    seconds = number_in(text)
    if seconds is None or seconds > LONGEST_WAIT:
        raise bad_query({"wait": [f"wait: “{text[:40]}” is no number of seconds from 0 to {LONGEST_WAIT}."]})
    return seconds


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


@described(
    method="GET",
    tag="changes",
    operation="list_changes",
    summary="Follow what is published",
    details="The whole published record, step by step. Who applies every change in order, from `after=0` on, holds a "
    "copy of it; the last `seq` is where to go on. Nothing is ever inserted before a change that was given out. When "
    "an embargo ends, and when an actor, article or source named in a record is changed, the change follows within "
    "about a minute. With `wait` the answer comes as soon as there is a change, within about a second of it.",
    answer=ChangePage,
    filters=[AFTER],
    parameters=[*SIZE_AND_COUNT, WAIT],
)
@endpoint(GET=READ)
def changes(request: Request) -> Response:
    """A page of the feed."""
    return _page(request, Q(), wait=_wait_asked(request))


def _versions_of(kind: str) -> Any:
    """The view of the versions of a record of a kind."""

    @described(
        method="GET",
        tag=f"{kind}s",
        operation=f"list_versions_of_{kind}",
        summary=f"Cite the versions of a {kind}",
        details="Every version that was ever given out, the oldest first, also of a record withdrawn since.",
        answer=ChangePage,
        filters=[AFTER],
        parameters=SIZE_AND_COUNT,
        refusals=["not-found"],
    )
    @endpoint(GET=READ)
    def versions(request: Request, public_id: UUID) -> Response:
        """What the feed said of one record."""
        return _page(request, changes_of(kind, public_id, audience_of(request)))

    return versions


VERSIONS = {kind: _versions_of(kind) for kind in ("statement", "threat", "mention")}


def _page(request: Request, narrowed: Q, *, wait: int | None = None) -> Response:
    """A page of changes; their snapshots leave as they are stored, byte for byte. An empty one waits so many seconds.

    Who has waited must still be let in then (401). None: this list takes no `wait`.
    """
    asked = conditions(request, [AFTER], besides={"page_size", "count"} | (set() if wait is None else {"wait"}))
    paging, is_refused = page_asked(request), False
    wanted = asked.get("after", Q()) & narrowed
    found = changes_after(wanted, paging.size)
    if wait and not found.changes:
        later = look_again(
            lambda: changes_after(wanted, paging.size), is_enough=lambda seen: bool(seen.changes), seconds=wait
        )
        found, is_refused = later or found, later is None
        TokenAuthentication().authenticate(request)
    head: dict[str, Any] = {"next": _next(request, found), "previous": None}
    if paging.count:
        head["count"] = count_changes(narrowed)
    response = conditional(request, found.written(head))
    if is_refused:
        response["Retry-After"] = str(ASK_AGAIN_AFTER)
    return response


def _next(request: Request, found: Stretch) -> str | None:
    if not found.has_more:
        return None
    rest = [(name, value) for name, value in request.query_params.items() if name != "after"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*rest, ('after', found.last)])}")
