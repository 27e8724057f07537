"""Pure rules of an annotation's past: how events add up to versions, and what differs between two of them.

Offsets are code points. Nothing here knows the database or the words of a kind: a field is a name and a value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from itertools import accumulate, pairwise
from typing import Any, NamedTuple

from newsannot.annotations.rules import Piece, Record
from newsannot.core.wording import Stretch, told_apart, words_in

# --- From events to versions -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Event:
    """What one write did to one row: how it left the row (None: it took it away), in which step of whom.

    `table` and `key` name the row; `step` is shared by all that one action wrote.
    """

    table: str
    key: int
    values: Mapping[str, Any] | None
    step: str
    at: datetime
    by: int | None = None
    action: str = ""


class Words(NamedTuple):
    """A piece of evidence with the words that stand there."""

    start: int
    end: int
    exact: str


@dataclass(frozen=True, slots=True)
class State:
    """All that is true of an annotation at a moment; `claim` holds what its rows say, as JSON values."""

    claim: Mapping[str, Any] = field(default_factory=dict)
    parts: Mapping[str, Sequence[Words]] = field(default_factory=dict)
    is_deleted: bool = False
    is_published: bool = False

    @property
    def record(self) -> Record:
        """The same as actions take it."""
        return Record(self.claim, {role: [Piece(w.start, w.end) for w in row] for role, row in self.parts.items()})


@dataclass(frozen=True, slots=True)
class Version:
    """How a step left an annotation: who took it, when, by which action; `number` is the annotation's version then."""

    number: int
    at: datetime
    by: int | None
    action: str
    state: State


Rows = dict[str, dict[int, Mapping[str, Any]]]


def in_steps(leading: Sequence[Event], others: Sequence[Event]) -> list[list[Event]]:
    """Events by the step that wrote them, the steps in the order they were taken.

    `leading` are those of the annotation's own row, in the order they were written, which is that of the steps; a step
    that wrote no such row stands where its moment puts it. Each table's events keep their order.
    """
    steps: dict[str, list[Event]] = {}
    for event in leading:
        steps.setdefault(event.step, []).append(event)
    apart: dict[str, list[Event]] = {}
    for event in others:
        (steps if event.step in steps else apart).setdefault(event.step, []).append(event)
    ordered = list(steps.values())
    for events in sorted(apart.values(), key=lambda step: step[0].at):
        at = next((n for n, step in enumerate(ordered) if step[0].at > events[0].at), len(ordered))
        ordered.insert(at, events)
    return ordered


def replayed(steps: Iterable[Sequence[Event]]) -> list[tuple[Event, Rows]]:
    """Every step's last event, with the rows of each table, by key, as they stood after it."""
    rows: Rows = {}
    after: list[tuple[Event, Rows]] = []
    for step in steps:
        rows = {table: dict(held) for table, held in rows.items()}
        for event in step:
            held = rows.setdefault(event.table, {})
            if event.values is None:
                held.pop(event.key, None)
            else:
                held[event.key] = event.values
        after.append((step[-1], rows))
    return after


# --- What differs ----------------------------------------------------------------------------


class Deed(StrEnum):
    """What a step was to a record, in a word for people."""

    MARKED = "Marked"
    COPIED = "Copied from a reading"
    CHANGED = "Changed"
    DELETED = "Deleted"
    RELABELLED = "Given another kind"
    TAKEN_OUT = "Taken out with its reading"
    RESTORED = "Restored"
    PUT_BACK = "Put back"
    UNDONE = "Undone"
    REDONE = "Done again"
    PUBLISHED = "Published"
    WITHDRAWN = "Withdrawn"


_GONE_BY = {"undo": Deed.UNDONE, "return_reading": Deed.TAKEN_OUT, "relabel_annotation": Deed.RELABELLED}
_BY_ACTION = {"undo": Deed.UNDONE, "redo": Deed.REDONE, "restore_version": Deed.PUT_BACK}


def deed_of(before: State | None, after: State, action: str) -> Deed:
    """What a step made of a record; `before` is None for the first."""
    if before is None:
        return Deed.COPIED if action == "accept_reading" else Deed.MARKED
    if action in _BY_ACTION:
        return _BY_ACTION[action]
    if before.is_deleted != after.is_deleted:
        return gone_by(action) if after.is_deleted else Deed.RESTORED
    if before.is_published != after.is_published:
        return Deed.PUBLISHED if after.is_published else Deed.WITHDRAWN
    return Deed.CHANGED


