"""Which value of the one coder stands against which of the other? Confusion tables and Cohen's κ, of two coders."""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from newsannot.review.agreement.nominal import beyond_chance
from newsannot.review.agreement.resampling import Array, Figure, divided, figure

ABSENT: Final = "(absent)"
"""Stands for the value of a coder who did not mark the item at all."""

Pairs = Mapping[tuple[Hashable, Hashable], int]
"""How often each value of the first coder stands against each of the second."""


def count_pairs(pairs: Iterable[tuple[Hashable, Hashable]]) -> Counter[tuple[Hashable, Hashable]]:
    """Count the pairs of one text; a side that did not mark the item is ABSENT."""
    return Counter(pair for pair in pairs if pair != (ABSENT, ABSENT))


def confusion(texts: Iterable[Pairs]) -> Counter[tuple[Hashable, Hashable]]:
    """The table of all texts together."""
    table = Counter[tuple[Hashable, Hashable]]()
    for one in texts:
        table.update(one)
    return table


def cohen_kappa(texts: Sequence[Pairs]) -> Figure:
    """Cohen's κ [1960] over items that both coders marked; `count` is those items.

    n/a without such items, and when both coders gave one and the same value throughout.
    """
    marked = [{pair: count for pair, count in one.items() if ABSENT not in pair} for one in texts]
    within = Counter(value for one in marked for value in {value for pair in one for value in pair})
    known = {value: at for at, value in enumerate(value for value, number in within.items() if number > 1)}
    width = len(known)
    table, lonely = np.zeros((len(texts), 2 * width + 2)), np.zeros(len(texts))
    for row, one in enumerate(marked):
        sides = Counter[Hashable](), Counter[Hashable]()
        for pair, count in one.items():
            table[row, -2] += count
            table[row, -1] += count * (pair[0] == pair[1])
            for side, value in zip(sides, pair, strict=True):
                side[value] += count
        for at, side in enumerate(sides):
            for value in side.keys() & known.keys():
                table[row, known[value] + at * width] = side[value]
        lonely[row] = sum(count * sides[1][value] for value, count in sides[0].items() if value not in known)

    def ratio(weights: Array) -> Array:
        drawn = weights @ table
        lefts, rights, total, agreed = drawn[:, :width], drawn[:, width:-2], drawn[:, -2], drawn[:, -1]
        chance = divided((lefts * rights).sum(axis=1) + weights**2 @ lonely, total**2)
        return beyond_chance(divided(agreed, total), chance)

    return figure(ratio, texts=len(texts), count=sum(sum(one.values()) for one in marked))
