"""Reading and writing annotations over the API."""

from typing import Any

import pytest

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.models import Annotation, Reading
from newsannot.dataset.actions import withdraw_reading
from tests.calling import READ, WRITE, Answer, Api, a_publication, published
from tests.factories import (
    TEXT,
    a_codebook,
    a_mention,
    a_reading,
    a_revision,
    a_statement,
    a_threat,
    a_user,
    an_actor,
    piece,
)

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


def at(quote: str, **more: Any) -> dict[str, Any]:
    """The span of a quote in TEXT."""
    start = TEXT.index(quote)
    return {"start": start, "end": start + len(quote), **more}


def analyst() -> Api:
    """A client of an analyst who may write."""
    return Api(a_user(Role.ANALYST), READ, WRITE)


def opened(api: Api, **revision: Any) -> Answer:
    """The client's reading of a new article."""
    a_codebook()
    article = a_revision(**revision).article_id
    return api("POST", f"articles/{article}/readings/")


# --- Readings ------------------------------------------------------------------------------------


def test_opening_a_reading_gives_the_text_and_its_zones_and_the_same_reading_again() -> None:
    api = analyst()
    first = opened(api)
    assert first.status == 200
    revision = Reading.objects.get().revision
    start = TEXT.index("About the author")
    assert first.json == {
        "id": Reading.objects.get().pk,
        "state": "open",
        "reader": api.user.username,
        "article": revision.article_id,
        "codebook": 1,
        "nothing_found": False,
        "comment": None,
        "version": 1,
        "revision": {
            "id": revision.pk,
            "number": 1,
            "sha256": revision.sha256,
            "length": len(TEXT),
            "text": TEXT,
            "zones": [{"kind": "boilerplate", "start": start, "end": len(TEXT), "is_codable": False}],
        },
    }
    assert api("POST", f"articles/{revision.article_id}/readings/").json == first.json
    assert api("GET", f"readings/{first.json['id']}/").json == first.json


def test_only_those_who_annotate_open_readings() -> None:
    revision = a_revision()
    path = f"articles/{revision.article_id}/readings/"
    assert Api(a_user(Role.ANALYST), READ)("POST", path).json["scope"] == WRITE
    assert analyst()("POST", "articles/999999/readings/").status == 404
    assert analyst()("GET", path).status == 405
    assert analyst()("POST", path, {"state": "accepted"}).errors == {"state": ["There is no such field here."]}


def test_a_reading_is_seen_by_its_reader_alone_until_it_is_handed_in() -> None:
    reading = a_reading()
    editor = Api(a_user(Role.EDITOR), READ, WRITE)
    assert analyst()("GET", f"readings/{reading.pk}/").status == 404
    assert editor("GET", f"readings/{reading.pk}/").status == 404
    a_mention(reading)
    Reading.objects.filter(pk=reading.pk).update(state="submitted")
    assert editor("GET", f"readings/{reading.pk}/").status == 200


# --- Marking -------------------------------------------------------------------------------------


def test_a_statement_is_marked_as_it_is_given_out() -> None:
    api = analyst()
    reading = opened(api).json["id"]
    speaker = an_actor("Adaeze Obi")
    answer = api(
        "POST",
        f"readings/{reading}/statements/",
        {
            "parts": {
                "source": [at("Minister Adaeze Obi")],
                "cue": [at("said")],
                "content": [at("“we will close the strait.”"), at("“If a single ship crosses the line,”")],
            },
            "speaker": speaker.pk,
            "addressees": [{"name": "The envoy", "kind": "person"}],
            "mode": "direct",
            "said_on": "2025-09-01",
            "said_on_basis": "text",
            "negated": False,
            "note": "Check the day.",
            "certainty": None,
        },
    )
    assert answer.status == 201
    given = answer.json
    assert (given["kind"], given["reading"], given["note"], given["version"]) == (
        "statement",
        reading,
        "Check the day.",
        1,
    )
    assert given["speaker"]["name"] == "Adaeze Obi"
    assert [one["name"] for one in given["addressees"]] == ["The envoy"]
    assert [span["exact"] for span in given["parts"]["content"]] == [
        "“If a single ship crosses the line,”",
        "“we will close the strait.”",
    ]
    assert answer.headers["ETag"] == '"1"'
    assert answer.headers["Location"] == f"http://testserver/api/v1/annotations/{given['id']}/"
    assert api("GET", f"annotations/{given['id']}/").json == given
    assert api.get(f"readings/{reading}/statements/").json["results"] == [given]


