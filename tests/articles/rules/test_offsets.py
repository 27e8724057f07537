"""Offsets in code points, UTF-16 units and UTF-8 bytes, for texts made to break them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsannot.articles.rules.canonical import canonical
from newsannot.articles.rules.offsets import Bounds, Measured, OffsetError, Scale, context, measure

HOSTILE = st.text(st.one_of(st.sampled_from("a\n\u0301\u200d👨👩🇺🇦क्षשא中\u2028"), st.characters()), max_size=40).map(
    lambda raw: canonical(raw).text
)


@given(HOSTILE, st.data())
def test_a_span_comes_back_through_every_unit(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    measured = measure(text, start, end)
    utf16, utf8 = measured.utf16, measured.utf8
    assert text.encode("utf-16-le")[2 * utf16.start : 2 * utf16.end].decode("utf-16-le") == text[start:end]
    assert text.encode()[utf8.start : utf8.end].decode() == text[start:end]
    for unit, bounds in (("utf16", utf16), ("utf8", utf8), ("code_points", measured.code_points)):
        scale = Scale(text, unit)
        assert Bounds(scale.from_code_points(start), scale.from_code_points(end)) == bounds
        assert Bounds(scale.to_code_points(bounds.start), scale.to_code_points(bounds.end)) == Bounds(start, end)


def test_a_long_text_is_measured_over_its_marks() -> None:
    text = "a👨é中" * 1000
    utf16, utf8 = Scale(text, "utf16"), Scale(text, "utf8")
    for offset in (0, 1, 511, 512, 513, 1024, 2999, 4000):
        assert utf16.from_code_points(offset) == len(text[:offset].encode("utf-16-le")) // 2
        assert utf8.from_code_points(offset) == len(text[:offset].encode())
        assert utf16.to_code_points(utf16.from_code_points(offset)) == offset
        assert utf8.to_code_points(utf8.from_code_points(offset)) == offset


def test_measured_gives_all_three_units() -> None:
    assert measure("👨 é “x”", 2, 5) == Measured(Bounds(2, 5), Bounds(3, 6), Bounds(5, 11))


@pytest.mark.parametrize(("unit", "offset"), [("utf16", 1), ("utf8", 1), ("utf8", 3)])
def test_an_offset_inside_a_character_is_refused(unit: str, offset: int) -> None:
    with pytest.raises(OffsetError, match="inside a character"):
        Scale("👨a", unit).to_code_points(offset)


@pytest.mark.parametrize("offset", [-1, 3, 2**31])
def test_an_offset_outside_the_text_is_refused(offset: int) -> None:
    scale = Scale("ab", "utf16")
    with pytest.raises(OffsetError, match="outside the text"):
        scale.to_code_points(offset)
    with pytest.raises(OffsetError, match="outside the text"):
        scale.from_code_points(offset)


@pytest.mark.parametrize(("start", "end"), [(2, 1), (-1, 1), (0, 3)])
def test_a_span_that_is_reversed_or_leaves_the_text_is_refused(start: int, end: int) -> None:
    with pytest.raises(OffsetError):
        measure("ab", start, end)


def test_the_context_is_up_to_32_code_points_on_either_side() -> None:
    text = "👨" * 40 + "here" + "b" * 5
    assert context(text, 40, 44) == ("👨" * 32, "bbbbb")
    assert context(text, 0, 40) == ("", "herebbbbb")
