"""Archives: written piece by piece, and read without trusting a byte of what they say of themselves."""

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

MEGABYTE = 1_000_000
LARGEST_FILE = 64 * MEGABYTE
LARGEST_ARCHIVE = 4000 * MEGABYTE
MOST_FILES = 200_000
MOST_RATIO = 200
LINED = ".jsonl"
"""Read line by line, however large."""
_BEGINNING_OF_TIME = (1980, 1, 1, 0, 0, 0)


class FileRefusedError(ValueError):
    """A file that is not read; the message says why, for people."""


class Sink(io.RawIOBase):
    """Takes what is written and gives it out again; nothing is kept."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: object) -> int:
        """Take bytes."""
        taken = bytes(memoryview(data))  # type: ignore[arg-type]
        self.waiting += taken
        return len(taken)

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = bytes(self.waiting)
        self.waiting.clear()
        return data


def zipped(files: Iterable[tuple[str, bytes]]) -> Iterator[bytes]:
    """The bytes of an archive of files, as they come; the same files give the same bytes."""
    sink = Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _BEGINNING_OF_TIME)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, data, zipfile.ZIP_DEFLATED, compresslevel=1)
            if len(sink.waiting) > MEGABYTE:
                yield sink.taken()
    yield sink.taken()


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file with its bytes, or why it is not read; one of lines may be larger, and is then read from its `path`."""

    name: str
    data: bytes = b""
    reason: str = ""
    path: Path | None = None

    def open(self) -> BinaryIO:
        """Its bytes, to be read piece by piece."""
        return self.path.open("rb") if self.path else io.BytesIO(self.data)


def files_of(path: Path, endings: Iterable[str], *, name: str = "") -> Iterator[FoundFile]:
    """The files of a folder, an archive or the file itself, in order of their names, that end in one of `endings`.

    `name` is what a single file is called, where that is not how its path ends. What leads out of the folder or
    archive, is too large or unfolds out of all proportion is named, never read. Raises FileRefusedError for an archive
    that cannot be read at all.
    """
    wanted = tuple(endings)
    if path.is_dir():
        yield from _in_folder(path, wanted)
    elif zipfile.is_zipfile(path):
        yield from _in_archive(path, wanted)
    else:
        yield _read(path, name or path.name)


def _in_folder(folder: Path, endings: tuple[str, ...]) -> Iterator[FoundFile]:
    inside = folder.resolve()
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if not name.endswith(endings) or file.is_dir():
            continue
        if not file.resolve().is_relative_to(inside):
            yield FoundFile(name, reason="It is a link that leads out of the folder; it is not followed.")
            continue
        yield _read(file, name)


def _read(file: Path, name: str) -> FoundFile:
    size = file.stat().st_size
    if size > LARGEST_FILE and name.endswith(LINED):
        return FoundFile(name, path=file)
    if size > LARGEST_FILE:
        return FoundFile(name, reason=f"It has {size / MEGABYTE:.0f} MB; at most {LARGEST_FILE // MEGABYTE} are read.")
    return FoundFile(name, file.read_bytes())


def _in_archive(path: Path, endings: tuple[str, ...]) -> Iterator[FoundFile]:
    with _opened(path) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.filename)
        if len(entries) > MOST_FILES:
            raise FileRefusedError(f"The archive has {len(entries):,} files; at most {MOST_FILES:,} are read.")
        unfolded = 0
        for entry in entries:
            if entry.is_dir() or not entry.filename.endswith(endings):
                continue
            reason = _entry_problem(entry)
            found = FoundFile(entry.filename, reason=reason) if reason else _unfold(archive, entry)
            unfolded += len(found.data)
            if unfolded > LARGEST_ARCHIVE:
                raise FileRefusedError("The archive unfolds to more than can be read; cut it into several.")
            yield found


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise FileRefusedError(f"The archive is damaged: {error}") from error


def _entry_problem(entry: zipfile.ZipInfo) -> str:
    name = PurePosixPath(entry.filename.replace("\\", "/"))
    if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
        return "Its path leads out of the archive; it is not read."
    if (entry.external_attr >> 16) & 0o170000 == 0o120000:
        return "It is a link; it is not followed."
    if entry.flag_bits & 1:
        return "It is encrypted."
    return ""


def _unfold(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> FoundFile:
    """Reads no more than allowed, whatever the archive says of the size."""
    try:
        with archive.open(entry) as stream:
            data = stream.read(LARGEST_FILE + 1)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError, ValueError, RuntimeError, zlib.error) as error:
        return FoundFile(entry.filename, reason=f"It is damaged: {error}")
    if len(data) > LARGEST_FILE or (len(data) > MEGABYTE and len(data) > MOST_RATIO * max(entry.compress_size, 1)):
        return FoundFile(entry.filename, reason="It unfolds out of all proportion; it is not read.")
    return FoundFile(entry.filename, data)
