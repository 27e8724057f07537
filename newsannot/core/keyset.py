"""Paging by key: a page starts behind the last row of the one before it, so its cost does not depend on its depth."""

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, Q, QuerySet

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, and where the pages before and after them begin (empty: there is none)."""

    rows: Sequence[Row]
    before: str = ""
    after: str = ""

    def links(self, query: Mapping[str, str]) -> dict[str, str]:
        """`previous_url` and `next_url`, relative, with the rest of the query kept."""
        rest = {key: value for key, value in query.items() if key not in {"after", "before"} and value}
        return {
            "previous_url": f"?{urlencode({**rest, 'before': self.before})}" if self.before else "",
            "next_url": f"?{urlencode({**rest, 'after': self.after})}" if self.after else "",
        }


def page_of(
    rows: QuerySet[Row],
    key: Sequence[tuple[str, Callable[[Any], Any]]],
    query: Mapping[str, str],
    *,
    size: int,
    is_descending: bool = False,
) -> Page[Row]:
    """The page that `after` or `before` of a query names; the first when neither reads as a key.

    `key` names the columns of the order, the last one unique, each with what reads its value back from JSON. Columns
    hold no NULL.
    """
    columns = [column for column, _ in key]
    backwards = "after" not in query and bool(query.get("before"))
    start = _read(query.get("before" if backwards else "after", ""), [read for _, read in key])
    falls = backwards != is_descending
    order = [f"-{column}" if falls else column for column in columns]
    found = list((rows.filter(_beyond(columns, start, falls)) if start else rows).order_by(*order)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    has_previous, has_next = (more, True) if backwards and start else (bool(start), more)
    return Page(
        found,
        before=_written(found[0], columns) if found and has_previous else "",
        after=_written(found[-1], columns) if found and has_next else "",
    )


def moment(value: Any) -> datetime:
    """Reads a moment back; raises ValueError for one without its time zone."""
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError("no time zone")
    return read


def words(value: Any) -> str:
    """Reads text back; raises ValueError for what the database cannot hold."""
    if not isinstance(value, str) or "\x00" in value or not value.isprintable():
        raise ValueError("no words")
    return value


def number(value: Any) -> int:
    """Reads an id back; raises ValueError for what is none."""
    if not isinstance(value, int) or not 0 < value < 2**63:
        raise ValueError("no id")
    return value


def _beyond(columns: Sequence[str], start: Sequence[Any], falls: bool) -> Q:
    """Rows behind `start` in the order of the columns."""
    wanted, equal = Q(), Q()
    for column, value in zip(columns, start, strict=True):
        wanted |= equal & Q(**{f"{column}__{'lt' if falls else 'gt'}": value})
        equal &= Q(**{column: value})
    return wanted


def _written(row: Model, columns: Sequence[str]) -> str:
    values = [getattr(row, column) for column in columns]
    return base64.urlsafe_b64encode(json.dumps(values, default=str).encode()).decode().rstrip("=")


def _read(cursor: str, readers: Sequence[Callable[[Any], Any]]) -> list[Any] | None:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        return [read(value) for read, value in zip(readers, values, strict=True)]
    except (ValueError, TypeError, binascii.Error):
        return None
