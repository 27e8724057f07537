"""Tokens of a text in any script, and how a stretch labels them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.review.agreement.nominal import alpha, count_labels
from newsannot.review.agreement.tokens import labelled, layered, tokens_of


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in tokens_of(text)]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("“We will,” he said.", ["“", "We", "will", ",", "”", "he", "said", "."]),
        ("🚢 naïve 48-hour\n", ["🚢", "naïve", "48", "-", "hour"]),
        ("北京警告NATO了", ["北", "京", "警", "告", "NATO", "了"]),
        ("חָזָק יותר", ["חָזָק", "יותר"]),
        ("यूक्रेन को", ["यूक्रेन", "को"]),
        ("", []),
        (" \n\u00a0", []),
    ],
)
def test_words_and_signs_are_tokens_whatever_the_script(text, tokens):
    assert cut(text) == tokens


@given(st.text(max_size=60))
def test_tokens_hold_all_but_white_space_once_and_in_order(text):
    assert "".join(cut(text)) == "".join(text.split())
    bounds = tokens_of(text).flatten().tolist()
    assert bounds == sorted(bounds)


def test_a_stretch_labels_each_token_it_touches():
    tokens = tokens_of("one two three four")
    assert labelled(tokens, [(5, 10)]).tolist() == [False, True, True, False]
    assert labelled(tokens, [(3, 4)]).tolist() == [False] * 4
    assert labelled(tokens, [(0, 3), (0, 18), (14, 15)]).tolist() == [True] * 4
    assert labelled(tokens, []).tolist() == [False] * 4
    assert labelled(tokens_of(""), [(0, 3)]).tolist() == []


def test_tokens_count_as_in_or_out_or_by_all_the_roles_that_touch_them():
    tokens = tokens_of("one two three four")
    both = count_labels(layered(tokens, [[[(0, 7)], [(4, 13)]], [[(0, 3)], [(4, 13)]]]))
    assert dict(both.values) == {0: 2, 1: 2, 2: 3, 3: 1}
    assert (both.units, both.agreeing) == (4, 3.0)


def test_alpha_of_tokens_is_not_applicable_where_nobody_marked():
    tokens = tokens_of("one two three four")
    assert alpha([count_labels(layered(tokens, [[[]], [[]]]))]).value is None
    assert alpha([count_labels(layered(tokens, [[[(0, 3)]]]))]).value is None
    assert alpha([count_labels(layered(tokens, []))]).value is None
    assert alpha([count_labels(layered(tokens, [[[(0, 3)]], [[(0, 3)]]]))]).value == 1.0


def test_a_stretch_that_is_none_is_refused():
    with pytest.raises(ValueError, match="is no stretch of the text"):
        labelled(tokens_of("one"), [(2, 1)])
