"""Reading from a second PostgreSQL, which follows the first: who only reads may be a little behind, nobody else is.

`DATABASE_REPLICA_URL` names it (the connection `replica`). Without one, or while it does not answer, all is read from
the first.
"""

import logging
from collections.abc import Callable
from contextvars import ContextVar
from time import monotonic
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, InterfaceError, OperationalError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model

Answer = TypeVar("Answer")
logger = logging.getLogger(__name__)
REPLICA = "replica"
LEFT_ALONE_SECONDS = 30
"""How long a replica that failed is not asked again."""
_alias: ContextVar[str] = ContextVar("alias", default=DEFAULT_DB_ALIAS)
_failed_at: dict[str, float] = {}


class ReplicaRouter:
    """Sends reads to the replica within `from_replica`; writes and migrations never go there."""

    def db_for_read(self, model: type[Model], **hints: Any) -> str:
        """The connection that is being read from."""
        return _alias.get()

    def db_for_write(self, model: type[Model], **hints: Any) -> str:
        """The first."""
        return DEFAULT_DB_ALIAS

    def allow_relation(self, one: Model, other: Model, **hints: Any) -> bool:
        """Both hold the same rows."""
        return True

    def allow_migrate(self, db: str, app_label: str, **hints: Any) -> bool:
        """What changes the first reaches the replica by itself."""
        return db == DEFAULT_DB_ALIAS


def reading_connection() -> BaseDatabaseWrapper:
    """The connection that is being read from, for SQL of our own."""
    return connections[_alias.get()]


def from_replica(read: Callable[[], Answer]) -> Answer:
    """What `read` answers, its queries asked of the replica; should that fail, asked again of the first.

    `read` must not write, and must have asked all it asks when it returns.
    """
    if not _is_worth_asking():
        return read()
    token = _alias.set(REPLICA)
    try:
        return read()
    except (OperationalError, InterfaceError) as error:
        _failed_at[REPLICA] = monotonic()
        logger.warning("The replica does not answer (%s); reading from the first database.", error)
    finally:
        _alias.reset(token)
    return read()


def _is_worth_asking() -> bool:
    if REPLICA not in connections.settings:
        return False
    failed_at = _failed_at.get(REPLICA)
    return failed_at is None or monotonic() - failed_at > LEFT_ALONE_SECONDS
