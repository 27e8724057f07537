"""Pure rules of the screen: a block's marks, cut flat, and what they look like. Offsets are code points of the text."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from itertools import pairwise
from typing import NamedTuple

from newsannot.articles.rules.blocks import cut_leaves
from newsannot.articles.rules.headings import heading_html

UNDERLINES = 3
OVERLINE = UNDERLINES + 1
EXPRESSION = "expression"  # the content of a statement, as it shows a threat: tinted, without a line of its own
KIND_ORDER = {"mention": 0, "statement": 1, "threat": 2}
_MARKUP = re.compile("[&<>]")


class Marked(NamedTuple):  # ten thousand of them to a page, and a dataclass takes four times as long to make
    """A stretch of the text that an annotation rests on.

    `who` is the actor it is about, if known; `words`, how the stretch begins; `number`, which of the pieces of its role
    it is, where there are several: “2 of 3”.
    """

    annotation: int
    kind: str
    role: str
    start: int
    end: int
    who: str = ""
    words: str = ""
    number: str = ""


class Segment(NamedTuple):
    """A stretch under which the same marks lie throughout, each with its lane (from 1; nearest to the words first).

    The marks are ordered from the top: the shortest first; of equals the threat, the statement, the mention.
    """

    start: int
    end: int
    marks: tuple[tuple[Marked, int], ...]


def clipped(marks: Iterable[Marked], start: int, end: int) -> list[Marked]:
    """What of the marks lies in `start:end`, in the order lanes are given out: by start, the longer first."""
    inside = [
        m if start <= m.start and m.end <= end else m._replace(start=max(m.start, start), end=min(m.end, end))
        for m in marks
        if m.start < end and m.end > start
    ]
    inside.sort(key=lambda m: (m.start, -m.end, KIND_ORDER.get(m.kind, 9), m.annotation, m.role))
    return inside


def lanes(marks: Sequence[Marked]) -> list[int]:
    """A lane for each mark, greedily: the lowest that is free where it starts. `marks` as `clipped` orders them.

    What is only tinted has lane 0.
    """
    ends: list[int] = []
    given = []
    for mark in marks:
        if mark.role == EXPRESSION:
            given.append(0)
            continue
        lane = next((at for at, end in enumerate(ends) if end <= mark.start), len(ends))
        ends[lane:] = [mark.end, *ends[lane + 1 :]]
        given.append(lane + 1)
    return given


def segments(marks: Iterable[Marked], start: int, end: int) -> Iterator[Segment]:
    """Cut the marks of a block flat: segments in order, without gaps or overlaps, from `start` to `end`."""
    return _cut(clipped(marks, start, end), start, end)


def _cut(inside: Sequence[Marked], start: int, end: int) -> Iterator[Segment]:
    laned = list(zip(inside, lanes(inside), strict=True))
    borders = sorted({start, end, *(m.start for m in inside), *(m.end for m in inside)})
    current: list[tuple[Marked, int]] = []
    upcoming = 0
    for at, to in pairwise(borders):
        current = [pair for pair in current if pair[0].end > at]
        while upcoming < len(laned) and laned[upcoming][0].start == at:
            current.append(laned[upcoming])
            upcoming += 1
        yield Segment(at, to, tuple(sorted(current, key=_from_the_top) if len(current) > 1 else current))


def _from_the_top(pair: tuple[Marked, int]) -> tuple[int, int, int]:
    mark = pair[0]
    return (mark.end - mark.start, -KIND_ORDER.get(mark.kind, 0), mark.annotation)


Look = tuple[tuple[str, str, int, str, str], ...]


def look_of(marks: Sequence[tuple[Marked, int]]) -> Look:
    """What of a segment's marks its looks and name follow from: kind, role, lane, actor and number, from the top."""
    return tuple((mark.kind, mark.role, lane, mark.who, mark.number) for mark, lane in marks)


def mark_classes(look: Look) -> str:
    """Class names of a segment: its kinds, the tint of the top one, and the role of each mark with a lane in it."""
    kinds = dict.fromkeys(f"k-{kind}" for kind, *_ in look)
    drawn = dict.fromkeys(f"l{lane}-{role}" if lane <= OVERLINE else "lmore" for _, role, lane, *_ in look if lane)
    return " ".join([*kinds, f"t-{look[0][0]}", *drawn])


