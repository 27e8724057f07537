"""Which records of several readings of one text tell of the same thing. Offsets are code points, 0-based, half-open.

Records are placed by their words; two may be one thing when their places overlap. How alike two are is what they share
of all their words (Jaccard), and up to three eighths more for naming the same, telling the same and being the same in
all. One minus each of these is a metric; from that it follows that two records that say the very same are matched,
whatever crosses them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from newsannot.annotations.rules import LARGEST_OFFSET, Record
from newsannot.review.rules.matching import heaviest_matching

LINKS = frozenset({"parent", "statements", "primary_statement"})
"""Fields whose values are records of the same reading."""
PERSONAL = frozenset({"certainty", "note"})
"""Fields that tell of the coder rather than of the text."""
SUPPORTING_ROLES = frozenset({"source", "cue"})
"""Roles that place nothing: one source and one cue may belong to several statements."""
PLACED_BY_LINKS = frozenset({"threat"})
"""Kinds of which two records are candidates by what they name alone: a threat is one, however often it is repeated."""
LEAST_SHARE = 1 / 3
"""What two records share is at least so much of the shorter one: neighbours that touch are not the same."""
_UNIT = 2**20
"""Weights are whole numbers of this part, so that sums are exact and equal ones are equal."""

Place = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Coded:
    """One reading's record as alignment sees it: `key` is the annotation's id, `reading` the reading's."""

    key: int
    reading: int
    kind: str
    record: Record


@dataclass(frozen=True, slots=True)
class Item:
    """What the readings say of one thing: at most one record of each, ordered by reading."""

    kind: str
    members: tuple[Coded, ...]


def is_empty(value: Any) -> bool:
    """Whether a claim's value says nothing."""
    return value is None or value is False or value in ("", [], ())


def align(records: Iterable[Coded]) -> list[Item]:
    """Every record in exactly one item, the items in the order of the text, the longer before those it holds.

    Neither the order of the records nor the readings' ids matter, but where two ways weigh the same to the last field.
    """
    placed = _placed(list(records))
    by_kind: dict[str, list[_Placed]] = defaultdict(list)
    for one in placed:
        by_kind[one.coded.kind].append(one)
    groups = [group for kind in by_kind.values() for group in _groups(kind)]
    groups.sort(key=lambda group: min((*one.reach, one.coded.kind, one.order, one.coded.key) for one in group))
    return [_item(group) for group in groups]


def _item(group: Iterable["_Placed"]) -> Item:
    members = tuple(sorted((one.coded for one in group), key=lambda coded: coded.reading))
    return Item(members[0].kind, members)


# --- Where a record stands -------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Placed:
    """A record with its place, that of what it names (each with its length), and all it tells.

    `order` is its order among others by these alone.
    """

    coded: Coded
    place: Place
    length: int
    context: Place
    context_length: int
    told: frozenset[tuple[str, str]]
    order: tuple[Place, Place, tuple[tuple[str, str], ...]]

    @property
    def reach(self) -> tuple[int, int]:
        """Where it begins and, negated, where it ends: what holds others stands first; what has no place, last."""
        return (self.place[0][0], -self.place[-1][1]) if self.place else (LARGEST_OFFSET, 0)


def _placed(records: Sequence[Coded]) -> list[_Placed]:
    own = {coded.key: _merged(_placing_pieces(coded.record)) for coded in records}
    known = {coded.key: coded for coded in records}
    placed = []
    for coded in records:
        named = _named(coded, known)
        context = _merged(piece for key in named for piece in own[key])
        place = own[coded.key] or context
        told = frozenset(_told(coded.record))
        order = (place, context, tuple(sorted(told)))
        placed.append(_Placed(coded, place, _length(place), context, _length(context), told, order))
    return placed


def _placing_pieces(record: Record) -> Iterator[tuple[int, int]]:
    for role, pieces in record.parts.items():
        if role not in SUPPORTING_ROLES:
            yield from ((piece.start, piece.end) for piece in pieces)


def _merged(pieces: Iterable[tuple[int, int]]) -> Place:
    """The same code points in pieces that neither overlap nor touch, in the order of the text."""
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _length(place: Place) -> int:
    return sum(end - start for start, end in place)


