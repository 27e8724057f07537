"""Which part of an article each line is: found by rules, to be corrected by editors.

A zone covers whole blocks, half-open in code points; zones never overlap. Blank blocks at a zone's ends belong to no
zone. Boilerplate is what the reader of the page sees but the article does not say: author boxes, lists of links,
notices. When in doubt a block is body, since body can be annotated.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from newsannot.articles.rules import zone_words as words
from newsannot.articles.rules.blocks import Block, cut_blocks

Kind = Literal["headline", "summary", "heading", "body", "caption", "boilerplate"]
KINDS: tuple[Kind, ...] = get_args(Kind)
RUNS: frozenset[Kind] = frozenset({"summary", "body", "boilerplate"})

TOP = 12
"""In how many blocks from the top a headline and key points are looked for."""
LONGEST_HEADLINE = 160
LONGEST_HEADING = 90
LONGEST_CAPTION = 400
LONGEST_NOTICE = 300
LONGEST_LABEL = 40
FEWEST_LINKS = 3
"""A tail of this many title-like lines is a list of links even without a label."""
LATE = 2 / 3
"""An author box after this share of the text closes the article; an earlier one is followed by it."""

_QUOTES = "\"'‘’‚‛“”„‟«»‹›「」『』＂＇"
_BULLET = re.compile(r"[-–—•*·▪‣■●◦]\s?\S")
_BULLET_OF_A_LIST = re.compile(r"[-•*·▪‣■●◦]\s?\S")
_LABEL_END = re.compile("[:：–—]")
_SENTENCE_END = frozenset(".。．…,;:，；：،؛।")
_INNER_SENTENCE_END = re.compile(r"(?:[^\W\d_]{4}\.|[!?؟])\s+\S|[。！？]\S")
_NOT_WORDS = re.compile(rf"[\s{_QUOTES}.,:;!?–—-]+")
_WIDE_SCRIPT = re.compile("[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
_LETTER = re.compile(r"[^\W\d_]")


@dataclass(frozen=True, slots=True)
class FoundZone:
    """A stretch of a text and what part of the article it is; half-open, in code points."""

    kind: Kind
    start: int
    end: int

    @property
    def is_codable(self) -> bool:
        """Whether annotations may lie in it."""
        return self.kind != "boilerplate"


@dataclass(slots=True)
class _Line:
    """A block that is not blank, what can be seen of it at a glance, and its kind once known."""

    block: Block
    text: str
    label: str
    is_title_like: bool
    kind: Kind | None = None

    @property
    def is_label_only(self) -> bool:
        return len(self.text) <= len(self.label) + 3


def find_zones(text: str, title: str = "") -> list[FoundZone]:
    """The zones of a canonical text, in order; every block that is not blank lies in exactly one."""
    blocks = [block for block in cut_blocks(text) if not block.is_blank]
    return join_zones(zip(blocks, classify_blocks(blocks, title), strict=True))


def headline_of(text: str) -> str:
    """The line that reads as the article's headline, or the empty string."""
    for zone in find_zones(text):
        if zone.kind == "headline":
            return text[zone.start : zone.end].strip()
    return ""


def zones_problem(zones: Sequence[FoundZone], length: int) -> str:
    """What forbids these zones in a text of `length` code points, in words; empty when nothing does."""
    end = 0
    for zone in sorted(zones, key=lambda zone: zone.start):
        if zone.kind not in KINDS:
            return f"“{zone.kind}” is no kind of zone: {', '.join(KINDS)}."
        if not 0 <= zone.start < zone.end <= length:
            return f"The zone {zone.start} to {zone.end} is empty or leaves the text of {length} code points."
        if zone.start < end:
            return f"The zone {zone.start} to {zone.end} overlaps the one before it."
        end = zone.end
    return ""


def join_zones(kinds: Iterable[tuple[Block, Kind]]) -> list[FoundZone]:
    """Zones from the kind of each block that is not blank; neighbours of the same running kind become one zone."""
    zones: list[FoundZone] = []
    for block, kind in kinds:
        if zones and zones[-1].kind == kind and kind in RUNS:
            zones[-1] = FoundZone(kind, zones[-1].start, block.end)
        else:
            zones.append(FoundZone(kind, block.start, block.end))
    return zones


def classify_blocks(blocks: Sequence[Block], title: str = "") -> list[Kind]:
    """The kind of each block; `blocks` are the text's blocks that are not blank, in order."""
    lines = [_look_at(block) for block in blocks]
    headline = _headline_index(lines, title)
    if headline is not None:
        lines[headline].kind = "headline"
    _mark_key_points(lines, headline)
    _mark_author_boxes(lines)
    _mark_link_lists(lines)
    _mark_headings(lines)
    return [line.kind or "body" for line in lines]


def _look_at(block: Block) -> _Line:
    text = block.text.strip()
    return _Line(block, text, _label(text), _reads_as_title(text), _kind_by_its_own_words(text))


def _label(text: str) -> str:
    """A short line, or what stands before a line's first colon or dash, ready to be looked up in `zone_words`."""
    head = text[: LONGEST_LABEL + 1].lstrip("*# ")
    end = _LABEL_END.search(head)
    if end is None and len(text) > LONGEST_LABEL:
        return ""
    return (head[: end.start()] if end else head).strip().lower()


