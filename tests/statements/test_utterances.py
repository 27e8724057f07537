"""Utterances: gathering statements, taking them out, splitting, merging, and what is proposed for it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.annotations.models import Annotation
from newsannot.core.errors import RuleBroken, Stale
from newsannot.dataset.actions import revisit_readings, withdraw_reading
from newsannot.dataset.models import Change
from newsannot.statements.actions import (
    add_statements,
    ask_again,
    change_utterance,
    gather_statements,
    hold_apart,
    hold_same,
    merge_utterances,
    split_utterance,
    take_out_statements,
)
from newsannot.statements.comparing import compare_statements
from newsannot.statements.models import Attestation, Likeness, Statement, Utterance, Wording
from newsannot.statements.queries import open_questions
from newsannot.statements.rules import compared_words
from newsannot.statements.tasks import compare_what_was_published
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import a_reading, a_source, a_statement, a_user, an_actor

pytestmark = pytest.mark.django_db


def some_statements(count: int, **claim) -> list[Statement]:
    """Published statements of one speaker, worded alike."""
    speaker = an_actor().pk
    made = [a_publication(claim={"speaker": speaker} | claim) for _ in range(count)]
    return [Statement.objects.get(pk=one.statement.pk) for one in made]


def of(utterance: Utterance) -> list[int]:
    """The ids of an utterance's statements."""
    return list(utterance.attestations.order_by("statement").values_list("statement", flat=True))


def an_editor():
    """Somebody who may gather."""
    return a_user(Role.EDITOR)


# --- Actions -------------------------------------------------------------------------------------


def test_gathering_takes_over_what_the_first_says_that_says_so() -> None:
    first, second = some_statements(1)[0], some_statements(1, said_on="2025-09-01", said_on_basis="text")[0]
    utterance = gather_statements(statements=[second, first], by=an_editor())
    assert (utterance.speaker_id, utterance.said_on, utterance.canonical_id) == (
        first.speaker_id,
        "2025-09-01",
        first.pk,
    )
    assert of(utterance) == [first.pk, second.pk]
    assert Statement.objects.get(pk=first.pk).version == first.version


def test_an_analysts_statement_is_not_gathered() -> None:
    own = Statement.objects.get(pk=a_statement(a_reading()).pk)
    with pytest.raises(RuleBroken, match="curated"):
        gather_statements(statements=[own], by=an_editor())
    utterance = gather_statements(statements=some_statements(1), by=an_editor())
    with pytest.raises(IntegrityError), transaction.atomic():
        Attestation.objects.create(utterance=utterance, statement=own)


def test_a_statement_reports_one_utterance_at_most() -> None:
    by, statements = an_editor(), some_statements(1)
    gather_statements(statements=statements, by=by)
    with pytest.raises(RuleBroken, match="already"):
        gather_statements(statements=statements, by=by)


def test_adding_and_taking_out_need_the_version_that_was_seen() -> None:
    by, (first, second) = an_editor(), some_statements(2)
    utterance = gather_statements(statements=[first], by=by)
    added = add_statements(utterance=utterance, statements=[second], version=1, by=by)
    assert (of(added), added.version) == ([first.pk, second.pk], 2)
    with pytest.raises(Stale):
        take_out_statements(utterance=utterance, statements=[first], version=1, by=by)
    left = take_out_statements(utterance=utterance, statements=[first], version=2, by=by)
    assert (of(left), left.canonical_id) == ([second.pk], second.pk)


def test_splitting_makes_another_and_is_remembered() -> None:
    by, (first, second) = an_editor(), some_statements(2)
    compare_statements(most=9, by=None)
    utterance = gather_statements(statements=[first, second], by=by)
    assert Likeness.objects.get().verdict == "same"
    made = split_utterance(utterance=utterance, statements=[second], version=1, by=by)
    assert (of(utterance), of(made), made.canonical_id) == ([first.pk], [second.pk], second.pk)
    assert Likeness.objects.get().verdict == "apart"
    with pytest.raises(RuleBroken, match="nothing would be left"):
        split_utterance(utterance=made, statements=[second], version=1, by=by)


