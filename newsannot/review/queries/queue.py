"""What waits for the editors: submitted readings, the oldest first, and the curated ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.kinds import all_kinds
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.core.keyset import Page, moment, number, page_of
from newsannot.core.numbers import number_in
from newsannot.review.models import Adjudication, Assignment, Dispute
from newsannot.workbench.queries.overview import Tally

PAGE_SIZE = 30
SUBMITTED_KEY = (("submitted_at", moment), ("id", number))
OPENED_KEY = (("opened_at", moment), ("id", number))
CLOSED_KEY = (("closed_at", moment), ("id", number))
WITHOUT_DUE = datetime(9999, 12, 31, tzinfo=UTC)
"""Stands for the due date of what has none: it comes last."""
NOT_SHOWN = ("revision__text", "revision__raw", "revision__search", "revision__block_starts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Readings in one state: where they are found, how they are called and in which order they lie."""

    tab: str
    state: ReadingState
    label: str
    key: tuple[tuple[str, object], ...]
    is_descending: bool
    empty: str


SHELVES = (
    Shelf(
        tab="readings",
        state=ReadingState.SUBMITTED,
        label="Submitted",
        key=SUBMITTED_KEY,
        is_descending=False,
        empty="Nothing waits for review",
    ),
    Shelf(
        tab="readings",
        state=ReadingState.RETURNED,
        label="Returned",
        key=SUBMITTED_KEY,
        is_descending=True,
        empty="Nothing is with its analyst again",
    ),
    Shelf(
        tab="readings",
        state=ReadingState.ACCEPTED,
        label="Accepted",
        key=SUBMITTED_KEY,
        is_descending=True,
        empty="Nothing was accepted yet",
    ),
    Shelf(
        tab="curated",
        state=ReadingState.OPEN,
        label="To publish",
        key=OPENED_KEY,
        is_descending=False,
        empty="Nothing waits to be published",
    ),
    Shelf(
        tab="curated",
        state=ReadingState.PUBLISHED,
        label="Published",
        key=CLOSED_KEY,
        is_descending=True,
        empty="Nothing is published yet",
    ),
    Shelf(
        tab="curated",
        state=ReadingState.WITHDRAWN,
        label="Withdrawn",
        key=CLOSED_KEY,
        is_descending=True,
        empty="Nothing was withdrawn",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A way to lay the analysts' readings out: its name in addresses, what it is called, and by what it goes."""

    name: str
    label: str
    key: tuple[tuple[str, object], ...]
    is_descending: bool = False


def _whole(value: Any) -> int:
    """Reads a count back; raises ValueError for what is none."""
    if not isinstance(value, int) or abs(value) >= 2**31:
        raise ValueError("no count")
    return value


ORDERS = (
    Order(name="differing", label="Most disagreement", key=(("differing", _whole), ("id", number)), is_descending=True),
    Order(name="due", label="Due first", key=(("due", moment), ("id", number))),
)
"""Besides age, in which a shelf lies by itself."""
FILTERS = {
    "": "All",
    "differing": "In dispute",
    "alike": "Nothing in dispute",
    "alone": "Not compared",
    "late": "Past due",
}
"""Which of the analysts' readings are shown, by what an address says."""


def shelf_named(tab: str, state: str) -> Shelf:
    """The shelf of that tab and state; the first of the tab, or of all, when there is none."""
    of_tab = [shelf for shelf in SHELVES if shelf.tab == tab] or list(SHELVES)
    return next((shelf for shelf in of_tab if shelf.state == state), of_tab[0])


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A reading as the queue shows it, with how many records of each kind it holds."""

    reading: Reading
    tallies: Sequence[Tally]

    @property
    def due(self) -> datetime | None:
        """When its analyst was to hand it in, if anybody said so."""
        at: datetime = getattr(self.reading, "due", WITHOUT_DUE)
        return None if at == WITHOUT_DUE else at


def readings_on(shelf: Shelf) -> QuerySet[Reading]:
    """The readings of a shelf with their article, source and analyst, without their texts."""
    readings = Reading.objects.filter(state=shelf.state, reader__isnull=shelf.tab == "curated")
    return readings.select_related("revision__article__source", "reader").defer(*NOT_SHOWN)


def queue_page(shelf: Shelf, query: Mapping[str, str]) -> tuple[Page[Reading], list[QueueRow]]:
    """One page of a shelf, in the order and of the sort that the query names; two queries, however many rows."""
    order: Order | Shelf = order_named(query.get("order", "")) or shelf
    rows = readings_on(shelf)
    if shelf.tab == "readings":
        rows = _narrowed(measured(rows), query)
    else:
        order = shelf
    page = page_of(rows, order.key, query, size=PAGE_SIZE, is_descending=order.is_descending)  # type: ignore[arg-type]
    tallies = _tallies_of(page.rows)
    return page, [QueueRow(reading, tallies[reading.pk]) for reading in page.rows]


def order_named(name: str) -> Order | None:
    """The order of that name; None is by age."""
    return next((order for order in ORDERS if order.name == name), None)


def measured(rows: QuerySet[Reading]) -> QuerySet[Reading]:
    """Readings with when they are `due` and what is in dispute of their text.

    `differing` are the undecided questions once readings of it were compared, else the things that readings tell
    otherwise as the worker counted them, -1 where it did not; `things` are all things it found.
    """
    undecided = Dispute.objects.undecided().filter(curated__reading__revision=OuterRef("revision")).order_by()
    counted = undecided.values("curated__reading__revision").annotate(number=Count("pk")).values("number")
    return rows.annotate(
        due=Coalesce(Subquery(Assignment.objects.filter(reading=OuterRef("pk")).values("due_at")[:1]), WITHOUT_DUE),
        is_ruled_on=Exists(Adjudication.objects.filter(curated__revision=OuterRef("revision"))),
        things=F("revision__divergence__things"),
        differing=Case(
            When(is_ruled_on=True, then=Coalesce(Subquery(counted), 0)),
            default=Coalesce(F("revision__divergence__differing"), -1, output_field=IntegerField()),
            output_field=IntegerField(),
        ),
    )


def _narrowed(rows: QuerySet[Reading], query: Mapping[str, str]) -> QuerySet[Reading]:
    """Those of the analyst and of the sort that a query names."""
    narrowings = {
        "differing": Q(differing__gt=0),
        "alike": Q(differing=0),
        "alone": Q(differing=-1),
        "late": Q(due__lt=timezone.now()),
    }
    if (analyst := number_in(query.get("analyst", ""))) is not None:
        rows = rows.filter(reader=analyst)
    return rows.filter(narrowings.get(query.get("only", ""), Q()))


def _tallies_of(readings: Iterable[Reading]) -> dict[int, list[Tally]]:
    pks = [reading.pk for reading in readings]
    rows = Annotation.objects.standing().filter(reading__in=pks).order_by().values_list("reading", "kind")
    counts = {(reading, kind): count for reading, kind, count in rows.annotate(Count("pk"))}
    return {pk: [Tally(kind, counts.get((pk, kind.name), 0)) for kind in all_kinds()] for pk in pks}


def readers_on(shelf: Shelf) -> list[tuple[int, str]]:
    """The analysts with readings on a shelf, by name; one query."""
    readers = User.objects.filter(readings__state=shelf.state).distinct()
    return sorted(((user.pk, user.label) for user in readers), key=lambda one: one[1].casefold())


def shelf_counts() -> dict[tuple[str, str], int]:
    """How many readings lie on each shelf: (tab, state) → number; one query."""
    marked = Reading.objects.order_by().annotate(without_reader=Q(reader=None))
    rows = marked.values_list("state", "without_reader").annotate(Count("pk"))
    counts = {("curated" if is_curated else "readings", state): count for state, is_curated, count in rows}
    return {(shelf.tab, shelf.state): counts.get((shelf.tab, shelf.state), 0) for shelf in SHELVES}


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The submitted readings before and after one in the queue, by id."""

    previous: int | None
    next: int | None


def neighbours(reading: Reading) -> Neighbours:
    """Whose turn it was before and is after this reading; of one not in the queue, the oldest is next."""
    waiting = Reading.objects.filter(state=ReadingState.SUBMITTED, reader__isnull=False)
    if reading.state != ReadingState.SUBMITTED or reading.submitted_at is None:
        return Neighbours(None, waiting.order_by("submitted_at", "pk").values_list("pk", flat=True).first())
    at, pk = reading.submitted_at, reading.pk
    before = waiting.filter(Q(submitted_at__lt=at) | Q(submitted_at=at, pk__lt=pk)).order_by("-submitted_at", "-pk")
    after = waiting.filter(Q(submitted_at__gt=at) | Q(submitted_at=at, pk__gt=pk)).order_by("submitted_at", "pk")
    return Neighbours(before.values_list("pk", flat=True).first(), after.values_list("pk", flat=True).first())
