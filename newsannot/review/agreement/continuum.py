"""The text that could be coded: what may not be (boilerplate) would pass for agreement to mark nothing there."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate

from newsannot.review.agreement.spans import Unit


class Continuum:
    """A text without some of its stretches, laid end to end; offsets are code points.

    The stretches do not overlap and lie within the text.
    """

    def __init__(self, text: str, without: Iterable[Unit] = ()) -> None:
        cuts = sorted(without)
        ends = [0, *(end for _, end in cuts)]
        starts = [*(start for start, _ in cuts), len(text)]
        self.text = "".join(text[end:start] for end, start in zip(ends, starts, strict=True))
        self._starts = [start for start, _ in cuts]
        self._ends = [end for _, end in cuts]
        self._gone = [0, *accumulate(end - start for start, end in cuts)]

    def at(self, offset: int) -> int:
        """Where an offset of the whole text lies in what is left; one within a cut lies at the cut."""
        cut = bisect_right(self._starts, offset)
        within = max(0, self._ends[cut - 1] - offset) if cut else 0
        return offset - self._gone[cut] + within

    def units(self, units: Iterable[Unit]) -> Sequence[Unit]:
        """Those stretches of which something is left, where they lie now."""
        moved = ((self.at(start), self.at(end)) for start, end in units)
        return [(start, end) for start, end in moved if start < end]
