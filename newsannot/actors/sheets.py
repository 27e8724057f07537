"""Actors from CSV: one a row, with a head that names the columns."""

import csv
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from newsannot.actors.found import Found, Refused
from newsannot.actors.rules import Identity, Name

COLUMNS = (
    "name",
    "kind",
    "aliases",
    "description",
    "wikidata_id",
    "iso3",
    "country",
    "cow_code",
    "cameo_code",
    "sectors",
)
LONGEST_LINE = 1_000_000  # bytes


class SheetWrong(ValueError):
    """A sheet that cannot be read at all, in words."""


def read_sheet(stream: BinaryIO) -> Iterator[Found | Refused]:
    """The actors of a CSV in UTF-8. Raises SheetWrong when its head is not one.

    Columns: `name` and `kind` are needed, the rest of COLUMNS may be there. Several `aliases` or `sectors` are
    separated by `|`; an alias may end in its language: `Россия@ru`.
    """
    lines = _Lines(stream)
    rows = csv.reader(lines)
    head = _head(next(rows, []))
    while True:
        try:
            row = next(rows)
        except StopIteration:
            return
        except (csv.Error, UnicodeDecodeError, _LineTooLong) as error:
            yield Refused(lines.number, _in_words(error))
            continue
        if any(cell.strip() for cell in row):
            yield _actor(lines.number, head, row)


class _LineTooLong(ValueError):
    """A line beyond LONGEST_LINE."""


class _Lines:
    """The lines of a file as text, counted; a line that is too long or no UTF-8 raises, and reading can go on."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.number = 0

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self.stream.readline(LONGEST_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := self.stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            raise _LineTooLong
        return line.decode("utf-8-sig" if self.number == 1 else "utf-8")


def _in_words(error: Exception) -> str:
    if isinstance(error, _LineTooLong):
        return f"The line is longer than {LONGEST_LINE:,} bytes."
    if isinstance(error, UnicodeDecodeError):
        return "The line is not UTF-8."
    return f"This is no CSV: {error}."


def _head(row: Sequence[str]) -> list[str]:
    head = [cell.strip().lower() for cell in row]
    unknown = [cell for cell in head if cell not in COLUMNS]
    if unknown:
        raise SheetWrong(f"“{unknown[0][:40]}” is no column of actors; there are {', '.join(COLUMNS)}.")
    if missing := {"name", "kind"} - set(head):
        raise SheetWrong(f"The first line names no column “{min(missing)}”.")
    if len(set(head)) < len(head):
        raise SheetWrong("The first line names a column twice.")
    return head


def _actor(line: int, head: Sequence[str], row: Sequence[str]) -> Found | Refused:
    if len(row) > len(head):
        return Refused(line, f"The row has {len(row)} cells, and there are {len(head)} columns.")
    cells = dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in zip(head, row, strict=False)}
    number = cells["cow_code"]
    if number and not (number.isascii() and number.isdigit() and len(number) < 10):
        return Refused(line, "cow_code: This is no whole number.")
    identity = Identity(
        description=cells["description"],
        wikidata_id=cells["wikidata_id"].upper() or None,
        iso3=cells["iso3"].upper(),
        country=cells["country"].upper(),
        cow_code=int(number) if number else None,
        cameo_code=cells["cameo_code"].upper(),
        sectors=_parts(cells["sectors"]),
    )
    key = identity.wikidata_id or ""
    names = [_alias(alias) for alias in _parts(cells["aliases"])]
    return Found(line=line, key=key, name=cells["name"], kind=cells["kind"], names=names, identity=identity)


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _alias(text: str) -> Name:
    name, at, language = text.rpartition("@")
    return Name(name.strip(), language.strip()) if at and name.strip() else Name(text)
