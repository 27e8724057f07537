"""The score of a training text."""

import pytest

from newsannot.review.rules.scoring import score_of


@pytest.mark.parametrize(
    ("outcomes", "score"),
    [
        (["right", "right"], 100),
        (["right", "differs", "missed"], 33),
        (["right", "right", "missed", "besides"], 66),
        (["besides"], 0),
        ([], 100),
    ],
)
def test_the_score_is_the_share_of_what_was_to_be_found(outcomes, score) -> None:
    assert score_of(outcomes) == score
