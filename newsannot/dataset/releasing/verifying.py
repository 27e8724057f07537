"""Holding a release against the feed, and its files against their hashes."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from newsannot.dataset.models import Change, Release, ReleaseFile, ReleasePiece
from newsannot.dataset.releasing.shapes import KINDS
from newsannot.dataset.releasing.standing import lines, replayed


@dataclass(frozen=True, slots=True)
class Checked:
    """A file, and what is wrong with it in words; nothing when it is right."""

    name: str
    problem: str = ""


def bytes_of(file: ReleaseFile) -> Iterator[bytes]:
    """The bytes of a file, piece by piece."""
    numbers = list(ReleasePiece.objects.filter(file=file).order_by("number").values_list("pk", flat=True))
    for pk in numbers:
        yield bytes(ReleasePiece.objects.values_list("data", flat=True).get(pk=pk))


def verify(release: Release) -> list[Checked]:
    """Check every file of a release: stored bytes against the hash, records against the feed replayed from zero."""
    held = {f"{kind}s.jsonl": kind for kind in KINDS}
    return [Checked(file.name, _problem(release, file, held.get(file.name))) for file in release.files.all()]


def _problem(release: Release, file: ReleaseFile, kind: str | None) -> str:
    digest, size = hashlib.sha256(), 0
    for data in bytes_of(file):
        digest.update(data)
        size += len(data)
    if (digest.hexdigest(), size) != (file.sha256, file.size):
        return "The bytes are not those the hash was taken of."
    if kind is None:
        return ""
    changes = Change.objects.filter(seq__lte=release.seq).order_by("seq").iterator()
    replay = lines(replayed(kind, changes))
    return "" if hashlib.sha256(replay).hexdigest() == file.sha256 else "Replaying the feed gives other bytes."
