"""Blocks: the canonical text cut at LF. They concern rendering and zones; spans may cross them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

LINES_ON_A_LEAF = 64
LETTERS_IN_A_LINE = 70
PLAIN = {"", "body"}


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a text without its LF: its number and its half-open place in code points."""

    index: int
    start: int
    end: int
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether nothing but white space stands in it."""
        return not self.text.strip()


def block_starts(text: str) -> list[int]:
    """The code point offset at which each block starts; an empty text has one empty block."""
    return [0, *accumulate(len(line) + 1 for line in text.split("\n"))][:-1]


def cut_blocks(text: str) -> list[Block]:
    """Every block of a text, in order."""
    lines = text.split("\n")
    starts = accumulate((len(line) + 1 for line in lines[:-1]), initial=0)
    return [
        Block(index, start, start + len(line), line)
        for index, (start, line) in enumerate(zip(starts, lines, strict=True))
    ]


def cut_leaves(blocks: Sequence[tuple[str, str]]) -> list[range]:
    """Which blocks, each its text and the kind of its zone, stand on a leaf: what a page lays out and paints together.

    A leaf is about two windows high. It ends only after a line of plain text and before one, or before an empty one:
    around all others the style asks what stands beside them.
    """
    leaves, first, lines = [], 0, 0
    for index, (text, kind) in enumerate(blocks):
        before, kind_before = blocks[index - 1]
        if lines >= LINES_ON_A_LEAF and before and {kind, kind_before} <= PLAIN:
            leaves.append(range(first, index))
            first, lines = index, 0
        lines += 1 + len(text) // LETTERS_IN_A_LINE
    return [*leaves, range(first, len(blocks))]


def block_index(starts: Sequence[int], offset: int) -> int:
    """Which block an offset lies in; a line's LF belongs to the block it ends."""
    return bisect_right(starts, offset) - 1


def touched_blocks(starts: Sequence[int], start: int, end: int) -> range:
    """The indexes of the blocks that a half-open span has a code point in."""
    return range(block_index(starts, start), block_index(starts, max(start, end - 1)) + 1)