def _kind_by_its_own_words(text: str) -> Kind | None:
    """What a line is by its own words alone."""
    if len(text) > LONGEST_CAPTION:
        return None
    lowered = text.lower()
    if lowered.startswith(words.CAPTION_OPENINGS) or lowered.rstrip(".").endswith(words.CAPTION_ENDINGS):
        return "caption"
    if len(text) > LONGEST_NOTICE:
        return None
    is_notice = lowered.startswith(words.SERVICE_OPENINGS) or lowered.rstrip(".").endswith(words.SERVICE_ENDINGS)
    return "boilerplate" if is_notice else None


def _reads_as_title(text: str) -> bool:
    """Whether a line is short and does not read as a sentence or a list item."""
    if len(text) > LONGEST_HEADLINE or (len(text) > LONGEST_HEADLINE // 2 and _WIDE_SCRIPT.search(text)):
        return False
    return (
        _LETTER.search(text) is not None
        and _BULLET.match(text) is None
        and text.rstrip(_QUOTES + " )")[-1:] not in _SENTENCE_END
        and _INNER_SENTENCE_END.search(text) is None
    )


def _bare(text: str) -> str:
    return _NOT_WORDS.sub(" ", text).strip().lower()


def _headline_index(lines: Sequence[_Line], title: str) -> int | None:
    """Where the headline stands: the line that says the title, else the first one that reads as a title."""
    bare_title = _bare(title)
    if bare_title:
        return next((i for i, line in enumerate(lines[:TOP]) if _says_title(line.text, bare_title)), None)
    for index, line in enumerate(lines[:TOP]):
        if line.kind is not None or line.label in words.KEY_POINTS:
            continue
        if line.is_title_like and len(lines) > 1:
            return index
        if _BULLET.match(line.text) is None:
            return None
    return None


def _says_title(text: str, bare_title: str) -> bool:
    """Whether a line is the title, or its beginning (titles often close with the newspaper's name)."""
    if len(text) > 2 * LONGEST_HEADLINE:
        return False
    bare = _bare(text)
    return bare == bare_title or (len(bare) >= LONGEST_HEADLINE // 8 and bare_title.startswith(bare))


def _mark_key_points(lines: Sequence[_Line], headline: int | None) -> None:
    """Key points: a labelled block and the list below it, or a list right below the headline."""
    for index, line in enumerate(lines[:TOP]):
        if line.kind is None and line.label in words.KEY_POINTS:
            line.kind = "summary"
            _mark_list(lines[index + 1 :], _BULLET)
    if headline is not None and len(lines) > headline + 3:
        below = lines[headline + 1 : headline + 3]
        if all(_BULLET_OF_A_LIST.match(line.text) for line in below):
            _mark_list(lines[headline + 1 :], _BULLET_OF_A_LIST)


def _mark_list(lines: Iterable[_Line], bullet: re.Pattern[str]) -> None:
    for line in lines:
        if line.kind is not None or bullet.match(line.text) is None:
            return
        line.kind = "summary"


def _mark_author_boxes(lines: Sequence[_Line]) -> None:
    """An author box: late in the text everything from its label on; earlier the label and the paragraph below."""
    for index, line in enumerate(lines):
        if line.label not in words.AUTHOR_BOX:
            continue
        if line.block.start >= LATE * lines[-1].block.end:
            _mark_boilerplate(lines[index:])
            return
        _mark_boilerplate(lines[index : index + (2 if line.is_label_only else 1)])


def _mark_boilerplate(lines: Iterable[_Line]) -> None:
    for line in lines:
        line.kind = "boilerplate"


def _mark_link_lists(lines: Sequence[_Line]) -> None:
    """Lists of links: title-like lines below a label, and a tail of such lines."""
    for index, line in enumerate(lines):
        if line.label in words.LINK_LIST or _opens_link_list(lines, index):
            _mark_boilerplate(
                [line, *(_titles_below(lines, index) if line.is_title_like or line.is_label_only else [])]
            )
    tail = len(lines)
    while tail > 1 and lines[tail - 1].kind in {None, "boilerplate"} and lines[tail - 1].is_title_like:
        tail -= 1
    if 1 < tail <= len(lines) - FEWEST_LINKS:
        _mark_boilerplate(lines[tail:])


def _titles_below(lines: Sequence[_Line], index: int) -> list[_Line]:
    end = index + 1
    while end < len(lines) and lines[end].is_title_like and lines[end].kind != "headline":
        end += 1
    return list(lines[index + 1 : end])


def _opens_link_list(lines: Sequence[_Line], index: int) -> bool:
    """Whether a line such as "More from the Gazette" has titles below it."""
    line, below = lines[index], lines[index + 1 : index + 3]
    return (
        line.is_title_like
        and line.text.lower().startswith(words.LINK_LIST_OPENINGS)
        and len(below) == 2
        and all(one.is_title_like for one in below)
    )


def _mark_headings(lines: Sequence[_Line]) -> None:
    """Headings: short title-like lines inside the article with text below them."""
    for index in range(1, len(lines) - 1):
        line, below = lines[index], lines[index + 1]
        if line.kind is None and _is_heading(line) and below.kind in {None, "summary", "caption"}:
            line.kind = None if below.is_title_like and len(below.text) <= LONGEST_HEADING else "heading"


def _is_heading(line: _Line) -> bool:
    is_quotation = line.text[0] in _QUOTES and line.text[-1] in _QUOTES
    return line.is_title_like and len(line.text) <= LONGEST_HEADING and not is_quotation
