"""Changing and deleting annotations over the API, and what of them is seen by whom."""

import pytest

from newsannot.accounts.models import Role
from newsannot.annotations.models import Reading
from newsannot.dataset.actions import withdraw_reading
from tests.annotations.writing import a_record, analyst, opened
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import (
    a_statement,
    a_threat,
    a_user,
)

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


def test_a_change_leaves_the_rest_as_it_is() -> None:
    api = analyst()
    record = a_record(api)
    changed = api("PATCH", f"annotations/{record['id']}/", {"mode": "mixed", "parts": {"cue": []}}, if_match='"1"')
    assert (changed.status, changed.headers["ETag"]) == (200, '"2"')
    assert changed.json["mode"] == "mixed"
    assert changed.json["parts"] == {**record["parts"], "cue": []}
    emptied = api("PATCH", f"annotations/{record['id']}/", {"mode": None}, if_match=changed.headers["ETag"])
    assert (emptied.json["mode"], emptied.json["version"]) == (None, 3)


def test_the_etag_of_reading_is_good_for_changing() -> None:
    api = analyst()
    path = f"annotations/{a_record(api)['id']}/"
    etag = api("GET", path).headers["ETag"]
    assert api("GET", path, if_none_match=etag).status == 304
    assert api("PATCH", path, {"note": "Seen."}, if_match=f"W/{etag}").status == 200
    assert api("GET", path, if_none_match=etag).status == 200


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_stale_change_is_refused_with_the_record_as_it_stands(method: str) -> None:
    api = analyst()
    path = f"annotations/{a_record(api)['id']}/"
    api("PATCH", path, {"note": "Mine."}, if_match='"1"')
    answer = api(method, path, {"note": "Theirs."}, if_match='"1"')
    assert (answer.status, answer.kind) == (412, "stale")
    assert answer.json["current"] == api("GET", path).json
    assert answer.json["current"]["note"] == "Mine."
    assert answer.headers["ETag"] == '"2"'


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
def test_a_change_must_say_which_version_was_seen(method: str) -> None:
    api = analyst()
    path = f"annotations/{a_record(api)['id']}/"
    assert (api(method, path, {}).status, api(method, path, {}).kind) == (428, "version-missing")
    assert api(method, path, {}, if_match="yesterday").status == 400
    assert api(method, path, {}, if_match="*").status in {200, 204}


def test_a_deleted_annotation_is_gone() -> None:
    api = analyst()
    path = f"annotations/{a_record(api)['id']}/"
    answer = api("DELETE", path, if_match='"1"')
    assert (answer.status, answer.content) == (204, b"")
    assert api("GET", path).status == 404
    assert api("DELETE", path, if_match='"2"').status == 404


def test_a_statement_that_a_threat_rests_on_stays() -> None:
    api = analyst()
    reading = Reading.objects.get(pk=opened(api).json["id"])
    statement = a_statement(reading)
    a_threat(reading, statement)
    answer = api("DELETE", f"annotations/{statement.public_id}/", if_match="*")
    assert (answer.status, answer.kind) == (422, "rule")
    assert "rests on this record" in answer.errors["annotation"][0]


def test_a_circle_of_nesting_is_refused_by_field() -> None:
    api = analyst()
    reading = Reading.objects.get(pk=opened(api).json["id"])
    inner, outer = a_statement(reading), a_statement(reading)
    nest = {"parent": str(outer.public_id)}
    assert api("PATCH", f"annotations/{inner.public_id}/", nest, if_match="*").status == 200
    answer = api("PATCH", f"annotations/{outer.public_id}/", {"parent": str(inner.public_id)}, if_match="*")
    assert (answer.status, list(answer.errors)) == (422, ["parent"])


def test_a_change_against_a_rule_is_refused_by_field() -> None:
    api = analyst()
    path = f"annotations/{a_record(api)['id']}/"
    answer = api("PATCH", path, {"mode": "sung", "parts": {"content": []}}, if_match='"1"')
    assert (answer.status, sorted(answer.errors)) == (422, ["content", "mode"])
    assert api("GET", path).json["version"] == 1


def test_strangers_neither_see_nor_change_an_annotation() -> None:
    record = a_record(analyst())
    path = f"annotations/{record['id']}/"
    for api in (analyst(), Api(a_user(Role.EDITOR), READ, WRITE)):
        assert api("GET", path).status == 404
        assert api("PATCH", path, {"note": "x"}, if_match="*").status == 404
        assert api("DELETE", path, if_match="*").status == 404
    assert Api()("PATCH", path, {"note": "x"}, if_match="*").json["scope"] == WRITE
    assert analyst()("POST", path, {}).status == 405
    assert analyst()("GET", f"annotations/{NOWHERE}/").status == 404


def test_what_is_published_is_read_by_everybody_without_its_note_and_changed_by_nobody() -> None:
    there = a_publication(claim={"note": "For us alone."})
    path = f"annotations/{there.statement.public_id}/"
    reader, editor = Api(), Api(a_user(Role.EDITOR), READ, WRITE)
    assert reader("GET", path).json["note"] is None
    assert editor("GET", path).json["note"] == "For us alone."
    assert analyst()("PATCH", path, {"note": "x"}, if_match="*").status == 404
    closed = editor("PATCH", path, {"note": "x"}, if_match="*")
    assert closed.errors == {"reading": ["This reading is published; nothing in it can change now."]}
    withdraw_reading(revision=there.reading.revision, by=a_user(Role.EDITOR))
    assert editor("PATCH", path, {"note": "x"}, if_match="*").status == 200
