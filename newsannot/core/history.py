"""History: who did it and in which step, told to the database once per transaction.

The history triggers (django-pghistory) copy both settings onto every event row they write.
"""

import functools
import json
import re
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, ParamSpec, TypeVar

import pghistory
import pgtrigger
import psycopg
from django.db import IntegrityError, transaction

from newsannot.core.errors import RuleBroken, field_named_for
from newsannot.core.repeats import take_keyed
from newsannot.core.rows import ask, pipelined

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M")
WHOLE = "record"
"""Named where the database does not say which field it is about."""


def attribute_to(user_id: int | None, *, action: str) -> uuid.UUID:
    """Attribute all that this transaction goes on to write to a user (None: the machine); returns the step's id."""
    step = uuid.uuid4()
    ask(
        "SELECT set_config('pghistory.context_id', %s, true), set_config('pghistory.context_metadata', %s, true)",
        [str(step), json.dumps({"user": user_id, "action": action})],
    )
    return step


def action(function: Callable[P, R]) -> Callable[P, R]:
    """One write of the domain: a transaction whose history names the keyword argument `by` and the function.

    What the database refuses, at once or at COMMIT, becomes RuleBroken in the database's words, with the field that the
    constraint, or the column it speaks of, is about. The key of a request that may be sent twice is stored with it.
    """

    @functools.wraps(function)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        by: Any = kwargs["by"]
        request = take_keyed()
        try:
            with ExitStack() as ending:
                with pipelined():  # BEGIN and what follows it in one
                    ending.enter_context(transaction.atomic())
                    attribute_to(by.pk if by else None, action=function.__name__)
                result = function(*args, **kwargs)
                if request:
                    request.keep(result)
                return result
        except IntegrityError as error:
            raise RuleBroken(_in_words(error), field=_field(error)) from error

    return wrapper


def _field(error: IntegrityError) -> str:
    diag = getattr(error.__cause__, "diag", None)
    if diag is None:
        return WHOLE
    column = diag.column_name or next(iter(re.findall(r"\((\w+)", diag.message_detail or "")), WHOLE)
    return field_named_for(diag.constraint_name) or str(column).removesuffix("_id")


def _in_words(error: IntegrityError) -> str:
    cause = error.__cause__
    if isinstance(cause, psycopg.errors.CheckViolation) and cause.diag.message_primary:
        return f"{cause.diag.message_primary[:1].upper()}{cause.diag.message_primary[1:]}."
    if isinstance(cause, psycopg.errors.UniqueViolation | psycopg.errors.ExclusionViolation):
        return "This is there already, or collides with something that is. Reload the page to see it."
    return "This names something that is no longer there. Reload the page and try again."


def never_truncated() -> pgtrigger.Trigger:
    """Trigger that refuses TRUNCATE, which passes by what guards rows.

    A session that sets `newsannot.may_truncate` passes: an operator's, who empties a database on purpose.
    """
    return pgtrigger.Trigger(
        name="never_truncated",
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func="""
            IF current_setting('newsannot.may_truncate', true) IS DISTINCT FROM 'on' THEN
                RAISE EXCEPTION 'what % holds is kept for good', TG_TABLE_NAME
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'never_truncated';
            END IF;
            RETURN NULL;
        """,
    )


def tracked(events: str = "events") -> Callable[[type[M]], type[M]]:
    """Class decorator: every insert, update and delete of a row is kept, append-only; `events` names the accessor."""
    track: Callable[[type[M]], type[M]] = pghistory.track(
        pghistory.InsertEvent(),
        pghistory.UpdateEvent(),
        pghistory.DeleteEvent(),
        obj_field=pghistory.ObjForeignKey(related_name=events, related_query_name=events),
        append_only=True,
        meta={"triggers": [never_truncated()]},
    )
    return track
