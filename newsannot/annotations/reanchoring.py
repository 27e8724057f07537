"""Where a span of one text stands in another: pure, on strings; offsets are code points.

Position first, then the quote with what stands around it, then a bounded search for something alike near the place
where it is expected. In doubt a span has no place in the new text, and is said why: nothing moves silently.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

CONTEXT = 32
NEEDED_CONTEXT = 16
"""Code points around words that must agree for a place to be theirs; half of it tells two places apart."""
LEAST_ANCHOR = 8
"""The fewest code points that surroundings are looked for by."""
TELLING = 24
"""Words of this length that stand once in both texts need nothing around them to agree."""
MOST_PLACES = 200
MOST_LOOKED_AT = 20 * MOST_PLACES
MOST_LINES = 2000
LONGEST_COMPARED = 300
ALIKE_BETWEEN, ALIKE_ALONE = 0.6, 0.75
"""How alike altered words must be: between surroundings that are found, and without."""


class Outcome(StrEnum):
    """What became of a span in a new text."""

    UNCHANGED = "unchanged"
    MOVED = "moved"
    ALTERED = "altered"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Anchored:
    """What became of a span, in words too. `start` and `end` are in the new text; of one that is gone, None.

    The words of an unchanged or moved span are the old ones to the code point; for an altered span the place is a
    proposal that somebody has to look at.
    """

    outcome: Outcome
    start: int | None
    end: int | None
    why: str

    @property
    def holds(self) -> bool:
        """Whether the same words stand at its place."""
        return self.outcome in {Outcome.UNCHANGED, Outcome.MOVED}


def reanchor(span: tuple[int, int], old_text: str, new_text: str) -> Anchored:
    """Where a span (start and end, half-open, not empty, within the old text) stands in the new one."""
    return Reanchoring(old_text, new_text).of(span)


class Reanchoring:
    """An old and a new text, held side by side for any number of spans."""

    def __init__(self, old_text: str, new_text: str) -> None:
        self.old, self.new = old_text, new_text
        self._matches = list(_matching_stretches(old_text, new_text))
        self._starts = [old for old, _, _ in self._matches]

    def of(self, span: tuple[int, int]) -> Anchored:
        """Where a span of the old text stands in the new one; raises ValueError for one that is none of its."""
        start, end = span
        if not 0 <= start < end <= len(self.old):
            raise ValueError(f"{start}–{end} is no span of a text of {len(self.old)} code points")
        for at in (start, self._matched(span)):
            if at is not None and self._context(span, at) == self._own_context(span) and self._reads(span, at):
                return _held(span, at)
        return self._by_quote(span) or self._by_likeness(span)

    # --- The same words elsewhere ----------------------------------------------------------------

    def _by_quote(self, span: tuple[int, int]) -> Anchored | None:
        """The span where the same words stand; gone where that is in doubt; None where they do not stand at all."""
        places = list(self._places(span))
        if not places:
            return None
        if len(places) > MOST_PLACES:
            return _gone(f"These words stand in more than {MOST_PLACES} places; which is meant is not certain.")
        place = self._certain(span, places)
        if place is None:
            return _gone(
                "These words stand in several places alike; which is meant is not certain."
                if len(places) > 1
                else "These words stand elsewhere, but among others; whether they are meant is not certain."
            )
        return _held(span, place)

    def _places(self, span: tuple[int, int]) -> Iterator[int]:
        """Where the same words begin in the new text, whole words and whole characters; one more than the most."""
        exact, at, found = self.old[slice(*span)], -1, 0
        for _ in range(MOST_LOOKED_AT):
            at = self.new.find(exact, at + 1)
            if at < 0 or found > MOST_PLACES:
                return
            if self._borders_hold(span, at):
                found += 1
                yield at

    def _borders_hold(self, span: tuple[int, int], at: int) -> bool:
        """Whether words found at `at` are cut out of what stands there as the span is cut out of the old text."""
        start, end = span
        last = at + end - start
        return (
            _joins(self.new, at) <= _joins(self.old, start)
            and _joins(self.new, last) <= _joins(self.old, end)
            and _is_inside_word(self.new, at) <= _is_inside_word(self.old, start)
            and _is_inside_word(self.new, last) <= _is_inside_word(self.old, end)
        )

    def _certain(self, span: tuple[int, int], places: Sequence[int]) -> int | None:
        """The one place that is meant, or None."""
        agreeing = {at: sum(self._context(span, at)) for at in places}
        best = max(places, key=lambda at: (agreeing[at], -abs(at - self._expected(span[0]))))
        others = [agreeing[at] for at in places if at != best]
        if others and agreeing[best] - max(others) < NEEDED_CONTEXT // 2:
            return None
        is_telling = span[1] - span[0] >= TELLING and not others and self.old.count(self.old[slice(*span)]) == 1
        whole = sum(self._own_context(span))
        return best if is_telling or agreeing[best] >= min(NEEDED_CONTEXT, whole) else None

    def _context(self, span: tuple[int, int], at: int) -> tuple[int, int]:
        """How many code points before and after the span stand before and after a place in the new text too."""
        start, end = span
        before = _same_at_end(self.old[max(start - CONTEXT, 0) : start], self.new[max(at - CONTEXT, 0) : at])
        last = at + end - start
        return before, _same_at_start(self.old[end : end + CONTEXT], self.new[last : last + CONTEXT])

    def _own_context(self, span: tuple[int, int]) -> tuple[int, int]:
        return min(span[0], CONTEXT), min(len(self.old) - span[1], CONTEXT)

    def _reads(self, span: tuple[int, int], at: int) -> bool:
        start, end = span
        return self.new[at : at + end - start] == self.old[start:end] and self._borders_hold(span, at)

    # --- Where it is expected ----------------------------------------------------------------------

    def _matched(self, span: tuple[int, int]) -> int | None:
        """Where the span stands when the texts are held side by side and all of it is in a stretch of both."""
        index = bisect_right(self._starts, span[0]) - 1
        if index < 0:
            return None
        old, new, length = self._matches[index]
        return new + span[0] - old if span[1] <= old + length else None

    def _expected(self, at: int) -> int:
        """About where an offset of the old text lies in the new one: as far behind the last stretch of both."""
        index = bisect_right(self._starts, at) - 1
        old, new, _ = self._matches[index] if index >= 0 else (0, 0, 0)
        return min(new + at - old, len(self.new))

    # --- Other words -------------------------------------------------------------------------------

    def _by_likeness(self, span: tuple[int, int]) -> Anchored:
        """The span as altered, where something alike stands at the expected place; else gone."""
        exact = self.old[slice(*span)]
        if len(exact) > LONGEST_COMPARED:
            return _gone("These words do not stand in the new text, and are too many to look for what became of them.")
        between = self._between(span)
        found = between or self._near(span)
        if found is None:
            return _gone("These words do not stand in the new text.")
        start, end = _whole(self.new, *found)
        if why := _why_not(exact, self.new[start:end], ALIKE_BETWEEN if between else ALIKE_ALONE):
            return _gone(why)
        return Anchored(Outcome.ALTERED, start, end, "The words at its place read differently now.")

    def _between(self, span: tuple[int, int]) -> tuple[int, int] | None:
        """What stands between the span's surroundings, where each is found once near the expected place."""
        start, end = span
        low, high = self._window(span)
        before, after = self.old[max(start - CONTEXT, 0) : start], self.old[end : end + CONTEXT]
        first = _once(self.new, before, low, high, from_end=True)
        last = _once(self.new, after, low, high, from_end=False)
        if start <= CONTEXT and self.new.startswith(before):
            first = start
        if len(self.old) - end <= CONTEXT and self.new.endswith(after):
            last = len(self.new) - len(after)
        return (first, last) if first is not None and last is not None and first <= last else None

    def _near(self, span: tuple[int, int]) -> tuple[int, int] | None:
        """The stretch near the expected place that shares most with the span."""
        exact = self.old[slice(*span)]
        low, high = self._window(span)
        window = self.new[low:high]
        blocks = [b for b in SequenceMatcher(None, exact, window, autojunk=False).get_matching_blocks() if b.size > 2]
        if not blocks:
            return None
        first, last = blocks[0], blocks[-1]
        start = low + max(first.b - first.a, 0)
        end = low + min(last.b + len(exact) - last.a, len(window))
        return (start, end) if start < end else None

    def _window(self, span: tuple[int, int]) -> tuple[int, int]:
        expected, length = self._expected(span[0]), span[1] - span[0]
        return max(expected - length - 2 * CONTEXT, 0), min(expected + 2 * length + 2 * CONTEXT, len(self.new))


