"""How many of a text's words a record gives out."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.annotations.excerpts import shorten


def a_span(start: int, prefix: str, exact: str, suffix: str) -> dict[str, Any]:
    return {"start": start, "end": start + len(exact), "prefix": prefix, "exact": exact, "suffix": suffix}


def words_of(spans: list[dict[str, Any]]) -> list[tuple[str, str, str]]:
    return [(span["prefix"], span["exact"], span["suffix"]) for span in spans]


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (100, [("before ", "second", " end"), ("the ", "first", " be")]),
        (24, [("efore ", "second", ""), ("the ", "first", " be")]),
        (13, [("", "second", ""), ("e ", "first", "")]),
        (11, [("", "second", ""), ("", "first", "")]),
        (7, [("", "se", ""), ("", "first", "")]),
        (5, [("", "", ""), ("", "first", "")]),
        (0, [("", "", ""), ("", "", "")]),
    ],
)
def test_the_words_come_first_in_the_order_of_the_text_and_then_what_stands_around_them(limit: int, words: Any) -> None:
    spans = [a_span(50, "before ", "second", " end"), a_span(4, "the ", "first", " be")]
    shorten(spans, limit)
    assert words_of(spans) == words


texts = st.text(st.sampled_from("aé“🚢\u0301\u200d\u202eאب中\n"), max_size=12)


@given(spans=st.lists(st.builds(a_span, st.integers(0, 40), texts, texts, texts), max_size=5), limit=st.integers(0, 80))
def test_never_more_than_the_limit_and_always_a_part_of_what_there_was(spans: list[Any], limit: int) -> None:
    before = [dict(span) for span in spans]
    shorten(spans, limit)
    whole = sum(len(words) for span in before for words in (span["prefix"], span["exact"], span["suffix"]))
    assert sum(len("".join(three)) for three in words_of(spans)) == min(limit, whole)
    for span, was in zip(spans, before, strict=True):
        assert (span["start"], span["end"]) == (was["start"], was["end"])
        assert was["exact"].startswith(span["exact"])
        assert was["prefix"].endswith(span["prefix"])
        assert was["suffix"].startswith(span["suffix"])
