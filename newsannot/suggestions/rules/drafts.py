"""What a rule proposes: a draft of an annotation, with the reason a person reads."""

import hashlib
import json
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from newsannot.annotations.rules import Piece

MAIN_ROLES: Mapping[str, tuple[str, ...]] = {
    "mention": ("text",),
    "statement": ("content",),
    "threat": ("consequence", "condition", "reference"),
}
"""By kind, the roles that tell which claim it is: two records of a kind that overlap there are about the same words."""

SURE, LIKELY = 0.75, 0.5
_SORTED = json.JSONEncoder(sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class KnownName:
    """A name of an actor of the knowledge base; `main` is the actor's main name."""

    actor: int
    name: str
    kind: str
    main: str


@dataclass(frozen=True, slots=True)
class CodableText:
    """A canonical text, the ranges that may not be coded (boilerplate) and those of headlines and headings.

    Ranges are in order, half-open, in code points.
    """

    text: str
    language: str = "und"
    uncodable: Sequence[tuple[int, int]] = ()
    headings: Sequence[tuple[int, int]] = ()

    def is_codable(self, start: int, end: int) -> bool:
        """Whether no code point of the range lies in boilerplate."""
        if not self.uncodable:
            return True
        at = bisect_right(self.uncodable, (start, start))
        near = self.uncodable[max(at - 1, 0) : at + 1]
        return not any(first < end and start < last for first, last in near)


@dataclass(frozen=True, slots=True)
class Draft:
    """A proposed annotation: its parts by role and its fields, why it is proposed, and how sure the rule is (0 to 1).

    `values` holds fields of the kind as JSON: codes, and actors by id.
    """

    kind: str
    parts: Mapping[str, tuple[Piece, ...]]
    values: Mapping[str, Any]
    reason: str
    rule: str
    score: float

    @property
    def main(self) -> tuple[Piece, ...]:
        """The pieces of its main roles, in the order of the text."""
        return main_pieces(self.kind, self.parts)

    @property
    def fingerprint(self) -> str:
        """The same for every draft that would mark the same words in the same roles, whichever engine made it."""
        return fingerprint(self.kind, self.parts)


def main_pieces(kind: str, parts: Mapping[str, Sequence[Piece]]) -> tuple[Piece, ...]:
    """The pieces of the kind's main roles, in the order of the text."""
    return tuple(sorted(piece for role in MAIN_ROLES[kind] for piece in parts.get(role, ())))


SAME = 0.5


def is_same_proposal(kind: str, one: Sequence[Piece], other: Sequence[Piece]) -> bool:
    """Whether two drafts of a kind, by their main pieces, propose the same with other borders.

    They do when both cover at least half of the code points that either covers. Of mentions, which never lie within one
    another, any in common will do.
    """
    mine, theirs = _merged(one), _merged(other)
    shared = sum(max(min(a.end, b.end) - max(a.start, b.start), 0) for a in mine for b in theirs)
    if kind == "mention":
        return shared > 0
    covered = sum(piece.end - piece.start for piece in (*mine, *theirs)) - shared
    return covered > 0 and shared >= SAME * covered


def _merged(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces in order, those that overlap as one."""
    merged: list[Piece] = []
    for piece in sorted(pieces):
        if merged and piece.start < merged[-1].end:
            merged[-1] = Piece(merged[-1].start, max(merged[-1].end, piece.end))
        else:
            merged.append(piece)
    return merged


def fingerprint(kind: str, parts: Mapping[str, Sequence[Piece]]) -> str:
    """32 hex digits of kind and parts; the order in which roles and pieces are given does not matter."""
    shape = {role: sorted([p.start, p.end] for p in pieces) for role, pieces in parts.items() if pieces}
    return hashlib.sha256(_SORTED([kind, shape]).encode()).hexdigest()[:32]


def holds(draft: Draft, text: CodableText) -> bool:
    """Whether the text lets its parts be stored: within the text, not blank, codable, and not overlapping in a role."""
    placed = [(role, piece) for role, pieces in draft.parts.items() for piece in pieces]
    if not draft.main or not all(_is_storable(piece, text) for _, piece in placed):
        return False
    groups: dict[str, list[Piece]] = {}
    for role, piece in placed:
        groups.setdefault("statement" if draft.kind == "statement" else role, []).append(piece)
    return not any(a.overlaps(b) for group in groups.values() for a, b in pairwise(sorted(group)))


def _is_storable(piece: Piece, text: CodableText) -> bool:
    words = text.text[piece.start : piece.end]
    return 0 <= piece.start < piece.end <= len(text.text) and bool(words.strip()) and text.is_codable(*_range(piece))


def _range(piece: Piece) -> tuple[int, int]:
    return piece.start, piece.end


def sureness(score: float) -> str:
    """A score in a word for people."""
    if score >= SURE:
        return "quite sure"
    return "likely" if score >= LIKELY else "unsure"