def mark_description(look: Look) -> str:
    """What a screen reader adds to the words: “statement by Adaeze Obi, content, 2 of 3; mention, text”."""
    return "; ".join(dict.fromkeys(_described(kind, role, who, number) for kind, role, _, who, number in look))


def _described(kind: str, role: str, who: str, number: str) -> str:
    joint = "of" if kind == "mention" else "by"
    return ", ".join(filter(None, [f"{kind} {joint} {who}" if who else kind, role, number]))


@dataclass(frozen=True, slots=True)
class PageBlock:
    """A line of the text as shown: its number, the code point it starts at, its words and the zone it lies in."""

    index: int
    start: int
    text: str
    zone: str = ""

    @property
    def end(self) -> int:
        """The code point after its last one."""
        return self.start + len(self.text)


def block_html(block: PageBlock, marks: Iterable[Marked], version: int) -> str:
    """The block as HTML whose text content is exactly the block's text: words and flat `<mark>`s, nothing else."""
    zone = f" z-{block.zone}" if block.zone else ""
    inside = clipped(marks, block.start, block.end)
    is_flat = block.text != "" and all(one.end <= other.start for one, other in pairwise(inside))
    cut = () if is_flat else _cut(inside, block.start, block.end)
    pieces = _flat_html(inside, block) if is_flat else [_segment_html(block, segment) for segment in cut]
    return (
        f'<p class="block{zone}" id="b{block.index}"{heading_html(block.zone)} data-s="{block.start}"'
        f' data-v="{version}" dir="auto">'
        f"{''.join(pieces)}</p>"
    )


def _flat_html(marks: Sequence[Marked], block: PageBlock) -> list[str]:
    """The inside of a block where no mark lies over another, as most are: nothing to cut, and one lane is enough."""
    pieces, at = [], block.start
    for mark in marks:
        lane = 0 if mark.role == EXPRESSION else 1
        look = _look_html(((mark.kind, mark.role, lane, mark.who, mark.number),))
        words = _words_html(block, mark.start, mark.end)
        pieces += [_words_html(block, at, mark.start), f'<mark data-a="{mark.annotation}" {look}>{words}</mark>']
        at = mark.end
    return [*pieces, _words_html(block, at, block.end)]


def _segment_html(block: PageBlock, segment: Segment) -> str:
    words = _words_html(block, segment.start, segment.end)
    if not segment.marks:
        return words
    annotations = " ".join(dict.fromkeys(str(mark.annotation) for mark, _ in segment.marks))
    return f'<mark data-a="{annotations}" {_look_html(look_of(segment.marks))}>{words}</mark>'


def _words_html(block: PageBlock, start: int, end: int) -> str:
    words = block.text[start - block.start : end - block.start]
    return escape(words, quote=False) if _MARKUP.search(words) else words


@lru_cache(maxsize=4096)
def _look_html(look: Look) -> str:
    """The attributes that follow from a segment's looks."""
    return f'class="{mark_classes(look)}" aria-description="{escape(mark_description(look))}"'


def blocks_html(blocks: Sequence[PageBlock], marks: Sequence[Marked], version: int) -> Iterator[str]:
    """Each block as HTML. Blocks and marks come in the order of the text; a mark may run through many blocks."""
    open_marks: list[Marked] = []
    upcoming = 0
    for block in blocks:
        open_marks = [mark for mark in open_marks if mark.end > block.start]
        while upcoming < len(marks) and marks[upcoming].start < block.end:
            if marks[upcoming].end > block.start:
                open_marks.append(marks[upcoming])
            upcoming += 1
        yield block_html(block, open_marks, version)


def text_html(blocks: Sequence[PageBlock], marks: Sequence[Marked], version: int) -> str:
    """All blocks as HTML, leaf by leaf."""
    painted = list(blocks_html(blocks, marks, version))
    leaves = cut_leaves([(block.text, block.zone) for block in blocks])
    return "".join(f'<div class="leaf">{"".join(painted[leaf.start : leaf.stop])}</div>' for leaf in leaves)


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An actor named on the spot, to be found by exactly that name or else recorded."""

    name: str
    kind: str


# What scripts ask of a form; a control of such a name would stand in for it.
FORM_PROPERTIES = frozenset(
    {"action", "elements", "form", "id", "length", "method", "name", "reset", "submit", "target"}
)


def control_name(field: str) -> str:
    """The name a field's control is sent under."""
    return f"{field}_" if field in FORM_PROPERTIES else field
