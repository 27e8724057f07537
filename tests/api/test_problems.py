"""How the API refuses: one shape, words for people, and never a 5xx for what somebody sent."""

import json
import re
from typing import Any

import pytest
from django.test import Client, override_settings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsannot.accounts.models import Role, Token
from newsannot.core.refusals import KINDS
from tests.calling import ARTICLES, READ, WRITE, Api, description
from tests.factories import a_mention, a_reading, a_user

pytestmark = pytest.mark.django_db
SLOW = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
ID = "00000000-0000-4000-8000-000000000000"


def operations() -> list[tuple[str, str, list[str]]]:
    """Method, path and scopes of everything the API does."""
    return [
        (method.upper(), path, [s for one in described["security"] for s in one["token"]])
        for path, methods in description()["paths"].items()
        for method, described in methods.items()
    ]


def filled(path: str) -> str:
    """A path with ids of nothing."""
    return re.sub(r"\{\w+_id\}", "999999", path.replace("{public_id}", ID).replace("{key}", "mid"))


def test_every_operation_asks_who_one_is() -> None:
    client = Client()
    for method, path, _ in operations():
        response = client.generic(method, filled(path), b"{}", content_type="application/json")
        assert (method, path, response.status_code) == (method, path, 401)
        assert response.headers["WWW-Authenticate"] == "Token"
        assert response.headers["Content-Type"] == "application/problem+json"


def test_every_operation_asks_for_its_scope() -> None:
    editor = a_user(Role.EDITOR)
    for method, path, scopes in operations():
        others = [scope for scope in (READ, WRITE, ARTICLES) if scope not in scopes]
        if others:
            answer = Api(editor, *others)(method, filled(path), {})
            assert (method, path, answer.status, answer.json["scope"]) == (method, path, 403, " or ".join(scopes))


def test_every_operation_on_nothing_is_not_found() -> None:
    api = Api(a_user(Role.EDITOR), READ, WRITE, ARTICLES)
    for method, path, _ in operations():
        if "{" in path:
            answer = api(method, filled(path), {"spans": []} if "verify" in path else {}, if_match="*")
            assert (method, path, answer.status, answer.kind) == (method, path, 404, "not-found")


def test_every_path_says_which_methods_it_has() -> None:
    api = Api(a_user(Role.EDITOR), READ, WRITE, ARTICLES)
    there: dict[str, set[str]] = {}
    for method, path, _ in operations():
        there.setdefault(path, set()).add(method)
    for path, methods in there.items():
        for method in {"GET", "POST", "PUT", "PATCH", "DELETE"} - methods:
            answer = api(method, filled(path), {})
            allowed = set(answer.headers["Allow"].split(", ")) - {"OPTIONS", "HEAD"}
            assert (method, path, answer.status, allowed) == (method, path, 405, methods)


@pytest.mark.parametrize("key", ["nonsense", "", "a b", "\u00e9"])
def test_a_key_that_does_not_stand_is_refused(key: str) -> None:
    response = Client().get("/api/v1/statements/", headers={"authorization": f"Token {key}".encode().decode("latin-1")})
    assert (response.status_code, response.json()["status"]) == (401, 401)


def test_a_revoked_key_is_refused() -> None:
    api = Api()
    assert api.get("statements/").status == 200
    Token.objects.update(revoked_at="2025-01-01T00:00:00Z")
    assert api.get("statements/").status == 401


def test_being_signed_in_opens_no_door() -> None:
    client = Client()
    client.force_login(a_user(Role.ADMIN))
    assert client.get("/api/v1/statements/").status_code == 401
    assert client.post("/api/v1/articles/", {}).status_code == 401


def test_a_problem_has_the_shape_of_rfc_9457() -> None:
    answer = Api().get("statements/", speaker="nobody")
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json == {
        "type": "/api/v1/docs/#problem-query",
        "title": "The query was not understood",
        "status": 400,
        "detail": "speaker: “nobody” is no id.",
        "errors": {"speaker": ["speaker: “nobody” is no id."]},
    }


def test_every_kind_of_problem_is_explained_where_its_type_leads() -> None:
    page = Client().get("/api/v1/docs/").content.decode()
    for kind in KINDS.values():
        assert f'id="problem-{kind.slug}"' in page


# --- Addresses -----------------------------------------------------------------------------------


