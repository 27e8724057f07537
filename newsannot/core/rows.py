"""Rows by SQL written out, for what every request asks and every mark stores.

The ORM makes its SQL anew each time, which costs several times what PostgreSQL needs to answer; here it is made once
for each model. `pipelined` sends statements without waiting for each answer.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeVar

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, Model

M = TypeVar("M", bound=Model)


@contextmanager
def pipelined() -> Iterator[None]:
    """Send the statements of the block without waiting for each answer; it ends when all are answered.

    Fetching within the block waits for what was sent so far. Raises what the database refuses, as Django's errors.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def ask(sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> CursorWrapper:
    """Send one statement; its rows are fetched from the cursor given back. Within `pipelined` it does not wait."""
    cursor = connection.cursor()
    cursor.execute(sql, params)
    return cursor


@cache
def names(model: type[Model], *, without: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The attributes behind a model's columns, in order, as `Model.from_db` takes them."""
    return tuple(f.attname for f in model._meta.concrete_fields if f.attname not in without)


@cache
def columns(model: type[Model], alias: str, *, without: tuple[str, ...] = ()) -> str:
    """The same as a list of columns for SELECT."""
    return ", ".join(f'{alias}."{f.column}"' for f in model._meta.concrete_fields if f.attname not in without)


def row(model: type[M], where: str, params: Sequence[Any]) -> M | None:
    """The one row of a model's table that meets a condition on `t`, or None."""
    sql = f"SELECT {columns(model, 't')} FROM {model._meta.db_table} t WHERE {where}"  # noqa: S608 - no value in it
    with ask(sql, params) as cursor:
        found = cursor.fetchone()
    return None if found is None else model.from_db(connection.alias, names(model), found)


def insert(table: type[Model], entry: Model) -> CursorWrapper:
    """Insert an object's row in one table: its own or, first and with the key coming back, that of its parent.

    The row of the cursor given back holds the key.
    """
    sql, fields = _insertion(table, has_key=getattr(entry, table._meta.pk.attname) is not None)
    return ask(sql, [f.get_db_prep_save(f.pre_save(entry, add=True), connection) for f in fields])


@cache
def _insertion(table: type[Model], *, has_key: bool) -> tuple[str, Sequence["Field[Any, Any]"]]:
    key = table._meta.pk
    fields = [f for f in table._meta.local_concrete_fields if has_key or f is not key]
    into = ", ".join(f'"{f.column}"' for f in fields)
    values = ", ".join(["%s"] * len(fields))
    return f'INSERT INTO {table._meta.db_table} ({into}) VALUES ({values}) RETURNING "{key.column}"', fields  # noqa: S608
