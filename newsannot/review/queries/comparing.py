"""The readings of a revision side by side: what was handed in, aligned and compared."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from newsannot.annotations.models import Annotation, Reading, ReadingState
from newsannot.annotations.queries import read_followed, read_records
from newsannot.annotations.rules import Record
from newsannot.review.rules.alignment import Coded, align
from newsannot.review.rules.comparison import Comparison, compared, places_of

HANDED_IN = (ReadingState.SUBMITTED, ReadingState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """The readings compared, in the order of their ids, and their items in the order of the text.

    `place_of` gives each annotation's index among the items.
    """

    readings: tuple[Reading, ...]
    items: tuple[Comparison, ...]
    place_of: dict[int, int]


def side_by_side(revision_id: int) -> SideBySide:
    """The analysts' readings of a revision that are handed in, compared; as many queries for five as for one.

    Those open or with their analyst again are nobody else's, and not among them; nor is the curated reading.
    """
    rows = Reading.objects.filter(revision=revision_id, reader__isnull=False, state__in=HANDED_IN)
    readings = tuple(rows.select_related("reader").order_by("pk"))
    items = align(coded_records(readings))
    place_of, ids = places_of(items), [reading.pk for reading in readings]
    return SideBySide(readings, tuple(compared(item, place_of, ids) for item in items), place_of)


def coded_records(readings: Iterable[Reading]) -> list[Coded]:
    """The standing records of readings as plain values; an actor that was merged is where it went."""
    return _coded(readings, read_followed)


def records_as_marked(readings: Iterable[Reading]) -> list[Coded]:
    """The same with the actors that they name."""
    return _coded(readings, read_records)


def _coded(readings: Iterable[Reading], read: Callable[[Iterable[Annotation]], dict[int, Record]]) -> list[Coded]:
    standing = Annotation.objects.standing().filter(reading__in=[reading.pk for reading in readings])
    rows = list(standing.only("kind", "reading_id"))
    records = read(rows)
    return [Coded(row.pk, row.reading_id, row.kind, records[row.pk]) for row in rows]
