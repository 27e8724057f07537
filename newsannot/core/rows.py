"""Rows by SQL written out, for what every request asks and every mark stores.

The ORM makes its SQL anew each time, which costs several times what PostgreSQL needs to answer; here it is made once
for each model. `pipelined` sends statements without waiting for each answer.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, NamedTuple, TypeVar, cast

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import Field, JSONField, Model

from newsannot.core.database.base import DatabaseWrapper

M = TypeVar("M", bound=Model)


@contextmanager
def pipelined() -> Iterator[None]:
    """Send the statements of the block without waiting for each answer; the outermost ends when all are answered.

    Fetching within the block waits for what was sent so far; how many rows a statement touched is not known in it.
    Raises what the database refuses, as Django's errors, at the next fetch or COMMIT, or at the end.
    """
    with cast("DatabaseWrapper", connection).pipelined():
        yield


def ask(sql: str, params: Sequence[Any] | dict[str, Any] = ()) -> CursorWrapper:
    """Send one statement; its rows are fetched from the cursor given back. Within `pipelined` it does not wait."""
    cursor = connection.cursor()
    cursor.execute(sql, params)
    return cursor


class Table(NamedTuple):
    """A model under an alias in a FROM clause, without the columns that are too heavy to carry."""

    model: type[Model]
    alias: str = "t"
    without: tuple[str, ...] = ()

    def fields(self) -> "list[Field[Any, Any]]":
        """The columns asked for."""
        return [f for f in self.model._meta.concrete_fields if f.attname not in self.without]


def joined(tables: Sequence[Table], tail: str, params: Sequence[Any]) -> list[Any] | None:
    """One row over several tables as an instance of each (None where an outer join found none), or None.

    `tail` is the SQL from FROM on. Columns left out are read when they are asked for, as the ORM does.
    """
    return ask_joined(tables, tail, params)()


def ask_joined(tables: Sequence[Table], tail: str, params: Sequence[Any]) -> Callable[[], list[Any] | None]:
    """Ask for the same; what is given back fetches it."""
    cursor = ask(f"SELECT {_columns(*tables)} {tail}", params)
    return lambda: None if (found := cursor.fetchone()) is None else _instances(tables, found)


def ask_rows(model: type[M], tail: str, params: Sequence[Any]) -> Callable[[], list[M]]:
    """Ask for rows of a model's table, which is `t`; `tail` is the SQL from there on. What is given back fetches."""
    tables = [Table(model)]
    cursor = ask(f"SELECT {_columns(*tables)} FROM {model._meta.db_table} t {tail}", params)  # noqa: S608
    return lambda: [_instances(tables, found)[0] for found in cursor.fetchall()]


def _instances(tables: Sequence[Table], found: Sequence[Any]) -> list[Any]:
    instances, at = [], 0
    for table in tables:
        names = _names(table)
        values = list(found[at : at + len(names)])
        for place in _json_places(table):
            values[place] = None if values[place] is None else json.loads(values[place])
        instances.append(None if values[0] is None else table.model.from_db(connection.alias, names, values))
        at += len(names)
    return instances


@cache
def _columns(*tables: Table) -> str:
    return ", ".join(f'{table.alias}."{f.column}"' for table in tables for f in table.fields())


@cache
def _names(table: Table) -> list[str]:
    return [f.attname for f in table.fields()]


@cache
def _json_places(table: Table) -> list[int]:
    """Where the columns of JSON are, which Django's connection gives as it stands."""
    return [place for place, f in enumerate(table.fields()) if isinstance(f, JSONField)]


def row(model: type[M], where: str, params: Sequence[Any]) -> M | None:
    """The one row of a model's table that meets a condition on `t`, or None."""
    return next(iter(ask_rows(model, f"WHERE {where}", params)()), None)


def ask_keys(*models: type[Model]) -> Callable[[], Sequence[int]]:
    """Ask for a key in each model's table, for a row yet to be inserted; what is given back fetches them.

    What has its key is inserted, and named by others, without a wait.
    """
    fetch: Callable[[], Sequence[int]] = ask(_next_keys(*models)).fetchone
    return fetch


@cache
def _next_keys(*models: type[Model]) -> str:
    columns = (f"nextval(pg_get_serial_sequence('{m._meta.db_table}', '{m._meta.pk.column}'))" for m in models)
    return f"SELECT {', '.join(columns)}"


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
