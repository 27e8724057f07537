"""Actors as files describe them, before they are anybody's rows. Plain values; the readers of formats make them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from newsannot.actors.rules import Identity, Name


@dataclass(frozen=True, slots=True)
class FoundTie:
    """An office held in another actor, or a membership in it: `words` are the office, or the role.

    `others` are the keys (Wikidata ids, or a file's own) that the other actor may be known by, the best first.
    """

    sort: Literal["tenure", "membership"]
    words: str
    others: Sequence[str]
    from_on: str = ""
    until_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An actor in a file, at a line (or a number in it)."""

    line: int
    key: str
    name: str
    kind: str
    names: Sequence[Name] = ()
    identity: Identity = field(default_factory=Identity)


@dataclass(frozen=True, slots=True)
class Refused:
    """Something in a file that is no actor, and why, in words; `is_expected` for what was never meant to be one."""

    line: int
    reason: str
    is_expected: bool = False
