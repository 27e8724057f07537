"""Do two coders mark the same stretches? Precision, recall and F1 of spans, exact and by overlap."""

import heapq
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from newsannot.review.agreement.resampling import Array, Figure, divided, figure

Unit = tuple[int, int]
"""Start and end of a stretch, in code points, half-open."""


@dataclass(frozen=True, slots=True)
class SpanCount:
    """How many stretches the first and the second coder marked, and how many both."""

    both: int
    first: int
    second: int

    def __add__(self, other: "SpanCount") -> "SpanCount":
        return SpanCount(self.both + other.both, self.first + other.first, self.second + other.second)

    @property
    def precision(self) -> float | None:
        """The share of the second coder's stretches that the first has too; None when the second marked none."""
        return self.both / self.second if self.second else None

    @property
    def recall(self) -> float | None:
        """The share of the first coder's stretches that the second has too; None when the first marked none."""
        return self.both / self.first if self.first else None

    @property
    def f1(self) -> float | None:
        """Their harmonic mean, 2 × both / (first + second): alike whoever is first; None when nobody marked any."""
        return 2 * self.both / (self.first + self.second) if self.first or self.second else None


def count_exact(first: Sequence[Unit], second: Sequence[Unit]) -> SpanCount:
    """Stretches with the same start and end, one to one. Raises ValueError for one that is empty or reversed."""
    check_units(first)
    check_units(second)
    return SpanCount((Counter(first) & Counter(second)).total(), len(first), len(second))


def count_overlapping(first: Sequence[Unit], second: Sequence[Unit]) -> SpanCount:
    """Stretches that share at least one code point, matched one to one, as many as can be.

    Raises ValueError for a stretch that is empty or reversed.
    """
    check_units(first)
    check_units(second)
    return SpanCount(_matched(first, second), len(first), len(second))


def _matched(first: Sequence[Unit], second: Sequence[Unit]) -> int:
    """The size of the largest matching of overlapping stretches, in O(n log n).

    The stretch that ends first takes, of those it overlaps, the one that ends first: all of these reach beyond its
    last code point, so the one that ends first overlaps nothing that the others do not.
    """
    by_start = [sorted(units) for units in (first, second)]
    entered = [0, 0]
    waiting: list[list[tuple[int, int]]] = [[], []]
    taken: list[set[int]] = [set(), set()]
    matched = 0
    ends = sorted((unit[1], side, at) for side in (0, 1) for at, unit in enumerate(by_start[side]))
    for end, side, at in ends:
        other = 1 - side
        if at in taken[side]:
            continue
        taken[side].add(at)
        while entered[other] < len(by_start[other]) and by_start[other][entered[other]][0] < end:
            heapq.heappush(waiting[other], (by_start[other][entered[other]][1], entered[other]))
            entered[other] += 1
        while waiting[other] and waiting[other][0][1] in taken[other]:
            heapq.heappop(waiting[other])
        if waiting[other]:
            taken[other].add(heapq.heappop(waiting[other])[1])
            matched += 1
    return matched


def span_f1(texts: Sequence[SpanCount]) -> Figure:
    """F1 over all texts together, each stretch counting alike; `count` is stretches of both coders.

    n/a when nobody marked any: two coders who both mark nothing do not thereby agree on where things are.
    """
    table: Array = np.array([(one.both, one.first, one.second) for one in texts], dtype=np.float64).reshape(-1, 3)

    def ratio(weights: Array) -> Array:
        both, first, second = (weights @ table).T
        return divided(2 * both, first + second)

    return figure(ratio, texts=len(texts), count=int(table[:, 1:].sum()))


def check_units(units: Sequence[Unit], length: int | None = None) -> None:
    """Refuse, with ValueError, a stretch that is empty, reversed or not within the text."""
    for start, end in units:
        if not 0 <= start < end or (length is not None and end > length):
            raise ValueError(f"{start}–{end} is no stretch of the text.")
