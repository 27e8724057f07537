"""Handing in, accepting, returning and publishing over the API; requests sent twice."""

from typing import Any

import pytest

from newsannot.accounts.models import Role
from newsannot.annotations.models import Annotation, Reading
from tests.annotations.writing import analyst, at, opened
from tests.calling import READ, WRITE, Api
from tests.factories import (
    TEXT,
    a_mention,
    a_reading,
    a_revision,
    a_user,
)

pytestmark = pytest.mark.django_db


def test_the_whole_way_from_an_open_reading_to_the_published_record() -> None:
    api, editor = analyst(), Api(a_user(Role.EDITOR), READ, WRITE)
    reading = opened(api).json
    record = api(
        "POST", f"readings/{reading['id']}/statements/", {"parts": {"content": [at("“we will close the strait.”")]}}
    ).json
    submitted = api("POST", f"readings/{reading['id']}/submit/")
    assert (submitted.status, submitted.json["state"]) == (200, "submitted")
    returned = editor("POST", f"readings/{reading['id']}/return/", {"comment": "Who said it?"})
    assert (returned.json["state"], returned.json["comment"]) == ("returned", "Who said it?")
    assert api("GET", f"readings/{reading['id']}/").json["comment"] == "Who said it?"
    speaker = {"name": "Adaeze Obi", "kind": "person"}
    assert api("PATCH", f"annotations/{record['id']}/", {"speaker": speaker}, if_match='"1"').status == 200
    api("POST", f"readings/{reading['id']}/submit/")
    accepted = editor("POST", f"readings/{reading['id']}/accept/")
    assert (accepted.json["reader"], accepted.json["state"]) == (None, "open")
    assert Api().get("statements/").ids == []
    path = f"revisions/{reading['revision']['id']}"
    assert editor("POST", f"{path}/publish/").json["state"] == "published"
    (given,) = Api().get("statements/").json["results"]
    assert given["speaker"]["name"] == "Adaeze Obi"
    span = given["parts"]["content"][0]
    assert TEXT[span["start"] : span["end"]] == span["exact"] == "“we will close the strait.”"
    again = editor("POST", f"{path}/publish/")
    assert (again.status, again.errors) == (422, {"reading": ["This is published already."]})
    assert editor("POST", f"{path}/withdraw/", {"reason": "A typing error."}).json["state"] == "withdrawn"
    assert Api().get("statements/").ids == []


def test_an_empty_reading_is_handed_in_only_when_it_is_declared_empty() -> None:
    api = analyst()
    path = f"readings/{opened(api).json['id']}/submit/"
    assert list(api("POST", path).errors) == ["nothing_found"]
    assert api("POST", path, {"nothing_found": "yes"}).errors == {"nothing_found": ["This takes true or false."]}
    done = api("POST", path, {"nothing_found": True})
    assert (done.json["state"], done.json["nothing_found"]) == ("submitted", True)


def test_an_editor_decides_about_others_readings_only() -> None:
    editor = Api(a_user(Role.EDITOR), READ, WRITE)
    own = a_reading(editor.user)
    a_mention(own)
    editor("POST", f"readings/{own.pk}/submit/")
    assert editor("POST", f"readings/{own.pk}/accept/").status == 403


def test_analysts_decide_nothing() -> None:
    api = analyst()
    reading = Reading.objects.get(pk=opened(api).json["id"])
    a_mention(reading)
    api("POST", f"readings/{reading.pk}/submit/")
    for path in (
        f"readings/{reading.pk}/accept/",
        f"readings/{reading.pk}/return/",
        f"revisions/{reading.revision_id}/publish/",
        f"revisions/{reading.revision_id}/withdraw/",
    ):
        assert (path, api("POST", path).status) == (path, 403)
        assert (path, Api()("POST", path).json["scope"]) == (path, WRITE)
        assert (path, api("GET", path).status) == (path, 405)
    for path in ("readings/999999/accept/", "revisions/999999/publish/"):
        assert Api(a_user(Role.EDITOR), WRITE)("POST", path).status == 404


@pytest.mark.parametrize("comment", ["", "   ", 7, "a\x00b", "a" * 4001])
def test_a_return_says_why(comment: Any) -> None:
    reading = a_reading()
    a_mention(reading)
    Reading.objects.filter(pk=reading.pk).update(state="submitted")
    editor = Api(a_user(Role.EDITOR), WRITE)
    answer = editor("POST", f"readings/{reading.pk}/return/", {"comment": comment})
    assert (answer.status, list(answer.errors)) == (422, ["comment"])


def test_nothing_accepted_is_nothing_to_publish() -> None:
    editor = Api(a_user(Role.EDITOR), WRITE)
    revision = a_revision()
    for path in (f"revisions/{revision.pk}/publish/", f"revisions/{revision.pk}/withdraw/"):
        assert (path, editor("POST", path).status) == (path, 422)


def test_a_request_sent_twice_with_one_key_is_carried_out_once() -> None:
    api = analyst()
    path = f"readings/{opened(api).json['id']}/mentions/"
    body = {"parts": {"text": [at("said")]}}
    first = api("POST", path, body, idempotency_key="abc")
    second = api("POST", path, body, idempotency_key="abc")
    assert (second.status, second.json, second.headers["ETag"]) == (201, first.json, first.headers["ETag"])
    assert second.headers["Idempotent-Replayed"] == "true"
    assert "Idempotent-Replayed" not in first.headers
    assert Annotation.objects.count() == 1
    other = api("POST", path, {"parts": {"text": [at("strait")]}}, idempotency_key="abc")
    assert (other.status, other.kind) == (422, "idempotency")
    assert api("POST", path, {"parts": {"text": [at("strait")]}}, idempotency_key="def").status == 201


def test_a_refused_request_uses_no_key_up() -> None:
    api = analyst()
    path = f"readings/{opened(api).json['id']}/mentions/"
    assert api("POST", path, {}, idempotency_key="abc").status == 422
    assert api("POST", path, {"parts": {"text": [at("said")]}}, idempotency_key="abc").status == 201


def test_keys_of_others_do_not_matter() -> None:
    for api in (analyst(), analyst()):
        path = f"readings/{opened(api).json['id']}/mentions/"
        assert api("POST", path, {"parts": {"text": [at("said")]}}, idempotency_key="abc").status == 201
    assert api("POST", path, {}, idempotency_key="x" * 201).status == 400
