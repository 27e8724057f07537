"""Every refusal of the API as `application/problem+json` [RFC 9457]: one shape, words for people, never a trace."""

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import DataError, IntegrityError, OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import set_rollback

from newsannot.core.errors import Mismatch, RuleBroken, Stale
from newsannot.core.refusals import CONTENT_TYPE, KINDS, Refusal

logger = logging.getLogger("django.request")
RETRY_SECONDS = 5


def answer_problem(error: Exception, context: Mapping[str, Any]) -> Response:
    """The problem an exception is; what nobody foresaw is logged and answered by 500 without a word of it."""
    set_rollback()
    refusal = _refusal(error)
    if refusal.slug == "internal":
        logger.error("The API failed on %s", getattr(context.get("request"), "path", "?"), exc_info=error)
    return problem_response(refusal)


def problem_response(refusal: Refusal) -> Response:
    """A refusal as an answer."""
    kind = KINDS[refusal.slug]
    body = {
        "type": f"/api/v1/docs/#problem-{kind.slug}",
        "title": kind.title,
        "status": kind.status,
        "detail": refusal.detail or kind.meaning,
        "errors": {name: list(texts) for name, texts in refusal.errors.items()},
        **refusal.extra,
    }
    return Response(body, status=kind.status, headers=dict(refusal.headers), content_type=CONTENT_TYPE)


def _refusal(error: Exception) -> Refusal:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, RuleBroken):
        return Refusal("mismatch" if isinstance(error, Mismatch) else "rule", str(error), error.problems)
    if isinstance(error, exceptions.APIException):
        return _of_framework(error)
    for known, slug in _KNOWN.items():
        if isinstance(error, known):
            return Refusal(slug, _words(error, slug), headers=_HEADERS.get(slug, {}))
    return Refusal("internal", "")


_KNOWN: dict[type[Exception], str] = {
    Http404: "not-found",
    PermissionDenied: "forbidden",
    Stale: "stale",
    RequestDataTooBig: "too-large",
    DataError: "rule",
    IntegrityError: "rule",
    OperationalError: "unavailable",
    UnicodeEncodeError: "rule",
}
_HEADERS = {"unavailable": {"Retry-After": str(RETRY_SECONDS)}}


def _words(error: Exception, slug: str) -> str:
    if isinstance(error, DataError | IntegrityError | OperationalError | UnicodeEncodeError):
        return "A value holds a character, or is of a size, that cannot be stored." if slug == "rule" else ""
    return str(error.args[0]) if error.args and isinstance(error.args[0], str) else ""


def _of_framework(error: exceptions.APIException) -> Refusal:
    """What Django REST framework refuses by itself."""
    slug = {
        400: "malformed",
        401: "unauthenticated",
        403: "forbidden",
        404: "not-found",
        405: "method",
        413: "too-large",
        415: "media-type",
        429: "throttled",
    }.get(error.status_code, "internal")
    headers: dict[str, str] = {}
    if auth := getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = auth
    if wait := getattr(error, "wait", None):
        headers["Retry-After"] = str(int(wait) + 1)
    return Refusal(slug, str(error.detail), headers=headers)
