"""The heaviest matching: tried out where there are few ways, left to scipy where there are many."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from newsannot.review.rules.matching import heaviest_matching


@st.composite
def tables(draw: st.DrawFn, most: int) -> list[list[int]]:
    columns = draw(st.integers(1, most))
    row = st.lists(st.integers(0, 9), min_size=columns, max_size=columns)
    return draw(st.lists(row, min_size=1, max_size=most))


@pytest.mark.parametrize(
    ("weights", "cells"),
    [
        ([[3]], {(0, 0)}),
        ([[1, 5, 2]], {(0, 1)}),
        ([[1], [5], [2]], {(1, 0)}),
        ([[9, 8], [8, 0]], {(0, 1), (1, 0)}),
        ([[9, 4], [4, 0]], {(0, 0), (1, 1)}),
        ([[1, 1], [1, 1]], {(0, 0), (1, 1)}),
    ],
)
def test_the_greatest_sum_wins_and_among_equals_the_first(
    weights: list[list[int]], cells: set[tuple[int, int]]
) -> None:
    assert heaviest_matching(weights) == cells


@settings(deadline=None)
@given(tables(7))
def test_it_weighs_what_scipy_finds_and_takes_each_row_and_column_once(weights: list[list[int]]) -> None:
    cells = heaviest_matching(weights)
    rows, columns = {row for row, _ in cells}, {column for _, column in cells}
    assert len(rows) == len(columns) == len(cells) == min(len(weights), len(weights[0]))
    best = zip(*linear_sum_assignment(weights, maximize=True), strict=True)
    assert sum(weights[row][column] for row, column in cells) == sum(weights[row][column] for row, column in best)


LOADED = """
import sys
from newsannot.review.rules.matching import heaviest_matching
heaviest_matching([[1] * {columns}] * {rows})
print("scipy" in sys.modules)
"""


@pytest.mark.parametrize(("rows", "columns", "is_loaded"), [(1, 120, False), (5, 5, False), (6, 5, True)])
def test_scipy_is_loaded_only_where_there_are_many_ways(rows: int, columns: int, is_loaded: bool) -> None:
    program = LOADED.format(rows=rows, columns=columns)
    answer = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout == f"{is_loaded}\n"
