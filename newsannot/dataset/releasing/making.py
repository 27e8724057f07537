"""Making the files of a release, piece by piece, with the memory of one batch."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from newsannot.dataset.models import Release, ReleaseFile, ReleasePiece
from newsannot.dataset.releasing import papers
from newsannot.dataset.releasing.shapes import KINDS
from newsannot.dataset.releasing.standing import Standing, lines, standing_at
from newsannot.dataset.releasing.tables import has_parquet, write_csv, write_parquet

PIECE = 1024 * 1024
JSON, TEXT = "application/json", "text/markdown; charset=utf-8"
Told = Callable[[int], None]


def make_files(release: Release, tell: Told) -> None:
    """Write every file of a release; `tell` is called with the number of records each batch is further."""
    files: list[ReleaseFile] = []
    for kind in KINDS:
        files += _files_of_kind(release, kind, tell)
    files.append(store(release, "codebook.json", JSON, [papers.codebook_paper()]))
    files.append(store(release, "dictionary.json", JSON, [papers.dictionary_paper()]))
    files.append(store(release, "LICENCE.md", TEXT, [papers.licence_paper(release)]))
    files.append(store(release, "CITATION.cff", "application/yaml", [papers.citation_paper(release)]))
    files.append(store(release, "README.md", TEXT, [papers.readme_paper(release, files)]))
    files.append(store(release, "datapackage.json", JSON, [papers.package_paper(release, files)]))
    store(release, "manifest.json", JSON, [papers.manifest_paper(release, files)])


def _files_of_kind(release: Release, kind: str, tell: Told) -> Iterator[ReleaseFile]:
    counted = 0

    def batches() -> Iterator[list[Standing]]:
        nonlocal counted
        counted = 0
        for batch in standing_at(kind, release.seq):
            counted += len(batch)
            yield batch
            tell(len(batch))

    def kept(ending: str, media_type: str, content: Iterable[bytes]) -> ReleaseFile:
        file = store(release, f"{kind}s.{ending}", media_type, content)
        file.records = counted
        file.save(update_fields=["records"])
        return file

    yield kept("jsonl", "application/x-ndjson", (lines(batch) for batch in batches()))
    yield kept("csv", "text/csv; charset=utf-8", write_csv(kind, batches()))
    if has_parquet():
        yield kept("parquet", "application/vnd.apache.parquet", write_parquet(kind, batches()))


def store(release: Release, name: str, media_type: str, content: Iterable[bytes]) -> ReleaseFile:
    """Keep a file in pieces, with its size and hash."""
    file = ReleaseFile.objects.create(release=release, name=name, media_type=media_type, size=0, sha256="")
    digest, size = hashlib.sha256(), 0
    for number, data in enumerate(_pieces(content)):
        ReleasePiece.objects.create(file=file, number=number, data=data)
        digest.update(data)
        size += len(data)
    file.size, file.sha256 = size, digest.hexdigest()
    file.save(update_fields=["size", "sha256"])
    return file


def _pieces(content: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes in pieces of one size, the last one shorter."""
    kept = bytearray()
    for data in content:
        kept += data
        while len(kept) >= PIECE:
            yield bytes(kept[:PIECE])
            del kept[:PIECE]
    if kept:
        yield bytes(kept)
