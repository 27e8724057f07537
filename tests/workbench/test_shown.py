"""Which records a filter leaves in sight."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.annotations.models import Reading
from tests.factories import a_mention, a_reading, a_statement, a_user, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_reading()


@pytest.fixture
def analyst(client: Client, reading: Reading) -> Client:
    client.force_login(reading.reader)
    return client


def shown(client: Client, reading: Reading, **query: object) -> tuple[list[int], str]:
    """The ids left, and the words about them."""
    page = client.get(f"/readings/{reading.pk}/shown/", query).content.decode()
    found = re.search(r'data-shown="([\d ]*)">([^<]*)<', page)
    assert found is not None
    return [int(pk) for pk in found[1].split()], found[2]


def test_without_a_wish_all_are_shown(analyst: Client, reading: Reading) -> None:
    mention, statement = a_mention(reading), a_statement(reading)
    assert shown(analyst, reading) == ([mention.pk, statement.pk], "2 of 2 records shown.")


def test_one_actors_records_of_any_kind(analyst: Client, reading: Reading) -> None:
    minister = an_actor()
    a_mention(reading, "envoy", actor=an_actor("Jonas Lind").pk)
    statement = a_statement(reading, speaker=minister.pk)
    assert shown(analyst, reading, who="Adaeze Obi") == ([statement.pk], "1 of 2 records shown.")
    assert shown(analyst, reading, who="Nobody") == ([], "0 of 2 records shown.")


def test_complete_ones_and_those_that_lack_something(analyst: Client, reading: Reading) -> None:
    lacking = a_mention(reading, "envoy")
    complete = a_mention(reading, actor=an_actor().pk, form="name")
    assert shown(analyst, reading, state="lacking")[0] == [lacking.pk]
    assert shown(analyst, reading, state="complete")[0] == [complete.pk]


def test_kinds_are_left_out(analyst: Client, reading: Reading) -> None:
    a_mention(reading)
    statement = a_statement(reading)
    assert shown(analyst, reading, without=["mention", "threat"])[0] == [statement.pk]


def test_it_is_for_those_who_may_read_the_reading(client: Client, reading: Reading) -> None:
    url = f"/readings/{reading.pk}/shown/"
    assert client.get(url).status_code == 302
    client.force_login(a_user())
    assert client.get(url).status_code == 404
    client.force_login(a_user(Role.READER))
    assert client.get(url).status_code == 403


def test_it_is_only_asked(analyst: Client, reading: Reading) -> None:
    assert analyst.post(f"/readings/{reading.pk}/shown/").status_code == 405


def test_three_records_take_as_many_queries_as_one(analyst: Client, reading: Reading) -> None:

    a_mention(reading)
    analyst.get(f"/readings/{reading.pk}/shown/")
    with CaptureQueriesContext(connection) as one:
        analyst.get(f"/readings/{reading.pk}/shown/")
    a_mention(reading, "envoy")
    a_statement(reading)
    with CaptureQueriesContext(connection) as three:
        analyst.get(f"/readings/{reading.pk}/shown/")
    assert len(three) == len(one)
