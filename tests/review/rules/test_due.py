"""When something is due, in words."""

from datetime import UTC, datetime

import pytest

from newsannot.review.rules.due import due_in_words

NOW = datetime(2025, 9, 5, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_at", "words"),
    [
        (None, ""),
        (datetime(2025, 9, 5, 12, 0, tzinfo=UTC), "due today"),
        (datetime(2025, 9, 5, 23, 59, tzinfo=UTC), "due today"),
        (datetime(2025, 9, 6, 0, 0, tzinfo=UTC), "due tomorrow"),
        (datetime(2025, 9, 8, 1, 0, tzinfo=UTC), "due in 3 days"),
        (datetime(2025, 9, 5, 11, 59, tzinfo=UTC), "1 hour late"),
        (datetime(2025, 9, 4, 13, 0, tzinfo=UTC), "23 hours late"),
        (datetime(2025, 9, 4, 12, 0, tzinfo=UTC), "1 day late"),
        (datetime(2025, 8, 31, 12, 0, tzinfo=UTC), "5 days late"),
    ],
)
def test_when_something_is_due(due_at: datetime | None, words: str) -> None:
    assert due_in_words(due_at, NOW) == words
