"""Blocks: the text cut at LF."""

from hypothesis import given
from hypothesis import strategies as st

from newsannot.articles.rules.blocks import block_index, block_starts, cut_blocks, touched_blocks

LINES = st.text(st.sampled_from("ab\n👨\u2028 "), max_size=30)


@given(LINES)
def test_blocks_and_their_line_ends_are_the_whole_text(text: str) -> None:
    blocks = cut_blocks(text)
    assert "\n".join(block.text for block in blocks) == text
    assert [block.start for block in blocks] == block_starts(text)
    assert [text[block.start : block.end] for block in blocks] == [block.text for block in blocks]


@given(LINES)
def test_every_offset_lies_in_the_block_it_names(text: str) -> None:
    starts = block_starts(text)
    for offset in range(len(text) + 1):
        assert block_index(starts, offset) == text[:offset].count("\n")


def test_a_span_touches_the_blocks_it_has_a_code_point_in() -> None:
    starts = block_starts("abc\n\ndef\n")
    assert starts == [0, 4, 5, 9]
    assert touched_blocks(starts, 1, 3) == range(1)
    assert touched_blocks(starts, 1, 6) == range(3)
    assert touched_blocks(starts, 3, 4) == range(1)
    assert touched_blocks(starts, 5, 5) == range(2, 3)
