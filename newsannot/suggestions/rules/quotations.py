"""Quotations in a text, in whatever marks: the outermost ones, with their marks. Titles in 《》 are none."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

CLOSERS = {
    "“": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‹": "›",
    "‘": "’",
    "‚": "‘’",
    "「": "」",
    "『": "』",
    "”": "”",
    '"': '"',
    "'": "'",
    "״": "״",
    "＂": "＂",
}
_SIGN = re.compile("[“”„«»‹›‘’‚「」『』\"'״＂]")
_APOSTROPHES = frozenset("'’")
_STRAIGHT = frozenset("\"'״＂")
_PARAGRAPH_MARKS = frozenset('“«„"「')
_ENDS_SPEECH = re.compile(r"[.,!?…。！？，،؟]$")
_ENDS_SENTENCE = re.compile(r"[.!?…。！？؟]$")
_RESCANS = 3
FILLER = "\x01"


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quotation with its marks, half-open in code points.

    `goes_on`: it is not closed where its paragraph ends, and the next one opens with the same mark; `resumes`: it is
    that next one.
    """

    start: int
    end: int
    goes_on: bool = False
    resumes: bool = False

    def inner(self, text: str) -> str:
        """The words between the marks."""
        return text[self.start + 1 : self.end if self.goes_on else self.end - 1]

    def ends_speech(self, text: str) -> bool:
        """Whether a comma or the end of a sentence stands before the closing mark."""
        return bool(_ENDS_SPEECH.search(self.inner(text).rstrip()))

    def ends_sentence(self, text: str) -> bool:
        """Whether a sentence ends before the closing mark."""
        return bool(_ENDS_SENTENCE.search(self.inner(text).rstrip()))


def find_quotations(text: str, blocks: Sequence[tuple[int, int]]) -> list[list[Quotation]]:
    """The quotations of each block (a paragraph's start and end), in order.

    A paragraph that opens a quotation without closing it is quoted to its end where the next one opens with the same
    mark; elsewhere the lone mark is passed over.
    """
    found: list[list[Quotation]] = []
    resumes = False
    for at, (start, end) in enumerate(blocks):
        following = text[blocks[at + 1][0]] if at + 1 < len(blocks) else ""
        quotations = _in_block(text, start, end, following)
        if resumes and quotations and quotations[0].start == start:
            quotations[0] = replace(quotations[0], resumes=True)
        elif resumes:
            _forget_opening(found)
        resumes = bool(quotations) and quotations[-1].goes_on
        found.append(quotations)
    return found


def _forget_opening(found: list[list[Quotation]]) -> None:
    """The paragraph before did not go on after all."""
    if found and found[-1] and found[-1][-1].goes_on:
        found[-1].pop()


def _in_block(text: str, start: int, end: int, following: str) -> list[Quotation]:
    found: list[Quotation] = []
    at = start
    for _ in range(_RESCANS):
        lone = _scan(text, at, end, found)
        if lone is None:
            break
        if text[lone] in _PARAGRAPH_MARKS and text[lone] == following:
            found.append(Quotation(lone, end, goes_on=True))
            break
        at = lone + 1
    return found


def _scan(text: str, start: int, end: int, found: list[Quotation]) -> int | None:
    """Add the quotations closed from `start` on; answers where an outermost one was opened and never closed."""
    opened: list[int] = []
    for sign in _SIGN.finditer(text, start, end):
        at, mark = sign.start(), sign[0]
        before = text[at - 1] if at > start else " "
        after = text[at + 1] if at + 1 < end else " "
        closes = _closed_by(text, opened, mark, before, after)
        if closes is not None:
            del opened[closes + 1 :]
            first = opened.pop()
            if not opened and at > first + 1:
                found.append(Quotation(first, at + 1))
        elif _opens(text, opened, mark, before, after):
            opened.append(at)
    return opened[0] if opened else None


def _closed_by(text: str, opened: list[int], mark: str, before: str, after: str) -> int | None:
    """Which of the open quotations, the innermost it can, a mark closes."""
    if mark in _APOSTROPHES and (after.isalnum() or before.isspace()):
        return None
    if mark in _STRAIGHT and (before.isspace() or (before.isalnum() and after.isalnum())):
        return None
    for depth in range(len(opened) - 1, max(len(opened) - 4, -1), -1):
        if mark in CLOSERS[text[opened[depth]]]:
            return depth
    return None


def _opens(text: str, opened: list[int], mark: str, before: str, after: str) -> bool:
    if mark not in CLOSERS or after.isspace() or len(opened) > 8:
        return False
    if mark in "“«„「『‹":
        return True
    if mark in "”»":  # as in Swedish and in some German books
        return not opened and not before.isalnum() and after.isalnum()
    is_outside_word = not before.isalnum()
    if mark in _APOSTROPHES or mark == "‘":
        return is_outside_word and after.isalnum() and not any(text[at] == mark for at in opened)
    return is_outside_word


def masked(text: str, quotations: Sequence[Quotation]) -> str:
    """The text with every quotation, its marks included, filled with one sign; offsets stay as they are."""
    pieces, at = [], 0
    for quotation in quotations:
        pieces += [text[at : quotation.start], FILLER * (quotation.end - quotation.start)]
        at = quotation.end
    return "".join([*pieces, text[at:]])
