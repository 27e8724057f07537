"""Cells of a sheet as a spreadsheet takes them: words stay words, whoever wrote them."""

from typing import Any

ACTIVE = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""How a formula begins, in one spreadsheet or another."""


def cell(value: Any) -> Any:
    """The value; words that would be taken for a formula with an apostrophe before them, numbers as they are."""
    if isinstance(value, str) and value.lstrip(" ").startswith(ACTIVE):
        return f"'{value}"
    return value