def _named(coded: Coded, known: Mapping[int, Coded]) -> set[int]:
    """The records it names, and those they name: the statements of a threat, all that report a statement."""
    found: set[int] = set()
    waiting = [coded.key]
    while waiting:
        for key in _links(known[waiting.pop()].record):
            if key in known and key not in found and key != coded.key:
                found.add(key)
                waiting.append(key)
    return found


def _links(record: Record) -> Iterator[int]:
    for name in LINKS:
        value: Any = record.claim.get(name)
        if not is_empty(value):
            yield from value if isinstance(value, list) else [value]


def _told(record: Record) -> Iterator[tuple[str, str]]:
    """Each piece and each value it gives, apart from links and what is the coder's own."""
    for role, pieces in record.parts.items():
        yield from ((role, f"{piece.start}–{piece.end}") for piece in pieces)
    for name, value in record.claim.items():
        if name not in LINKS and name not in PERSONAL and not is_empty(value):
            yield from ((f"={name}", repr(one)) for one in (value if isinstance(value, list) else [value]))


# --- How alike two are -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Likeness:
    """How alike two records are (`weight`), and whether that is enough to be one thing."""

    weight: int
    is_enough: bool


Pair = tuple[int, int]


def _likenesses(placed: Sequence[_Placed]) -> dict[Pair, _Likeness]:
    """How alike those are that share a code point, by index, the lower first."""
    shared = _shared([one.place for one in placed], placed)
    by_links: dict[Pair, int] = {}
    if any(one.coded.kind in PLACED_BY_LINKS for one in placed):
        by_links = _shared([one.context for one in placed], placed)
    return {
        (a, b): _likeness(placed[a], placed[b], shared.get((a, b), 0), by_links.get((a, b), 0))
        for a, b in shared.keys() | by_links.keys()
    }


def _shared(places: Sequence[Place], placed: Sequence[_Placed]) -> dict[Pair, int]:
    """How many code points the places of two readings' records share: one sweep over all pieces, in text order."""
    pieces = sorted((start, end, at) for at, place in enumerate(places) for start, end in place)
    shared: dict[Pair, int] = defaultdict(int)
    active: list[tuple[int, int]] = []
    for start, end, at in pieces:
        active = [(other_end, other) for other_end, other in active if other_end > start]
        reading = placed[at].coded.reading
        for other_end, other in active:
            if placed[other].coded.reading != reading:
                shared[(at, other) if at < other else (other, at)] += min(end, other_end) - start
        active.append((end, at))
    return shared


def _likeness(one: _Placed, other: _Placed, shared: int, shared_by_links: int) -> _Likeness:
    is_by_links = one.coded.kind in PLACED_BY_LINKS
    context = shared_by_links if is_by_links else _shared_length(one.context, other.context)
    placing = _jaccard(shared, one.length, other.length)
    if is_by_links and context:
        placing += _jaccard(context, one.context_length, other.context_length) / 2
    support = (
        _jaccard(context, one.context_length, other.context_length)
        + _jaccard(len(one.told & other.told), len(one.told), len(other.told))
        + (one.order == other.order)
    )
    is_enough = _is_enough(shared, one.length, other.length)
    if is_by_links and not is_enough:
        is_enough = _is_enough(shared_by_links, one.context_length, other.context_length)
    return _Likeness(round(placing * (1 + support / 8) * _UNIT), is_enough)


def _is_enough(shared: int, one: int, other: int) -> bool:
    """Whether a shared length is enough of the shorter of two lengths."""
    return shared > 0 and shared >= LEAST_SHARE * min(one, other)


def _shared_length(one: Place, other: Place) -> int:
    if not one or not other:
        return 0
    return sum(max(0, min(p[1], q[1]) - max(p[0], q[0])) for p in one for q in other)


def _jaccard(shared: int, one: int, other: int) -> float:
    """What is shared of all there is; two that are empty are alike."""
    together = one + other - shared
    return shared / together if together else 1.0


# --- Who belongs together --------------------------------------------------------------------


