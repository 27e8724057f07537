"""The cases behind a person's figures: the readings and assignments that each of them counts."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import QuerySet
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.articles.models import Article
from newsannot.core.keyset import Page, number, page_of
from newsannot.review.access import Scope
from newsannot.review.models import Assignment, Notice, NoticeSort
from newsannot.review.queries.comparing import HANDED_IN
from newsannot.review.queries.figures import report_of

PAGE_SIZE = 50
HEAVY = ("text", "raw", "search", "block_starts")
LABELS = {
    "week": "Handed in within 7 days",
    "month": "Handed in within 28 days",
    "all": "Handed in",
    "accepted": "Accepted",
    "open": "At hand",
    "late": "Late",
    "returned": "Returned",
    "compared": "Compared with others",
}
"""What a figure counts, by the word that stands for it in addresses."""


@dataclass(frozen=True, slots=True)
class PersonCase:
    """One thing that a figure counts: the article, what happened when, and the reading it led to, if there is one.

    `days` is from the first look to handing in; `words` what an editor said of it.
    """

    article: Article
    deed: str
    at: datetime | None
    reading: Reading | None = None
    days: float | None = None
    words: str = ""

    @property
    def is_handed_in(self) -> bool:
        """Whether editors see the reading."""
        return self.reading is not None and self.reading.state in HANDED_IN


def cases_of_person(person: User, of: str, query: Mapping[str, str]) -> tuple[Page[Any], list[PersonCase]]:
    """A page of what a figure of a person counts, the newest first; as many queries for fifty as for one.

    Raises KeyError for a figure there is not.
    """
    rows, shown = _ROWS[of](person)
    page = page_of(rows, (("id", number),), query, size=PAGE_SIZE, is_descending=True)
    return page, [shown(row) for row in page.rows]


Rows = tuple[QuerySet[Any, Any], Callable[[Any], PersonCase]]


def _readings(person: User, **narrowed: object) -> Rows:
    rows = Reading.objects.filter(reader=person, **narrowed).select_related("revision__article__source")
    return rows.defer(*(f"revision__{one}" for one in HEAVY)), _of_reading


def _of_reading(reading: Reading) -> PersonCase:
    is_in = reading.state in HANDED_IN and reading.submitted_at is not None
    taken = (reading.submitted_at - reading.opened_at) if is_in and reading.submitted_at else None
    return PersonCase(
        reading.revision.article,
        "handed in" if is_in else "opened",
        reading.submitted_at if is_in else reading.opened_at,
        reading,
        taken.total_seconds() / 86_400 if taken else None,
    )


def _handed_in(person: User, days: int | None = None) -> Rows:
    since = {"submitted_at__gte": timezone.now() - timedelta(days=days)} if days else {}
    return _readings(person, state__in=HANDED_IN, **since)


def _late(person: User) -> Rows:
    rows = Assignment.objects.of(person).unfinished().filter(due_at__lt=timezone.now())
    found = rows.select_related("reading", "revision__article__source")
    return found.defer(*(f"revision__{one}" for one in HEAVY)), _of_assignment


def _of_assignment(slot: Assignment) -> PersonCase:
    return PersonCase(slot.revision.article, "due", slot.due_at, slot.reading)


def _returned(person: User) -> Rows:
    told = Notice.objects.filter(person=person, sort=NoticeSort.RETURNED)
    found = told.select_related("transition", "reading__revision__article__source")
    return found.defer(*(f"reading__revision__{one}" for one in HEAVY)), _of_notice


def _of_notice(notice: Notice) -> PersonCase:
    reading, moved = cast("Reading", notice.reading), notice.transition
    return PersonCase(reading.revision.article, "returned", notice.at, reading, words=moved.comment if moved else "")


def _compared(person: User) -> Rows:
    """Those that the figures of agreement, as last made, rest on."""
    report = report_of(Scope())
    versions: Sequence[Mapping[str, Any]] = report.figures.get("versions", []) if report else []
    newest = versions[0]["codebook"] if versions else 0
    return _readings(person, pk__in=[int(pk) for pk in report.basis] if report else [], codebook__number=newest)


_ROWS: Mapping[str, Callable[[User], Rows]] = {
    "week": lambda person: _handed_in(person, 7),
    "month": lambda person: _handed_in(person, 28),
    "all": _handed_in,
    "accepted": lambda person: _readings(person, state=ReadingState.ACCEPTED),
    "open": lambda person: _readings(person, state__in=[ReadingState.OPEN, ReadingState.RETURNED]),
    "late": _late,
    "returned": _returned,
    "compared": _compared,
}
