"""Words that name somebody, and asking who is named where."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Named:
    """Words that name somebody; `start` takes in the title in front, `name_start` does not. `actor` is None in doubt.

    `how` says in words how the actor is known; `form` is name or title. `newcomer` is the whole name of somebody the
    knowledge base does not have.
    """

    start: int
    end: int
    name_start: int
    actor: int | None
    who: str
    kind: str
    form: str
    how: str
    is_place: bool = False
    newcomer: str = ""

    @property
    def is_person(self) -> bool:
        """Whether it is a person."""
        return self.kind == "person"


Newcomer = dict[str, str]
"""An actor to be made: name and kind."""


def newcomer(named: Named) -> Newcomer:
    """Who is to be made of words that name somebody whom the knowledge base does not have."""
    return {"name": named.newcomer, "kind": named.kind}


class Taken:
    """Which stretches of the text already name somebody; they never overlap."""

    def __init__(self, named: Sequence[Named]) -> None:
        self._starts = [one.start for one in named]
        self._ends = [one.end for one in named]

    def is_free(self, start: int, end: int) -> bool:
        """Whether nothing named shares a code point with the range."""
        return bisect_left(self._starts, end) <= bisect_right(self._ends, start)


class NamedPlaces:
    """Who is named where, to be asked by place."""

    def __init__(self, named: Sequence[Named]) -> None:
        """Take them in order of the text."""
        self.all = list(named)
        self._starts = [one.start for one in named]

    def within(self, start: int, end: int) -> list[Named]:
        """Those that stand wholly within a range."""
        first = bisect_left(self._starts, start)
        return [one for one in self.all[first : bisect_left(self._starts, end)] if one.end <= end]

    def overlapping(self, start: int, end: int) -> list[Named]:
        """Those that share a code point with a range."""
        first = max(bisect_left(self._starts, start) - 1, 0)
        return [one for one in self.all[first : bisect_left(self._starts, end)] if one.end > start]

    def last_before(self, at: int) -> Iterator[Named]:
        """Those that end before a place, the nearest first."""
        for index in range(bisect_left(self._starts, at) - 1, -1, -1):
            if self.all[index].end <= at:
                yield self.all[index]
