"""Handing a reading in: what is missing, and doing so all the same."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.annotations.actions import add_piece
from newsannot.annotations.models import Reading
from newsannot.workbench.queries.overview import NOT_QUOTED, missing_in
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def test_the_checklist_names_what_each_record_lacks_and_leads_to_it(analyst: Client, reading: Reading) -> None:
    mention, complete = a_mention(reading), a_mention(reading, "The neighbour’s envoy", actor=an_actor().pk)
    html = analyst.get(f"/readings/{reading.pk}/submit/").content.decode()
    assert re.findall(r'href="/annotations/(\d+)/"', html) == [str(mention.pk)]
    assert re.findall(r'<(\w+) class="quote"[^>]*>([^<]*)</', html) == [("span", mention.spans.get().exact)]
    assert "Submit all the same" in html
    assert complete.pk != mention.pk


def test_what_is_missing_is_told_of_each_kind(reading: Reading) -> None:
    statement = a_statement(reading)
    threat = a_threat(reading)
    assert missing_in(reading.pk) == {
        "mention": {},
        "statement": {statement.pk: ("speaker", "quotation")},
        "threat": {threat.pk: ("issuer", "who would be hit")},
    }


def test_a_direct_statement_whose_content_is_not_quoted_is_told(reading: Reading) -> None:
    actor = an_actor().pk
    quoted = a_statement(reading, speaker=actor, mode="direct")
    assert missing_in(reading.pk)["statement"] == {quoted.pk: ()}
    add_piece(annotation=quoted, role="content", piece=piece(reading, "on Monday"), by=reading.reader)
    assert missing_in(reading.pk)["statement"] == {quoted.pk: (NOT_QUOTED,)}


def test_submitting_closes_the_reading(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    answer = analyst.post(f"/readings/{reading.pk}/submit/")
    reading.refresh_from_db()
    assert (answer.status_code, reading.state) == (303, "submitted")
    assert [t.state for t in reading.transitions.all()] == ["submitted"]


def test_an_empty_reading_is_submitted_only_when_said_to_be_so(analyst: Client, reading: Reading) -> None:
    refused = analyst.post(f"/readings/{reading.pk}/submit/")
    reading.refresh_from_db()
    assert (refused.status_code, reading.state) == (422, "open")
    assert "nothing to mark" in refused.content.decode()
    analyst.post(f"/readings/{reading.pk}/submit/", {"nothing_found": "on"})
    reading.refresh_from_db()
    assert (reading.state, reading.nothing_found) == ("submitted", True)


def test_what_is_marked_is_not_nothing(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    answer = analyst.post(f"/readings/{reading.pk}/submit/", {"nothing_found": "on"})
    reading.refresh_from_db()
    assert (answer.status_code, reading.state) == (422, "open")


def test_a_reading_is_submitted_once(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    analyst.post(f"/readings/{reading.pk}/submit/")
    assert analyst.post(f"/readings/{reading.pk}/submit/").status_code == 422
    assert reading.transitions.count() == 1


def test_a_curated_reading_is_not_submitted(client: Client, reading: Reading) -> None:
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    client.force_login(a_user(Role.EDITOR))
    assert client.post(f"/readings/{curated.pk}/submit/").status_code == 422


def test_who_may_submit(client: Client, reading: Reading) -> None:
    path = f"/readings/{reading.pk}/submit/"
    assert client.post(path).status_code == 302
    client.force_login(a_user())
    assert client.post(path).status_code == 404
    client.force_login(a_user(Role.READER))
    assert client.post(path).status_code == 403
    client.force_login(reading.reader)
    assert client.delete(path).status_code == 405
