"""Which part of an article each line is: found by rules, to be corrected by editors.

A zone covers whole blocks, half-open in code points; zones never overlap. Blank blocks at a zone's ends belong to no
zone. Boilerplate is what the reader of the page sees but the article does not say: author boxes, lists of links,
notices. When in doubt a block is body, since body can be annotated.

An import looks at hundreds of thousands of lines: what most lines are not is found out by their first or last character
before anything dearer is asked.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from newsannot.articles.rules import zone_words as words
from newsannot.core.wording import quoted

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

Phrases = Mapping[str, tuple[str, ...]]
"""Phrases by the character they begin, or end, with."""


def _by_character(phrases: Iterable[str], place: int) -> Phrases:
    found: dict[str, tuple[str, ...]] = {}
    for phrase in phrases:
        found[phrase[place]] = (*found.get(phrase[place], ()), phrase)
    return found


_CAPTION_OPENINGS = _by_character(words.CAPTION_OPENINGS, 0)
_CAPTION_ENDINGS = _by_character(words.CAPTION_ENDINGS, -1)
_SERVICE_OPENINGS = _by_character(words.SERVICE_OPENINGS, 0)
_SERVICE_ENDINGS = _by_character(words.SERVICE_ENDINGS, -1)
_LINK_LIST_OPENINGS = _by_character(words.LINK_LIST_OPENINGS, 0)
_LONGEST_LINK_LIST_OPENING = max(map(len, words.LINK_LIST_OPENINGS))

_QUOTES = "\"'‘’‚‛“”„‟«»‹›「」『』＂＇"
_BULLET = re.compile(r"[-–—•*·▪‣■●◦]\s?\S")
_BULLET_OF_A_LIST = re.compile(r"[-•*·▪‣■●◦]\s?\S")
_LABEL_END = re.compile("[:：–—]")
_SENTENCE_END = frozenset(".。．…,;:，；：،؛।")
_INNER_SENTENCE_END = re.compile(r"[.!?؟。！？](?:(?<=[^\W\d_]{4}\.)\s+\S|(?<=[!?؟])\s+\S|(?<=[。！？])\S)")
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
    """A block that is not blank, its words, what can be seen of them at a glance, and its kind once known."""

    start: int
    end: int
    text: str
    label: str
    is_title_like: bool
    kind: Kind | None

    @property
    def is_label_only(self) -> bool:
        return len(self.text) <= len(self.label) + 3


def find_zones(text: str, title: str = "") -> list[FoundZone]:
    """The zones of a canonical text, in order; every block that is not blank lies in exactly one."""
    lines = list(_look_at(text))
    headline = _headline_index(lines, title)
    if headline is not None:
        lines[headline].kind = "headline"
    _mark_key_points(lines, headline)
    _mark_author_boxes(lines)
    _mark_link_lists(lines)
    _mark_headings(lines)
    return join_zones((line.start, line.end, line.kind or "body") for line in lines)


def headline_of(text: str) -> str:
    """The line that reads as the article's headline, or the empty string."""
    for zone in find_zones(text):
        if zone.kind == "headline":
            return text[zone.start : zone.end].strip()
    return ""


def zones_problem(zones: Sequence[FoundZone], text: str) -> str:
    """What forbids these zones in a text, in words; empty when nothing does."""
    end = 0
    for zone in sorted(zones, key=lambda zone: zone.start):
        if zone.kind not in KINDS:
            return f"“{zone.kind}” is no kind of zone: {', '.join(KINDS)}."
        if not 0 <= zone.start <= zone.end <= len(text):
            return f"A zone ({zone.kind}) leaves the text."
        if zone.start == zone.end:
            return f"The zone ({zone.kind}) that begins at {quoted(text[zone.start :])} is empty."
        if zone.start < end:
            return f"The zone {quoted(text[zone.start : zone.end])} overlaps the one before it."
        end = zone.end
    return ""


