"""Who is named in a comment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.review.rules.mentions import Piece, mentioned_in, pieces_of


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("@ana look", {"ana"}),
        ("See this, @Ana.", {"ana"}),
        ("(@ana and @ben.k)", {"ana", "ben.k"}),
        ("write to ana@example.org", set()),
        ("@", set()),
        ("@@ana", set()),
        ("@аня и @ана", {"аня", "ана"}),
        ("", set()),
    ],
)
def test_a_name_follows_an_at_that_begins_a_word(body: str, names: set[str]) -> None:
    assert mentioned_in(body) == names


def test_a_comment_is_cut_at_its_mentions() -> None:
    assert pieces_of("Ask @ana.") == [Piece("Ask "), Piece("@ana", is_mention=True), Piece(".")]


def test_a_hidden_name_names_nobody() -> None:
    assert pieces_of("@Ana says", frozenset({"ana"})) == [Piece("@another analyst", is_mention=True), Piece(" says")]


@given(st.text())
def test_nothing_of_a_comment_is_lost(body: str) -> None:
    assert "".join(piece.text for piece in pieces_of(body)) == body
