"""The pages people see: `?after=` and `?before=` name the row that a page starts beside, by its key in the order."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from django.db.models import Model, QuerySet

from newsannot.core.stretches import Start, Stretch, stretch_of, unwritten, written

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
    is_before = "after" not in query and bool(query.get("before"))
    values = _read(query.get("before" if is_before else "after", ""), [read for _, read in key])
    start = Start(values, is_before) if values else None
    stretch: Stretch[Row] = stretch_of(rows, columns, start, size=size, is_descending=is_descending)
    found = stretch.rows
    return Page(
        found,
        before=_written(found[0], columns) if stretch.has_before else "",
        after=_written(found[-1], columns) if stretch.has_after else "",
    )


def moment(value: Any) -> datetime:
    """Reads a moment back; raises ValueError for one without its time zone."""
    read = datetime.fromisoformat(value)
    if read.tzinfo is None:
        raise ValueError("no time zone")
    return read


def day(value: Any) -> date:
    """Reads a day back; raises ValueError for what is none."""
    return date.fromisoformat(str(value))


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


def _written(row: Model, columns: Sequence[str]) -> str:
    values = [getattr(row, column) for column in columns]
    return written(json.dumps(values, default=str))


def _read(cursor: str, readers: Sequence[Callable[[Any], Any]]) -> list[Any] | None:
    try:
        values = json.loads(unwritten(cursor))
        return [read(value) for read, value in zip(readers, values, strict=True)]
    except (ValueError, TypeError):
        return None
