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
from itertools import combinations

import numpy as np
import numpy.typing as npt

from newsannot.review.agreement.resampling import Array, Figure, divided, figure
from newsannot.review.agreement.spans import Unit, check_units

Units = npt.NDArray[np.int64]
"""Starts and ends (n × 2), in the order of the text, none overlapping another."""


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


def count_units(length: int, coders: Sequence[Units]) -> UnitCount:
    """Count one category in a text of so many code points as several coders unitized it, each `flattened`."""
    apart = sum(_apart(first, second) for first, second in combinations(coders, 2))
    return UnitCount(
        length=length,
        coders=len(coders),
        disagreement=2 * apart / (len(coders) - 1) if len(coders) > 1 else 0.0,
        units=tuple(end - start for units in coders for start, end in units.tolist()),
        gaps=tuple(gap for units in coders for gap in _gaps(units, length)),
    )


def flattened(units: Sequence[Unit], length: int) -> Units:
    """Units in order of the text (n × 2), those that overlap made one; units that only touch stay apart.

    Raises ValueError for a unit that is empty, reversed or leaves the text of so many code points.
    """
    check_units(units, length)
    flat: list[list[int]] = []
    for start, end in sorted(units):
        if flat and start < flat[-1][1]:
            flat[-1][1] = max(flat[-1][1], end)
        else:
            flat.append([start, end])
    return np.array(flat, dtype=np.int64).reshape(-1, 2)


def _gaps(units: Units, length: int) -> Iterable[int]:
    starts, ends = units.T.tolist()
    gaps = (start - end for end, start in zip([0, *ends], [*starts, length], strict=True))
    return (gap for gap in gaps if gap > 0)


def _apart(first: Units, second: Units) -> int:
    """Σ δ² of two coders: of overlapping units, and of each unit that lies in a gap of the other."""
    if not len(first) or not len(second):
        return int(((first[:, 1] - first[:, 0]) ** 2).sum() + ((second[:, 1] - second[:, 0]) ** 2).sum())
    lowest = np.searchsorted(second[:, 1], first[:, 0], side="right")
    highest = np.searchsorted(second[:, 0], first[:, 1], side="left")
    overlaps = highest - lowest
    left = np.repeat(np.arange(len(first)), overlaps)
    right = np.arange(len(left)) - np.repeat(np.cumsum(overlaps) - overlaps, overlaps) + np.repeat(lowest, overlaps)
    lonely = np.bincount(right, minlength=len(second)) == 0
    shifted = ((first[left] - second[right]) ** 2).sum()
    alone = ((first[overlaps == 0] @ [-1, 1]) ** 2).sum() + ((second[lonely] @ [-1, 1]) ** 2).sum()
    return int(shifted + alone)


def disagreement(texts: Sequence[UnitCount], weights: Array) -> Disagreement:
    """D_o and D_e of one category over texts drawn so often (`weights`, drawings × texts); NaN without a text."""
    paired = np.array([one.length * one.coders for one in texts], dtype=np.float64)
    total, length = weights @ paired, weights @ np.array([one.length for one in texts], dtype=np.float64)
    observed = divided(weights @ np.array([one.disagreement for one in texts]), total * length)
    within = weights @ np.array([sum(l * (l - 1) for l in one.units) for one in texts], dtype=np.float64)  # noqa: E741
    expected = divided(2 * _chance(texts, weights), length * (total * (total - 1) - within))
    return Disagreement(observed, expected)


def _chance(texts: Sequence[UnitCount], weights: Array) -> Array:
    """The sum over units in D_e, for each drawing.

    By distinct lengths of units: their squares on one side, on the other the places that gaps leave for such a unit.
    """
    units, unit_rows = _in_rows([text.units for text in texts])
    gaps, gap_rows = _in_rows([text.gaps for text in texts])
    lengths = np.unique(units)
    shape = (len(texts), len(lengths))
    found = _sums(shape, unit_rows, np.searchsorted(lengths, units))
    # a gap has room for all lengths up to its own: it is counted at the greatest of these, then at each below
    fitting = np.searchsorted(lengths, gaps, side="right") - 1
    fits = fitting >= 0
    number, total = (
        np.cumsum(_sums(shape, gap_rows[fits], fitting[fits], sizes)[:, ::-1], axis=1)[:, ::-1]
        for sizes in (None, gaps[fits])
    )
    places = total - number * (lengths - 1)
    drawn, room = weights @ found, weights @ places
    among = ((drawn.sum(axis=1) - 1) / 3) * (drawn @ (2 * lengths**3 - 3 * lengths**2 + lengths))
    return np.asarray(among + (drawn * room) @ lengths**2)


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