def _held(span: tuple[int, int], at: int) -> Anchored:
    start, end = span
    if at == start:
        return Anchored(Outcome.UNCHANGED, start, end, "The same words stand at the same place.")
    where = f"{abs(at - start):,} character{'s' * (abs(at - start) != 1)} {'later' if at > start else 'earlier'}"
    return Anchored(Outcome.MOVED, at, at + end - start, f"The same words stand {where}.")


def _why_not(old: str, new: str, least: float) -> str:
    """Why words are not what became of others; empty when they may be."""
    if not new:
        return "These words were taken out."
    if new == old:
        return "These words stand there only within others."
    if len(new) > 2 * len(old) + CONTEXT:
        return "These words do not stand in the new text, and much else stands in their place."
    return "" if _likeness(old, new) >= least else "Other words stand in the place of these."


def _gone(why: str) -> Anchored:
    return Anchored(Outcome.GONE, None, None, why)


# --- Texts side by side ------------------------------------------------------------------------------


def _matching_stretches(old: str, new: str) -> Iterator[tuple[int, int, int]]:
    """Stretches of both texts in order, as (start in the old, start in the new, length).

    The same beginning, the same end, and between them the same lines; of more than `MOST_LINES` none are looked for.
    """
    head = _same_at_start(old, new)
    tail = _same_at_end(old[head:], new[head:])
    yield 0, 0, head
    yield from _matching_lines(old, new, head, tail)
    yield len(old) - tail, len(new) - tail, tail


