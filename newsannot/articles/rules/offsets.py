"""Offsets in the three units the world counts in, and the words around a span.

Ours are code points. Browsers, WebAnno TSV and UIMA XMI count UTF-16 units; some tools count UTF-8 bytes.
"""

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

CONTEXT_WIDTH = 32
Unit = Literal["code_points", "utf16", "utf8"]
_ENCODINGS: dict[Unit, tuple[str, int]] = {
    "utf16": ("utf-16-le", 2),
    "utf8": ("utf-8", 1),
    "code_points": ("utf-32-le", 4),
}
_STEP = 512


class OffsetError(ValueError):
    """An offset that no place in the text has."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """A half-open span in some unit."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Measured:
    """One span in all three units."""

    code_points: Bounds
    utf16: Bounds
    utf8: Bounds


class Scale:
    """One canonical text measured in one unit: turns code points into that unit and back.

    Building it reads the text once; each conversion then looks at no more than `_STEP` code points.
    """

    def __init__(self, text: str, unit: Unit) -> None:
        """Measure the text; `marks[i]` is the unit offset of code point `i * _STEP`."""
        self.text = text
        self.unit = unit
        self._encoding, self._width = _ENCODINGS[unit]
        lengths = [self._length(text[begin : begin + _STEP]) for begin in range(0, len(text), _STEP)]
        *self._marks, self.length = accumulate(lengths, initial=0)

    def _length(self, piece: str) -> int:
        return len(piece) if piece.isascii() else len(piece.encode(self._encoding)) // self._width

    def from_code_points(self, offset: int) -> int:
        """The unit offset of a code point offset. Raises OffsetError outside the text."""
        if not 0 <= offset <= len(self.text):
            raise OffsetError(f"{offset} lies outside the text of {len(self.text)} code points.")
        mark = offset // _STEP
        if mark == len(self._marks):
            return self.length
        return self._marks[mark] + self._length(self.text[mark * _STEP : offset])

    def to_code_points(self, offset: int) -> int:
        """The code point offset of a unit offset. Raises OffsetError outside the text or inside a character."""
        if not 0 <= offset <= self.length:
            raise OffsetError(f"{offset} lies outside the text of {self.length} {self.unit} units.")
        if offset == self.length:
            return len(self.text)
        mark = bisect_right(self._marks, offset) - 1
        piece = self.text[mark * _STEP : (mark + 1) * _STEP].encode(self._encoding)
        try:
            inside = piece[: (offset - self._marks[mark]) * self._width].decode(self._encoding)
        except UnicodeDecodeError as error:
            raise OffsetError(f"{offset} lies inside a character ({self.unit} units).") from error
        return mark * _STEP + len(inside)


def measure(text: str, start: int, end: int) -> Measured:
    """One span of code points in all three units. Raises OffsetError when it does not lie in the text."""
    if not 0 <= start <= end <= len(text):
        raise OffsetError(f"{start} to {end} does not lie in the text of {len(text)} code points.")
    return Measured(Bounds(start, end), _bounds(text, start, end, "utf16"), _bounds(text, start, end, "utf8"))


def _bounds(text: str, start: int, end: int, unit: Unit) -> Bounds:
    encoding, width = _ENCODINGS[unit]
    begin = len(text[:start].encode(encoding)) // width
    return Bounds(begin, begin + len(text[start:end].encode(encoding)) // width)


def context(text: str, start: int, end: int, width: int = CONTEXT_WIDTH) -> tuple[str, str]:
    """The prefix and suffix of a span: up to `width` code points on either side."""
    return text[max(0, start - width) : start], text[end : end + width]
