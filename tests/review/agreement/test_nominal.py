"""Krippendorff's α and the two κ: published examples, properties, and what is n/a."""

from collections import Counter
from collections.abc import Hashable, Sequence

import krippendorff
import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from newsannot.review.agreement.confusion import ABSENT, cohen_kappa, confusion, count_pairs
from newsannot.review.agreement.nominal import alpha, count_labels, count_values, fleiss_kappa

# Krippendorff (2011), “Computing Krippendorff's Alpha-Reliability”, A to C; a point is a missing value.
TWO_OBSERVERS_BINARY = ["0100000010", "1110010000"]
TWO_OBSERVERS_NOMINAL = ["aabbdcccedda", "babbbcccedd" + "d"]
FOUR_OBSERVERS = ["123321412...", "1233224125.3", ".33323422" + "51.", "12332441" + "251."]
# The worked example of encyclopedias: three coders, fifteen units.
THREE_CODERS = [".....34121133.3", "1.21334" + "3.......", "..21344" + ".21133.4"]

# Fleiss (1971): how many of six psychiatrists gave each of thirty patients each of five diagnoses.
FLEISS_1971 = """
00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031
00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006
"""
# Fourteen raters, ten subjects, five categories: the example most text books print.
FOURTEEN_RATERS = [
    *([0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1]),
    *([7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7]),
]
# Cohen (1960): two judges, 200 patients, three diagnoses.
COHEN_1960 = [[88, 14, 18], [10, 40, 10], [2, 6, 12]]

some_units = st.lists(st.lists(st.sampled_from("abcd"), max_size=4), max_size=25)


def by_unit(rows: list[str]) -> list[list[str]]:
    return [[value for value in column if value != "."] for column in zip(*rows, strict=True)]


def alpha_of(units: Sequence[Sequence[Hashable]]) -> float | None:
    return alpha([count_values(units)]).value


def from_table(rows: Sequence[Sequence[int]]) -> list[list[int]]:
    return [[value for value, count in enumerate(row) for _ in range(int(count))] for row in rows]


@pytest.mark.parametrize(
    ("rows", "printed"),
    [
        (TWO_OBSERVERS_BINARY, 0.095),
        (TWO_OBSERVERS_NOMINAL, 0.692),
        (FOUR_OBSERVERS, 0.743),
        (THREE_CODERS, 0.691),
    ],
)
def test_alpha_gives_the_printed_figures(rows, printed):
    assert round(alpha_of(by_unit(rows)), 3) == printed


def test_fleiss_kappa_gives_the_printed_figures():
    diagnoses = count_values(from_table([[int(count) for count in row] for row in FLEISS_1971.split()]))
    assert round(fleiss_kappa([diagnoses]).value, 3) == 0.430
    assert fleiss_kappa([diagnoses]).count == 30
    assert round(fleiss_kappa([count_values(from_table(FOURTEEN_RATERS))]).value, 3) == 0.210


def test_cohen_kappa_gives_the_printed_figures():
    cohen = {(first, second): count for first, row in enumerate(COHEN_1960) for second, count in enumerate(row)}
    assert round(cohen_kappa([cohen]).value, 3) == 0.492
    assert cohen_kappa([cohen]).count == 200
    assert cohen_kappa([{("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15}]).value == pytest.approx(0.4)


@given(some_units)
def test_alpha_is_that_of_the_library(units):
    pairable = [Counter(unit) for unit in units if len(unit) > 1]
    assume(len({value for unit in pairable for value in unit}) > 1)
    table = [[unit[value] for value in "abcd"] for unit in pairable]
    assert alpha_of(units) == pytest.approx(krippendorff.alpha(value_counts=table, level_of_measurement="nominal"))


@given(some_units, st.permutations("abcd"), st.randoms(use_true_random=False))
def test_alpha_asks_neither_who_said_it_nor_how_a_code_is_called(units, names, chance):
    renamed = [[dict(zip("abcd", names, strict=True))[value] for value in unit] for unit in units]
    for unit in renamed:
        chance.shuffle(unit)
    assert alpha_of(renamed) == pytest.approx(alpha_of(units), nan_ok=True)


@given(st.lists(st.sampled_from("abcd"), max_size=25), st.integers(2, 5))
def test_coders_alike_throughout_agree_wholly_once_two_values_were_used(values, coders):
    expected = 1.0 if len(set(values)) > 1 else None
    units = count_values([[value] * coders for value in values])
    assert alpha([units]).value == expected
    assert fleiss_kappa([units]).value == expected
    assert cohen_kappa([count_pairs(zip(values, values, strict=True))]).value == expected


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=25))
def test_cohen_kappa_is_alike_whoever_is_first(pairs):
    turned = [(second, first) for first, second in pairs]
    assert cohen_kappa([count_pairs(turned)]).value == pytest.approx(cohen_kappa([count_pairs(pairs)]).value)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), max_size=25))
