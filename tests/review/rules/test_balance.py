"""Who reads which article: everybody as much as everybody else, unless something forbids."""

from itertools import combinations, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsannot.core.errors import RuleBroken
from newsannot.review.rules.balance import Request, balance, loads_of


def asked(articles: int, analysts: int, per_article: int, **besides) -> Request:
    return Request(
        articles=list(range(1, articles + 1)),
        analysts=list(range(101, 101 + analysts)),
        per_article=per_article,
        **{"excluded": {}} | besides,
    )


def test_each_article_gets_its_readers_in_turn() -> None:
    assert balance(asked(3, 3, 2)) == [(1, 101), (1, 102), (2, 101), (2, 103), (3, 102), (3, 103)]


def test_the_same_is_given_for_the_same() -> None:
    assert balance(asked(17, 5, 3)) == balance(asked(17, 5, 3))


def test_everybody_meets_everybody() -> None:
    pairs = balance(asked(12, 4, 2))
    met = {frozenset(a for x, a in pairs if x == article) for article in range(1, 13)}
    assert met == {frozenset(pair) for pair in combinations(range(101, 105), 2)}


@given(st.integers(1, 25), st.integers(1, 7), st.data())
@settings(max_examples=60)
def test_loads_differ_by_at_most_one_and_readers_are_different(articles: int, analysts: int, data) -> None:
    per_article = data.draw(st.integers(1, analysts))
    pairs = balance(asked(articles, analysts, per_article))
    loads = loads_of(pairs)
    assert len(pairs) == len(set(pairs)) == articles * per_article
    assert {sum(x == article for x, _ in pairs) for article in range(1, articles + 1)} == {per_article}
    assert max(loads.values()) - min(loads[one] for one in range(101, 101 + analysts)) <= 1


@given(st.integers(1, 5), st.integers(2, 4), st.data())
@settings(max_examples=60)
def test_with_exclusions_no_other_distribution_is_more_even(articles: int, analysts: int, data) -> None:
    request = asked(articles, analysts, 1)
    cells = list(product(request.analysts, request.articles))
    barred = data.draw(st.sets(st.sampled_from(cells)))
    excluded = {one: {x for a, x in barred if a == one} for one in request.analysts}
    request = asked(articles, analysts, 1, excluded=excluded)
    choices = [[a for a in request.analysts if x not in excluded[a]] for x in request.articles]
    if not all(choices):
        with pytest.raises(RuleBroken) as refused:
            balance(request)
        assert list(refused.value.problems) == ["analysts"]
        return
    best = min(sorted((given.count(a) for a in request.analysts), reverse=True) for given in product(*choices))
    pairs = balance(request)
    assert sorted((loads_of(pairs)[a] for a in request.analysts), reverse=True) == best
    assert not set(barred) & {(a, x) for x, a in pairs}


@pytest.mark.parametrize(
    ("request_", "field", "words"),
    [
        (asked(0, 2, 1), "articles", "No article answers to that."),
        (asked(2, 2, 3), "per_article", "Each article is to get 3 different people, and 2 are chosen."),
        (asked(2, 0, 1), "per_article", "Each article is to get 1 different people, and 0 are chosen."),
        (asked(10, 3, 1, maximum_share=30), "maximum_share", "With 3 people at most 30 percent each"),
        (asked(4, 3, 2, excluded={101: {2}, 102: {2}}), "analysts", "Only 1 of those chosen can be given"),
        (asked(10, 2, 1, maximum_share=60, excluded={101: {1, 2, 3, 4, 5, 6, 7}}), "maximum_share", "have 7 of 10"),
    ],
)
def test_what_cannot_be_is_refused_by_field(request_: Request, field: str, words: str) -> None:
    with pytest.raises(RuleBroken, match=words) as refused:
        balance(request_)
    assert list(refused.value.problems) == [field]


def test_a_share_that_just_suffices_is_kept() -> None:
    assert set(loads_of(balance(asked(10, 4, 1, maximum_share=30))).values()) == {2, 3}