def test_what_was_given_out_can_be_sent_back() -> None:
    api = analyst()
    reading = opened(api).json["id"]
    first = api(
        "POST",
        f"readings/{reading}/statements/",
        {
            "parts": {"content": [at("“we will close the strait.”")]},
            "speaker": {"name": "Adaeze Obi", "kind": "person"},
        },
    ).json
    again = {
        name: value
        for name, value in first.items()
        if name not in {"id", "kind", "reading", "article", "threats", "utterance", "version", "updated_at"}
    }
    second = api("POST", f"readings/{reading}/statements/", again)
    assert second.status == 201
    ours = {"id", "updated_at"}
    assert {k: v for k, v in second.json.items() if k not in ours} == {k: v for k, v in first.items() if k not in ours}
    assert Actor.objects.count() == 1


def test_a_threat_names_its_statements_by_their_ids() -> None:
    api = analyst()
    reading = opened(api).json["id"]
    ids = [
        api("POST", f"readings/{reading}/statements/", {"parts": {"content": [at(quote)]}}).json["id"]
        for quote in ("“we will close the strait.”", "“If a single ship crosses the line,”")
    ]
    target = {"name": "The neighbour", "kind": "state"}
    answer = api(
        "POST",
        f"readings/{reading}/threats/",
        {
            "parts": {
                "condition": [at("If a single ship crosses the line")],
                "consequence": [at("we will close the strait")],
            },
            "issuer": {"name": "Adaeze Obi", "kind": "person"},
            "harm_targets": [target],
            "influence_targets": [target],
            "purpose": "deterrent",
            "consequence": "blockade",
            "condition_kind": "if_do",
            "plover": {"mode": "restrict", "contexts": ["military"]},
            "statements": ids,
            "primary_statement": ids[1],
        },
    )
    assert answer.status == 201, answer.json
    given = answer.json
    assert (given["statements"], given["primary_statement"]) == (ids, ids[1])
    assert given["plover"] == {"event": "THREATEN", "mode": "restrict", "contexts": ["military"]}
    assert given["harm_targets"] == given["influence_targets"]
    assert Actor.objects.filter(name="The neighbour").count() == 1
    assert api("GET", f"annotations/{ids[0]}/").json["threats"] == [given["id"]]


def test_a_nested_statement_names_its_parent() -> None:
    api = analyst()
    reading = opened(api).json["id"]
    outer = api(
        "POST", f"readings/{reading}/statements/", {"parts": {"content": [at("Minister Adaeze Obi said")]}}
    ).json
    inner = api(
        "POST",
        f"readings/{reading}/statements/",
        {"parts": {"content": [at("“we will close the strait.”")]}, "parent": outer["id"]},
    )
    assert inner.json["parent"] == outer["id"]


