"""The API over HTTP, with nothing but the standard library: pages followed, waits kept, refusals told in words."""

import gzip
import http.client
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from typing import Any, cast
from urllib.parse import urlencode, urljoin, urlsplit

from newsannot_client.records import (
    ActorInFullOut,
    ActorOut,
    ArticleOut,
    ChangeOut,
    MentionOut,
    ReleaseOut,
    SourceOut,
    StatementOut,
    ThreatOut,
)

Asked = str | int | bool | Sequence[str | int]
"""A filter's value; several of them mean any of these."""

LARGEST_PAGE = 500
_AGAIN = {429, 502, 503, 504}
_FIRST_PAUSE = 0.5
_PIECE = 1 << 20


class ApiError(Exception):
    """The server refused: `status`, the `problem` document of RFC 9457 it sent, and its `errors` by field."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        super().__init__(f"{status}: {problem.get('detail') or problem.get('title') or 'no reason was given'}")
        self.status = status
        self.problem = problem

    @property
    def errors(self) -> dict[str, list[str]]:
        """What is wrong with which field or filter."""
        return cast("dict[str, list[str]]", self.problem.get("errors") or {})


class Unreachable(Exception):
    """The server did not answer, or was too busy, for as long as the client had patience."""


class Client:
    """A newsannot server, asked with a token.

    `address` is where the application is (`https://news.example/`), `timeout` the seconds one answer may take,
    `patience` the seconds a request is tried again while the server cannot be reached or asks to wait.
    """

    def __init__(self, address: str, token: str, *, timeout: float = 30, patience: float = 60) -> None:
        if urlsplit(address).scheme not in {"http", "https"}:
            raise ValueError(f"“{address}” is no http or https address.")
        self.address = address.rstrip("/") + "/"
        self._token = token
        self._timeout = timeout
        self._patience = patience

    def get(self, path: str, **asked: Asked) -> dict[str, Any]:
        """One answer: `path` below `/api/v1/`, or the whole address of a next page. Raises ApiError and Unreachable."""
        address = self._address(path)
        return self._tried(f"{address}?{_query(asked)}" if asked else address)

    def download(self, path: str) -> Iterator[bytes]:
        """The bytes of a file, piece by piece: `path` as a release names it. Raises ApiError and Unreachable."""
        try:
            with self._opened(self._address(path), {}) as answer:
                while piece := answer.read(_PIECE):
                    yield piece
        except urllib.error.HTTPError as refused:
            raise ApiError(refused.code, _problem(refused)) from None
        except (OSError, http.client.HTTPException) as failed:
            raise Unreachable(f"{path}: {failed}") from None

    def pages(self, path: str, **asked: Asked) -> Iterator[list[dict[str, Any]]]:
        """The results of a collection, a page at a time."""
        answer = self.get(path, **{"page_size": LARGEST_PAGE} | asked)
        yield answer["results"]
        while answer["next"]:
            answer = self.get(answer["next"])
            yield answer["results"]

    def _address(self, path: str) -> str:
        """A path below `/api/v1/`, or a whole address, which has to be the server's own."""
        address = urljoin(f"{self.address}api/v1/", path)
        if urlsplit(address)[:2] != urlsplit(self.address)[:2]:
            raise ValueError(f"“{address}” is on another server; the token is not sent there.")
        return address

    def _every(self, path: str, asked: dict[str, Asked]) -> Iterator[Any]:
        for page in self.pages(path, **asked):
            yield from page

    def statements(self, **filters: Asked) -> Iterator[StatementOut]:
        """Who is reported to have said what; all filters of the API by their names."""
        return self._every("statements/", filters)

    def threats(self, **filters: Asked) -> Iterator[ThreatOut]:
        """Who threatens whom with what, if …"""
        return self._every("threats/", filters)

    def mentions(self, **filters: Asked) -> Iterator[MentionOut]:
        """Which words name which actor."""
        return self._every("mentions/", filters)

    def actors(self, **filters: Asked) -> Iterator[ActorOut]:
        """People, states, organisations."""
        return self._every("actors/", filters)

    def articles(self, **filters: Asked) -> Iterator[ArticleOut]:
        """Articles, without their text."""
        return self._every("articles/", filters)

    def sources(self, **filters: Asked) -> Iterator[SourceOut]:
        """Who published them."""
        return self._every("sources/", filters)

    def statement(self, record: str) -> StatementOut:
        """One statement by its id."""
        return cast("StatementOut", self.get(f"statements/{record}/"))

    def threat(self, record: str) -> ThreatOut:
        """One threat by its id."""
        return cast("ThreatOut", self.get(f"threats/{record}/"))

    def actor(self, number: int) -> ActorInFullOut:
        """One actor with its offices and memberships."""
        return cast("ActorInFullOut", self.get(f"actors/{number}/"))

    def release(self, name: str) -> ReleaseOut:
        """One release with its files; `download` their paths."""
        return cast("ReleaseOut", self.get(f"releases/{name}/"))

    def changes(self, after: int = 0, *, page_size: int = LARGEST_PAGE, wait: int = 0) -> Iterator[list[ChangeOut]]:
        """The feed, a page at a time, from the change after `after` on; never an empty page.

        While there is none, the server waits so many seconds for the next (at most 30, and less than the timeout).
        """
        waiting: dict[str, Asked] = {"wait": min(wait, 30, int(self._timeout) - 5)} if wait else {}
        for page in self.pages("changes/", after=after, page_size=page_size, **waiting):
            if page:
                yield cast("list[ChangeOut]", page)

    def _tried(self, address: str) -> dict[str, Any]:
        """An answer, asked for again while that may help."""
        until, pause = time.monotonic() + self._patience, _FIRST_PAUSE
        while True:
            try:
                return self._answer(address)
            except urllib.error.HTTPError as refused:
                wait, reason = _wait(refused, pause), f"the server answers {refused.code}"
                if refused.code not in _AGAIN:
                    raise ApiError(refused.code, _problem(refused)) from None
            except (OSError, http.client.HTTPException, EOFError) as failed:
                wait, reason = pause, str(failed)
            if time.monotonic() + wait > until:
                raise Unreachable(f"{address}: {reason}") from None
            time.sleep(wait)
            pause *= 2

    def _answer(self, address: str) -> dict[str, Any]:
        with self._opened(address, {"Accept": "application/json", "Accept-Encoding": "gzip"}) as answer:
            body = answer.read()
            if answer.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
        return cast("dict[str, Any]", json.loads(body))

    def _opened(self, address: str, headers: dict[str, str]) -> http.client.HTTPResponse:
        said = {"Authorization": f"Token {self._token}", **headers}
        request = urllib.request.Request(address, headers=said)  # noqa: S310  http or https, by __init__
        answer = urllib.request.urlopen(request, timeout=self._timeout)  # noqa: S310
        return cast("http.client.HTTPResponse", answer)


def _query(asked: dict[str, Asked]) -> str:
    """A query string; a truth is written as the API writes it."""
    said = {name: str(value).lower() if isinstance(value, bool) else value for name, value in asked.items()}
    return urlencode(said, doseq=True)


def _wait(refused: urllib.error.HTTPError, otherwise: float) -> float:
    """The seconds the server asks to wait."""
    told = refused.headers.get("Retry-After", "")
    return float(told) if told.isdecimal() else otherwise


def _problem(refused: urllib.error.HTTPError) -> dict[str, Any]:
    try:
        body = refused.read()
        if refused.headers.get("Content-Encoding") == "gzip":
            body = gzip.decompress(body)
        told = json.loads(body)
    except (OSError, ValueError, EOFError):
        return {}
    return told if isinstance(told, dict) else {}
