"""What decisions are answered with."""

import pytest

from newsannot.review.rules.words import accepted_in_words, returned_in_words


@pytest.mark.parametrize(
    ("taken", "kept", "words"),
    [
        (0, 0, "Returned to Ana."),
        (1, 0, "Returned to Ana. 1 record left the curated reading."),
        (
            2,
            1,
            "Returned to Ana. 2 records left the curated reading. 1 stays there: changed by an editor, or needed by "
            "what was.",
        ),
        (0, 2, "Returned to Ana. 2 stay there: changed by an editor, or needed by what was."),
    ],
)
def test_returning_says_what_left_and_what_stays(taken: int, kept: int, words: str) -> None:
    assert returned_in_words("Ana", taken, kept) == words


@pytest.mark.parametrize(
    ("corrected", "more"),
    [
        (0, ""),
        (1, " 1 record stays as it was corrected in the curated reading before; compare it with this reading."),
        (2, " 2 records stay as they were corrected in the curated reading before; compare them with this reading."),
    ],
)
def test_accepting_says_what_stays_as_it_was_corrected(corrected: int, more: str) -> None:
    assert accepted_in_words(corrected) == f"Accepted. You can correct and publish it now.{more}"