def test_there_is_nothing_at_other_addresses() -> None:
    response = Client().get("/api/v1/nothing/")
    assert (response.status_code, response.json()["type"]) == (404, "/api/v1/docs/#problem-not-found")
    assert Client().delete("/api/v1/").status_code == 404


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_who_forgets_the_last_slash_is_sent_on_with_method_and_query(method: str) -> None:
    response = Client().generic(method, "/api/v1/statements?mode=direct&q=%22", b"{}", content_type="application/json")
    assert (response.status_code, response.headers["Location"]) == (308, "/api/v1/statements/?mode=direct&q=%22")


def test_head_is_answered_like_get_without_the_body() -> None:
    api = Api()
    response = api.client.head("/api/v1/statements/")
    assert (response.status_code, response.content) == (200, b"")
    assert response.headers["ETag"] == api.get("statements/").headers["ETag"]


# --- Bodies --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "The body is not JSON: Expecting property name enclosed in double quotes, at line 1, column 2."),
        (b"\xff\xfe{}", "The body is not UTF-8: byte 0 cannot be read."),
        (b'{"a": NaN}', "The body is not JSON: NaN is no number in JSON."),
        (b"[" * 100_000 + b"]" * 100_000, "The body is not JSON: it is nested too deeply."),
        (b"[" * 40 + b"]" * 40, "The body is nested deeper than 32 levels."),
        (b"1" * 5000, "The body is not JSON: a number has more than 1000 digits."),
        (b"7", "The body must be a JSON object."),
        (b"[]", "The body must be a JSON object."),
        (b'"text"', "The body must be a JSON object."),
    ],
)
def test_a_body_that_cannot_be_read_is_refused_in_words(body: bytes, said: str) -> None:
    reading = a_reading()
    assert reading.reader is not None
    api = Api(reading.reader, WRITE)
    answer = api("POST", f"readings/{reading.pk}/mentions/", body)
    assert (answer.status, answer.kind, answer.json["detail"][: len(said)]) == (400, "malformed", said)


def test_only_json_is_read() -> None:
    api = Api(a_user(Role.EDITOR), ARTICLES)
    answer = api("POST", "articles/", b"<xml/>", content_type="application/xml")
    assert (answer.status, answer.kind) == (415, "media-type")


@override_settings(DATA_UPLOAD_MAX_MEMORY_SIZE=1000)
def test_a_body_too_large_is_refused() -> None:
    answer = Api(a_user(Role.EDITOR), ARTICLES)("POST", "articles/", {"text": "a" * 1000})
    assert (answer.status, answer.kind) == (413, "too-large")


def test_too_many_requests_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    from newsannot.core.requests import PerToken  # noqa: PLC0415

    monkeypatch.setattr(PerToken, "THROTTLE_RATES", {"token": "2/min"})
    api, other = Api(), Api()
    assert [api.get("statements/").status for _ in range(3)] == [200, 200, 429]
    refused = api.get("statements/")
    assert (refused.kind, 0 < int(refused.headers["Retry-After"]) <= 61) == ("throttled", True)
    assert other.get("statements/").status == 200


def test_our_own_mistakes_are_logged_and_say_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret words")

    monkeypatch.setattr("newsannot.statements.api.page_of_kind", fail)
    response = Api().client.get("/api/v1/statements/")
    assert (response.status_code, response.json()["type"]) == (500, "/api/v1/docs/#problem-internal")
    assert "secret" not in response.content.decode()
    assert "secret words" in caplog.text


