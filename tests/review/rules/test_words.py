"""What decisions are answered with."""

import pytest

from newsannot.review.rules.words import accepted_in_words, finished_in_words, merged_in_words, returned_in_words


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


@pytest.mark.parametrize(
    ("counted", "words"),
    [
        ((1, 1, 0), "1 record compared. Nothing is undecided."),
        ((9, 4, 18), "9 records compared. 4 taken over; 18 questions left for you."),
        ((2, 1, 1), "2 records compared. 1 taken over; 1 question left for you."),
    ],
)
def test_comparing_says_what_is_left(counted: tuple[int, int, int], words: str) -> None:
    assert merged_in_words(*counted) == words


def test_finishing_says_how_many_were_accepted() -> None:
    assert finished_in_words(1) == "Finished: 1 reading accepted. You can publish now."
    assert finished_in_words(3) == "Finished: 3 readings accepted. You can publish now."
