"""Pages by key: the next one starts after the last id seen, however deep, and does not shift when rows are added."""

import base64
import binascii
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeVar
from urllib.parse import urlencode

from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL
from rest_framework.request import Request

from newsannot.core.refusals import bad_query

PAGE_SIZE = 100
LARGEST_PAGE = 500
PARAMETERS = frozenset({"cursor", "page_size", "count"})
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page lies: after an id, or before it."""

    side: Literal["after", "before"] = "after"
    id: int = 0

    def encoded(self) -> str:
        """Opaque, safe in an address."""
        return base64.urlsafe_b64encode(f"{self.side[0]}{self.id}".encode()).decode().rstrip("=")

    @classmethod
    def decoded(cls, text: str) -> "Cursor":
        """The inverse; raises ValueError for anything else."""
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode("ascii")
        if raw[:1] not in {"a", "b"} or not raw[1:].isdecimal() or len(raw) > 20:
            raise ValueError("no cursor")
        return cls("after" if raw[0] == "a" else "before", int(raw[1:]))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page is asked for, and whether with an exact count."""

    cursor: Cursor
    size: int
    with_count: bool


def page_asked(request: Request) -> Asked:
    """The paging parameters of a request; 400 that names what is wrong with them."""
    query, errors = request.query_params, dict[str, list[str]]()
    cursor, size = Cursor(), PAGE_SIZE
    try:
        cursor = Cursor.decoded(query["cursor"]) if "cursor" in query else cursor
    except (ValueError, binascii.Error):
        errors["cursor"] = ["This is no cursor of ours: follow “next” and “previous” as they were given."]
    wanted = query.get("page_size", str(PAGE_SIZE))
    if wanted.isascii() and wanted.isdecimal() and len(wanted) < 9 and 1 <= int(wanted) <= LARGEST_PAGE:
        size = int(wanted)
    else:
        errors["page_size"] = [f"page_size is a number from 1 to {LARGEST_PAGE}."]
    if query.get("count", "false") not in {"true", "false"}:
        errors["count"] = ["count is true or false."]
    if errors:
        raise bad_query(errors)
    return Asked(cursor, size, query.get("count") == "true")


def page_of(
    request: Request,
    rows: QuerySet[Any],
    read: Callable[[QuerySet[Any]], Sequence[Row]],
    present: Callable[[Sequence[Row]], list[dict[str, Any]]],
    *,
    id_of: Callable[[Row], int],
    column: str = "",
) -> dict[str, Any]:
    """One page of a queryset, by id: `{"next", "previous", "results"}`, and `"count"` where asked for.

    `read` fetches the rows of a sliced queryset, in its order; `present` shapes them. `column` names, in SQL, a parent
    table's id to bound too: the database does not conclude it from the child's, and would read the parent's from 1.
    """
    asked = page_asked(request)
    is_forward, at = asked.cursor.side == "after", asked.cursor.id
    beyond: list[Any] = []
    if at or not is_forward:
        beyond.append(Q(**{"id__gt" if is_forward else "id__lt": at}))
        if column:
            beyond.append(RawSQL(f"{column} {'>' if is_forward else '<'} %s", [at], BooleanField()))  # noqa: S611 - ours
    rows_beyond = rows.filter(*beyond).order_by("id" if is_forward else "-id")
    found = list(read(rows_beyond[: asked.size + 1]))
    has_more = len(found) > asked.size
    found = found[: asked.size]
    if not is_forward:
        found.reverse()
    follows, precedes = (has_more, bool(beyond)) if is_forward else (True, has_more)
    body: dict[str, Any] = {
        "next": _address(request, Cursor("after", id_of(found[-1]))) if found and follows else None,
        "previous": _address(request, Cursor("before", id_of(found[0]))) if found and precedes else None,
    }
    if asked.with_count:
        body["count"] = rows.order_by().count()
    return body | {"results": present(found)}


def _address(request: Request, cursor: Cursor) -> str:
    query = [(name, value) for name, values in request.query_params.lists() for value in values if name != "cursor"]
    return request.build_absolute_uri(f"{request.path}?{urlencode([*query, ('cursor', cursor.encoded())])}")
