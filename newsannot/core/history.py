"""History: who did it and in which step, told to the database once per transaction.

The history triggers (django-pghistory) copy both settings onto every event row they write.
"""

import functools
import json
import uuid
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import pghistory
from django.db import connection, transaction

P = ParamSpec("P")
R = TypeVar("R")


def attribute_to(user_id: int | None, *, action: str) -> uuid.UUID:
    """Attribute all that this transaction goes on to write to a user (None: the machine); returns the step's id."""
    step = uuid.uuid4()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
            [str(step), json.dumps({"user": user_id, "action": action})],
        )
    return step


def action(function: Callable[P, R]) -> Callable[P, R]:
    """One write of the domain: a transaction whose history names the keyword argument `by` and the function."""

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs["by"]
        with transaction.atomic():
            attribute_to(by.pk if by else None, action=function.__name__)
            return function(*args, **kwargs)

    return wrapper


def tracked(events: str = "events") -> Callable[[type], type]:
    """Class decorator: every insert, update and delete of a row is kept, append-only; `events` names the accessor."""
    return pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name=events, related_query_name=events),
        append_only=True,
    )