def gone_by(action: str) -> Deed:
    """How the action that deleted a record is told of."""
    return _GONE_BY.get(action, Deed.DELETED)


def same_record(one: State, other: State) -> bool:
    """Whether the two claim the same on the same evidence."""
    return one.record.says(other.record.as_json())


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field whose value changed: the values that went, and those that came."""

    name: str
    gone: Sequence[Any]
    new: Sequence[Any]


def field_differences(names: Iterable[str], before: State | None, after: State) -> list[FieldDifference]:
    """The fields that say something else than before, in the order named; one of many values tells only which."""
    found = []
    for name in names:
        old, new = _values(before.claim.get(name) if before else None), _values(after.claim.get(name))
        gone, come = [v for v in old if v not in new], [v for v in new if v not in old]
        if gone or come:
            found.append(FieldDifference(name, gone, come))
    return found


def _values(value: Any) -> list[Any]:
    """What a value says, one by one; a flag that is not set, and an empty text, say nothing."""
    if isinstance(value, list):
        return value
    return [] if value is None or value is False or value == "" else [value]


@dataclass(frozen=True, slots=True)
class PieceDifference:
    """A piece of evidence that came (`before` is None), went (`after` is None) or got other borders."""

    role: str
    before: Words | None
    after: Words | None


def piece_differences(roles: Iterable[str], before: State | None, after: State) -> list[PieceDifference]:
    """What happened to the pieces, role by role, in the order of the text.

    A piece that went and one that came on some of the same words, or in place of the only one, are one that moved.
    """
    found: list[PieceDifference] = []
    for role in roles:
        old = list(before.parts.get(role, ())) if before else []
        new = list(after.parts.get(role, ()))
        gone, come = [w for w in old if w not in new], [w for w in new if w not in old]
        moved = _moved(gone, come)
        left = {was for was, _ in moved}
        arrived = {now for _, now in moved}
        pairs: list[tuple[Words | None, Words | None]] = [
            *moved,
            *((was, None) for was in gone if was not in left),
            *((None, now) for now in come if now not in arrived),
        ]
        pairs.sort(key=lambda pair: next(w for w in reversed(pair) if w is not None))
        found += [PieceDifference(role, was, now) for was, now in pairs]
    return found


def _moved(gone: Sequence[Words], come: Sequence[Words]) -> list[tuple[Words, Words]]:
    """Pieces that went, each with the one that came for it: the one it shares most words with."""
    shared = sorted(
        ((min(w.end, n.end) - max(w.start, n.start), w, n) for w in gone for n in come),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    pairs: list[tuple[Words, Words]] = []
    for length, was, now in shared:
        is_free = all(was != w and now != n for w, n in pairs)
        if is_free and (length > 0 or len(gone) == len(come) == 1):
            pairs.append((was, now))
    return pairs


def border_stretches(before: Words, after: Words) -> list[Stretch]:
    """What a piece with other borders lost and gained, in the order of the text.

    Both are slices of one text, so their offsets tell it exactly; pieces apart from each other are one gone, one new.
    """
    if before.end <= after.start or after.end <= before.start:
        return [Stretch("gone", before.exact), Stretch("new", after.exact)]
    start, end = max(before.start, after.start), min(before.end, after.end)
    first, first_fate = (before, "gone") if before.start < after.start else (after, "new")
    last, last_fate = (before, "gone") if before.end > after.end else (after, "new")
    found = [
        Stretch(first_fate, first.exact[: start - first.start]),
        Stretch("same", after.exact[start - after.start : end - after.start]),
        Stretch(last_fate, last.exact[end - last.start :]),
    ]
    return [stretch for stretch in found if stretch.words]


def set_off_pieces(choices: Sequence[Sequence[Words]]) -> list[list[list[Stretch]]]:
    """Of each choice of borders, piece by piece, the words that not all choices hold wholly as its `own`.

    All are slices of one text, so their offsets tell it exactly. A choice of no piece is held against none.
    """
    held = [{at for piece in pieces for at in range(piece.start, piece.end)} for pieces in choices if pieces]
    shared = set.intersection(*held) if held else set()
    return [[_set_off(piece, shared) for piece in pieces] for pieces in choices]


def _set_off(piece: Words, shared: set[int]) -> list[Stretch]:
    words = words_in(piece.exact)
    ends = accumulate(map(len, words), initial=piece.start)
    places = enumerate(pairwise(ends))
    return told_apart(words, {n for n, (start, end) in places if shared.issuperset(range(start, end))})
