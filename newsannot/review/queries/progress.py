"""Who has read a text, whose reading is in, and whether they were compared."""

from collections.abc import Sequence
from dataclasses import dataclass

from newsannot.annotations.models import Reading, ReadingState
from newsannot.articles.models import Revision
from newsannot.review.models import Adjudication
from newsannot.review.queries.comparing import HANDED_IN


@dataclass(frozen=True, slots=True)
class Progress:
    """The analysts' readings of a revision: those in and those under way; and the adjudication, once there is one.

    `late` came in after they were compared, or were changed since.
    """

    readings: Sequence[Reading]
    adjudication: Adjudication | None
    merged: frozenset[int]

    @property
    def handed_in(self) -> Sequence[Reading]:
        """Those an editor may see."""
        return [reading for reading in self.readings if reading.state in HANDED_IN]

    @property
    def under_way(self) -> Sequence[Reading]:
        """Those that their analysts still work on."""
        return [reading for reading in self.readings if reading.state not in HANDED_IN]

    @property
    def late(self) -> Sequence[Reading]:
        """Those handed in since the readings were compared."""
        adjudication = self.adjudication
        if adjudication is None:
            return []
        return [
            reading
            for reading in self.handed_in
            if reading.pk not in self.merged or adjudication.is_older_than(reading)
        ]

    @property
    def is_finished(self) -> bool:
        """Whether all that were compared are accepted."""
        compared = [reading for reading in self.readings if reading.pk in self.merged]
        return bool(compared) and all(reading.state == ReadingState.ACCEPTED for reading in compared)


def progress_of(revision: Revision) -> Progress:
    """How far a revision's readings are; three queries."""
    readings = list(
        Reading.objects.filter(revision=revision, reader__isnull=False).select_related("reader").order_by("pk")
    )
    found = Adjudication.objects.filter(curated__revision=revision).select_related("curated", "merged_by").first()
    merged = frozenset(found.merged.values_list("pk", flat=True)) if found else frozenset[int]()
    return Progress(readings, found, merged)


def handed_in_count(revision_id: int) -> int:
    """How many analysts' readings of a revision are in."""
    return Reading.objects.filter(revision=revision_id, reader__isnull=False, state__in=HANDED_IN).count()