@pytest.mark.parametrize(
    ("kind", "body", "errors"),
    [
        ("mentions", {}, {"text": ["Mark the text in the text."]}),
        ("statements", {"parts": []}, {"parts": ['Send parts as {"role": [{"start": …, "end": …}, …]}.']}),
        ("statements", {"parts": {"content": [7]}}, {"content": ['A span is {"start": …, "end": …}; it may']}),
        ("statements", {"parts": {"content": [{"start": "0", "end": 4}]}}, {"content": ["start and end are whole"]}),
        ("statements", {"parts": {"content": [{"start": True, "end": 4}]}}, {"content": ["start and end are whole"]}),
        ("statements", {"parts": {"content": [{"start": 0.5, "end": 4}]}}, {"content": ["start and end are whole"]}),
        ("statements", {"parts": {"content": [{"start": 0, "end": 2**31}]}}, {"content": ["start and end are whole"]}),
        ("statements", {"parts": {"content": [{"start": 0, "end": 2**31 - 1}]}}, {"content": ["0–2147483647 leaves"]}),
        ("statements", {"parts": {"content": [{"start": 4, "end": 4}]}}, {"content": ["4–4 is empty or reversed."]}),
        ("statements", {"parts": {"content": [{"start": 9, "end": 4}]}}, {"content": ["9–4 is empty or reversed."]}),
        ("statements", {"parts": {"content": [{"start": -1, "end": 4}]}}, {"content": ["-1–4 leaves the text"]}),
        (
            "statements",
            {"parts": {"text": [{"start": 0, "end": 4}]}},
            {"text": ["no role “text”"], "content": ["Mark the"]},
        ),
        ("statements", {"parts": {"content": [at("About the author")]}}, {"content": ["lies in boilerplate"]}),
        (
            "statements",
            {"parts": {"content": [at("Minister Adaeze Obi said")], "cue": [at("said")]}},
            {"cue": ["Cue and content overlap"]},
        ),
        ("statements", {"parts": {"content": [at("said")]}, "mode": "sung"}, {"mode": ["“sung” is not a code of"]}),
        ("statements", {"parts": {"content": [at("said")]}, "mode": 7}, {"mode": ["This takes a code, as text."]}),
        ("statements", {"parts": {"content": [at("said")]}, "mode": ["x"]}, {"mode": ["This takes a code, as text."]}),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "negated": "no"},
            {"negated": ["This takes true or false"]},
        ),
        ("statements", {"parts": {"content": [at("said")]}, "note": "a\x00b"}, {"note": ["This holds a character"]}),
        ("statements", {"parts": {"content": [at("said")]}, "note": "a" * 4001}, {"note": ["At most 4000 characters"]}),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "said_on": "soon"},
            {"said_on": ["This is no date in EDTF"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "said_on": "2025"},
            {"said_on_basis": ["Say where the date"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "said_on_basis": ["text"]},
            {"said_on_basis": ["Choose one of"]},
        ),
        (
            "statements",
            {"parts": {"content": [{"start": 24, "end": 25}]}},
            {"content": ["24–25 holds white space only"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "speaker": {"name": "Obi\ud83d", "kind": "person"}},
            {"speaker": ["This name holds a character"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "speaker": 999999},
            {"speaker": ["There is no actor 999999"]},
        ),
        ("statements", {"parts": {"content": [at("said")]}, "speaker": 2**70}, {"speaker": ["This takes an id."]}),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "speaker": "Obi"},
            {"speaker": ["Name an actor by its id"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "speaker": {"name": "Obi"}},
            {"speaker": ["Name an actor by"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "speaker": {"name": "", "kind": "person"}},
            {"speaker": [""]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "speaker": {"name": "Obi", "kind": "ghost"}},
            {"speaker": ["“ghost” is not a kind of actor"]},
        ),
        ("statements", {"parts": {"content": [at("said")]}, "addressees": 7}, {"addressees": ["This takes a list of"]}),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "addressees": [None]},
            {"addressees": ["null is no actor."]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "parent": NOWHERE},
            {"parent": ["There is no statement 0000"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "parent": 7},
            {"parent": ["This takes the id of a statement"]},
        ),
        (
            "statements",
            {"parts": {"content": [at("said")]}, "id": NOWHERE},
            {"id": ["A statement has no field “id” that"]},
        ),
        ("threats", {"purpose": "deterrent"}, {"statements": ["Mark words of the threat in the text"]}),
        (
            "threats",
            {"parts": {"consequence": [at("strait")]}, "purpose": "compellent"},
            {"demand_kind": ["A compellent threat demands something"]},
        ),
        ("threats", {"parts": {"consequence": [at("strait")]}, "plover": 7}, {"plover": ["Send {"]}),
        (
            "threats",
            {"parts": {"consequence": [at("strait")]}, "plover": {"mode": "sing"}},
            {"plover_mode": ["“sing” is not a code of plover-mode"]},
        ),
        ("threats", {"statements": [NOWHERE]}, {"statements": ["There is no statement 0000"]}),
    ],
)
def test_what_may_not_be_marked_is_refused_by_field_and_nothing_is_stored(
    kind: str, body: dict[str, Any], errors: dict[str, list[str]]
) -> None:
    api = analyst()
    reading = opened(api).json["id"]
    answer = api("POST", f"readings/{reading}/{kind}/", body)
    assert (answer.status, answer.kind) == (422, "rule"), answer.json
    assert sorted(answer.errors) == sorted(errors)
    assert all(errors[field][0] in " ".join(texts) for field, texts in answer.errors.items()), answer.errors
    assert (Annotation.objects.count(), Actor.objects.count()) == (0, 0)