# --- Anything at all -----------------------------------------------------------------------------

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text()
    | st.sampled_from(["\x00", "\ud800", "2025-13-45", "-1", ID, "direct", "9" * 30]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.text(max_size=8) | st.sampled_from(["id", "name", "kind", "start", "end", "exact", "mode", "content"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
FIELDS = [
    "parts",
    "speaker",
    "addressees",
    "on_behalf_of",
    "mode",
    "negated",
    "venue",
    "said_on",
    "said_on_basis",
    "credibility",
    "certainty",
    "note",
    "parent",
    "issuer",
    "harm_targets",
    "purpose",
    "consequence",
    "deadline",
    "statements",
    "primary_statement",
    "plover",
    "plover_contexts",
    "actor",
    "form",
]


@SLOW
@given(kind=st.sampled_from(["mentions", "statements", "threats"]), body=st.dictionaries(st.sampled_from(FIELDS), JSON))
def test_whatever_is_sent_to_be_marked_is_marked_or_refused(kind: str, body: dict[str, Any]) -> None:
    reading = a_reading()
    assert reading.reader is not None
    answer = Api(reading.reader, WRITE)("POST", f"readings/{reading.pk}/{kind}/", json.dumps(body).encode())
    assert answer.status in {201, 409, 422}


@SLOW
@given(body=st.dictionaries(st.sampled_from(FIELDS), JSON, min_size=1))
def test_whatever_is_sent_as_a_change_is_done_or_refused(body: dict[str, Any]) -> None:
    reading = a_reading()
    mention = a_mention(reading)
    assert reading.reader is not None
    path = f"annotations/{mention.public_id}/"
    answer = Api(reading.reader, WRITE)("PATCH", path, json.dumps(body).encode(), if_match='"1"')
    assert answer.status in {200, 409, 422}


@SLOW
@given(
    item=JSON
    | st.dictionaries(
        st.sampled_from(["title", "text", "html", "url", "source", "language", "published_at", "byline"]), JSON
    )
)
def test_whatever_is_sent_as_an_article_is_taken_in_or_refused(item: Any) -> None:
    answer = Api(a_user(Role.EDITOR), ARTICLES)("POST", "articles/", json.dumps(item).encode())
    assert answer.status in {200, 400}


@SLOW
@given(
    query=st.dictionaries(
        st.sampled_from(
            [
                "article",
                "source",
                "speaker",
                "mode",
                "country",
                "language",
                "q",
                "said_from",
                "published_to",
                "cursor",
                "page_size",
            ]
        )
        | st.text(min_size=1, max_size=5),
        st.text(max_size=20),
        max_size=3,
    )
)
def test_whatever_is_asked_is_answered_or_refused(query: dict[str, str]) -> None:
    encoded = {
        name.encode("utf-8", "replace").decode(): value.encode("utf-8", "replace") for name, value in query.items()
    }
    for path in ("statements/", "threats/", "articles/", "actors/"):
        assert Api().get(path, **encoded).status in {200, 400}


@SLOW
@given(spans=JSON)
def test_whatever_is_sent_to_be_verified_is_verified_or_refused(spans: Any) -> None:
    reading = a_reading()
    assert reading.reader is not None
    path = f"revisions/{reading.revision_id}/verify/"
    answer = Api(reading.reader, WRITE)("POST", path, json.dumps({"spans": spans}).encode())
    assert answer.status in {200, 422}


@SLOW
@given(body=st.binary(max_size=200))
def test_bytes_that_are_no_json_are_refused(body: bytes) -> None:
    assert Api(a_user(Role.EDITOR), ARTICLES)("POST", "articles/", body).status in {200, 400}


@pytest.mark.parametrize("odd", ["\x00", "\ud800", "\u2028", "\ufeff"])
def test_characters_that_no_text_holds_are_refused_wherever_they_stand(odd: str) -> None:
    reading = a_reading()
    mention = a_mention(reading)
    assert reading.reader is not None
    api, path = Api(reading.reader, WRITE), f"readings/{reading.pk}/mentions/"
    span = {"start": 0, "end": 4}
    for number, body in enumerate(
        [
            {odd: odd},
            {"parts": {odd: [span]}},
            {"parts": {"text": [{**span, "exact": odd}]}},
            {"parts": {"text": [{**span, odd: odd}]}},
            {"parts": {"text": [span]}, "actor": {"name": f"x{odd}", "kind": odd}},
            {"parts": {"text": [span]}, "form": odd},
            {"parts": {"text": [span]}, "form": [odd]},
        ]
    ):
        raw = json.dumps(body).encode()
        assert (body, api("POST", path, raw, idempotency_key=str(number)).status in {409, 422}) == (body, True)
    assert api("PATCH", f"annotations/{mention.public_id}/", json.dumps({odd: 1}).encode(), if_match="*").status == 422
    assert api("POST", f"readings/{reading.pk}/submit/", json.dumps({odd: odd}).encode()).status == 422
    editor = Api(a_user(Role.EDITOR), ARTICLES)
    item = json.dumps(
        {"text": "x", "title": odd, "language": odd, "source": {"name": odd, "domain": odd}, odd: odd}
    ).encode()
    assert editor("POST", "articles/", item, idempotency_key="odd").status == 200
    assert editor("POST", "articles/", item, idempotency_key="odd").headers["Idempotent-Replayed"] == "true"
