"""Whole numbers in what people and other programs send."""

from collections.abc import Iterable

MOST_DIGITS = 18
"""As many as always fit the database's ids (2⁶³ has 19)."""


def number_in(sent: str) -> int | None:
    """The whole number that was sent; None for what is none, or too long to be an id."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= MOST_DIGITS else None


def numbers_in(sent: Iterable[str]) -> list[int]:
    """The whole numbers among what was sent, in its order."""
    return [number for one in sent if (number := number_in(one)) is not None]
