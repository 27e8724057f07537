"""Do coders choose the same of several values? Krippendorff's α for nominal values and Fleiss' κ, any number of coders.

A unit is whatever is given a value: an item, a token. Its values are those of the coders who gave it one; a unit
with fewer than two says nothing. Both measures are n/a when only one value was ever used: without variation nobody
can tell agreement from habit.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import numpy.typing as npt

from newsannot.review.agreement.resampling import Array, Figure, divided, figure


@dataclass(frozen=True, slots=True)
class ValueCount:
    """What the units of one text add up to.

    `units` have two values or more. `coinciding` is the diagonal of Krippendorff's coincidence matrix: of each unit,
    the ordered pairs of like values, divided by its values less one. `agreeing` is of each unit the share of its
    pairs that are alike, summed. `values` says how often each value was given in these units.
    """

    units: int
    coinciding: float
    agreeing: float
    values: Mapping[Hashable, int]

    def __add__(self, other: "ValueCount") -> "ValueCount":
        values = Counter(self.values)
        values.update(other.values)
        return ValueCount(
            self.units + other.units, self.coinciding + other.coinciding, self.agreeing + other.agreeing, values
        )


def count_values(units: Iterable[Sequence[Hashable]]) -> ValueCount:
    """Count units, each as the values its coders gave it."""
    number, coinciding, agreeing = 0, 0.0, 0.0
    values: dict[Hashable, int] = {}
    for given in units:
        size = len(given)
        if size < 2:
            continue
        alike = sum(given.count(value) for value in given) - size
        number += 1
        coinciding += alike / (size - 1)
        agreeing += alike / (size * (size - 1))
        for value in given:
            values[value] = values.get(value, 0) + 1
    return ValueCount(number, coinciding, agreeing, values)


def count_labels(labels: npt.NDArray[np.int64]) -> ValueCount:
    """Count units labelled by all of the same coders: `labels` (coders × units), small whole numbers from 0 on."""
    coders, units = labels.shape
    if coders < 2 or not units:
        return ValueCount(0, 0.0, 0.0, {})
    alike = 2 * sum(int((one == other).sum()) for one, other in combinations(labels, 2))
    given = np.bincount(labels.ravel()).tolist()
    values: dict[Hashable, int] = {value: count for value, count in enumerate(given) if count}
    return ValueCount(units, alike / (coders - 1), alike / (coders * (coders - 1)), values)


def alpha(texts: Sequence[ValueCount]) -> Figure:
    """Krippendorff's α for nominal values; `count` is units with two values or more.

    α = 1 - (n - 1) × (n - Σ o_cc) / (n² - Σ n_c²), where n_c counts value c in pairable units, n all of them, and o_cc
    is the diagonal of the coincidence matrix [Krippendorff 2011, “Computing Krippendorff's Alpha-Reliability”, C].
    """
    table, lonely = _table(texts)
    table = np.column_stack([table, [one.coinciding for one in texts]])

    def ratio(weights: Array) -> Array:
        drawn = weights @ table
        total, coinciding = drawn[:, 0], drawn[:, -1]
        squares = (drawn[:, 1:-1] ** 2).sum(axis=1) + weights**2 @ lonely
        return 1 - divided((total - coinciding) * (total - 1), total**2 - squares)

    return figure(ratio, texts=len(texts), count=sum(one.units for one in texts))


def fleiss_kappa(texts: Sequence[ValueCount]) -> Figure:
    """Fleiss' κ; `count` is units with two values or more.

    As published [Fleiss 1971] when all units have equally many values; otherwise each unit's agreement is the share
    of its own pairs, and chance is taken from all values together.
    """
    table, lonely = _table(texts)
    table = np.column_stack([table, [one.agreeing for one in texts], [one.units for one in texts]])

    def ratio(weights: Array) -> Array:
        drawn = weights @ table
        total, agreeing, units = drawn[:, 0], drawn[:, -2], drawn[:, -1]
        squares = (drawn[:, 1:-2] ** 2).sum(axis=1) + weights**2 @ lonely
        return beyond_chance(divided(agreeing, units), divided(squares, total**2))

    return figure(ratio, texts=len(texts), count=sum(one.units for one in texts))


def beyond_chance(observed: Array, chance: Array) -> Array:
    """κ: how much of what chance leaves was agreed; NaN where chance leaves nothing but what rounding makes."""
    left = 1 - chance
    return divided(observed - chance, np.where(left > 1e-12, left, 0.0))


def _table(texts: Sequence[ValueCount]) -> tuple[Array, Array]:
    """Texts × values: all given, then how often each that several texts know; and the squares of what only one knows.

    Which record another names is known to one text only, and there are thousands of these.
    """
    within = Counter(value for one in texts for value in one.values)
    known = {value: at for at, value in enumerate((v for v, number in within.items() if number > 1), start=1)}
    table, lonely = np.zeros((len(texts), len(known) + 1)), np.zeros(len(texts))
    for row, one in enumerate(texts):
        for value, count in one.values.items():
            table[row, 0] += count
            if value in known:
                table[row, known[value]] = count
            else:
                lonely[row] += count**2
    return table, lonely
