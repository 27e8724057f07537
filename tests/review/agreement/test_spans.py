"""F1 of spans, exact and by overlap; what an interval over texts promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.review.agreement.nominal import alpha, count_values
from newsannot.review.agreement.resampling import Figure
from newsannot.review.agreement.spans import SpanCount, Unit, count_exact, count_overlapping, span_f1

units = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 12)).map(lambda u: (u[0], u[0] + u[1])), max_size=8)


def largest_matching(first: list[Unit], second: list[Unit]) -> int:
    """By augmenting paths: slow, and plain."""
    partner: dict[int, int] = {}

    def finds(at: int, seen: set[int]) -> bool:
        for to, unit in enumerate(second):
            if to not in seen and first[at][0] < unit[1] and unit[0] < first[at][1]:
                seen.add(to)
                if to not in partner or finds(partner[to], seen):
                    partner[to] = at
                    return True
        return False

    return sum(finds(at, set()) for at in range(len(first)))


@given(units, units)
def test_as_many_overlaps_are_matched_as_can_be(first, second):
    assert count_overlapping(first, second).both == largest_matching(first, second)


@given(units, units)
def test_f1_is_alike_whoever_is_first_and_overlap_is_never_below_exact(first, second):
    for count in (count_exact, count_overlapping):
        one, other = count(first, second), count(second, first)
        assert (one.f1, one.precision, one.recall) == (other.f1, other.recall, other.precision)
    assert count_exact(first, second).both <= count_overlapping(first, second).both


@given(units)
def test_coders_alike_have_an_f1_of_one_and_of_none_without_spans(marked):
    for count in (count_exact, count_overlapping):
        assert count(marked, marked).f1 == (1.0 if marked else None)


def test_one_long_span_matches_only_one_of_the_short_ones_within_it():
    count = count_overlapping([(0, 30)], [(0, 5), (10, 15), (20, 25)])
    assert count == SpanCount(both=1, first=1, second=3)
    assert (count.precision, count.recall, count.f1) == (1 / 3, 1.0, 0.5)


def test_spans_that_touch_do_not_overlap():
    assert count_overlapping([(0, 5)], [(5, 9)]).both == 0


def test_the_same_span_marked_twice_wants_two_of_the_other():
    assert count_exact([(1, 4), (1, 4)], [(1, 4)]) == SpanCount(1, 2, 1)


def test_who_marked_nothing_has_no_precision_and_who_alone_marked_agrees_in_nothing():
    count = count_exact([(0, 3)], [])
    assert (count.precision, count.recall, count.f1) == (None, 0.0, 0.0)


@pytest.mark.parametrize("unit", [(3, 3), (5, 2), (-1, 4)])
def test_a_stretch_that_is_none_is_refused(unit):
    for count in (count_exact, count_overlapping):
        with pytest.raises(ValueError, match="is no stretch of the text"):
            count([(0, 2)], [unit])


def test_texts_count_together_and_not_as_a_mean_of_means():
    figure = span_f1([SpanCount(1, 1, 1), SpanCount(0, 3, 3)])
    assert (figure.value, figure.count) == (0.25, 8)


def test_nothing_marked_anywhere_is_not_applicable():
    assert span_f1([]) == Figure(None)
    assert span_f1([SpanCount(0, 0, 0)] * 5) == Figure(None)


def test_the_interval_is_the_same_each_time_and_holds_the_value():
    texts = [SpanCount(at % 4, 4, 3 + at % 2) for at in range(40)]
    figure = span_f1(texts)
    assert figure == span_f1(texts)
    assert figure.low < figure.value < figure.high


def test_texts_all_alike_leave_no_doubt_and_one_text_tells_none():
    assert span_f1([SpanCount(1, 2, 2)] * 10) == Figure(0.5, 0.5, 0.5, 40)
    assert span_f1([SpanCount(1, 2, 2)]) == Figure(0.5, None, None, 4)


def test_an_interval_narrows_with_the_number_of_texts():
    few, many = (span_f1([SpanCount(at % 3, 2, 2) for at in range(number)]) for number in (9, 900))
    assert many.high - many.low < (few.high - few.low) / 5


def test_what_most_drawings_lack_has_a_value_and_no_interval():
    texts = [count_values([["a", "a"]]), count_values([["b", "b"]]), *[count_values([])] * 50]
    assert alpha(texts) == Figure(1.0, None, None, 2)
