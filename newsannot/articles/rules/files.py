"""From files to drafts: plain text, HTML, JSON lines and folders of them, one article at a time.

Everything is a generator that reads no more than one article ahead, so a file of any size streams. What cannot be
taken in comes out as a `Refused` with its place and reason, and the rest goes on.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Literal

from newsannot.articles.rules.decoding import (
    LARGEST_HTML,
    LARGEST_TEXT,
    MEGABYTE,
    UnreadableError,
    check_not_blank,
    check_size,
    decode_html,
    decode_text,
)
from newsannot.articles.rules.items import Draft, Errors, ItemRefusedError, draft_item

Format = Literal["txt", "html", "jsonl"]
FORMATS: dict[str, Format] = {
    ".txt": "txt", ".text": "txt", ".md": "txt", ".html": "html", ".htm": "html", ".xhtml": "html",
    ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip
LONGEST_LINE = 2 * LARGEST_HTML
"""The most bytes of one line of JSON: a page whose every other character is escaped."""


@dataclass(frozen=True, slots=True)
class Ready:
    """An article found at a place (`file` or `file:line`), ready to be stored; `bytes_read` since the one before."""

    place: str
    draft: Draft
    bytes_read: int


@dataclass(frozen=True, slots=True)
class Refused:
    """Something at a place that is no article, and why."""

    place: str
    errors: Errors
    bytes_read: int = 0


Found = Ready | Refused


def format_of(name: str) -> Format | None:
    """The format that a file name's ending stands for."""
    return FORMATS.get(Path(name).suffix.lower())


@dataclass(frozen=True, slots=True)
class Files:
    """The files at a place, in order of name, and the links there that lead out of it, which nobody follows."""

    inside: Sequence[Path]
    leading_out: Sequence[Path] = ()


def files_in(path: Path) -> Files:
    """The file itself, or the files of a folder and its folders that have a known ending.

    A link is followed to a file inside the same folder only.
    """
    if not path.is_dir():
        return Files([path])
    seen = sorted(one for one in path.rglob("*") if not _is_hidden(one, path))
    leading_out = [one for one in seen if one.is_symlink() and _leads_out(one, path)]
    outside = set(leading_out)
    inside = [one for one in seen if one.is_file() and format_of(one.name) and one not in outside]
    return Files(inside, leading_out)


def _leads_out(link: Path, folder: Path) -> bool:
    """Whether a link that an import would follow leads out of the folder."""
    try:
        target = link.resolve()
    except (OSError, RuntimeError):  # links in a circle
        return False
    is_wanted = target.is_dir() or format_of(link.name) is not None
    return is_wanted and not target.is_relative_to(folder.resolve())


def _is_hidden(file: Path, folder: Path) -> bool:
    return any(part.startswith(".") for part in file.relative_to(folder).parts)


def read_path(path: Path, form: Format | None, defaults: Mapping[str, Any]) -> Iterator[Found]:
    """The articles of one file; `defaults` fill the fields an article does not give."""
    try:
        size = path.stat().st_size
        form = form or _format_by_name(path)
        if form != "jsonl":
            check_whole(size, form)
        with path.open("rb") as stream:
            yield from read_stream(stream, str(path), form, defaults)
    except UnreadableError as error:
        yield Refused(str(path), {"file": [str(error)]})
    except FileNotFoundError:
        yield Refused(str(path), {"file": ["There is no such file."]})
    except OSError as error:
        yield Refused(str(path), {"file": [f"It cannot be read: {error.strerror}."]})


def _format_by_name(path: Path) -> Format:
    form = format_of(path.name)
    if form is None:
        raise UnreadableError("Its name does not say what it is: .txt, .html or .jsonl (or give --format).")
    return form


def read_stream(stream: BinaryIO, name: str, form: Format, defaults: Mapping[str, Any]) -> Iterator[Found]:
    """The articles in a stream of bytes called `name` in messages."""
    if form == "jsonl":
        yield from _read_lines(stream, name, defaults)
        return
    data = stream.read((LARGEST_HTML if form == "html" else LARGEST_TEXT) + 1)
    try:
        check_whole(len(data), form)
        text = decode_html(data) if form == "html" else decode_text(data)
        check_not_blank(text)
        field = "html" if form == "html" else "text"
        yield Ready(name, draft_item({**defaults, field: text}, data), len(data))
    except UnreadableError as error:
        yield Refused(name, {"file": [str(error)]}, len(data))
    except ItemRefusedError as error:
        yield Refused(name, error.errors, len(data))


def check_whole(size: int, form: Format) -> None:
    """Raises UnreadableError when a file of one article is too large."""
    check_size(size, *((LARGEST_HTML, "a page") if form == "html" else (LARGEST_TEXT, "an article's text")))


def _read_lines(stream: BinaryIO, name: str, defaults: Mapping[str, Any]) -> Iterator[Found]:
    number, found_any = 0, False
    while line := stream.readline(LONGEST_LINE + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > LONGEST_LINE:
            found_any = True
            yield Refused(place, {"line": [f"It is longer than {LONGEST_LINE // MEGABYTE} MB."]}, _skip(stream, line))
        elif line.strip():
            found_any = True
            yield _read_line(line, place, defaults)
    if not found_any:
        yield Refused(name, {"file": ["It is empty."]})


def _skip(stream: BinaryIO, line: bytes) -> int:
    """Read on to the end of an overlong line without keeping it; the bytes read in all."""
    read = len(line)
    while not line.endswith(b"\n") and (line := stream.readline(MEGABYTE)):
        read += len(line)
    return read


def _read_line(line: bytes, place: str, defaults: Mapping[str, Any]) -> Found:
    try:
        fields = _json_object(line)
        given = {key: value for key, value in fields.items() if value not in (None, "")}
        return Ready(place, draft_item({**defaults, **given}), len(line))
    except json.JSONDecodeError as error:
        reason = f"It is not valid JSON: {error.msg} at character {error.pos + 1}."
    except (UnreadableError, RecursionError) as error:
        reason = str(error) if isinstance(error, UnreadableError) else "Its JSON is nested too deeply."
    except ItemRefusedError as error:
        return Refused(place, error.errors, len(line))
    return Refused(place, {"line": [reason]}, len(line))


def _json_object(line: bytes) -> dict[str, Any]:
    fields = json.loads(decode_text(line.rstrip()).removeprefix("\ufeff"))
    if not isinstance(fields, dict):
        raise UnreadableError("Each line must be a JSON object.")
    return fields
