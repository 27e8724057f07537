"""Whole numbers in what is sent."""

import pytest

from newsannot.core.numbers import number_in, numbers_in


@pytest.mark.parametrize(
    ("sent", "number"),
    [("7", 7), ("007", 7), ("0", 0), ("9" * 18, 10**18 - 1), ("9" * 19, None), ("", None), ("-1", None), ("+1", None)]
    + [(one, None) for one in ("1.0", " 1", "1\n", "1_000", "٣", "²", "\x00", "x")],
)
def test_a_number_is_ascii_digits_that_fit_an_id(sent: str, number: int | None) -> None:
    assert number_in(sent) == number


def test_what_is_no_number_is_left_out_and_the_order_kept() -> None:
    assert numbers_in(["3", "x", "1", "", "3"]) == [3, 1, 3]
