"""Do coders cut the same units out of a text? Krippendorff's αU of the lengths and places of units.

As defined by Krippendorff (2004), “Measuring the Reliability of Qualitative Text Analysis Data”, Quality & Quantity
38, and in his “Content Analysis” of that year, ch. 11.6. A coder divides a continuum of length L into units of one
category and the gaps between them. Two units that overlap disagree by the squares of the distances of their starts
and of their ends; a unit that lies wholly in the other's gap disagrees by the square of its length. With m coders and
N units, and sums running over all units l and all gaps g of all coders,

    D_o = Σ δ² / (m (m - 1) L²)                     over ordered pairs of coders
    D_e = 2/L Σ_l [(N - 1)/3 (2l³ - 3l² + l) + l² Σ_(g ≥ l) (g - l + 1)] / (mL (mL - 1) - Σ_l l (l - 1))
    αU  = 1 - Σ D_o / Σ D_e                         over the categories

Ours besides: several texts are laid end to end and gaps end where texts do, since no unit can reach over; a text
weighs by its own number of coders, Σ δ² / (m - 1) being summed over texts, Σ mL standing for mL and Σ L for L.
Units of one coder in one category cannot overlap in this measure: those that do are first made one.

The book's example prints αU = 0.8591 because it divides figures rounded to four places; the exact value is 0.8587.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, compress

import numpy as np
import numpy.typing as npt

from newsannot.review.agreement.resampling import Array, Figure, divided, figure
from newsannot.review.agreement.spans import Unit, check_units


@dataclass(frozen=True, slots=True)
class UnitCount:
    """One text and category: its length, its coders, Σ δ² / (m - 1), and the lengths of all their units and gaps."""

    length: int
    coders: int
    disagreement: float
    units: tuple[int, ...]
    gaps: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Observed and expected disagreement of one category, one value a drawing."""

    observed: Array
    expected: Array


def count_units(length: int, coders: Sequence[Sequence[Unit]]) -> UnitCount:
    """Count one category in a text of so many code points as several coders unitized it, each `flattened`."""
    apart = sum(_apart(first, second) for first, second in combinations(coders, 2))
    return UnitCount(
        length=length,
        coders=len(coders),
        disagreement=2 * apart / (len(coders) - 1) if len(coders) > 1 else 0.0,
        units=tuple(end - start for units in coders for start, end in units),
        gaps=tuple(gap for units in coders for gap in _gaps(units, length)),
    )


def flattened(units: Sequence[Unit], length: int) -> list[Unit]:
    """Units in the order of the text, those that overlap made one; units that only touch stay apart.

    Raises ValueError for a unit that is empty, reversed or leaves the text of so many code points.
    """
    check_units(units, length)
    flat: list[Unit] = []
    for start, end in sorted(units):
        if flat and start < flat[-1][1]:
            flat[-1] = (flat[-1][0], max(flat[-1][1], end))
        else:
            flat.append((start, end))
    return flat


def _gaps(units: Sequence[Unit], length: int) -> Iterable[int]:
    at = 0
    for start, end in units:
        if start > at:
            yield start - at
        at = end
    if length > at:
        yield length - at


def _apart(first: Sequence[Unit], second: Sequence[Unit]) -> int:
    """Σ δ² of two coders: of overlapping units, and of each unit that lies in a gap of the other. One sweep."""
    apart, lonely = 0, [[True] * len(first), [True] * len(second)]
    at = to = 0
    while at < len(first) and to < len(second):
        (start, end), (begin, stop) = first[at], second[to]
        if start < stop and begin < end:
            apart += (start - begin) ** 2 + (end - stop) ** 2
            lonely[0][at] = lonely[1][to] = False
        if end <= stop:
            at += 1
        else:
            to += 1
    alone = (compress(units, alone) for units, alone in zip((first, second), lonely, strict=True))
    return apart + sum((end - start) ** 2 for units in alone for start, end in units)


def disagreement(texts: Sequence[UnitCount], weights: Array) -> Disagreement:
    """D_o and D_e of one category over texts drawn so often (`weights`, drawings × texts); NaN without a text."""
    sums = np.array(
        [(t.length * t.coders, t.length, t.disagreement, sum(unit * (unit - 1) for unit in t.units)) for t in texts],
        dtype=np.float64,
    ).reshape(-1, 4)
    found, places, lengths = _by_length(texts)
    drawn = weights @ np.hstack([sums, found, places])
    total, length, apart, within = drawn[:, :4].T
    units, room = np.hsplit(drawn[:, 4:], 2)
    among = ((units.sum(axis=1) - 1) / 3) * (units @ (2 * lengths**3 - 3 * lengths**2 + lengths))
    chance = among + (units * room) @ lengths**2
    return Disagreement(divided(apart, total * length), divided(2 * chance, length * (total * (total - 1) - within)))


def _by_length(texts: Sequence[UnitCount]) -> tuple[Array, Array, Array]:
    """Texts × distinct lengths of units: the units so long, the places that gaps leave for such a unit; the lengths."""
    units, unit_rows = _in_rows([text.units for text in texts])
    gaps, gap_rows = _in_rows([text.gaps for text in texts])
    lengths = np.unique(units)
    shape = (len(texts), len(lengths))
    # a gap has room for all lengths up to its own: it is counted at the greatest of these, then at each below
    fitting = np.searchsorted(lengths, gaps, side="right") - 1
    fits = fitting >= 0
    number, total = (
        np.cumsum(_sums(shape, gap_rows[fits], fitting[fits], sizes)[:, ::-1], axis=1)[:, ::-1]
        for sizes in (None, gaps[fits])
    )
    found = _sums(shape, unit_rows, np.searchsorted(lengths, units))
    return found, total - number * (lengths - 1), lengths


def _in_rows(texts: Sequence[Sequence[int]]) -> tuple[Array, npt.NDArray[np.int64]]:
    """All lengths one after the other, and the row of each one's text."""
    lengths = np.array([one for text in texts for one in text], dtype=np.float64)
    return lengths, np.repeat(np.arange(len(texts)), [len(text) for text in texts])


def _sums(
    shape: tuple[int, int], rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64], weights: Array | None = None
) -> Array:
    """A table in whose cells the weights add up, or how often each is named."""
    flat = np.bincount(rows * shape[1] + columns, weights, minlength=shape[0] * shape[1])
    return flat.reshape(shape).astype(np.float64)


def alpha_u(*categories: Sequence[UnitCount]) -> Figure:
    """αU of one category, or of several together (the same texts in the same order); `count` is units of all coders.

    n/a when nobody marked a unit, or fewer than two coders read; texts of a single coder are left out. Raises
    ValueError when the categories are not counted over the same texts.
    """
    if len({tuple((one.length, one.coders) for one in texts) for texts in categories}) > 1:
        raise ValueError("The categories are not of the same texts.")
    kept = [[one for one in texts if one.coders > 1] for texts in categories]

    def ratio(weights: Array) -> Array:
        each = [disagreement(texts, weights) for texts in kept]
        return 1 - divided(sum_of(one.observed for one in each), sum_of(one.expected for one in each))

    count = sum(len(one.units) for texts in kept for one in texts)
    return figure(ratio, texts=len(kept[0]) if kept and count else 0, count=count)


def sum_of(arrays: Iterable[Array]) -> Array:
    """Their sum, one value a drawing."""
    total: Array = np.sum(list(arrays), axis=0)
    return total
