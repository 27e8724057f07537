"""What waits for the editors: submitted readings, the oldest first, and the curated ones."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from newsannot.annotations.kinds import all_kinds
from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.core.keyset import Page, moment, number, page_of
from newsannot.workbench.queries.overview import Tally

PAGE_SIZE = 30
SUBMITTED_KEY = (("submitted_at", moment), ("id", number))
OPENED_KEY = (("opened_at", moment), ("id", number))
CLOSED_KEY = (("closed_at", moment), ("id", number))
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


def shelf_named(tab: str, state: str) -> Shelf:
    """The shelf of that tab and state; the first of the tab, or of all, when there is none."""
    of_tab = [shelf for shelf in SHELVES if shelf.tab == tab] or list(SHELVES)
    return next((shelf for shelf in of_tab if shelf.state == state), of_tab[0])


@dataclass(frozen=True, slots=True)
class QueueRow:
    """A reading as the queue shows it, with how many records of each kind it holds."""

    reading: Reading
    tallies: Sequence[Tally]


def readings_on(shelf: Shelf) -> QuerySet[Reading]:
    """The readings of a shelf with their article, source and analyst, without their texts."""
    readings = Reading.objects.filter(state=shelf.state, reader__isnull=shelf.tab == "curated")
    return readings.select_related("revision__article__source", "reader").defer(*NOT_SHOWN)


def queue_page(shelf: Shelf, query: Mapping[str, str]) -> tuple[Page[Reading], list[QueueRow]]:
    """One page of a shelf; two queries, however many rows."""
    page = page_of(readings_on(shelf), shelf.key, query, size=PAGE_SIZE, is_descending=shelf.is_descending)  # type: ignore[arg-type]
    tallies = _tallies_of(page.rows)
    return page, [QueueRow(reading, tallies[reading.pk]) for reading in page.rows]


def _tallies_of(readings: Iterable[Reading]) -> dict[int, list[Tally]]:
    pks = [reading.pk for reading in readings]
    rows = Annotation.objects.standing().filter(reading__in=pks).order_by().values_list("reading", "kind")
    counts = {(reading, kind): count for reading, kind, count in rows.annotate(Count("pk"))}
    return {pk: [Tally(kind, counts.get((pk, kind.name), 0)) for kind in all_kinds()] for pk in pks}


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
