"""Django's PostgreSQL backend, which waits for the server less often.

`ENGINE` names the package. Django's own check of pooled connections (CONN_HEALTH_CHECKS) is a round trip for every
request; psycopg's own transactions are up to three more for every write within a pipeline.
"""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg import OperationalError, Pipeline
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection to PostgreSQL.

    psycopg's connection stays in autocommit; a transaction's BEGIN is sent as a statement, with those that follow.
    """

    pipeline: Pipeline | None = None
    has_sent = False
    """Whether anything was sent in the pipeline since it began, or since the last COMMIT."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection from the pool that was not lost while it lay there."""
        connection = super().get_new_connection(conn_params)
        while self.pool and _is_lost(connection):
            connection.close()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection

    @contextmanager
    def pipelined(self) -> Iterator[None]:
        """Send the statements of the block without waiting for each answer; the outermost waits for all at its end."""
        self.ensure_connection()
        if self.pipeline:
            yield
            return
        with self.wrap_database_errors, self.connection.pipeline() as pipeline:
            self.pipeline, self.has_sent = pipeline, False
            try:
                yield
            finally:
                self.pipeline = None

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor to send something with."""
        self.has_sent = True
        return super().create_cursor(name)

    def _start_transaction_under_autocommit(self) -> None:
        with debug_transaction(self, "BEGIN"), self.wrap_database_errors:
            if self.pipeline and self.has_sent:  # or it would become part of the transaction
                self.pipeline.sync()
            self.connection.execute("BEGIN")

    def _set_autocommit(self, autocommit: bool) -> None:
        if self.connection.autocommit != autocommit:  # a wait within a pipeline, even where nothing changes
            super()._set_autocommit(autocommit)  # type: ignore[misc]  # the stubs leave it out

    def _commit(self) -> None:
        if self.connection is None:
            return
        with debug_transaction(self, "COMMIT"), self.wrap_database_errors:
            self.connection.execute("COMMIT")
            if self.pipeline:
                self.pipeline.sync()
                self.has_sent = False


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
