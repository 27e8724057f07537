"""Texts in the units of other tools: UTF-16 code units, tokens and lines. Pure."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"\w+|[^\w\s]")
_XML_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Utf16:
    """Offsets of a text in UTF-16 code units, to and fro; what is beyond the first plane counts twice."""

    def __init__(self, text: str) -> None:
        self._wide = [at for at, character in enumerate(text) if character > "\uffff"]
        self._units = [at + number for number, at in enumerate(self._wide)]

    def units(self, offset: int) -> int:
        """Code units before a code point."""
        return offset + bisect_left(self._wide, offset)

    def points(self, unit: int) -> int:
        """Code points before a code unit; inside of a pair it is the place before it."""
        return unit - bisect_left(self._units, unit)


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a mark, or a part of one where a span begins or ends in it; `line` counts from 0."""

    start: int
    end: int
    line: int


def tokens(text: str, borders: Iterable[int] = ()) -> list[Token]:
    """The tokens of a text, cut at every border too, so that every span is made of whole tokens."""
    cuts = sorted(set(borders))
    ends = [at for at, character in enumerate(text) if character == "\n"]
    found = []
    for match in _WORD.finditer(text):
        start, end = match.span()
        inner = cuts[bisect_right(cuts, start) : bisect_left(cuts, end)]
        line = bisect_left(ends, start)
        found += [Token(a, b, line) for a, b in zip([start, *inner], [*inner, end], strict=True)]
    return found


def covered(found: Sequence[Token], starts: Sequence[int], start: int, end: int) -> range:
    """The places of the tokens within a stretch; `starts` are the tokens' starts."""
    first = bisect_left(starts, start)
    last = bisect_left(starts, end)
    return range(first, last)


def xml_text(text: str) -> str:
    """The text with what XML forbids as U+FFFD, one for one."""
    return _XML_FORBIDDEN.sub("\ufffd", text)