def test_merging_says_where_the_statements_went() -> None:
    by, (first, second) = an_editor(), some_statements(2)
    one, other = (gather_statements(statements=[each], by=by) for each in (first, second))
    merge_utterances(utterance=other, into=one, version=1, by=by)
    other.refresh_from_db()
    assert (of(one), of(other), other.merged_into_id) == ([first.pk, second.pk], [], one.pk)
    with pytest.raises(RuleBroken, match="merged already"):
        merge_utterances(utterance=one, into=other, version=2, by=by)
    with pytest.raises(RuleBroken, match="into itself"):
        merge_utterances(utterance=one, into=one, version=2, by=by)


@pytest.mark.parametrize(
    ("change", "field"),
    [({"said_on": "yesterday"}, "said_on"), ({"venue": "x" * 201}, "venue"), ({"canonical": 0}, "canonical")],
)
def test_what_cannot_be_said_of_an_utterance_is_refused_by_field(change, field) -> None:
    (statement,), by = some_statements(1), an_editor()
    utterance = gather_statements(statements=[statement], by=by)
    asked = {"speaker": None, "said_on": "2025-09", "venue": "Port", "canonical": statement.pk} | change
    with pytest.raises(RuleBroken) as refusal:
        change_utterance(utterance=utterance, version=1, by=by, **asked)
    assert list(refusal.value.problems) == [field]


def test_every_grouping_is_kept_in_history_with_who_did_it() -> None:
    by, (first, second) = an_editor(), some_statements(2)
    utterance = gather_statements(statements=[first, second], by=by)
    take_out_statements(utterance=utterance, statements=[second], version=1, by=by)
    events = utterance.attestations.model.attestation_events.rel.related_model.objects
    kept = events.order_by("pgh_id").values_list("pgh_label", "statement", "pgh_context__user")
    assert list(kept) == [
        ("insert", first.pk, by.pk),
        ("insert", second.pk, by.pk),
        ("delete", second.pk, by.pk),
    ]


# --- The feed ------------------------------------------------------------------------------------


def test_grouping_amends_the_published_record_but_not_its_version() -> None:
    by, (first, second) = an_editor(), some_statements(2)
    before = Change.objects.count()
    utterance = gather_statements(statements=[first], by=by)
    assert revisit_readings(most=9, by=None) == 1
    take_out_statements(utterance=utterance, statements=[first], version=1, by=by)
    assert revisit_readings(most=9, by=None) == 1
    told = Change.objects.order_by("seq")[before:]
    assert [(one.action, one.record, one.version) for one in told] == [("amend", str(first.public_id), 1)] * 2
    assert [f'"utterance":{utterance.pk}' in one.snapshot for one in told] == [True, False]
    assert second.pk not in of(utterance)


# --- What is proposed ----------------------------------------------------------------------------


def test_words_are_compared_without_case_and_quotation_marks() -> None:
    assert compared_words(["“If a ship crosses,”", "„WE will close it.“"]) == "if a ship crosses we will close it"


def test_what_is_worded_alike_is_proposed_once() -> None:
    first, second = some_statements(2)
    some_statements(1)
    compare_what_was_published(timestamp=0)
    assert [(one.first_id, one.second_id, one.score) for one in open_questions()] == [(first.pk, second.pk, 1.0)]
    Wording.objects.update(is_due=True)
    assert compare_statements(most=9, by=None) == 3
    assert Likeness.objects.count() == 1


def test_far_days_and_unknown_speakers_are_not_proposed() -> None:
    near = {"said_on_basis": "text"}
    speaker = an_actor().pk
    for day in ("2025-09-01", "2025-09-20"):
        a_publication(claim={"speaker": speaker, "said_on": day} | near)
    some_statements(2, speaker=None)
    compare_statements(most=9, by=None)
    assert Likeness.objects.count() == 0