def join_zones(blocks: Iterable[tuple[int, int, Kind]]) -> list[FoundZone]:
    """Zones from start, end and kind of each block that is not blank; neighbours of one running kind are one zone."""
    zones: list[tuple[Kind, int, int]] = []
    last: Kind | None = None
    for start, end, kind in blocks:
        if kind == last and kind in RUNS:
            zones[-1] = (kind, zones[-1][1], end)
        else:
            zones.append((kind, start, end))
        last = kind
    return [FoundZone(*zone) for zone in zones]


def _look_at(text: str) -> Iterator[_Line]:
    """The blocks of a text that are not blank."""
    start = 0
    for block in text.split("\n"):
        end = start + len(block)
        if line := block.strip():
            yield _Line(start, end, line, _label(line), _reads_as_title(line), _kind_by_its_own_words(line))
        start = end + 1


def _label(text: str) -> str:
    """A short line, or what stands before a line's first colon or dash, ready to be looked up in `zone_words`."""
    if len(text) > LONGEST_LABEL and _LABEL_END.search(text, 0, LONGEST_LABEL + 1) is None:
        return ""
    head = text[: LONGEST_LABEL + 1].lstrip("*# ")
    end = _LABEL_END.search(head)
    return (head[: end.start()] if end else head).strip().lower()


def _kind_by_its_own_words(text: str) -> Kind | None:
    """What a line is by its own words alone."""
    if len(text) > LONGEST_CAPTION:
        return None
    lowered = text.lower()
    if _is_framed_by(lowered, _CAPTION_OPENINGS, _CAPTION_ENDINGS):
        return "caption"
    if len(text) > LONGEST_NOTICE:
        return None
    return "boilerplate" if _is_framed_by(lowered, _SERVICE_OPENINGS, _SERVICE_ENDINGS) else None


def _is_framed_by(lowered: str, openings: Phrases, endings: Phrases) -> bool:
    """Whether a line begins with one of the openings or ends with one of the endings, a full stop aside."""
    if (opening := openings.get(lowered[0])) and lowered.startswith(opening):
        return True
    line = lowered.rstrip(".") if lowered[-1] == "." else lowered
    return (ending := endings.get(line[-1:])) is not None and line.endswith(ending)


def _reads_as_title(text: str) -> bool:
    """Whether a line is short and does not read as a sentence or a list item."""
    if len(text) > LONGEST_HEADLINE or (len(text) > LONGEST_HEADLINE // 2 and _WIDE_SCRIPT.search(text)):
        return False
    return (
        text.rstrip(_QUOTES + " )")[-1:] not in _SENTENCE_END
        and (text[0].isalpha() or (_BULLET.match(text) is None and _LETTER.search(text) is not None))
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
    if (first := text[0].lower())[0].isalnum() and not bare_title.startswith(first):
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
        if line.start >= LATE * lines[-1].end:
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
    line = lines[index]
    if not line.is_title_like:
        return False
    opening = line.text[:_LONGEST_LINK_LIST_OPENING].lower()
    if not opening.startswith(_LINK_LIST_OPENINGS.get(opening[0], ())):
        return False
    below = lines[index + 1 : index + 3]
    return len(below) == 2 and all(one.is_title_like for one in below)


def _mark_headings(lines: Sequence[_Line]) -> None:
    """Headings: short title-like lines inside the article with text below them."""
    for index in range(1, len(lines) - 1):
        line, below = lines[index], lines[index + 1]
        if line.kind is None and below.kind in {None, "summary", "caption"} and _is_heading(line):
            line.kind = None if below.is_title_like and len(below.text) <= LONGEST_HEADING else "heading"


def _is_heading(line: _Line) -> bool:
    is_quotation = line.text[0] in _QUOTES and line.text[-1] in _QUOTES
    return line.is_title_like and len(line.text) <= LONGEST_HEADING and not is_quotation
