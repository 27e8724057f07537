"""Reading from a second database: a second connection to the same one stands for it here."""

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, connections
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.articles.models import Article, Source
from newsannot.core import replica
from newsannot.core.replica import REPLICA, ReplicaRouter, from_replica, reading_connection
from tests.calling import READ, WRITE, Api, a_publication
from tests.factories import a_source, a_user

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", REPLICA])


@pytest.fixture(scope="module", autouse=True)
def second(django_db_setup: None) -> Iterator[None]:
    connections.settings[REPLICA] = {**connection.settings_dict, "OPTIONS": {}}
    yield
    connections[REPLICA].close()
    del connections[REPLICA], connections.settings[REPLICA]


@pytest.fixture(autouse=True)
def not_failed_yet() -> None:
    replica._failed_at.clear()


@pytest.fixture
def unreachable() -> Iterator[None]:
    settings = connections[REPLICA].settings_dict
    there = settings["HOST"]
    connections[REPLICA].close()
    settings["HOST"] = "/nowhere"
    yield
    settings["HOST"] = there


def queries_of(api: Api, path: str) -> tuple[int, int]:
    """How many statements the first, besides who asks and how often, and the second database were asked."""
    with CaptureQueriesContext(connection) as first, CaptureQueriesContext(connections[REPLICA]) as second:
        assert api.get(path).status == 200
    asking = ("accounts_token", "core_sharedcount")
    return len([q for q in first if not any(table in q["sql"] for table in asking)]), len(second)


@pytest.mark.parametrize(
    "path", ["statements/?count=true", "threats/", "articles/", "sources/", "actors/", "codebook/"]
)
def test_who_only_reads_is_answered_from_the_second_alone(path: str) -> None:
    a_publication()
    first, asked = queries_of(Api(), path)
    assert (first, asked > 0) == (0, True)


def test_who_writes_reads_where_they_write() -> None:
    a_publication()
    first, asked = queries_of(Api(a_user(Role.EDITOR), READ, WRITE), "statements/")
    assert (first > 0, asked) == (True, 0)


def test_what_is_read_is_the_same_from_either() -> None:
    there = a_publication()
    path = f"statements/{there.statement.public_id}/"
    assert Api().get(path).json == Api(a_user(Role.ANALYST), READ, WRITE).get(path).json


def test_while_the_second_does_not_answer_the_first_does(
    unreachable: None, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = a_publication()
    api = Api()
    assert api.get("statements/").ids == api.get("statements/").ids == [str(there.statement.public_id)]
    assert [record.message.partition(" (")[0] for record in caplog.records] == ["The replica does not answer"]
    monkeypatch.setattr(replica, "LEFT_ALONE_SECONDS", 0)
    api.get("statements/")
    assert len(caplog.records) == 2


def test_what_the_first_refuses_too_is_not_hidden() -> None:
    def fail() -> None:
        raise OperationalError("gone")

    with pytest.raises(OperationalError, match="gone"):
        from_replica(fail)
    assert reading_connection().alias == "default"


def test_writing_goes_to_the_first_whatever_was_read() -> None:
    a_source(name="Before")
    source = from_replica(Source.objects.get)
    assert source._state.db == REPLICA
    source.name = "After"
    source.save()
    article = Article(source=source, title="It", retrieved_at=source.updated_at)
    article.save()
    assert (Source.objects.get().name, article._state.db) == ("After", "default")


def test_without_a_second_database_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    assert from_replica(lambda: reading_connection().alias) == REPLICA
    monkeypatch.delitem(connections.settings, REPLICA)
    assert from_replica(lambda: reading_connection().alias) == "default"
    assert ReplicaRouter().allow_migrate(REPLICA, "articles") is False
