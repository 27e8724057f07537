"""The connection to PostgreSQL: none that was lost in the pool is handed out; transactions hold, in a pipeline too."""

from collections.abc import Iterator
from contextlib import nullcontext

import psycopg
import pytest
from django.db import DataError, IntegrityError, connection, transaction

from newsannot.core.rows import ask, pipelined


def backend() -> int:
    """The process of the server that answers now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_lost_in_the_pool_is_replaced() -> None:
    lost = backend()
    with psycopg.connect(**connection.get_connection_params() | {"context": None}, autocommit=True) as other:
        connection.close()  # back into the pool
        assert other.execute("SELECT pg_terminate_backend(%s, 10000)", [lost]).fetchone() == (True,)
    seen = set()
    for _ in range(connection.pool.get_stats()["pool_size"] + 1):  # whichever the pool hands out
        seen.add(backend())
        connection.close()
    assert lost not in seen


def known_elsewhere() -> list[str]:
    """The words stored, as another connection sees them."""
    with psycopg.connect(**connection.get_connection_params() | {"context": None}, autocommit=True) as other:
        return [word for (word,) in other.execute("SELECT word FROM trial ORDER BY word").fetchall()]


@pytest.fixture
def trial() -> Iterator[None]:
    """A table of words, no two alike, which is looked at only at COMMIT."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE trial (word varchar(5) UNIQUE DEFERRABLE INITIALLY DEFERRED)")
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE trial")


def store(*words: str) -> None:
    """Store words, each by a statement that nobody waits for in a pipeline."""
    for word in words:
        ask("INSERT INTO trial VALUES (%s)", [word])


def store_and_fail(word: str) -> None:
    """Store a word, then fail for a reason of our own."""
    store(word)
    raise KeyError


@pytest.mark.parametrize("block", [pipelined, nullcontext])
@pytest.mark.django_db(transaction=True)
def test_a_transaction_is_stored_at_its_end_and_not_before(trial: None, block: type) -> None:
    with block():
        with transaction.atomic():
            store("one", "two")
            assert known_elsewhere() == []
        assert known_elsewhere() == ["one", "two"]


@pytest.mark.parametrize("block", [pipelined, nullcontext])
@pytest.mark.django_db(transaction=True)
def test_what_is_refused_at_commit_is_raised_there_and_nothing_is_stored(trial: None, block: type) -> None:
    with block():
        store("one")
        with pytest.raises(IntegrityError), transaction.atomic():
            store("two", "one")
        assert known_elsewhere() == ["one"]
        with transaction.atomic():
            store("three")
    assert known_elsewhere() == ["one", "three"]


@pytest.mark.django_db(transaction=True)
def test_what_a_statement_sent_without_a_wait_is_refused_for_is_raised_at_commit(trial: None) -> None:
    with pipelined():
        with pytest.raises(DataError), transaction.atomic():
            store("one", "far too long", "two")
        with transaction.atomic():
            store("three")
    assert known_elsewhere() == ["three"]


@pytest.mark.parametrize("block", [pipelined, nullcontext])
@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_is_left_by_an_error_of_ours_stores_nothing(trial: None, block: type) -> None:
    with block():
        with pytest.raises(KeyError), transaction.atomic():
            store_and_fail("one")
        with transaction.atomic():
            store("two")
            with pytest.raises(KeyError), transaction.atomic():
                store_and_fail("three")
    assert known_elsewhere() == ["two"]
