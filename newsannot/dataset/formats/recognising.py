"""Telling by itself which format files are of: by their names, and by how the first of them begins. Pure."""

import json
from collections.abc import Iterable
from itertools import islice
from typing import Any

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.reading import LONGEST_LINE

LOOKED_AT = 20
"""So many files are looked into; what none of them tells has to be said."""
ENDINGS = (".ann", ".xmi", ".tsv", ".jsonl", ".jsonld", ".json")


def recognised(files: Iterable[FoundFile]) -> str:
    """The name of the format that the first telling file is of, or nothing. `files` end in one of `ENDINGS`."""
    told = (_told(file) for file in islice(files, LOOKED_AT) if not file.reason)
    return next((name for name in told if name), "")


def _told(file: FoundFile) -> str:
    if file.name.endswith(".ann"):
        return "brat"
    if file.name.endswith(".xmi") or b"<xmi:XMI" in file.data[:4096]:
        return "xmi"
    if file.data.removeprefix(b"\xef\xbb\xbf").startswith(b"#FORMAT=WebAnno TSV 3"):
        return "tsv3"
    with file.open() as stream:
        first = _parsed(stream.readline(LONGEST_LINE))
    return _of_json(_parsed(file.data) if first is None and file.data else first)


def _parsed(data: bytes) -> Any:
    """What JSON says, None for what is none."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return None


def _of_json(value: Any) -> str:
    one = value[0] if isinstance(value, list) and value else value
    if not isinstance(one, dict):
        return ""
    if one.get("kind") == "document":
        return "jsonl"
    if isinstance(one.get("data"), dict):
        return "label-studio"
    if "@context" in one or "target" in one:
        return "w3c"
    return "doccano" if "text" in one and one.keys() & {"entities", "label", "labels"} else ""
