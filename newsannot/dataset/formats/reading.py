"""What readers of formats give: texts with records, and problems by file and line. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.form import Record
from newsannot.dataset.formats.graph import Graph, Problem

LONGEST_LINE = 64_000_000
"""Bytes of one line; more are no line of any format."""


@dataclass
class FoundDocument:
    """A text in a file: its words (None where the format carries none) or what else names it, and its records.

    Foreign formats give a `graph`, from which the records are made once labels are mapped. `quotes` are the words that
    the file says stand at offsets; `places` say where in the file a record stands.
    """

    place: str
    text: str | None = None
    sha256: str = ""
    key: str = ""
    title: str = ""
    url: str = ""
    language: str = ""
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    graph: Graph | None = None
    quotes: dict[tuple[int, int], str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)


def as_text(value: Any) -> str:
    """A JSON value that should be text, or nothing."""
    return value if isinstance(value, str) else ""


def decoded(file: FoundFile, encoding: str = "utf-8-sig") -> str | Problem:
    """The text of a file in UTF-8, or why it is none; as `utf-8` a byte order mark is a part of it."""
    if file.reason:
        return Problem(file.name, file.reason)
    try:
        return file.data.decode(encoding)
    except UnicodeDecodeError as error:
        return Problem(file.name, f"It is not UTF-8: byte {error.start} cannot be read.")


class LineReader:
    """The lines of a file, each with its place; a line feed alone ends a line."""

    def __init__(self, file: FoundFile, longest: int = LONGEST_LINE) -> None:
        """Take a file, and how many bytes a line may have."""
        self.file, self.longest = file, longest

    def lines(self) -> Iterator[tuple[str, str | Problem]]:
        """Place and line; what cannot be read is a problem, and the rest goes on."""
        if self.file.reason:
            yield self.file.name, Problem(self.file.name, self.file.reason)
            return
        with self.file.open() as stream:
            number = 0
            while raw := stream.readline(self.longest + 1):
                number += 1
                place = f"{self.file.name}:{number}"
                if len(raw) > self.longest and not raw.endswith(b"\n"):
                    while (rest := stream.readline(self.longest)) and not rest.endswith(b"\n"):
                        pass
                    yield place, Problem(place, f"This line has more than {self.longest:,} bytes.")
                elif raw.strip():
                    yield place, _line(raw, place, is_first=number == 1)


def _line(raw: bytes, place: str, *, is_first: bool) -> str | Problem:
    try:
        return raw.decode("utf-8-sig" if is_first else "utf-8").removesuffix("\n")
    except UnicodeDecodeError as error:
        return Problem(place, f"This line is not UTF-8: byte {error.start} cannot be read.")
