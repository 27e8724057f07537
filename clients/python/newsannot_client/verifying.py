"""Checking a release without trusting its server's word: the feed replayed over the API, held against the files."""

import hashlib
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from newsannot_client.client import Client
from newsannot_client.copy import LocalCopy
from newsannot_client.records import FileOut

RECORDS = ".jsonl"


@dataclass(frozen=True, slots=True)
class Checked:
    """A file of a release, and what is wrong with it in words; nothing when it is right."""

    name: str
    problem: str = ""


def verify(client: Client, name: str) -> Iterator[Checked]:
    """Check every file of a release: its bytes against their hash, its records against the feed replayed from zero.

    The feed is replayed into a temporary file, so that memory does not grow with it. Raises ApiError for a release that
    is not there, SyncRefused for a feed that is damaged, Unreachable.
    """
    release = client.release(name)
    with tempfile.TemporaryDirectory() as folder, LocalCopy(Path(folder) / "copy.sqlite") as copy:
        if release["seq"]:
            copy.sync(client, upto=release["seq"])
        for file in release["files"]:
            yield Checked(file["name"], _problem(client, copy, file))


def _problem(client: Client, copy: LocalCopy, file: FileOut) -> str:
    if _sha256(client.download(file["path"])) != file["sha256"]:
        return "The bytes are not those the hash was taken of."
    if not file["name"].endswith(RECORDS):
        return ""
    kind = file["name"].removesuffix(f"s{RECORDS}")
    replayed = _sha256(line.encode() for line in copy.lines(kind))
    return "" if replayed == file["sha256"] else "Replaying the feed gives other bytes."


def _sha256(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()
