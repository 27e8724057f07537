"""Who goes with whom for the greatest weight of all: the assignment problem.

What is too much to try is solved by scipy's `linear_sum_assignment` [Crouse 2016, after Jonker and Volgenant].
"""

from collections.abc import Iterator, Sequence
from itertools import permutations
from math import perm

MOST_WAYS = 120
"""So many are tried one by one: two by eleven, five by five. More are left to scipy, which takes its time to load."""

Weights = Sequence[Sequence[int]]
Cell = tuple[int, int]


def heaviest_matching(weights: Weights) -> set[Cell]:
    """The cells of the greatest sum, one of each row and each column until either has no more.

    `weights` has as many columns in every row, at least one. Where sums are equal, the order of both decides.
    """
    rows, columns = len(weights), len(weights[0])
    if perm(max(rows, columns), min(rows, columns)) <= MOST_WAYS:
        return set(max(_ways(rows, columns), key=lambda way: sum(weights[row][column] for row, column in way)))
    from scipy.optimize import linear_sum_assignment  # noqa: PLC0415 - most texts never need it

    return {(int(row), int(column)) for row, column in zip(*linear_sum_assignment(weights, maximize=True), strict=True)}


def _ways(rows: int, columns: int) -> Iterator[list[Cell]]:
    if rows <= columns:
        yield from (list(enumerate(way)) for way in permutations(range(columns), rows))
    else:
        yield from ([(row, column) for column, row in enumerate(way)] for way in permutations(range(rows), columns))