@pytest.mark.parametrize("more", [{"exact": "sang"}, {"sha256": "0" * 64}])
def test_a_span_of_another_text_is_a_mismatch(more: dict[str, str]) -> None:
    api = analyst()
    reading = opened(api).json["id"]
    answer = api("POST", f"readings/{reading}/mentions/", {"parts": {"text": [at("said", **more)]}})
    assert (answer.status, answer.kind) == (409, "mismatch")
    assert Annotation.objects.count() == 0


def test_a_record_of_another_reading_cannot_be_named() -> None:
    other = a_statement(a_reading())
    api = analyst()
    reading = opened(api).json["id"]
    body = {"parts": {"consequence": [at("strait")]}, "statements": [str(other.public_id)]}
    answer = api("POST", f"readings/{reading}/threats/", body)
    assert answer.errors == {"statements": [f"There is no statement {other.public_id} in this reading."]}


def test_an_actor_made_on_the_spot_goes_when_the_record_is_refused() -> None:
    api = analyst()
    reading = opened(api).json["id"]
    body = {"parts": {"text": [at("About the author")]}, "actor": {"name": "Somebody", "kind": "person"}}
    assert api("POST", f"readings/{reading}/mentions/", body).status == 422
    assert Actor.objects.count() == 0


def test_somebody_elses_reading_cannot_be_written_to() -> None:
    reading = a_reading()
    body = {"parts": {"text": [at("said")]}}
    assert analyst()("POST", f"readings/{reading.pk}/mentions/", body).status == 404
    a_mention(reading)
    Reading.objects.filter(pk=reading.pk).update(state="submitted")
    seen = Api(a_user(Role.EDITOR), READ, WRITE)("POST", f"readings/{reading.pk}/mentions/", body)
    assert (seen.status, seen.kind) == (403, "forbidden")


def test_a_closed_reading_takes_nothing() -> None:
    api = analyst()
    reading = Reading.objects.get(pk=opened(api).json["id"])
    a_mention(reading)
    assert api("POST", f"readings/{reading.pk}/submit/").status == 200
    answer = api("POST", f"readings/{reading.pk}/mentions/", {"parts": {"text": [at("said")]}})
    assert answer.errors == {"reading": ["This reading is submitted; nothing in it can change now."]}


def test_offsets_are_code_points_whatever_the_script() -> None:
    text = "👩‍👩‍👧 שלום e\u0301 \U0001f6a2 “прощай”"
    api = analyst()
    reading = opened(api, text=text, zones=[]).json
    assert reading["revision"]["text"] == text
    for quote in ("👩‍👩‍👧", "שלום", "e\u0301", "\U0001f6a2", "“прощай”"):
        start = text.index(quote)
        span = {"start": start, "end": start + len(quote), "exact": quote}
        given = api("POST", f"readings/{reading['id']}/mentions/", {"parts": {"text": [span]}}).json["parts"]["text"][0]
        assert {name: given[name] for name in span} == span
        assert given["prefix"] + given["exact"] + given["suffix"] == text


