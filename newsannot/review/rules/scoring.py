"""What became of the records of a training text, and the score."""

from collections.abc import Iterable
from typing import Literal

from newsannot.review.rules.comparison import Comparison

Outcome = Literal["right", "differs", "missed", "besides"]


def outcome_of(comparison: Comparison, gold: int) -> Outcome:
    """Whether what is to be found was found `right`, `differs` or was `missed`, or was found `besides`.

    The comparison is of two readings; `gold` is the id of the one that is right.
    """
    if gold in comparison.absent:
        return "besides"
    if comparison.absent:
        return "missed"
    return "differs" if comparison.differences else "right"


def score_of(outcomes: Iterable[Outcome]) -> int:
    """The percentage, rounded down, of what was to be found that was found right.

    Where there was nothing to find: 100 when nothing was found, else 0.
    """
    found = list(outcomes)
    gold = [outcome for outcome in found if outcome != "besides"]
    return 100 * gold.count("right") // len(gold) if gold else 100 * (not found)
