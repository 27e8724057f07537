"""What the rules find of what people mark does not get less: figures measured when the rules were last changed.

The held-out articles were written before the rules were tried on them; the first figures are in docs/adr/0013.
"""

import pytest

from tests.suggestions.found import (
    MarkedArticle,
    added,
    count_found,
    demo_articles,
    drafts_of,
    held_out_articles,
    shared,
)


def found_and_right(articles: list[MarkedArticle], kind: str) -> tuple[int, int, int, int]:
    """How many are there and found, how many are proposed and right."""
    count = added(count_found(article, drafts_of(article)) for article in articles)[kind]
    return count.there, count.found, count.proposed, count.right


@pytest.mark.parametrize(
    ("kind", "there", "least_found", "most_wrong"),
    [("mention", 58, 50, 2), ("statement", 71, 60, 1), ("threat", 30, 26, 2)],
)
def test_what_is_found_in_the_held_out_articles_does_not_get_less(
    kind: str, there: int, least_found: int, most_wrong: int
) -> None:
    expected, found, proposed, right = found_and_right(held_out_articles(), kind)
    assert expected == there
    assert found >= least_found
    assert proposed - right <= most_wrong


@pytest.mark.parametrize(
    ("kind", "there", "least_found"), [("mention", 58, 44), ("statement", 46, 40), ("threat", 13, 11)]
)
def test_what_is_found_of_the_demos_readings_does_not_get_less(kind: str, there: int, least_found: int) -> None:
    expected, found, _, _ = found_and_right(demo_articles(), kind)
    assert expected == there
    assert found >= least_found


def test_ranges_share_what_both_have_of_what_either_has() -> None:
    assert shared([(0, 4)], [(2, 6)]) == 2 / 6
    assert shared([(0, 4), (8, 10)], [(0, 4), (8, 10)]) == 1
