"""Krippendorff's αU: his example, the formula written out, properties, and what is n/a."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.review.agreement import unitizing
from newsannot.review.agreement.resampling import Array, Figure
from newsannot.review.agreement.unitizing import UnitCount, alpha_u, disagreement, flattened

# Krippendorff (2004): observers i and j on the continuum from 150 to 450, units as start and length.
BEGIN, LENGTH = 150, 300
EXAMPLE = {
    "c": ([(225, 70), (370, 30)], [(220, 80), (355, 20), (400, 20)]),
    "k": ([(180, 60), (300, 50)], [(180, 60), (300, 50)]),
}

Units = list[tuple[int, int]]


def count_units(length: int, coders: list[Units]) -> UnitCount:
    return unitizing.count_units(length, [flattened(units, length) for units in coders])


def in_example(category: str) -> UnitCount:
    return count_units(
        LENGTH,
        [[(start - BEGIN, start - BEGIN + length) for start, length in units] for units in EXAMPLE[category]],
    )


def one(values: Array) -> float:
    return float(values[0])


def test_the_disagreements_of_the_example_are_those_printed():
    c, k = (disagreement([in_example(category)], [[1.0]]) for category in "ck")
    assert round(one(c.observed), 4) == 0.0144
    assert round(one(c.expected), 4) == 0.0532
    assert one(k.observed) == 0
    assert round(one(k.expected), 4) == 0.0490


def test_the_example_gives_the_printed_figures():
    c, k = in_example("c"), in_example("k")
    assert round(alpha_u([c]).value, 4) == 0.7286
    assert alpha_u([k]).value == 1.0
    # printed is 0.8591, the quotient of figures rounded to four places
    rounded = [disagreement([each], [[1.0]]) for each in (c, k)]
    observed = sum(round(one(each.observed), 4) for each in rounded)
    expected = sum(round(one(each.expected), 4) for each in rounded)
    assert round(1 - observed / expected, 4) == 0.8591
    assert round(alpha_u([c], [k]).value, 4) == 0.8587
    assert alpha_u([c], [k]).count == 9


def sections(units: Units, length: int) -> list[tuple[int, int, bool]]:
    """Units and gaps as start, length, whether a unit."""
    found, at = [], 0
    for start, end in sorted(units):
        found += [(at, start - at, False)] if start > at else []
        found.append((start, end - start, True))
        at = end
    return found + ([(at, length - at, False)] if at < length else [])


def apart(one: tuple[int, int, bool], other: tuple[int, int, bool]) -> int:
    (start, size, is_unit), (begin, room, is_other) = one, other
    if is_unit and is_other and -size < start - begin < room:
        return (start - begin) ** 2 + (start + size - begin - room) ** 2
    if is_unit and not is_other and room - size >= start - begin >= 0:
        return size**2
    if is_other and not is_unit and size - room >= begin - start >= 0:
        return room**2
    return 0


def written_out(coders: list[Units], length: int) -> float | None:
    """αU of one text and category, by the sums as they stand in the paper."""
    m = len(coders)
    every = [sections(units, length) for units in coders]
    pairs = [(g, h) for i, j in permutations(range(m), 2) for g in every[i] for h in every[j]]
    observed = sum(apart(g, h) for g, h in pairs) / (m * (m - 1) * length**2)
    units = [size for row in every for _, size, is_unit in row if is_unit]
    gaps = [size for row in every for _, size, is_unit in row if not is_unit]
    among = sum((len(units) - 1) / 3 * (2 * u**3 - 3 * u**2 + u) for u in units)
    within = sum(u**2 * (g - u + 1) for u in units for g in gaps if g >= u)
    chance = 2 / length * (among + within) / (m * length * (m * length - 1) - sum(u * (u - 1) for u in units))
    return 1 - observed / chance if chance else None


SIZE = 40
some_units = st.lists(
    st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).filter(lambda u: u[0] < u[1]), max_size=6
).map(lambda units: flattened(units, SIZE))
some_coders = st.lists(some_units, min_size=2, max_size=4)


@given(some_coders)
def test_the_sweep_gives_what_the_sums_written_out_give(coders):
    assert alpha_u([count_units(SIZE, coders)]).value == pytest.approx(written_out(coders, SIZE))


@given(some_coders, st.randoms(use_true_random=False))
def test_it_does_not_ask_who_is_who(coders, chance):
    shuffled = chance.sample(coders, len(coders))
    assert alpha_u([count_units(SIZE, shuffled)]) == alpha_u([count_units(SIZE, coders)])


@given(some_units, st.integers(2, 4))
def test_coders_alike_agree_wholly(units, coders):
    assert alpha_u([count_units(SIZE, [units] * coders)]).value == (1.0 if units else None)


@given(some_coders)
def test_a_text_read_twice_over_tells_the_same_observed_share(coders):
    single, double = ([count_units(SIZE, coders)] * times for times in (1, 2))
    weights = [[2.0]], [[1.0, 1.0]]
    for of in ("observed", "expected"):
        first, second = (getattr(disagreement(t, w), of) for t, w in zip((single, double), weights, strict=True))
        assert one(first) == pytest.approx(one(second))


def test_units_of_one_coder_that_overlap_are_made_one_and_those_that_touch_are_not():
    assert flattened([(5, 9), (0, 3), (2, 5), (6, 7)], 10) == [(0, 5), (5, 9)]


def test_without_units_or_a_second_coder_it_is_not_applicable():
    for figure in (
        alpha_u(),
        alpha_u([]),
        alpha_u([count_units(100, [[], []])]),
        alpha_u([count_units(100, [[(1, 5)]])]),
        alpha_u([count_units(0, [[], []])]),
    ):
        assert figure == Figure(None)


def test_units_that_never_meet_agree_no_better_than_chance():
    apart = alpha_u([count_units(1000, [[(0, 50), (300, 350)], [(100, 150), (700, 750)]])])
    assert apart.value < 0.05


@pytest.mark.parametrize("unit", [(3, 3), (5, 2), (-1, 4), (0, 11)])
def test_a_unit_that_is_none_is_refused(unit):
    with pytest.raises(ValueError, match="is no stretch of the text"):
        count_units(10, [[unit], []])


def test_categories_of_different_texts_are_refused():
    with pytest.raises(ValueError, match="not of the same texts"):
        alpha_u([count_units(10, [[], []])], [count_units(11, [[], []])])