def test_many_reprints_are_asked_about_by_utterance() -> None:
    statements = some_statements(6)
    compare_statements(most=5, by=None)
    assert Likeness.objects.count() == 0 + 1 + 2 + 3 + 3
    gather_statements(statements=statements[:5], by=an_editor())
    assert open_questions().count() == 0
    compare_statements(most=5, by=None)
    assert [one.second_id for one in open_questions()] == [statements[5].pk]


def test_the_same_gathers_adds_and_merges() -> None:
    by, statements = an_editor(), some_statements(4)
    compare_statements(most=9, by=None)

    def say_same(one: int, other: int) -> Utterance:
        question = Likeness.objects.get(first=statements[one], second=statements[other])
        return hold_same(likeness=question, by=by)

    first, second = say_same(0, 1), say_same(2, 3)
    merged = say_same(0, 2)
    assert (merged, of(merged)) == (first, [one.pk for one in statements])
    assert (open_questions().count(), Utterance.objects.get(pk=second.pk).merged_into) == (0, first)
    with pytest.raises(RuleBroken, match="meanwhile"):
        say_same(0, 1)


def test_not_the_same_is_remembered_until_it_is_asked_again() -> None:
    by, statements = an_editor(), some_statements(2)
    compare_statements(most=9, by=None)
    question = hold_apart(likeness=Likeness.objects.get(), by=by)
    Wording.objects.update(is_due=True)
    compare_statements(most=9, by=None)
    assert (open_questions().count(), Attestation.objects.count()) == (0, 0)
    ask_again(likeness=question, by=by)
    assert [one.first_id for one in open_questions()] == [statements[0].pk]


def test_what_was_withdrawn_is_not_asked_about() -> None:
    statements = some_statements(2)
    compare_statements(most=9, by=None)
    withdraw_reading(revision=statements[0].reading.revision, by=an_editor())
    assert open_questions().count() == 0


# --- The API -------------------------------------------------------------------------------------


def test_the_api_counts_utterances_or_attestations_as_asked() -> None:
    first, second, third = some_statements(3)
    utterance = gather_statements(statements=[first, second], by=an_editor())
    api = Api()
    body = api.get("utterances/", count="true").json
    assert (body["count"], [(one["id"], one["attestations"]) for one in body["results"]]) == (1, [(utterance.pk, 2)])
    assert api.get("statements/", utterance=utterance.pk, count="true").json["count"] == 2
    assert api.get("statements/", utterance="none").ids == [str(third.public_id)]
    assert api.get(f"statements/{first.public_id}/").json["utterance"] == utterance.pk
    assert api.get("utterances/", speaker=first.speaker_id, mode="direct").ids == [utterance.pk]
    assert api.get("utterances/", q="neighbour").ids == []
    asked = {name: api.get("statements/", count=name).json["count"] for name in ("true", "attestations", "utterances")}
    assert asked == {"true": 3, "attestations": 3, "utterances": 2}
    assert api.get("statements/", utterance=utterance.pk, count="utterances").json["count"] == 1
    refused = api.get("statements/", count="articles")
    assert (refused.status, refused.errors) == (
        400,
        {"count": ["count is one of true, false, attestations, utterances."]},
    )


def test_the_api_counts_utterances_by_as_many_queries_as_attestations() -> None:
    gather_statements(statements=some_statements(3)[:2], by=an_editor())
    api, asked = Api(), []
    for name in ("true", "true", "utterances"):
        with CaptureQueriesContext(connection) as seen:
            api.get("statements/", count=name)
        asked.append(len(seen))
    assert asked[2] == asked[1]


def test_an_utterance_is_given_out_with_the_words_that_stand_for_it() -> None:
    (statement,) = some_statements(1)
    utterance = gather_statements(statements=[statement], by=an_editor())
    body = Api().get(f"utterances/{utterance.pk}/").json
    assert body["wording"] == {
        "statement": str(statement.public_id),
        "text": "“If a single ship crosses the line,” … “we will close the strait.”",
    }
    assert (body["speaker"]["id"], body["merged_into"], body["version"]) == (statement.speaker_id, None, 1)


