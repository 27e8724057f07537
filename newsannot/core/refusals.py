"""The kinds of problem the API answers with, and how its own rules refuse."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from newsannot.core.errors import Problems

CONTENT_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True)
class ProblemKind:
    """A way the API refuses; `slug` ends the problem's `type`, which the docs page explains."""

    slug: str
    status: int
    title: str
    meaning: str


KINDS = {
    kind.slug: kind
    for kind in (
        ProblemKind("malformed", 400, "The request could not be read", "The body is not valid JSON in UTF-8."),
        ProblemKind(
            "query", 400, "The query was not understood", "A filter, or its value, is unknown; `errors` names it."
        ),
        ProblemKind("unauthenticated", 401, "Who are you?", "Send `Authorization: Token …` with a key that stands."),
        ProblemKind("scope", 403, "The token lacks a scope", "Make a token that has the scope in `scope`."),
        ProblemKind("forbidden", 403, "Not permitted", "You may see this, but your role does not let you do it."),
        ProblemKind("not-found", 404, "There is no such thing", "It does not exist, or it is not yours to see."),
        ProblemKind("method", 405, "Not done here", "The header `Allow` names the methods of this path."),
        ProblemKind("mismatch", 409, "The text is not what was sent", "A quote or hash differs from the stored text."),
        ProblemKind(
            "stale", 412, "Somebody changed this", "`current` is the record as it stands; look, then send again."
        ),
        ProblemKind("too-large", 413, "Too large", "Send less at once."),
        ProblemKind("media-type", 415, "Only JSON is read", "Send `Content-Type: application/json`."),
        ProblemKind("rule", 422, "A rule forbids it", "Nothing was stored; `errors` says why, field by field."),
        ProblemKind("idempotency", 422, "The key was used before", "That `Idempotency-Key` came with another request."),
        ProblemKind("version-missing", 428, "Which version did you see?", "Send `If-Match` with the record's version."),
        ProblemKind("throttled", 429, "Too many requests", "Wait as many seconds as `Retry-After` says."),
        ProblemKind("internal", 500, "Our mistake", "Something went wrong here; it was logged."),
        ProblemKind("unavailable", 503, "The database does not answer", "Try again after `Retry-After` seconds."),
    )
}


@dataclass(eq=False)
class Refusal(Exception):
    """A refusal by one of the API's own rules."""

    slug: str
    detail: str
    errors: Problems = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)


def bad_query(errors: Problems) -> Refusal:
    """Parameters of the address that are unknown or hold an unknown value."""
    return Refusal("query", " ".join(text for texts in errors.values() for text in texts), errors)


def malformed(detail: str) -> Refusal:
    """A body that cannot be read."""
    return Refusal("malformed", detail)


def scope_missing(scope: str) -> Refusal:
    """The token may not be used for this."""
    return Refusal("scope", f"This needs a token with the scope “{scope}”.", extra={"scope": scope})