def test_cohen_kappa_is_its_formula(pairs):
    given = [Counter(pair[side] for pair in pairs) for side in (0, 1)]
    chance = sum(given[0][value] * given[1][value] for value in "abc") / len(pairs) ** 2 if pairs else 1
    alike = sum(first == second for first, second in pairs) / max(1, len(pairs))
    expected = (alike - chance) / (1 - chance) if chance < 1 else None
    assert cohen_kappa([count_pairs(pairs)]).value == pytest.approx(expected)


@given(st.lists(some_units, max_size=4))
def test_counts_of_texts_add_up_to_the_count_of_all(texts):
    together = [unit for units in texts for unit in units]
    for measure in (alpha, fleiss_kappa):
        apart = measure([count_values(units) for units in texts])
        assert apart.value == pytest.approx(measure([count_values(together)]).value)
        assert apart.count == sum(len(unit) > 1 for unit in together)


@given(st.integers(0, 4), st.integers(0, 12), st.randoms(use_true_random=False))
def test_labels_in_an_array_count_like_values_in_lists(coders, units, chance):
    labels = np.array([[chance.randrange(3) for _ in range(units)] for _ in range(coders)], dtype=int)
    labels = labels.reshape(coders, units)
    counted = count_labels(labels)
    plain = count_values(labels.T.tolist())
    assert (counted.units, dict(counted.values)) == (plain.units, dict(plain.values))
    assert counted.coinciding == pytest.approx(plain.coinciding)
    assert counted.agreeing == pytest.approx(plain.agreeing)


@pytest.mark.parametrize("units", [[], [[]], [["a"], ["b"]], [["a", "a"], ["a", "a"], ["b"]]])
def test_nothing_paired_and_a_constant_field_are_not_applicable(units):
    counted = [count_values(units)]
    assert alpha(counted).value is None
    assert fleiss_kappa(counted).value is None
    assert alpha([]).value is None


def test_kappa_without_an_item_both_marked_is_not_applicable():
    counted = count_pairs([("a", ABSENT), (ABSENT, "b"), (ABSENT, ABSENT)])
    figure = cohen_kappa([counted])
    assert (figure.value, figure.count) == (None, 0)
    assert cohen_kappa([]).value is None


def test_systematic_contradiction_is_below_zero_and_not_cut_off():
    assert cohen_kappa([{("a", "b"): 5, ("b", "a"): 5}]).value == -1
    assert alpha_of([["a", "b"]] * 5) < 0


def test_a_confusion_table_adds_texts_and_knows_what_one_coder_did_not_mark():
    texts = [count_pairs([("a", "b"), ("a", ABSENT)]), count_pairs([("a", "b"), (ABSENT, ABSENT)])]
    assert confusion(texts) == {("a", "b"): 2, ("a", ABSENT): 1}


def test_values_of_any_sort_are_values():
    units = [[None, ""], [("a", "b"), ("a", "b")], [1, 1]]
    assert alpha_of(units) == pytest.approx(alpha_of([["x", "y"], ["z", "z"], ["w", "w"]]))