def test_readers_get_no_utterance_that_nothing_published_reports() -> None:
    (statement,) = some_statements(1)
    utterance = gather_statements(statements=[statement], by=an_editor())
    withdraw_reading(revision=statement.reading.revision, by=an_editor())
    api = Api()
    assert (api.get(f"utterances/{utterance.pk}/").status, api.get("utterances/").ids) == (404, [])
    assert api.get("statements/", utterance=utterance.pk).status == 400


def test_words_are_given_out_within_the_excerpt_limit() -> None:
    made = a_publication(source=a_source(excerpt_limit=12))
    gather_statements(statements=[Statement.objects.get(pk=made.statement.pk)], by=an_editor())
    assert len(Api().get("utterances/").json["results"][0]["wording"]["text"]) <= 12 + len(" … ")


def test_a_merged_utterance_says_where_it_went() -> None:
    by, (first, second) = an_editor(), some_statements(2)
    one, other = (gather_statements(statements=[each], by=by) for each in (first, second))
    merge_utterances(utterance=other, into=one, version=1, by=by)
    body = Api().get(f"utterances/{other.pk}/").json
    assert (body["merged_into"], body["attestations"], body["wording"]) == (one.pk, 0, None)


@pytest.mark.parametrize("query", [{"nothing": "1"}, {"utterance": "0"}, {"updated_since": "2025"}])
def test_an_unknown_filter_of_utterances_is_named(query) -> None:
    answer = Api().get("utterances/", **query)
    assert (answer.status, list(answer.errors)) == (400, list(query))


