"""Our own JSONL: a line for each text, followed by a line for each of its records. Carries everything."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.form import (
    CONTEXT_LENGTH,
    Actor,
    Document,
    Record,
    Ref,
    Shape,
    Shapes,
    Span,
    Value,
    as_lines,
)
from newsannot.dataset.formats.graph import RECORDS, Problem
from newsannot.dataset.formats.reading import FoundDocument, LineReader, as_text

ABOUT = (
    "key", "sha256", "language", "title", "url", "source", "domain", "reliability", "published_at", "article",
    "revision", "reader", "is_excerpt",
)  # fmt: skip


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """Lines of JSON in UTF-8, one text and its records at a time."""
    for document in documents:
        about = {name: value for name in ABOUT if (value := getattr(document, name)) not in {"", None, False}}
        records = [record_json(document, record) for record in document.records]
        yield as_lines([{"kind": "document", **about, "text": document.text}, *records])


def record_json(document: Document, record: Record) -> dict[str, Any]:
    """A record as JSON: its fields as in the API, those that say nothing left out; spans with their words."""
    text, sha256, parts = document.text, document.sha256, dict[str, list[dict[str, Any]]]()
    for role, start, end in record.spans:
        parts.setdefault(role, []).append(
            {
                "start": start,
                "end": end,
                "exact": text[start:end],
                "prefix": text[max(start - CONTEXT_LENGTH, 0) : start],
                "suffix": text[end : end + CONTEXT_LENGTH],
                "sha256": sha256,
            }
        )
    claim = {name: value_json(value) for name, value in record.claim.items()}
    about = {"kind": record.kind, "id": record.id, "document": document.key, "version": record.version}
    return about | {"updated_at": record.updated_at, **claim, "parts": parts}


def value_json(value: Value) -> Any:
    """A field's value as JSON."""
    if isinstance(value, str):
        return value
    if isinstance(value, tuple):
        return [value_json(one) for one in value]
    if isinstance(value, Actor):
        given = {"id": value.id, "name": value.name, "kind": value.kind, "wikidata_id": value.wikidata_id}
        return {name: one for name, one in given.items() if one}
    return value.id if isinstance(value, Ref) else value


# --- And back ------------------------------------------------------------------------------------


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """The texts of each file with their records; what is wrong with a line is said of that line."""
    for file in files:
        yield from _documents(file, shapes)


def _documents(file: FoundFile, shapes: Shapes) -> Iterator[FoundDocument]:
    standing: FoundDocument | None = None
    for place, line in LineReader(file).lines():
        if isinstance(line, Problem):
            yield FoundDocument(place=place, problems=[line])
            continue
        value = _object(line)
        if value is None:
            yield FoundDocument(place=place, problems=[Problem(place, "This line is no JSON object.")])
        elif value.get("kind") == "document":
            if standing:
                yield standing
            text, sha256, key = (as_text(value.get(name)) for name in ("text", "sha256", "key"))
            standing = FoundDocument(
                place=place, text=text or None, sha256=sha256, key=key, language=as_text(value.get("language"))
            )
            standing.title = as_text(value.get("title"))
        elif standing is None:
            yield FoundDocument(place=place, problems=[Problem(place, "A record before any text.")])
        else:
            _add(standing, value, shapes, place)
    if standing:
        yield standing


def _object(line: str) -> dict[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def _add(document: FoundDocument, value: dict[str, Any], shapes: Shapes, place: str) -> None:
    try:
        record = _record(value, shapes, document, place)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        document.problems.append(Problem(place, f"This is no record: {type(error).__name__} {str(error)[:80]}"))
        return
    document.records.append(record)
    document.places[record.id] = place


def _record(value: dict[str, Any], shapes: Shapes, document: FoundDocument, place: str) -> Record:
    kind = value["kind"]
    if kind not in shapes:
        raise ValueError(f"there is no kind “{str(kind)[:40]}”")
    shape, spans = shapes[kind], []
    for role, pieces in value.get("parts", {}).items():
        for piece in pieces:
            start, end = int(piece["start"]), int(piece["end"])
            spans.append(Span(str(role), start, end))
            if isinstance(piece.get("exact"), str):
                document.quotes[start, end] = piece["exact"]
    claim = claim_read(shape, value)
    spans.sort(key=lambda span: (span.start, span.end, span.role))
    return Record(as_text(value.get("id")) or place, kind, claim, tuple(spans))


def claim_read(shape: Shape, given: Mapping[str, Any]) -> dict[str, Value]:
    """The fields of a kind in JSON, without what says nothing and what is no field; raises what malformed values do."""
    empty: tuple[Any, ...] = (None, "", [], False)
    return {name: _value(shape.fields[name], v) for name, v in given.items() if name in shape.fields and v not in empty}


def _value(sort: str, given: Any) -> Value:
    if sort == "flag":
        return bool(given)
    if sort == "actor":
        return _actor(given)
    if sort == "actors":
        return tuple(_actor(one) for one in given)
    if sort in RECORDS:
        return tuple(Ref(str(one)) for one in given) if sort == "records" else Ref(str(given))
    return tuple(str(one) for one in given) if sort == "codes" else str(given)


def _actor(given: Any) -> Actor:
    return Actor(as_text(given["name"]), as_text(given["kind"]), as_text(given.get("wikidata_id")))
