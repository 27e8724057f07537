"""Calling the API as its clients do. Every answer is held against the OpenAPI document; what that lacks is an error."""

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.test import Client
from drf_spectacular.generators import SchemaGenerator
from jsonschema import Draft202012Validator

from newsannot.accounts.actions import make_token
from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.dataset.actions import publish_reading
from newsannot.review.actions import accept_reading
from tests.factories import a_reading, a_revision, a_statement, a_threat, a_user, an_actor, numbers

READ, WRITE, ARTICLES = "read:curated", "write:annotations", "write:articles"
PREFIX = "/api/v1/"


@dataclass(frozen=True)
class Answer:
    """An answer of the API."""

    status: int
    json: Any
    headers: Any
    content: bytes

    @property
    def kind(self) -> str:
        """The slug of a problem."""
        return str(self.json["type"]).removeprefix("/api/v1/docs/#problem-")

    @property
    def errors(self) -> dict[str, list[str]]:
        """A problem's messages by field."""
        return dict(self.json["errors"])

    @property
    def ids(self) -> list[Any]:
        """The ids on a page."""
        return [one["id"] for one in self.json["results"]]


class Api:
    """A client with a token of a user."""

    def __init__(self, user: User | None = None, *scopes: str) -> None:
        self.user = user or a_user(Role.READER)
        _, self.key = make_token(name=f"token {next(numbers)}", scopes=scopes or (READ,), by=self.user)
        self.client = Client(headers={"authorization": f"Token {self.key}"})

    def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        """Send a request, its path relative to /api/v1/ or whole; check the answer against its description."""
        path = path if path.startswith(("/", "http")) else f"{PREFIX}{path}"
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        kind = sent.pop("content-type", "application/json")
        response = self.client.generic(method, path, raw, content_type=kind, headers=sent)
        is_json = "json" in response.headers.get("Content-Type", "")
        answer = Answer(response.status_code, response.json() if is_json else None, response.headers, response.content)
        hold_to_description(method, response.request["PATH_INFO"], answer)
        return answer

    def get(self, path: str, **query: Any) -> Answer:
        """GET with a query."""
        response = self.client.get(path if path.startswith(("/", "http")) else f"{PREFIX}{path}", query)
        answer = Answer(response.status_code, response.json(), response.headers, response.content)
        hold_to_description("GET", response.request["PATH_INFO"], answer)
        return answer


@cache
def description() -> dict[str, Any]:
    """The OpenAPI document, in which objects are closed: a field it does not name is an error."""
    document = SchemaGenerator().get_schema(request=None, public=True)
    for schema in document["components"]["schemas"].values():
        if "properties" in schema:
            schema["additionalProperties"] = False
    return dict(document)


def hold_to_description(method: str, path: str, answer: Answer) -> None:
    """Fail when an answer is not one that the OpenAPI document describes for this path, method and status."""
    document = description()
    for template, operations in document["paths"].items():
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), path) and method.lower() in operations:
            described = operations[method.lower()]["responses"].get(str(answer.status))
            assert described is not None, f"{method} {template} does not describe {answer.status}: {answer.content!r}"
            content = described.get("content", {}).get(answer.headers.get("Content-Type", "").split(";")[0])
            assert bool(content) == bool(answer.content), f"{method} {template} {answer.status}: {answer.headers}"
            if content:
                schema = {**content["schema"], "components": document["components"]}
                Draft202012Validator(schema).validate(answer.json)
            return


@dataclass(frozen=True)
class Published:
    """A published reading with one statement by `speaker` and one threat on it."""

    reading: Reading
    statement: Annotation
    threat: Annotation
    speaker: int


def a_publication(
    *, claim: dict[str, Any] | None = None, threat: dict[str, Any] | None = None, **revision: Any
) -> Published:
    """Publish an article with a statement and a threat."""
    editor, speaker = a_user(Role.EDITOR), an_actor(f"Speaker {next(numbers)}").pk
    reading = a_reading(revision=a_revision(**revision))
    statement = a_statement(reading, **{"speaker": speaker, "mode": "direct", "said_on": ""} | (claim or {}))
    a_threat(reading, statement, **{"issuer": speaker} | (threat or {}))
    curated = published(reading, by=editor)
    of = Annotation.objects.filter(reading=curated)
    return Published(curated, of.get(kind="statement"), of.get(kind="threat"), (claim or {}).get("speaker", speaker))


def published(reading: Reading, *, by: User | None = None) -> Reading:
    """Submit, accept and publish a reading; answers the curated one."""
    editor = by or a_user(Role.EDITOR)
    assert reading.reader is not None
    submit_reading(reading=reading, by=reading.reader)
    accept_reading(reading=reading, by=editor)
    return publish_reading(revision=reading.revision, by=editor)
