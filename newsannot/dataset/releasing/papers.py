"""What lies beside the records of a release: codebook, dictionary, licence, citation, README, descriptions."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from newsannot.articles.models import Source
from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import codebook, schemes_of
from newsannot.codebook.serializers import present_codes, present_scheme
from newsannot.dataset.models import Release, ReleaseFile
from newsannot.dataset.releasing.shapes import KINDS, columns_of, entries_of

TITLE = "Who is mentioned, who said what and who threatens whom"


def indented(value: Any) -> bytes:
    """JSON for machines that people look at too."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def codebook_paper() -> bytes:
    """Every code list of the newest codebook, with what each code means."""
    version = CodebookVersion.objects.order_by("number").last()
    if version is None:
        return indented({"schemes": []})
    codes = codebook(version.pk)
    schemes = [
        present_scheme(scheme, version.number) | {"codes": present_codes(codes.get(key, {}).values())}
        for key, scheme in schemes_of(version.pk).items()
    ]
    return indented({"codebook": version.number, "schemes": schemes})


def dictionary_paper() -> bytes:
    """What every field and every column is, kind by kind."""
    return indented(
        {
            kind: {
                "fields": [asdict(entry) for entry in entries_of(kind)],
                "columns": [{"name": c.name, "sort": c.sort, "meaning": c.meaning} for c in columns_of(kind)],
            }
            for kind in KINDS
        }
    )


def licence_paper(release: Release) -> bytes:
    """The licence of the annotations, and that of each source as far as it is known."""
    sources = Source.objects.order_by("domain").values_list("name", "domain", "licence")
    rows = "".join(f"- {name} ({domain}): {licence or 'not recorded'}\n" for name, domain, licence in sources)
    said = f"The annotations, and the way they are put together, are given out under **{release.licence}**."
    of_sources = "Words quoted from articles stay their authors’ and sources’. What is recorded of the sources:"
    return f"# Licence\n\n{said}\n\n{of_sources}\n\n{rows}".encode()


def citation_paper(release: Release) -> bytes:
    """How to cite it [Citation File Format 1.2.0]. JSON strings are YAML's too."""
    said = {
        "cff-version": "1.2.0",
        "message": "Please cite the release you used.",
        "type": "dataset",
        "title": f"{TITLE}: release {release.name}",
        "version": release.name,
        "date-released": release.created_at.date().isoformat(),
        "authors": [{"name": release.publisher}],
    }
    return "".join(f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in said.items()).encode()


def readme_paper(release: Release, files: Sequence[ReleaseFile]) -> bytes:
    """What this is and how to check it."""
    rows = "".join(f"| `{one.name}` | {'' if one.records is None else one.records} | {one.size} |\n" for one in files)
    notes = f"{release.notes}\n\n" if release.notes else ""
    return f"""# {TITLE}: release {release.name}

{notes}Released by {release.publisher} on {release.created_at.date().isoformat()} under {release.licence}.

It holds every record that the feed of changes tells of up to number {release.seq}: replaying `/api/v1/changes/` from
the beginning to that number gives the `.jsonl` files byte for byte (a line of canonical JSON for each record that
stands, by id). A release never changes.

| file | records | bytes |
|---|---|---|
{rows}
`manifest.json` has the SHA-256 of every file, `datapackage.json` describes them as a Data Package [Frictionless],
`dictionary.json` says what each field and column means, `codebook.json` what each code means. `actors.jsonl` holds the
actors that were found to be another, and which.

Offsets (`start`, `end`) are Unicode code points of the article's text, 0-based, half-open. In the CSV files several
values are parted by `; `, and a cell that a spreadsheet would take for a formula has an apostrophe before it. Where a
source sets a limit, `exact`, `prefix` and `suffix` are cut.
""".encode()


def package_paper(release: Release, files: Iterable[ReleaseFile]) -> bytes:
    """The files as a Data Package, the CSV files with their columns [Frictionless Data Package v1]."""
    return indented(
        {
            "profile": "data-package",
            "name": release.name,
            "title": f"{TITLE}: release {release.name}",
            "version": release.name,
            "created": release.created_at.isoformat(),
            "licenses": [{"title": release.licence, "path": "LICENCE.md"}],
            "contributors": [{"title": release.publisher, "role": "publisher"}],
            "resources": [_resource(one) for one in files],
        }
    )


def _resource(file: ReleaseFile) -> dict[str, Any]:
    stem, _, ending = file.name.rpartition(".")
    said: dict[str, Any] = {
        "name": file.name.lower().replace("_", "-"),
        "path": file.name,
        "format": ending,
        "mediatype": file.media_type,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
    }
    if ending != "csv":
        is_table = file.size and ending != "parquet"  # Frictionless reads no table of nothing, nor lists in Parquet
        return said | ({} if is_table else {"type": "file"}) | {"profile": "data-resource"}
    fields = [
        {"name": c.name, "type": c.sort, "format": "default", "description": c.meaning}
        for c in columns_of(stem.removesuffix("s"))
    ]
    return said | {"profile": "tabular-data-resource", "encoding": "utf-8", "schema": {"fields": fields}}


def manifest_paper(release: Release, files: Iterable[ReleaseFile]) -> bytes:
    """Every other file with its size and SHA-256."""
    listed = [{"name": f.name, "bytes": f.size, "records": f.records, "sha256": f.sha256} for f in files]
    return indented({"release": release.name, "seq": release.seq, "files": listed})
