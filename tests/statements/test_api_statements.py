"""The API's collection `statements`."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation
from newsannot.dataset.actions import withdraw_reading
from tests.calling import READ, WRITE, Api, a_publication, published
from tests.factories import TEXT, a_reading, a_revision, a_source, a_statement, a_threat, a_user, an_actor, numbers

pytestmark = pytest.mark.django_db


def test_a_published_statement_is_given_out_with_its_evidence() -> None:
    speaker = an_actor("Adaeze Obi", wikidata_id="Q7747")
    source = a_source(name="The Strait Times", domain="strait.invalid", reliability="B")
    there = a_publication(
        claim={
            "speaker": speaker.pk,
            "addressees": [an_actor("The envoy").pk],
            "mode": "direct",
            "speech_act": "commissive_threat",
            "said_on": "2025-09",
            "said_on_basis": "text",
            "credibility": "6",
            "certainty": "high",
        },
        source=source,
        url="https://strait.invalid/1",
    )
    answer = Api().get("statements/")
    revision = there.reading.revision
    assert answer.status == 200
    (given,) = answer.json["results"]
    evidence = {
        role: [(TEXT[s["start"] : s["end"]] == s["exact"], s["exact"], s["sha256"]) for s in spans]
        for role, spans in given.pop("parts").items()
    }
    assert evidence == {
        "source": [(True, "Minister Adaeze Obi", revision.sha256)],
        "cue": [(True, "said", revision.sha256)],
        "content": [
            (True, "“If a single ship crosses the line,”", revision.sha256),
            (True, "“we will close the strait.”", revision.sha256),
        ],
    }
    addressee = given.pop("addressees")[0]
    assert (addressee["name"], addressee["wikidata_id"]) == ("The envoy", None)
    assert given.pop("updated_at") == there.statement.updated_at.isoformat().replace("+00:00", "Z")
    assert given == {
        "id": str(there.statement.public_id),
        "article": {
            "id": revision.article_id,
            "url": "https://strait.invalid/1",
            "title": "Minister warns neighbour",
            "source": {"id": source.pk, "name": "The Strait Times", "domain": "strait.invalid", "reliability": "B"},
            "published_at": "2025-09-05T12:00:00Z",
            "revision": revision.pk,
            "sha256": revision.sha256,
        },
        "speaker": {"id": speaker.pk, "name": "Adaeze Obi", "kind": "person", "wikidata_id": "Q7747"},
        "on_behalf_of": None,
        "mode": "direct",
        "attribution_type": None,
        "speech_act": "commissive_threat",
        "negated": False,
        "venue": None,
        "said_on": "2025-09",
        "said_on_basis": "text",
        "credibility": "6",
        "certainty": "high",
        "parent": None,
        "threats": [str(there.threat.public_id)],
        "utterance": None,
        "version": 1,
    }


def test_one_statement_is_read_by_its_id() -> None:
    there = a_publication()
    api = Api()
    assert api.get(f"statements/{there.statement.public_id}/").json == api.get("statements/").json["results"][0]


def test_what_is_not_published_is_not_there() -> None:
    reading = a_reading()
    statement = a_statement(reading)
    api = Api()
    assert api.get("statements/").ids == []
    assert api.get(f"statements/{statement.public_id}/").status == 404
    assert api.get("statements/00000000-0000-4000-8000-000000000000/").kind == "not-found"
    assert api("GET", "statements/17/").status == 404


def test_withdrawing_takes_the_record_back() -> None:
    there = a_publication()
    withdraw_reading(revision=there.reading.revision, by=a_user(Role.EDITOR))
    assert Api().get("statements/").ids == []


def test_without_a_token_nothing_is_given_out() -> None:
    api = Api()
    api.client.defaults.clear()
    api.client.headers = {}  # type: ignore[attr-defined]
    answer = Api.__call__(api, "GET", "statements/", authorization="")
    assert (answer.status, answer.kind, answer.headers["WWW-Authenticate"]) == (401, "unauthenticated", "Token")


def test_a_token_without_the_scope_is_told_which_it_lacks() -> None:
    answer = Api(a_user(Role.ANALYST), WRITE).get("statements/")
    assert (answer.status, answer.kind, answer.json["scope"]) == (403, "scope", READ)


def test_other_methods_are_not_done_here() -> None:
    answer = Api()("POST", "statements/", {})
    assert (answer.status, answer.kind) == (405, "method")
    assert answer.headers["Allow"] == "GET, HEAD, OPTIONS"


# --- Layers --------------------------------------------------------------------------------------


def test_layers_show_those_who_work_on_the_record_more_of_it() -> None:
    analyst, other, editor = a_user(Role.ANALYST), a_user(Role.ANALYST), a_user(Role.EDITOR)
    revision = a_revision()
    own, others = a_statement(a_reading(analyst, revision)), a_statement(a_reading(other, revision))
    handed_in = a_reading(other)
    submitted = a_statement(handed_in)
    curated = published(handed_in)
    by_analyst, by_editor = Api(analyst, READ, WRITE), Api(editor, READ, WRITE)
    assert by_analyst.get("statements/", layer="own").ids == [str(own.public_id)]
    assert by_analyst.get(f"statements/{own.public_id}/", layer="own").status == 200
    assert by_analyst.get(f"statements/{others.public_id}/", layer="own").status == 404
    assert by_editor.get("statements/", layer="own").ids == []
    assert by_editor.get("statements/", layer="submitted").ids == [str(submitted.public_id)]
    of_curated = [str(one.public_id) for one in Annotation.objects.filter(reading=curated)]
    assert by_editor.get("statements/", layer="curated").ids == of_curated
    assert by_analyst.get("statements/", layer="published").ids == of_curated


@pytest.mark.parametrize("layer", ["curated", "submitted"])
def test_the_editors_layers_are_not_for_analysts(layer: str) -> None:
    answer = Api(a_user(Role.ANALYST), READ, WRITE).get("statements/", layer=layer)
    assert (answer.status, answer.kind) == (403, "forbidden")


def test_other_layers_need_the_scope_to_work_on_annotations() -> None:
    answer = Api(a_user(Role.ANALYST), READ).get("statements/", layer="own")
    assert (answer.status, answer.kind, answer.json["scope"]) == (403, "scope", WRITE)


def test_an_unknown_layer_is_named() -> None:
    answer = Api().get("statements/", layer="secret")
    assert answer.errors == {"layer": ["layer: “secret” is none of published, own, curated, submitted."]}


# --- Filters -------------------------------------------------------------------------------------


def ask(**query: Any) -> list[Any]:
    """The ids a filter lets through."""
    answer = Api().get("statements/", **query)
    assert answer.status == 200, answer.json
    return answer.ids


def test_filters_by_the_article_let_through_what_they_name() -> None:
    french = a_source(domain="journal.invalid", reliability="F")
    there = a_publication(source=french, language="fr-CA", published_at=datetime(2024, 2, 3, 18, tzinfo=UTC))
    other = a_publication()
    mine, theirs = [str(there.statement.public_id)], [str(other.statement.public_id)]
    assert ask(article=there.reading.revision.article_id) == mine
    assert ask(source=french.pk) == mine
    assert ask(source="journal.invalid") == mine
    assert ask(language="fr") == mine
    assert ask(language="fr-CA") == mine
    assert ask(language=["fr", "en"]) == mine + theirs
    assert ask(reliability="F") == mine
    assert ask(published_to="2024-02-03") == mine
    assert ask(published_to="2024-02-03T17:59:59Z") == []
    assert ask(published_from="2024-02-03T18:00:01Z") == theirs
    assert ask(published_from="2024-02-03", published_to="2025-09-06") == mine + theirs


def test_filters_by_what_is_said_let_through_what_they_name() -> None:
    minister = an_actor("A minister", country="NGA")
    state = an_actor("Nigeria", kind="state", iso3="NGA")
    envoy = an_actor("The envoy")
    there = a_publication(
        claim={
            "speaker": minister.pk,
            "addressees": [envoy.pk],
            "on_behalf_of": state.pk,
            "mode": "mixed",
            "speech_act": "commissive_threat",
        }
    )
    other = a_publication(claim={"speaker": state.pk, "mode": "direct"})
    mine, theirs = [str(there.statement.public_id)], [str(other.statement.public_id)]
    assert ask(speaker=minister.pk) == mine
    assert ask(speaker=[minister.pk, state.pk]) == mine + theirs
    assert ask(speaker=envoy.pk) == []
    assert ask(actor=envoy.pk) == mine
    assert ask(actor=state.pk) == mine + theirs
    assert ask(country="NGA") == mine + theirs
    assert ask(mode="mixed") == mine
    assert ask(speech_act="commissive_threat", mode=["mixed", "direct"]) == mine
    assert ask(updated_since=there.statement.updated_at.isoformat()) == mine + theirs
    assert ask(updated_since="2999-01-01") == []


@pytest.mark.parametrize(
    ("said_on", "inside", "outside"),
    [
        ("2025-09-05", ("2025-09-05", "2025-09-05"), ("2025-09-06", "2025-09-30")),
        ("2025-09", ("2025-09-30", "2026-01-01"), ("2025-10-01", "2025-10-02")),
        ("2025?", ("2025-12-31", "2025-12-31"), ("2024-01-01", "2024-12-31")),
        ("2025-09-05/2025-09-08", ("2025-09-08", "2025-09-20"), ("2025-09-09", "2025-09-20")),
        ("2025-09-05/..", ("2031-01-01", "2031-01-02"), ("2025-09-01", "2025-09-04")),
    ],
)
def test_a_date_is_found_by_every_day_it_may_be(
    said_on: str, inside: tuple[str, str], outside: tuple[str, str]
) -> None:
    there = a_publication(claim={"said_on": said_on, "said_on_basis": "text"})
    a_publication()
    assert ask(said_from=inside[0], said_to=inside[1]) == [str(there.statement.public_id)]
    assert ask(said_from=outside[0], said_to=outside[1]) == []


def test_filters_by_threat_ask_one_threat_together() -> None:
    target = an_actor("The neighbour")
    there = a_publication(threat={"harm_targets": [target.pk], "plover_mode": "restrict", "consequence": "blockade"})
    reading = a_reading()
    statement = a_statement(reading)
    a_threat(reading, statement, purpose="deterrent", consequence="force")
    a_threat(reading, statement, purpose="unclear", consequence="blockade")
    published(reading)
    mine = [str(there.statement.public_id)]
    assert ask(target=target.pk) == mine
    assert ask(issuer=there.speaker) == mine
    assert ask(plover_mode="restrict") == mine
    assert ask(consequence="blockade", purpose="deterrent") == mine
    assert len(ask(consequence="blockade")) == 2
    assert len(ask(purpose=["deterrent", "unclear"])) == 2


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("strait", True),
        ("SHIP strait", True),
        ("«crosses the line»", True),
        ("“we will close the strait.”", True),
        ("strait – ship", True),
        ("Minister", False),
        ("envoy reckless", False),
        ("submarine", False),
    ],
)
def test_words_are_found_in_what_is_said_whatever_the_quotation_marks(words: str, is_found: bool) -> None:
    there = a_publication()
    assert ask(q=words) == ([str(there.statement.public_id)] if is_found else [])


def test_all_filters_combine() -> None:
    there = a_publication(claim={"said_on": "2025", "said_on_basis": "text", "speech_act": "assertive"})
    target = an_actor("Nobody")
    query = {
        "article": there.reading.revision.article_id,
        "source": there.reading.revision.article.source_id,
        "speaker": there.speaker,
        "issuer": there.speaker,
        "actor": there.speaker,
        "mode": "direct",
        "speech_act": "assertive",
        "purpose": "deterrent",
        "consequence": "blockade",
        "language": "en",
        "published_from": "2025-09-01",
        "published_to": "2025-09-30",
        "said_from": "2025-01-01",
        "said_to": "2025-12-31",
        "updated_since": "2020-01-01",
        "q": "strait",
        "count": "true",
    }
    answer = Api().get("statements/", **query)
    assert (answer.ids, answer.json["count"]) == ([str(there.statement.public_id)], 1)
    assert ask(**query, target=target.pk) == []


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("speakr", "1", "There is no filter “speakr” here; there are article, source, language"),
        ("speaker", "nobody", "speaker: “nobody” is no id."),
        ("speaker", "999999999", "speaker: nothing is known by “999999999”."),
        ("speaker", "9" * 400, "speaker: “9999999999999999999999999999999999999999” is no id."),
        ("speaker", "-1", "speaker: “-1” is no id."),
        ("speaker", "١", "speaker: “١” is no id."),
        ("article", "999999999", "article: nothing is known by “999999999”."),
        ("source", "nowhere.invalid", "source: nothing is known by “nowhere.invalid”."),
        ("mode", "shouted", "mode: nothing is known by “shouted”."),
        ("mode", "", "mode: “” is not a code of quotation-mode."),
        ("purpose", "x\x00", "purpose: holds a character that no text has."),
        ("country", "France", "country: “France” is not an ISO 3166-1 alpha-3 code such as FRA."),
        ("country", "ZZZ", "country: nothing is known by “ZZZ”."),
        ("reliability", "Z", "reliability: “Z” is none of A, B, C, D, E, F."),
        ("language", "e", "language: “e” is not a language such as en, uk or zh-Hant."),
        ("published_from", "yesterday", "published_from: “yesterday” is no moment; write 2025-09-05 or 2025-09-05T"),
        ("published_from", "2025-02-30", "published_from: “2025-02-30” is no moment; write"),
        ("published_to", "0001-01-01T00:00:00+23:00", "published_to: that moment is outside of all calendars."),
        ("said_from", "2025-13-01", "said_from: “2025-13-01” is no day; write 2025-09-05."),
        ("updated_since", "\ud800", "updated_since: "),
        ("q", "“ ”", "q: give a word at least, and 200 characters at most."),
        ("q", "a" * 201, "q: give a word at least, and 200 characters at most."),
        ("page_size", "501", "page_size is a number from 1 to 500."),
        ("page_size", "0", "page_size is a number from 1 to 500."),
        ("cursor", "garbage", "This is no cursor of ours: follow “next” and “previous” as they were given."),
        ("count", "yes", "count is one of true, false, attestations, utterances."),
    ],
)
def test_an_unknown_filter_or_value_is_named(name: str, value: str, said: str) -> None:
    query = {name: value.encode("utf-8", "surrogatepass")}
    answer = Api().get("statements/", **query)
    assert (answer.status, answer.kind, list(answer.errors)) == (400, "query", [name])
    assert answer.errors[name][0][: len(said)] == said


def test_a_filter_may_not_be_given_without_end() -> None:
    assert Api().get("statements/", mode=["direct"] * 51).errors == {"mode": ["mode may be given 50 times at most."]}
    assert Api().get("statements/", q=["a", "b"]).errors == {"q": ["q may be given once at most."]}


# --- Pages ---------------------------------------------------------------------------------------


def many_published(count: int) -> list[str]:
    """Publish one reading with so many statements."""
    reading = a_reading()
    for _ in range(count):
        a_threat(reading, a_statement(reading, speaker=an_actor(f"Speaker {next(numbers)}").pk))
    curated = published(reading)
    statements = Annotation.objects.filter(reading=curated, kind="statement")
    return [str(pk) for pk in statements.values_list("public_id", flat=True)]


def test_pages_follow_one_another_in_both_directions() -> None:
    ids = many_published(7)
    api = Api()
    first = api.get("statements/", page_size=3)
    second = api.get(first.json["next"])
    third = api.get(second.json["next"])
    assert [first.ids, second.ids, third.ids] == [ids[:3], ids[3:6], ids[6:]]
    assert (first.json["previous"], third.json["next"]) == (None, None)
    back = api.get(third.json["previous"])
    assert (back.ids, api.get(back.json["previous"]).ids) == (ids[3:6], ids[:3])
    assert api.get(back.json["previous"]).json["previous"] is None
    assert api.get(api.get(back.json["previous"]).json["next"]).ids == ids[3:6]
    assert first.json["next"].startswith("http://testserver/api/v1/statements/?page_size=3&cursor=")


def test_a_page_that_ends_with_the_last_record_has_no_next() -> None:
    many_published(2)
    answer = Api().get("statements/", page_size=2)
    assert (len(answer.ids), answer.json["next"]) == (2, None)


def test_rows_inserted_and_withdrawn_meanwhile_shift_no_page() -> None:
    early = a_publication()
    ids = many_published(4)
    api = Api()
    first = api.get("statements/", page_size=3)
    withdraw_reading(revision=early.reading.revision, by=a_user(Role.EDITOR))
    late = many_published(2)
    second = api.get(first.json["next"])
    assert first.ids + second.ids + api.get(second.json["next"]).ids == [str(early.statement.public_id), *ids, *late]


def test_links_keep_the_filters() -> None:
    many_published(3)
    there = a_publication(claim={"mode": "mixed"})
    api = Api()
    first = api.get("statements/", page_size=1, mode=["mixed", "direct"], q="strait")
    assert first.ids == [str(there.statement.public_id)]
    assert first.json["next"] is None
    assert "count" not in first.json


def test_a_count_is_exact_and_of_all_pages() -> None:
    many_published(5)
    assert Api().get("statements/", page_size=2, count="true").json["count"] == 5


@pytest.mark.parametrize("kind", ["statement", "threat"])
def test_a_page_takes_as_many_queries_for_three_records_as_for_one(kind: str) -> None:
    path = f"{kind_named(kind).plural.lower()}/"
    api = Api()
    many_published(1)
    api.get(path)
    with CaptureQueriesContext(connection) as one:
        assert len(api.get(path).ids) == 1
    many_published(2)
    with CaptureQueriesContext(connection) as three:
        assert len(api.get(path).ids) == 3
    assert len(three) == len(one)
    assert len(one) <= 8


# --- Keeping answers -----------------------------------------------------------------------------


def test_a_page_that_did_not_change_is_not_sent_again() -> None:
    a_publication()
    api = Api()
    first = api.get("statements/")
    again = api("GET", "statements/", if_none_match=first.headers["ETag"])
    assert (again.status, again.content, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    a_publication()
    assert api("GET", "statements/", if_none_match=first.headers["ETag"]).status == 200


def test_answers_are_compressed_for_those_who_ask() -> None:
    a_publication()
    response = Api().client.get("/api/v1/statements/", headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert {"Authorization", "Accept-Encoding"} <= set(response.headers["Vary"].split(", "))


def test_hostile_words_arrive_as_they_stand() -> None:
    text = 'Obi said <script>alert("1")</script> & “\u202eשלום\u202c 👩‍👩‍👧 e\u0301” \u2028 end'
    revision = a_revision(text, zones=[], title="</script><b>&amp;")
    reading = a_reading(revision=revision)
    start = text.index("<script>")
    from newsannot.annotations.actions import mark_annotation  # noqa: PLC0415
    from newsannot.annotations.rules import Piece  # noqa: PLC0415

    assert reading.reader is not None
    piece = Piece(start, len(text) - 4)
    mark_annotation(
        kind=kind_named("statement"), reading=reading, parts={"content": [piece]}, claim={}, by=reading.reader
    )
    published(reading)
    (given,) = Api().get("statements/").json["results"]
    assert given["parts"]["content"][0]["exact"] == text[start : len(text) - 4]
    assert given["parts"]["content"][0]["prefix"] == "Obi said "
    assert given["article"]["title"] == "</script><b>&amp;"
