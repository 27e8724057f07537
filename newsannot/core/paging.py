"""The API's pages: the next one starts after the last id seen, however deep, and does not shift when rows are added."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import urlencode

from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL
from rest_framework.request import Request

from newsannot.core.numbers import number_in
from newsannot.core.refusals import bad_query
from newsannot.core.stretches import Start, stretch_of, unwritten, written

PAGE_SIZE = 100
LARGEST_PAGE = 500
PARAMETERS = frozenset({"cursor", "page_size", "count"})
Row = TypeVar("Row")
Counts: TypeAlias = Mapping[str, Callable[[QuerySet[Any]], int]]
"""What `count=` may name besides true: how it is counted over all rows that the filters let through."""
NONE_BESIDES: Counts = {}


def count_rows(rows: QuerySet[Any]) -> int:
    """How many rows there are."""
    return rows.order_by().count()


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page lies: after an id, or before it."""

    side: Literal["after", "before"] = "after"
    id: int = 0

    def encoded(self) -> str:
        """Opaque, safe in an address."""
        return written(f"{self.side[0]}{self.id}")

    @classmethod
    def decoded(cls, text: str) -> "Cursor":
        """The inverse; raises ValueError for anything else."""
        raw = unwritten(text)
        if raw[:1] not in {"a", "b"} or not (raw.isascii() and raw[1:].isdecimal()) or len(raw) > 20:
            raise ValueError("no cursor")
        return cls("after" if raw[0] == "a" else "before", int(raw[1:]))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for, and how it is counted exactly, where a count is asked for."""

    cursor: Cursor
    size: int
    count: Callable[[QuerySet[Any]], int] | None


def page_asked(request: Request, counts: Counts = NONE_BESIDES) -> Asked:
    """The paging parameters of a request; 400 that names what is wrong with them."""
    query, errors = request.query_params, dict[str, list[str]]()
    cursor, size = Cursor(), PAGE_SIZE
    try:
        cursor = Cursor.decoded(query["cursor"]) if "cursor" in query else cursor
    except ValueError:
        errors["cursor"] = ["This is no cursor of ours: follow “next” and “previous” as they were given."]
    wanted = number_in(query.get("page_size", str(PAGE_SIZE))) or 0
    if 1 <= wanted <= LARGEST_PAGE:
        size = wanted
    else:
        errors["page_size"] = [f"page_size is a number from 1 to {LARGEST_PAGE}."]
    known = {"true": count_rows, "false": None, **counts}
    if query.get("count", "false") not in known:
        errors["count"] = [f"count is one of {', '.join(known)}."]
    if errors:
        raise bad_query(errors)
    return Asked(cursor, size, known[query.get("count", "false")])


def page_of(
    request: Request,
    rows: QuerySet[Any],
    read: Callable[[QuerySet[Any]], Sequence[Row]],
    present: Callable[[Sequence[Row]], list[dict[str, Any]]],
    *,
    id_of: Callable[[Row], int],
    column: str = "",
    counts: Counts = NONE_BESIDES,
) -> dict[str, Any]:
    """One page of a queryset, by id: `{"next", "previous", "results"}`, and `"count"` where asked for.

    `read` fetches the rows of a sliced queryset, in its order; `present` shapes them. `column` names, in SQL, a parent
    table's id to bound too: the database does not conclude it from the child's, and would read the parent's from 1.
    """
    asked = page_asked(request, counts)
    cursor, beyond = asked.cursor, rows
    is_before = cursor.side == "before"
    start = Start([cursor.id], is_before) if cursor.id or is_before else None
    if start and column:
        beyond = rows.filter(RawSQL(f"{column} {'<' if is_before else '>'} %s", [cursor.id], BooleanField()))  # noqa: S611 - ours
    stretch = stretch_of(beyond, ["id"], start, size=asked.size, read=read)
    found = stretch.rows
    body: dict[str, Any] = {
        "next": _address(request, Cursor("after", id_of(found[-1]))) if stretch.has_after else None,
        "previous": _address(request, Cursor("before", id_of(found[0]))) if stretch.has_before else None,
    }
    if asked.count:
        body["count"] = asked.count(rows)
    return body | {"results": present(found)}


def _address(request: Request, cursor: Cursor) -> str:
    query = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor.encoded())])}")
