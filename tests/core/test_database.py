"""The connection to PostgreSQL: one that was lost in the pool is never handed out."""

import psycopg
import pytest
from django.db import connection


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
