"""Pure rules of records: their parts and what of them may overlap. Offsets are code points, 0-based, half-open."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from newsannot.core.wording import quoted

LARGEST_OFFSET = 2**31 - 1


@dataclass(frozen=True, slots=True, order=True)
class Piece:
    """A stretch of the text; `quote`, when given, is what the sender believes stands there."""

    start: int
    end: int
    quote: str | None = None

    def overlaps(self, other: "Piece") -> bool:
        """Whether the two share a code point."""
        return self.start < other.end and other.start < self.end


Parts = Mapping[str, Sequence[Piece]]
Problems = dict[str, list[str]]


@dataclass(frozen=True, slots=True)
class Role:
    """A named place for evidence: how often it is filled, and whether it must keep clear of the others so marked."""

    name: str
    label: str
    least: int = 0
    most: int | None = None
    is_exclusive: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """An annotation as plain values: `claim` (field → JSON value; records and actors by id) and `parts`."""

    claim: Mapping[str, Any]
    parts: Parts

    def as_json(self) -> dict[str, Any]:
        """For keeping in a step."""
        return {
            "claim": dict(self.claim),
            "parts": {role: [[p.start, p.end] for p in pieces] for role, pieces in self.parts.items() if pieces},
        }

    def says(self, kept: Mapping[str, Any] | None) -> bool:
        """Whether it says what a kept record says (None: it stands no more); the order within a list says nothing."""
        return kept is not None and _unordered(self.as_json()) == _unordered(kept)

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Record":
        """The inverse of `as_json`."""
        parts = {role: [Piece(start, end) for start, end in pieces] for role, pieces in kept["parts"].items()}
        return cls(kept["claim"], parts)


def _unordered(kept: Mapping[str, Any]) -> dict[str, Any]:
    claim = {name: sorted(value) if isinstance(value, list) else value for name, value in kept["claim"].items()}
    return {"claim": claim, "parts": {role: sorted(pieces) for role, pieces in kept["parts"].items()}}


@dataclass(frozen=True, slots=True)
class Told:
    """The words a record rests on: those in each role, and how those of the records it names begin.

    `language` is the article's [BCP 47], `day` the one it appeared on, if known.
    """

    parts: Mapping[str, Sequence[str]]
    named: Sequence[str] = ()
    language: str = "und"
    day: date | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A value that follows from what a record says already, and why; nothing until somebody takes it."""

    field: str
    value: str
    reason: str


def offsets(pieces: Iterable[Piece]) -> list[tuple[int, int]]:
    """Start and end of each piece, in the order of the text."""
    return sorted((p.start, p.end) for p in pieces)


def part_problems(roles: Sequence[Role], parts: Parts, *, length: int) -> Problems:
    """What is wrong with the parts of one record, by role; `length` is the text's, in code points."""
    problems: Problems = {}
    known = {role.name: role for role in roles}
    for name in parts.keys() - known.keys():
        problems.setdefault(name, []).append(f"There is no role “{name}” here; the roles are {', '.join(known)}.")
    for role in roles:
        pieces = parts.get(role.name, ())
        found = [*_range_problems(pieces, length), *_number_problems(role, len(pieces))]
        if found:
            problems[role.name] = found
    return problems or _overlap_problems(roles, parts)


def _range_problems(pieces: Sequence[Piece], length: int) -> list[str]:
    found = []
    for piece in pieces:
        if piece.start < 0 or piece.end > length:
            found.append(f"{piece.start}–{piece.end} leaves the text, which has {length:,} characters.")
        elif piece.start >= piece.end:
            found.append(f"{piece.start}–{piece.end} is empty or reversed.")
    return found


def _number_problems(role: Role, count: int) -> list[str]:
    if count < role.least:
        return [f"Mark the {role.label.lower()} in the text."]
    if role.most is not None and count > role.most:
        return [f"Only {role.most} stretch of text can be the {role.label.lower()}."]
    return []


def _where(one: Piece, other: Piece) -> str:
    """The words of two pieces, where both are known."""
    return f": {quoted(one.quote)} and {quoted(other.quote)}" if one.quote and other.quote else ""


def _overlap_problems(roles: Sequence[Role], parts: Parts) -> Problems:
    """Pieces of one role never overlap; nor do the pieces of exclusive roles among each other."""
    problems: Problems = {}
    placed = [(role, piece) for role in roles for piece in parts.get(role.name, ())]
    placed.sort(key=lambda pair: (pair[1].start, pair[1].end))
    for at, (role, piece) in enumerate(placed):
        for other_role, other in placed[at + 1 :]:
            if other.start >= piece.end:
                break
            if role is other_role or (role.is_exclusive and other_role.is_exclusive):
                text = (
                    f"Two pieces of the {role.label.lower()} overlap."
                    if role is other_role
                    else f"{other_role.label} and {role.label.lower()} overlap{_where(other, piece)}."
                )
                problems.setdefault(other_role.name, []).append(text)
    return problems
