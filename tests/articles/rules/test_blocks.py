"""Blocks: the text cut at LF."""

from hypothesis import given
from hypothesis import strategies as st

from newsannot.articles.rules.blocks import (
    LINES_ON_A_LEAF,
    block_index,
    block_starts,
    cut_blocks,
    cut_leaves,
    touched_blocks,
)

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


@given(st.lists(st.tuples(st.sampled_from(["", "word", "words " * 99]), st.sampled_from(["", "body", "heading"]))))
def test_leaves_hold_every_block_once_and_in_order(lines: list[tuple[str, str]]) -> None:
    leaves = cut_leaves(lines)
    assert [index for leaf in leaves for index in leaf] == list(range(len(lines)))
    for leaf in leaves[1:]:
        before, kind_before = lines[leaf.start - 1]
        assert (before != "", kind_before in {"", "body"}, lines[leaf.start][1] in {"", "body"}) == (True, True, True)


def test_a_leaf_is_full_when_its_lines_are() -> None:
    assert cut_leaves([("a line", "body")] * LINES_ON_A_LEAF) == [range(LINES_ON_A_LEAF)]
    assert [len(leaf) for leaf in cut_leaves([("a line", "")] * 150)] == [64, 64, 22]
    assert [len(leaf) for leaf in cut_leaves([("four lines " * 20, "")] * 32)] == [16, 16]


def test_no_leaf_begins_beside_a_line_that_is_dressed_by_its_neighbours() -> None:
    plain, dressed, empty = ("a line", "body"), ("related", "boilerplate"), ("", "")
    assert cut_leaves([plain] * 64 + [dressed] * 9 + [plain] * 2) == [range(74), range(74, 75)]
    assert cut_leaves([plain] * 64 + [empty, plain]) == [range(64), range(64, 66)]
    assert cut_leaves([plain] * 63 + [empty, plain, plain]) == [range(65), range(65, 66)]
