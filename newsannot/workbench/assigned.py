"""What the room above knows of assigned work. It makes itself known when Django starts, as a room's kinds do."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Protocol

from django.db.models import QuerySet

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading


class Assigned(Protocol):
    """Whom which article is assigned to, for the inbox and the top of a reading."""

    def articles(self, user: User) -> QuerySet[Any]:
        """The ids of the articles somebody has still to read."""

    def due(self, user: User, articles: Iterable[int]) -> Mapping[int, datetime | None]:
        """Those among articles, with the day they are due."""

    def notice(self, user: User, reading: Reading) -> str:
        """What is to be said above a reading, as HTML."""


_known: list[Assigned] = []


def register(assigned: Assigned) -> None:
    """Make the room known that assigns; it calls this once, in AppConfig.ready."""
    _known[:] = [assigned]


def assigned() -> Assigned:
    """The room that assigns."""
    return _known[0]
