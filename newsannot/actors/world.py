"""The starting set, from sheets in `fixtures/world`: states, organisations, people in office, who belongs to what."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from newsannot.actors.found import Found, FoundTie, Refused
from newsannot.actors.intake import BATCH, Taken, WantedTie, take_in_actors, take_in_ties
from newsannot.actors.sheets import read_sheet

SHEETS = ("states", "organisations", "people")


class WorldWrong(ValueError):
    """A sheet of the starting set does not hold; the message names it and the line."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """How much of the starting set was new: actors made, actors filled up, offices and memberships."""

    created: int
    filled: int
    ties: int


def load_world(folder: Path) -> Loaded:
    """Take in the starting set. What is there is filled up; what people made or changed is left alone.

    May be run again and again. Raises WorldWrong for a line that does not hold.
    """
    found = [one for name in SHEETS for one in _actors(folder / f"{name}.csv")]
    taken: list[Taken] = []
    for start in range(0, len(found), BATCH):
        batch = [_numbered(one, at) for at, one in enumerate(found[start : start + BATCH])]
        taken += take_in_actors(found=batch, by=None, spares_edited=True)
    for one, result in zip(found, taken, strict=True):
        if result.status == "error":
            raise WorldWrong(f"{one.name}: {result.reason}")
    known = {one.name: result.id for one, result in zip(found, taken, strict=True) if result.id}
    ties, refused = take_in_ties(wanted=_ties(folder, known), known=known, by=None)
    if refused:
        raise WorldWrong(refused[0])
    counts = [result.status for result in taken]
    return Loaded(counts.count("created"), counts.count("filled"), ties)


def _actors(path: Path) -> Iterator[Found]:
    with path.open("rb") as stream:
        for one in read_sheet(stream):
            if isinstance(one, Refused):
                raise WorldWrong(f"{path.name}, line {one.line}: {one.reason}")
            yield one


def _numbered(one: Found, number: int) -> Found:
    """The same under a number of its own within the batch: the lines of three sheets repeat."""
    return Found(line=number, key=one.key, name=one.name, kind=one.kind, names=one.names, identity=one.identity)


def _ties(folder: Path, known: Mapping[str, int]) -> Sequence[WantedTie]:
    """Offices and memberships, with their actors by name."""
    offices = _rows(folder / "offices.csv", "person")
    memberships = _rows(folder / "memberships.csv", "member")
    try:
        return [WantedTie(line, known[row[own]], _tie(row)) for line, own, row in chain(offices, memberships)]
    except KeyError as error:
        raise WorldWrong(f"There is no {error} among the actors or columns of the starting set.") from error


def _rows(path: Path, own: str) -> Iterator[tuple[int, str, dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        for row in rows:
            yield rows.line_num, own, row


def _tie(row: Mapping[str, str]) -> FoundTie:
    if "office" in row:
        return FoundTie("tenure", row["office"], [row["organisation"]], row["from"], row["until"])
    return FoundTie("membership", row["role"], [row["group"]], row["from"], row["until"])