def _matching_lines(old: str, new: str, head: int, tail: int) -> Iterator[tuple[int, int, int]]:
    old_lines = old[head : len(old) - tail].splitlines(keepends=True)
    new_lines = new[head : len(new) - tail].splitlines(keepends=True)
    if max(len(old_lines), len(new_lines)) > MOST_LINES:
        return
    old_at, new_at = _offsets(old_lines, head), _offsets(new_lines, head)
    for block in SequenceMatcher(None, old_lines, new_lines, autojunk=True).get_matching_blocks():
        if block.size:
            yield old_at[block.a], new_at[block.b], old_at[block.a + block.size] - old_at[block.a]


def _offsets(lines: Sequence[str], first: int) -> list[int]:
    at = [first]
    for line in lines:
        at.append(at[-1] + len(line))
    return at


def _same_at_start(one: str, other: str) -> int:
    """How many code points two texts begin with alike; by halves, since comparing slices is quick."""
    same, most = 0, min(len(one), len(other))
    while same < most:
        half = (same + most + 1) // 2
        same, most = (half, most) if one[same:half] == other[same:half] else (same, half - 1)
    return same


def _same_at_end(one: str, other: str) -> int:
    return _same_at_start(one[::-1], other[::-1])


def _once(text: str, words: str, low: int, high: int, *, from_end: bool) -> int | None:
    """Where surroundings, or as much of them next to the span as is needed, stand once: the border with the span."""
    for length in range(len(words), LEAST_ANCHOR - 1, -LEAST_ANCHOR // 2):
        part = words[-length:] if from_end else words[:length]
        at = text.find(part, low, high)
        if at >= 0:
            is_once = text.find(part, at + 1, high) < 0
            return (at + length if from_end else at) if is_once else None
    return None


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


# --- Borders -----------------------------------------------------------------------------------------

_EXTENDING = {"\u200d", "\u200c", "\ufe0e", "\ufe0f", "\u20e3"}
_WITHOUT_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")


def _extends(character: str) -> bool:
    """Whether a character belongs to the one before it: combining marks, variation selectors, skin tones, joiners."""
    is_tone = "\U0001f3fb" <= character <= "\U0001f3ff"
    return is_tone or character in _EXTENDING or unicodedata.category(character) in {"Mn", "Me", "Mc"}


def _joins(text: str, at: int) -> bool:
    """Whether an offset lies within what is seen as one character."""
    return 0 < at < len(text) and (_extends(text[at]) or text[at - 1] == "\u200d")


def _is_inside_word(text: str, at: int) -> bool:
    """Whether an offset lies within a word; never in scripts that are written without spaces."""
    if not 0 < at < len(text) or _WITHOUT_SPACES.match(text[at - 1]) or _WITHOUT_SPACES.match(text[at]):
        return False
    return text[at - 1].isalnum() and text[at].isalnum()


def _whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space at its ends, its characters whole."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while start > 0 and _joins(text, start):
        start -= 1
    while end < len(text) and _joins(text, end):
        end += 1
    return start, end