def test_the_api_reads_one_and_three_utterances_by_as_many_queries() -> None:

    by, counts, api = an_editor(), [], Api(a_user(Role.EDITOR), READ, WRITE)
    statements = some_statements(3)
    gather_statements(statements=statements[:1], by=by)
    api.get("utterances/")
    for more in (0, 2):
        for one in statements[1 : 1 + more]:
            gather_statements(statements=[one], by=by)
        with CaptureQueriesContext(connection) as seen:
            api.get("utterances/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


# --- The pages -----------------------------------------------------------------------------------


@pytest.fixture
def editor() -> Client:
    """An editor's browser."""
    client = Client()
    client.force_login(an_editor())
    return client


@pytest.fixture
def analyst() -> Client:
    """An analyst's browser."""
    client = Client()
    client.force_login(a_user())
    return client


def test_the_list_finds_an_utterance_by_words_of_any_report(editor) -> None:
    utterance = gather_statements(statements=some_statements(1), by=an_editor())
    assert f"/utterances/{utterance.pk}/".encode() in editor.get("/utterances/?q=strait").content
    assert b"No saying answers" in editor.get("/utterances/?q=nowhere").content


def test_analysts_see_what_is_published_alone(editor, analyst) -> None:
    (statement,) = some_statements(1)
    utterance = gather_statements(statements=[statement], by=an_editor())
    assert analyst.get(f"/utterances/{utterance.pk}/").status_code == 200
    withdraw_reading(revision=statement.reading.revision, by=an_editor())
    assert analyst.get(f"/utterances/{utterance.pk}/").status_code == 404
    assert str(utterance.pk).encode() in editor.get(f"/utterances/{utterance.pk}/").content


def test_only_editors_gather(analyst) -> None:
    utterance = gather_statements(statements=some_statements(1), by=an_editor())
    own = f"/utterances/{utterance.pk}/"
    told = [analyst.post(path).status_code for path in (own, f"{own}part/", f"{own}merge/", f"{own}add/")]
    assert told == [403] * 4
    assert [analyst.get(f"/utterances/{path}/").status_code for path in ("new", "alike")] == [403] * 2
    assert Client().get("/utterances/").status_code == 302
    assert [analyst.delete(path).status_code for path in ("/utterances/", own)] == [405] * 2


def test_statements_are_found_gathered_and_added(editor) -> None:
    first, second = some_statements(2)
    page = editor.get("/utterances/new/?q=strait").content
    assert (page.count(b'name="statements"'), b"The Strait Times" in page) == (2, True)
    answer = editor.post("/utterances/new/", {"statements": [first.pk]})
    utterance = Utterance.objects.get()
    assert answer.url == f"/utterances/{utterance.pk}/"
    assert editor.get(f"{answer.url}add/?q=strait").content.count(b'name="statements"') == 1
    assert editor.post(f"{answer.url}add/", {"statements": [second.pk], "version": 7}).status_code == 409
    assert editor.post(f"{answer.url}add/", {"version": 1}).status_code == 422
    assert editor.post(f"{answer.url}add/", {"statements": [second.pk], "version": 1}).status_code == 302
    assert of(utterance) == [first.pk, second.pk]


def test_an_utterance_is_changed_split_and_merged_by_its_page(editor) -> None:
    first, second = some_statements(2)
    utterance = gather_statements(statements=[first, second], by=an_editor())
    path = f"/utterances/{utterance.pk}/"
    sent = {"speaker": first.speaker_id, "said_on": "2025-09-05", "venue": "Port", "canonical": second.pk, "version": 1}
    assert editor.post(path, sent | {"said_on": "soon"}).status_code == 422
    assert editor.post(path, sent).status_code == 302
    assert editor.post(path, sent).status_code == 409
    utterance.refresh_from_db()
    assert (utterance.said_on, utterance.venue, utterance.canonical_id) == ("2025-09-05", "Port", second.pk)
    assert editor.post(f"{path}part/", {"statements": [second.pk], "version": 2, "split": 1}).status_code == 302
    other = Utterance.objects.exclude(pk=utterance.pk).get()
    assert editor.post(f"{path}merge/", {"into": "x", "version": 3}).status_code == 422
    assert editor.post(f"{path}merge/", {"into": other.pk, "version": 3}).url == f"/utterances/{other.pk}/"
    assert of(other) == [first.pk, second.pk]
    assert f'<a href="/utterances/{other.pk}/">“' in editor.get(path).content.decode()


def test_what_is_worded_alike_is_decided_side_by_side(editor) -> None:
    some_statements(3)
    compare_statements(most=9, by=None)
    pks = list(open_questions().order_by("pk").values_list("pk", flat=True))
    page = editor.get("/utterances/alike/").content.decode()
    assert ("The same saying" in page, "3 questions" in page) == (True, True)
    answer = editor.post(f"/utterances/alike/{pks[0]}/", {"verdict": "apart"})
    assert b"Ask again" in editor.get(answer.url).content
    editor.post(f"/utterances/alike/{pks[0]}/", {"verdict": "again"})
    editor.post(f"/utterances/alike/{pks[0]}/", {"verdict": "same"})
    assert (Utterance.objects.count(), open_questions().count()) == (1, 2)
    assert editor.get("/utterances/alike/999/").status_code == 405
    assert editor.post("/utterances/alike/999/").status_code == 404


def test_the_lists_cost_as_many_queries_for_three_as_for_one(editor) -> None:

    by, statements = an_editor(), some_statements(3)
    counts = []
    for one in (statements[:1], statements[1:]):
        for each in one:
            gather_statements(statements=[each], by=by)
        editor.get("/utterances/")
        with CaptureQueriesContext(connection) as seen:
            editor.get("/utterances/")
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_nothing_is_published_by_gathering() -> None:
    statements = some_statements(1)
    withdraw_reading(revision=statements[0].reading.revision, by=an_editor())
    with pytest.raises(RuleBroken):
        gather_statements(statements=statements, by=an_editor())
    assert Annotation.objects.published().count() == 0
