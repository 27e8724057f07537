"""Opening readings and marking in them over the API."""

from typing import Any

import pytest

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.models import Annotation, Reading
from tests.annotations.writing import analyst, at, opened
from tests.calling import READ, WRITE, Api
from tests.factories import (
    TEXT,
    a_mention,
    a_reading,
    a_revision,
    a_statement,
    a_user,
    an_actor,
)

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-4000-8000-000000000000"


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
            {"content": ["What is marked holds white space only"]},
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
