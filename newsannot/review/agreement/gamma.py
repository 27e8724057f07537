"""Mathet's γ, which aligns and compares units at once: only where `pygamma-agreement` is installed.

It is an extra, since what it needs is heavy and it is slow: install requirements/gamma.txt.
"""

import logging
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import numpy as np

from newsannot.review.agreement.resampling import SEED, Array, Figure, divided, figure
from newsannot.review.agreement.spans import Unit, check_units

Marked = Mapping[str, Mapping[str, Sequence[Unit]]]
"""For each coder the stretches of each category."""
LARGEST = 10**9
"""Stretches stay below this; the library counts in seconds of sound, and we in code points."""


def has_gamma() -> bool:
    """Whether `pygamma-agreement` is installed."""
    return find_spec("pygamma_agreement") is not None


def mean_gamma(texts: Sequence[Marked]) -> Figure:
    """The mean γ of texts, each counting alike; `count` is those of which there is one. Seconds a text."""
    found = [gamma(coders) for coders in texts]
    table = np.array([(value or 0.0, value is not None) for value in found], dtype=np.float64).reshape(-1, 2)

    def ratio(weights: Array) -> Array:
        total, number = (weights @ table).T
        return divided(total, number)

    return figure(ratio, texts=len(texts), count=int(table[:, 1].sum()))


def gamma(coders: Marked) -> float | None:
    """γ [Mathet, Widlöcher & Métivier 2015] of one text.

    n/a when fewer than two coders marked anything: γ cannot stand for a coder without units. The chance it compares
    with is drawn at random, from a fixed seed. Raises ModuleNotFoundError without the library, ValueError for a
    stretch that is empty or reversed.
    """
    for layers in coders.values():
        for units in layers.values():
            check_units(units, LARGEST)
    if sum(any(layers.values()) for layers in coders.values()) < 2:
        return None
    return _computed(coders)


def _computed(coders: Marked) -> float:
    from pyannote.core import Segment  # noqa: PLC0415 - an extra
    from pygamma_agreement import CombinedCategoricalDissimilarity, Continuum  # noqa: PLC0415 - an extra

    continuum = Continuum()
    for coder, layers in coders.items():
        continuum.add_annotator(coder)
        for category, units in layers.items():
            for start, end in units:
                continuum.add(coder, Segment(start, end), category)
    before, level = np.random.get_state(), logging.root.manager.disable
    np.random.seed(SEED)  # what the library draws from
    logging.disable(logging.WARNING)
    try:
        return float(continuum.compute_gamma(CombinedCategoricalDissimilarity()).gamma)
    finally:
        logging.disable(level)
        np.random.set_state(before)
