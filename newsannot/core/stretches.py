"""Stretches of a table in the order of a key: each starts beside a row, so none costs more for lying deep.

What both ways of paging stand on: `paging.py` for the API, `keyset.py` for the pages people see.
"""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Q, QuerySet

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Start:
    """Where a stretch lies: behind the row whose key has these values, or before it."""

    values: Sequence[Any]
    is_before: bool = False


@dataclass(frozen=True, slots=True)
class Stretch(Generic[Row]):
    """Rows in their order, and whether there are any before and behind them."""

    rows: Sequence[Row]
    has_before: bool
    has_after: bool


def stretch_of(
    rows: QuerySet[Any],
    columns: Sequence[str],
    start: Start | None,
    *,
    size: int,
    is_descending: bool = False,
    read: Callable[[QuerySet[Any]], Sequence[Row]] = list,
) -> Stretch[Row]:
    """So many rows beside `start`; the first ones without it.

    `columns` are those of the order, the last one unique; none holds NULL. `read` fetches the rows of a sliced
    queryset, in its order. One more row than asked for is read, to know whether the stretch is the last.
    """
    is_before = start is not None and start.is_before
    falls = is_before != is_descending
    order = [f"-{column}" if falls else column for column in columns]
    beyond = rows.filter(_beyond(columns, start.values, falls)) if start else rows
    found = list(read(beyond.order_by(*order)[: size + 1]))
    more, found = len(found) > size, found[:size]
    if is_before:
        return Stretch(found[::-1], has_before=more, has_after=bool(found))
    return Stretch(found, has_before=bool(found) and start is not None, has_after=more)


def _beyond(columns: Sequence[str], values: Sequence[Any], falls: bool) -> Q:
    """Rows behind the values in the order of the columns."""
    wanted, equal = Q(), Q()
    for column, value in zip(columns, values, strict=True):
        wanted |= equal & Q(**{f"{column}__{'lt' if falls else 'gt'}": value})
        equal &= Q(**{column: value})
    return wanted


def written(cursor: str) -> str:
    """A cursor as it goes into an address: opaque, without padding."""
    return base64.urlsafe_b64encode(cursor.encode()).decode().rstrip("=")


def unwritten(text: str) -> str:
    """The inverse; raises ValueError for anything else."""
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except binascii.Error as error:
        raise ValueError("no cursor") from error
