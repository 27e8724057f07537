"""Verifying spans over the API, and reading pages of annotations."""

import pytest

from tests.annotations.writing import analyst
from tests.calling import WRITE, Api, a_publication, published
from tests.factories import (
    TEXT,
    a_mention,
    a_reading,
    a_revision,
    an_actor,
    piece,
)

pytestmark = pytest.mark.django_db


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