def _groups(placed: Sequence[_Placed]) -> list[list[_Placed]]:
    """Records of one kind in groups with at most one of each reading."""
    placed = sorted(placed, key=lambda one: (one.order, one.coded.reading, one.coded.key))
    likenesses = _likenesses(placed)
    matched = [pair for pairs in _apart(placed, likenesses) for pair in _matched(pairs, placed, likenesses)]
    # Indexes are in the order of what records tell: where weights are equal, that decides, not the readings' ids.
    matched.sort(key=lambda pair: (-likenesses[pair].weight, pair))
    groups = _Joined(len(placed))
    for a, b in matched:
        readings = [placed[at].coded.reading for at in (*groups.group(a), *groups.group(b))]
        if len(readings) == len(set(readings)):
            groups.join(a, b)
    return [[placed[at] for at in group] for group in groups.groups()]


def _apart(placed: Sequence[_Placed], pairs: Collection[Pair]) -> Iterable[list[Pair]]:
    """The pairs of each two readings, those of records that hang together apart from the others."""
    links = _Joined(len(placed))
    for a, b in pairs:
        links.join(a, b)
    component = {at: number for number, group in enumerate(links.groups()) for at in group}
    apart: dict[tuple[int, int, int], list[Pair]] = defaultdict(list)
    for a, b in pairs:
        one, other = sorted((placed[a].coded.reading, placed[b].coded.reading))
        apart[component[a], one, other].append((a, b))
    return apart.values()


class _Joined:
    """Indexes below a number, in groups that are joined two by two; the smaller is taken into the larger."""

    def __init__(self, count: int) -> None:
        self._of = [[at] for at in range(count)]

    def group(self, at: int) -> Sequence[int]:
        """Those joined with one, and itself."""
        return self._of[at]

    def join(self, a: int, b: int) -> None:
        """Make one group of two indexes' groups."""
        small, large = sorted((self._of[a], self._of[b]), key=len)
        if small is not large:
            large.extend(small)
            for at in small:
                self._of[at] = large

    def groups(self) -> Iterator[list[int]]:
        """Each group once, its indexes rising, in the order of its first."""
        seen: set[int] = set()
        for at, group in enumerate(self._of):
            if at not in seen:
                seen.update(group)
                yield sorted(group)


def _matched(pairs: Sequence[Pair], placed: Sequence[_Placed], likenesses: Mapping[Pair, _Likeness]) -> list[Pair]:
    """Of the pairs of two readings those of the best matching that are alike enough to be one thing.

    Those too little alike take part in the matching, or what crosses could outweigh what is the same; whom that left
    alone is matched once more among the rest.
    """
    best = pairs if len(pairs) == 1 else _best(pairs, placed, likenesses)
    found = [pair for pair in best if likenesses[pair].is_enough]
    taken = {*chain.from_iterable(found)}
    left = [pair for pair in pairs if likenesses[pair].is_enough and taken.isdisjoint(pair)]
    return [*found, *(_matched(left, placed, likenesses) if left else ())]


def _best(pairs: Sequence[Pair], placed: Sequence[_Placed], likenesses: Mapping[Pair, _Likeness]) -> list[Pair]:
    """The pairs of greatest weight altogether, each record in at most one."""
    by_reading: dict[int, set[int]] = defaultdict(set)
    for at in chain.from_iterable(pairs):
        by_reading[placed[at].coded.reading].add(at)
    # The reading that tells the lesser things gives the rows, which decide ties.
    sides = [sorted(by_reading[reading]) for reading in sorted(by_reading)]
    rows, columns = sorted(sides, key=lambda side: [placed[at].order for at in side])
    row_of, column_of = ({at: number for number, at in enumerate(side)} for side in (rows, columns))
    cells = {(a, b): (row_of[a], column_of[b]) if a in row_of else (row_of[b], column_of[a]) for a, b in pairs}
    weights = [[0] * len(columns) for _ in rows]
    for pair, (row, column) in cells.items():
        weights[row][column] = likenesses[pair].weight
    chosen = heaviest_matching(weights)
    return [pair for pair, cell in cells.items() if cell in chosen]
