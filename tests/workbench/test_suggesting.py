"""Suggestions beside the text: who sees them, what each answer brings, with scripts and without."""

import re
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from newsannot.accounts.models import Role
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.suggestions.actions import show_suggestions
from newsannot.suggestions.models import Drafting, Verdict
from newsannot.suggestions.queries import shows_suggestions
from tests.factories import a_mention, a_reading, a_revision, a_user
from tests.suggestions.making import a_drafted_reading, open_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def reading() -> Reading:
    return a_drafted_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def url(reading: Reading, *rest: str) -> str:
    return "/".join([f"/readings/{reading.pk}/suggestions", *rest, ""])


def listed(answer: Any) -> list[str]:
    """The fingerprints of the suggestions in an answer."""
    return re.findall(r'data-suggestion="([0-9a-f]{32})"', answer.content.decode())


def targets(answer: Any) -> list[str]:
    return re.findall(r'<hx-partial hx-target="#([^"]+)"', answer.content.decode())


def test_the_list_tells_words_reason_sureness_and_where(analyst: Client, reading: Reading) -> None:
    html = analyst.get(url(reading), headers=HTMX).content.decode()
    mention = open_of("mention", reading)
    assert html.count("data-suggestion=") == 3
    assert f'data-ranges="{mention.start} {mention.end}"' in html
    assert "Adaeze Obi is named; speaks here." in html
    assert "quite sure" in html
    assert "<html" not in html


def test_without_scripts_the_list_stands_in_the_whole_page(analyst: Client, reading: Reading) -> None:
    html = analyst.get(url(reading)).content.decode()
    assert "<html" in html
    assert html.count("data-suggestion=") == 3


def test_asked_for_with_the_records_it_comes_with_them(analyst: Client, reading: Reading) -> None:
    html = analyst.get(url(reading) + "?with=records", headers=HTMX).content.decode()
    assert "Nothing is marked yet" in html
    assert html.count("data-suggestion=") == 3


def test_the_workbench_fetches_the_list_later_and_links_to_it(analyst: Client, reading: Reading) -> None:
    html = analyst.get(f"/readings/{reading.pk}/").content.decode()
    assert f'hx-get="{url(reading)}"' in html
    assert listed(analyst.get(f"/readings/{reading.pk}/")) == []


def test_an_accepted_suggestion_brings_its_blocks_both_lists_and_the_tally(analyst: Client, reading: Reading) -> None:
    one = open_of("mention", reading)
    answer = analyst.post(url(reading, one.fingerprint, "accept"), headers=HTMX)
    assert targets(answer) == ["b1", "inspector", "tally"]
    assert one.fingerprint not in listed(answer)
    assert len(listed(answer)) == 2
    assert f'data-a="{Annotation.objects.get().pk}"' in answer.content.decode()


def test_a_suggestion_to_correct_brings_its_record(analyst: Client, reading: Reading) -> None:
    one = open_of("mention", reading)
    answer = analyst.post(url(reading, one.fingerprint, "accept"), {"correct": "1"}, headers=HTMX)
    assert targets(answer) == ["b1", "inspector", "tally"]
    assert f'data-annotation="{Annotation.objects.get().pk}"' in answer.content.decode()
    assert Verdict.objects.get().decision == "corrected"


def test_a_rejected_suggestion_brings_the_list_without_it(analyst: Client, reading: Reading) -> None:
    one = open_of("mention", reading)
    answer = analyst.post(url(reading, one.fingerprint, "reject"), headers=HTMX)
    assert targets(answer) == ["suggestions"]
    assert one.fingerprint not in listed(answer)
    assert Annotation.objects.count() == 0


def test_an_answer_sent_twice_under_one_key_is_carried_out_once(analyst: Client, reading: Reading) -> None:
    for kind, what, sent, answered in (
        ("mention", "accept", {}, ["b1", "inspector", "tally"]),
        ("threat", "accept", {"correct": "1"}, ["b1", "inspector", "tally"]),
        ("statement", "reject", {}, []),
    ):
        address = url(reading, open_of(kind, reading).fingerprint, what)
        first, second = (analyst.post(address, sent, headers=HTMX | {"Idempotency-Key": kind}) for _ in range(2))
        assert (first.status_code, second.status_code) == (200, 204 if what == "reject" else 200)
        assert targets(second) == answered
    assert Verdict.objects.count() == 3
    assert Annotation.objects.count() == 2


def test_an_accepted_suggestion_sent_twice_brings_both_lists_and_one_to_correct_its_record(
    analyst: Client, reading: Reading
) -> None:
    for kind, sent in (("mention", {}), ("statement", {"correct": "1"})):
        address = url(reading, open_of(kind, reading).fingerprint, "accept")
        _, again = (analyst.post(address, sent, headers=HTMX | {"Idempotency-Key": kind}) for _ in range(2))
        assert ("data-suggestions" in again.content.decode()) == (not sent)
        assert ("data-annotation=" in again.content.decode()) == bool(sent)


def test_undo_brings_a_rejected_suggestion_back(analyst: Client, reading: Reading) -> None:
    one = open_of("mention", reading)
    analyst.post(url(reading, one.fingerprint, "reject"))
    answer = analyst.post(f"/readings/{reading.pk}/undo/", headers=HTMX)
    assert targets(answer) == ["inspector"]
    assert one.fingerprint in listed(answer)
    analyst.post(url(reading, one.fingerprint, "reject"))
    assert analyst.post(f"/readings/{reading.pk}/undo/")["Location"] == url(reading)


