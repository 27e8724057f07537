"""Django's PostgreSQL backend, whose pool does not ask the server before each request whether it is there.

`ENGINE` names the package. Django's own check (CONN_HEALTH_CHECKS) is a round trip for every request.
"""

import select
from typing import Any

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection from the pool that was not lost while it lay there."""
        connection = super().get_new_connection(conn_params)
        while self.pool and _is_lost(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection


def _is_lost(connection: Any) -> bool:
    """Whether the server has closed its end.

    Then there is something to read although nothing was asked; only where there is, the server is asked.
    """
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    if not waiting.poll(0):
        return False
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return True
    return False
