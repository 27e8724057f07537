"""A figure and its interval: texts are drawn again with replacement, since what one text holds hangs together."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Ratio = Callable[[Array], Array]
"""Weights (drawings × texts: how often each text was drawn) → one value a drawing, NaN where there is none."""

DRAWINGS = 1000
SEED = 2004
TAILS = (2.5, 97.5)


@dataclass(frozen=True, slots=True)
class Figure:
    """A measure's value (None: n/a) and its 95 % interval (None: fewer than two texts, or too often n/a).

    `count` is how many things were compared; what these are says the measure.
    """

    value: float | None
    low: float | None = None
    high: float | None = None
    count: int = 0


def figure(ratio: Ratio, *, texts: int, count: int) -> Figure:
    """The figure of a ratio over so many texts, with the percentile bootstrap over texts [Efron & Tibshirani 1993].

    The same texts in the same order give the same interval. Drawings in which the ratio is n/a are left out; when
    they are more than half, there is no interval.
    """
    value = _or_none(ratio(np.ones((1, texts)))[0]) if texts else None
    if value is None or texts < 2:
        return Figure(value, count=count)
    values = ratio(_drawings(texts))
    values = values[np.isfinite(values)]
    if len(values) * 2 < DRAWINGS:
        return Figure(value, count=count)
    low, high = np.percentile(values, TAILS)
    return Figure(value, float(low), float(high), count)


def divided(above: Array, below: Array) -> Array:
    """The quotient, NaN where nothing is below."""
    quotient: Array = np.divide(above, below, out=np.full(np.shape(above), np.nan), where=below > 0)
    return quotient


@lru_cache(maxsize=8)
def _drawings(texts: int) -> Array:
    drawn = np.random.default_rng(SEED).multinomial(texts, [1 / texts] * texts, size=DRAWINGS)
    return drawn.astype(np.float64)


def _or_none(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