def test_without_scripts_every_answer_leads_on(analyst: Client, reading: Reading) -> None:
    for kind, what, sent, place in (
        ("mention", "accept", {}, f"{url(reading)}#b1"),
        ("threat", "reject", {}, url(reading)),
        ("statement", "accept", {"correct": "1"}, f"/readings/{reading.pk}/?annotation="),
    ):
        answer = analyst.post(url(reading, open_of(kind, reading).fingerprint, what), sent)
        assert answer.status_code == 303
        assert answer["Location"].startswith(place)


def test_hidden_the_list_says_so_and_gives_nothing_away(analyst: Client, reading: Reading) -> None:
    one = open_of("mention", reading)
    answer = analyst.post(url(reading, "shown"), {"shown": "0"}, headers=HTMX)
    assert "Hidden: this reading is coded blind." in answer.content.decode()
    assert listed(analyst.get(url(reading), headers=HTMX)) == []
    refused = analyst.post(url(reading, one.fingerprint, "accept"), headers=HTMX)
    assert refused.status_code == 422
    assert Annotation.objects.count() == 0
    assert len(listed(analyst.post(url(reading, "shown"), {"shown": "1"}, headers=HTMX))) == 3


def test_showing_takes_a_one_or_a_nought(analyst: Client, reading: Reading) -> None:
    assert analyst.post(url(reading, "shown"), {"shown": "maybe"}).status_code == 422
    assert shows_suggestions(reading.pk)
    assert analyst.post(url(reading, "shown"), {"shown": "0"})["Location"] == url(reading)


def test_a_text_not_drafted_yet_can_be_drafted_on_the_spot(client: Client) -> None:
    reading = a_reading(revision=a_revision("“We wait,” the envoy said."))
    client.force_login(reading.reader)
    assert "Draft suggestions now" in client.get(url(reading), headers=HTMX).content.decode()
    assert len(listed(client.post(url(reading), headers=HTMX))) == 1
    assert Drafting.objects.count() == 1
    assert client.post(url(reading))["Location"] == url(reading)


def test_a_list_with_nothing_open_says_so(analyst: Client, reading: Reading) -> None:
    Drafting.objects.create(revision=reading.revision, engine="rules", engine_version="another", suggestions=[])
    assert "Nothing left to suggest." in analyst.get(url(reading), headers=HTMX).content.decode()


def test_what_is_settled_already_is_refused_with_a_message(analyst: Client, reading: Reading) -> None:
    one = open_of("mention", reading)
    analyst.post(url(reading, one.fingerprint, "reject"))
    for what in ("accept", "reject"):
        refused = analyst.post(url(reading, one.fingerprint, what), headers=HTMX)
        assert refused.status_code == 422
        assert "not open any more" in refused.content.decode()


def test_a_closed_reading_is_suggested_nothing(analyst: Client, reading: Reading) -> None:
    one = open_of("threat", reading)
    a_mention(reading, "envoy")
    submit_reading(reading=reading, by=reading.reader)
    assert analyst.get(url(reading), headers=HTMX).status_code == 422
    for what in ("accept", "reject"):
        assert analyst.post(url(reading, one.fingerprint, what), headers=HTMX).status_code == 422
    assert url(reading) not in analyst.get(f"/readings/{reading.pk}/").content.decode()


def requests(reading: Reading) -> list[tuple[str, str]]:
    key = open_of("mention", reading).fingerprint
    return [
        ("get", url(reading)),
        ("post", url(reading)),
        ("post", url(reading, "shown")),
        ("post", url(reading, key, "accept")),
        ("post", url(reading, key, "reject")),
    ]


def test_a_reading_that_may_not_be_seen_has_no_suggestions(client: Client, reading: Reading) -> None:
    client.force_login(a_user())
    assert [getattr(client, method)(path).status_code for method, path in requests(reading)] == [404] * 5


def test_a_reading_that_is_somebody_elses_is_not_answered_for(client: Client, reading: Reading) -> None:
    wanted = requests(reading)
    a_mention(reading, "envoy")
    submit_reading(reading=reading, by=reading.reader)
    client.force_login(a_user(Role.EDITOR))
    assert [getattr(client, method)(path).status_code for method, path in wanted] == [403] * 5


def test_who_only_reads_the_api_has_no_suggestions(client: Client, reading: Reading) -> None:
    client.force_login(a_user(Role.READER))
    assert [getattr(client, method)(path).status_code for method, path in requests(reading)] == [403] * 5


def test_answers_are_posted(analyst: Client, reading: Reading) -> None:
    assert [analyst.get(path).status_code for method, path in requests(reading)[2:]] == [405] * 3


def test_the_list_takes_as_many_queries_for_many_as_for_one(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    counts = []
    for text in ("Adaeze Obi came.", "Adaeze Obi came. “No, never,” Obi said. “If you come, we strike,” Obi said."):
        reading = a_drafted_reading(a_reading(revision=a_revision(text)))
        client.force_login(reading.reader)
        show_suggestions(reading=reading, is_shown=True, by=reading.reader)
        with django_assert_max_num_queries(20) as done:
            client.get(url(reading), headers=HTMX)
        counts.append(len(done))
    assert counts[0] == counts[1]