# --- Changing ------------------------------------------------------------------------------------


def a_record(api: Api) -> dict[str, Any]:
    """A statement of the client's."""
    reading = opened(api).json["id"]
    body = {"parts": {"content": [at("“we will close the strait.”")], "cue": [at("said")]}, "mode": "direct"}
    return dict(api("POST", f"readings/{reading}/statements/", body).json)


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


# --- Handing in, accepting, publishing -------------------------------------------------------------


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


# --- Sending twice -------------------------------------------------------------------------------


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


# --- Verifying -----------------------------------------------------------------------------------


def test_spans_are_verified_in_every_unit() -> None:
    reading = a_publication().reading
    quote = "The neighbour’s envoy"
    start = TEXT.index(quote)
    span = {"start": start, "end": start + len(quote), "exact": quote}
    answer = Api()(
        "POST",
        f"revisions/{reading.revision_id}/verify/",
        {
            "spans": [
                span,
                {**span, "exact": "Another envoy"},
                {**span, "sha256": "0" * 64},
                {**span, "end": len(TEXT) + 1},
                {**span, "end": start},
                {"start": "1", "end": 2, "exact": "x"},
                7,
            ]
        },
    )
    before, within = TEXT[:start], TEXT[: start + len(quote)]
    utf16 = {"start": len(before.encode("utf-16-le")) // 2, "end": len(within.encode("utf-16-le")) // 2}
    assert (answer.json["sha256"], answer.json["length"]) == (reading.revision.sha256, len(TEXT))
    assert answer.json["spans"][0] == {
        "index": 0,
        "holds": True,
        "problem": None,
        "code_points": {"start": start, "end": start + len(quote)},
        "utf16": utf16,
        "utf8": {"start": len(before.encode()), "end": len(within.encode())},
    }
    assert utf16["start"] == start + 1
    assert [(one["problem"], one["utf16"]) for one in answer.json["spans"][1:]] == [
        ("Other words stand there.", utf16),
        ("It is of another text: its sha256 is not this revision's.", utf16),
        (f"It leaves the text, which has {len(TEXT)} code points.", None),
        ("It is empty or reversed.", None),
        ("start and end are whole numbers of code points.", None),
        ('A span is {"start": …, "end": …, "exact": …}.', None),
    ]


def test_texts_that_are_not_published_are_verified_for_those_who_annotate_only() -> None:
    revision = a_revision()
    path = f"revisions/{revision.pk}/verify/"
    assert Api()("POST", path, {"spans": []}).status == 404
    assert analyst()("POST", path, {"spans": []}).json["spans"] == []
    assert analyst()("POST", path, {"spans": {}}).errors == {"spans": ["Send a list of up to 1000 spans."]}
    assert analyst()("GET", path).status == 405


def test_pages_of_a_reading_are_for_those_who_see_it() -> None:
    reading = a_reading()
    assert reading.reader is not None
    mention = a_mention(reading)
    own = Api(reading.reader, WRITE)
    assert own.get(f"readings/{reading.pk}/mentions/").ids == [str(mention.public_id)]
    assert own.get(f"readings/{reading.pk}/threats/").ids == []
    for kind in ("mentions", "statements", "threats"):
        assert analyst().get(f"readings/{reading.pk}/{kind}/").status == 404


def test_published_mentions_are_listed_and_read() -> None:
    reading = a_reading()
    actor = an_actor()
    a_mention(reading, actor=actor.pk, form="name")
    a_mention(reading, "The neighbour", form="nominal")
    published(reading)
    api = Api()
    assert [one["form"] for one in api.get("mentions/").json["results"]] == ["name", "nominal"]
    (given,) = api.get("mentions/", actor=actor.pk).json["results"]
    assert (given["actor"]["id"], given["parts"]["text"][0]["exact"]) == (actor.pk, "Minister Adaeze Obi")
    assert api.get(f"mentions/{given['id']}/").json == given
    assert piece(reading, "Minister Adaeze Obi").start == given["parts"]["text"][0]["start"]
