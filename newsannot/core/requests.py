"""How the API reads a request and writes an answer: JSON only, for tokens with the scope that the view names."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from rest_framework.exceptions import MethodNotAllowed
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.permissions import BasePermission
from rest_framework.renderers import BaseRenderer, JSONRenderer
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from newsannot.core.counting import count_once_more
from newsannot.core.refusals import malformed, scope_missing

LARGEST_DEPTH = 32
LONGEST_NUMBER = 1000


class JsonBody(BaseParser):
    """Reads a JSON body in UTF-8; whatever is wrong with it is a 400 that says so, or a 413."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The value the body holds, at most `LARGEST_DEPTH` deep, without NaN or Infinity."""
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        raw = stream.read(most + 1)
        if len(raw) > most:
            raise RequestDataTooBig(f"At most {most:,} bytes are read at once.")
        try:
            value = json.loads(raw.decode("utf-8"), parse_constant=_no_such_number, parse_int=_whole_number)
        except UnicodeDecodeError as error:
            raise malformed(f"The body is not UTF-8: byte {error.start} cannot be read.") from error
        except (ValueError, RecursionError) as error:
            raise malformed(f"The body is not JSON: {_reason(error)}") from error
        _check_depth(value)
        return value


def _no_such_number(name: str) -> Any:
    raise ValueError(f"{name} is no number in JSON.")


def _whole_number(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        raise ValueError(f"a number has more than {LONGEST_NUMBER} digits.")
    return int(digits)


def _reason(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg}, at line {error.lineno}, column {error.colno}."
    return "it is nested too deeply." if isinstance(error, RecursionError) else str(error)[:200]


def _check_depth(value: Any) -> None:
    """Refuse what is nested deeper than anything the API takes."""
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > LARGEST_DEPTH:
            raise malformed(f"The body is nested deeper than {LARGEST_DEPTH} levels.")
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += one.values()
            elif isinstance(one, list):
                below += one
        level = [one for one in below if isinstance(one, dict | list)]


class JsonAnswer(JSONRenderer):
    """Writes JSON in UTF-8; what UTF-8 cannot hold, such as half a surrogate pair that was sent, is escaped."""

    def render(
        self, data: Any, accepted_media_type: str | None = None, renderer_context: Mapping[str, Any] | None = None
    ) -> bytes:
        """The bytes of an answer; JSON that was written before, as bytes, is the answer itself."""
        if isinstance(data, bytes):
            return data
        try:
            return bytes(super().render(data, accepted_media_type, renderer_context))
        except UnicodeEncodeError:
            self.ensure_ascii = True  # type: ignore[misc] # the stubs take it for the class's
            return bytes(super().render(data, accepted_media_type, renderer_context))


class JsonAlways(DefaultContentNegotiation):
    """Answers JSON whatever `Accept` asks for: a person's browser gets the answer too."""

    def select_renderer(
        self, request: Request, renderers: Iterable[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """The first renderer."""
        first = next(iter(renderers))
        return first, str(first.media_type)


# --- Scopes ------------------------------------------------------------------------------------


class HasScope(BasePermission):
    """Lets in the tokens that have one of the scopes the view names for the method; a view that names none is shut."""

    def has_permission(self, request: Request, view: Any) -> bool:
        """False without a token (401); raises a refusal that names the missing scope (403)."""
        if not request.auth:
            return False
        method = "GET" if request.method == "HEAD" else str(request.method)
        scopes: Mapping[str, Sequence[str]] = getattr(view, "scopes", {})
        if method != "OPTIONS" and method not in scopes:
            raise MethodNotAllowed(method)
        if method != "OPTIONS" and not scopes_of(request) & set(scopes[method]):
            raise scope_missing(" or ".join(scopes[method]))
        return True


def scopes_of(request: Request) -> frozenset[str]:
    """The scopes of the token the request came with."""
    return getattr(request.auth, "scopes", frozenset())


def only_reads(request: Request) -> bool:
    """Whether the token of the request permits reading and nothing else."""
    return all(scope.startswith("read:") for scope in scopes_of(request))


def require_scope(request: Request, *scopes: str) -> None:
    """Refuse a token with none of the scopes, by their names."""
    if not scopes_of(request) & set(scopes):
        raise scope_missing(" or ".join(scopes))


class PerToken(SimpleRateThrottle):
    """So many requests a minute for each token (`DEFAULT_THROTTLE_RATES["token"]`); more wait, told how long.

    Counted over all processes, minute by minute from the first request on.
    """

    scope = "token"
    num_requests: int | None
    duration: int | None
    seconds_left = 0

    def allow_request(self, request: Request, view: Any) -> bool:
        """Count the request; one statement."""
        key = self.get_cache_key(request, view)
        if key is None or self.num_requests is None or self.duration is None:
            return True
        counted = count_once_more(key, seconds=self.duration)
        self.seconds_left = counted.seconds_left
        return counted.count <= self.num_requests

    def wait(self) -> float:
        """How many seconds until the next minute begins."""
        return self.seconds_left

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """The token; what needs none is not counted."""
        grant: Any = request.auth
        return f"throttle-{grant.token_id}" if grant else None
