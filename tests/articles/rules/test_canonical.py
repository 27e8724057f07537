"""The canonical text and the map of offsets that leads to it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.articles.rules.canonical import UNCHANGED, canonical, text_sha256

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("\r\n\t\f\0\x01\x1f\x7f\x85\u2028\ufeff\u200b\u00ad\u0301\u200d\U0001f468\ud800\udfff<>&“”"),
        st.characters(),
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("\r\r\n\n", "\n\n\n"),
        ("\ufeffabc", "abc"),
        ("a\ufeffb", "a\ufeffb"),
        ("a\0b\x01c\x0cd\x0be\x1ff", "a\ufffdb\ufffdc\ufffdd\ufffde\ufffdf"),
        ("a\tb\x7f\x85\u2028\u00a0", "a\tb\x7f\x85\u2028\u00a0"),
        ("\ud83d\ude00 \udfff", "\ufffd\ufffd \ufffd"),
        ("e\u0301 \u00e9  ", "e\u0301 \u00e9  "),
        ("", ""),
    ],
)
def test_canonical_changes_line_ends_mark_and_controls_and_nothing_else(raw: str, text: str) -> None:
    assert canonical(raw).text == text


def test_text_that_is_canonical_is_given_back_as_it_is() -> None:
    text = "“Если войска появятся” 👨‍👩‍👧\n\tשלום\u2028"
    assert canonical(text).text is text
    assert canonical(text).offsets is UNCHANGED


def test_offsets_after_dropped_characters_move_left() -> None:
    offsets = canonical("\ufeffa\r\nb\r\nc").offsets
    assert [offsets.to_canonical(offset) for offset in range(9)] == [0, 0, 1, 1, 2, 3, 3, 4, 5]


@given(HOSTILE)
def test_every_source_span_lands_on_its_own_canonical_text(raw: str) -> None:
    result = canonical(raw)
    for start in range(len(raw) + 1):
        end = min(len(raw), start + 3)
        piece = result.text[result.offsets.to_canonical(start) : result.offsets.to_canonical(end)]
        before, after = raw[:start], raw[end:]
        is_inside_line_end = (before[-1:] + raw[start : start + 1], raw[end - 1 : end] + after[:1])
        if "\r\n" not in is_inside_line_end and not (start == 0 and raw.startswith("\ufeff")):
            assert piece == canonical("x" + raw[start:end]).text[1:]


@given(HOSTILE)
def test_canonical_text_survives_a_parser_a_database_and_itself(raw: str) -> None:
    text = canonical(raw).text
    assert not set(text) & {"\r", "\0", "\x0c"}
    assert text.encode().decode() == text
    assert canonical("x" + text).text == "x" + text
    assert canonical(raw).offsets.to_canonical(len(raw)) == len(text)


def test_the_hash_is_that_of_the_text_in_utf8() -> None:
    assert text_sha256("é") == "4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c"
