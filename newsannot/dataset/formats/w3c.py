"""W3C Web Annotation JSON-LD: an annotation for each record, a target for each span. The text itself is not carried."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.form import CONTEXT_LENGTH, Document, Record, Shapes, Span, json_array
from newsannot.dataset.formats.graph import Graph, Node, Problem
from newsannot.dataset.formats.jsonl import claim_read, value_json
from newsannot.dataset.formats.reading import FoundDocument, as_text, decoded

CONTEXT: list[Any] = [
    "http://www.w3.org/ns/anno.jsonld",
    {"newsannot": "urn:newsannot:", "newsannot:claim": {"@type": "@json"}},
]
MEDIA_TYPE = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """One annotation page holding all annotations."""
    head = b'{"@context":' + json.dumps(CONTEXT).encode() + b',"type":"AnnotationPage","items":['
    return json_array(head, (annotation(d, r, shapes) for d in documents for r in d.records), b"]}\n")


def annotation(document: Document, record: Record, shapes: Shapes) -> dict[str, Any]:
    """A record as a Web Annotation, without its context."""
    claim = {name: value_json(value) for name, value in record.claim.items()}
    source = _source(document)
    targets = [targeted(source, span.role, _quoted(document, span)) for span in record.spans] or [source]
    shown = said(record.id, record.kind, claim, targets)
    return shown | ({"modified": record.updated_at} if record.updated_at else {})


def said(pk: str, kind: str, claim: Mapping[str, Any], targets: list[dict[str, Any]]) -> dict[str, Any]:
    """An annotation of a kind with its fields and targets."""
    return {
        "id": f"urn:uuid:{pk}",
        "type": "Annotation",
        "motivation": "classifying",
        "body": {"type": "TextualBody", "purpose": "classifying", "value": kind, "newsannot:claim": claim},
        "target": targets,
    }


def _source(document: Document) -> dict[str, Any]:
    known = {
        "newsannot:sha256": document.sha256,
        "newsannot:key": document.key,
        "language": document.language if document.language != "und" else "",
        "title": document.title,
    }
    about: dict[str, Any] = {"id": document.url or f"urn:newsannot:text:{document.sha256}", "type": "Text"}
    return about | {name: value for name, value in known.items() if value}


def _quoted(document: Document, span: Span) -> dict[str, Any]:
    text, start, end = document.text, span.start, span.end
    around = {
        "prefix": text[max(start - CONTEXT_LENGTH, 0) : start],
        "suffix": text[end : end + CONTEXT_LENGTH],
    }
    return {"start": start, "end": end, "exact": text[start:end], **around}


def targeted(source: Mapping[str, Any], role: str, span: Mapping[str, Any]) -> dict[str, Any]:
    """A span, as we give spans out, of a source."""
    quote = {name: span[name] for name in ("exact", "prefix", "suffix")}
    return {
        "type": "SpecificResource",
        "source": source,
        "newsannot:role": role,
        "selector": [
            {"type": "TextPositionSelector", "start": span["start"], "end": span["end"]},
            {"type": "TextQuoteSelector", **quote},
        ],
    }


# --- And back ------------------------------------------------------------------------------------


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """The annotations of each file by the text they are about, whose address or hash names it."""
    for file in files:
        said = decoded(file)
        try:
            value = json.loads(said) if isinstance(said, str) else said
        except (ValueError, RecursionError) as error:
            value = Problem(file.name, f"This is no JSON: {str(error)[:120]}")
        if isinstance(value, Problem):
            yield FoundDocument(file.name, problems=[value])
            continue
        yield from _Grouping(file.name, shapes).group(_items(value))


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict):
        first = value.get("first")
        value = value.get("items") or (first.get("items") if isinstance(first, dict) else None) or [value]
    return value if isinstance(value, list) else []


class _Grouping:
    def __init__(self, name: str, shapes: Shapes) -> None:
        self.name, self.shapes = name, shapes
        self.found: dict[str, FoundDocument] = {}
        self.nodes: dict[str, list[Node]] = {}

    def group(self, items: list[Any]) -> Iterator[FoundDocument]:
        for number, item in enumerate(items, 1):
            place = f"{self.name}#{number}"
            try:
                self._add(item, place)
            except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
                problem = Problem(place, f"This is no annotation of text: {type(error).__name__} {str(error)[:80]}")
                self.found.setdefault("", FoundDocument(self.name)).problems.append(problem)
        for key, document in self.found.items():
            if key in self.nodes:
                document.graph = Graph(tuple(self.nodes[key]))
            yield document

    def _add(self, item: dict[str, Any], place: str) -> None:
        targets = item["target"] if isinstance(item["target"], list) else [item["target"]]
        document = self._document(targets[0], place)
        spans = [span for target in targets if (span := self._span(target, document))]
        body = item["body"][0] if isinstance(item.get("body"), list) else item.get("body") or {}
        pk = str(item.get("id") or place).removeprefix("urn:uuid:")
        if "newsannot:claim" in body:
            kind = body["value"]
            claim = claim_read(self.shapes[kind], body["newsannot:claim"])
            spans.sort(key=lambda span: (span.start, span.end, span.role))
            document.records.append(Record(pk, kind, claim, tuple(spans)))
            document.places[pk] = place
            return
        if not spans:
            raise ValueError("it has no TextPositionSelector")
        pieces = tuple((span.start, span.end) for span in spans)
        label = body if isinstance(body, str) else as_text(body.get("value"))
        self.nodes.setdefault(document.key or document.url, []).append(Node(pk, label, pieces, place=place))

    def _document(self, target: Any, place: str) -> FoundDocument:
        source = target.get("source", target) if isinstance(target, dict) else target
        about = source if isinstance(source, dict) else {"id": source}
        url, key = str(about["id"]), as_text(about.get("newsannot:key"))
        name = key or url
        if name not in self.found:
            known = as_text(about.get("newsannot:sha256"))
            self.found[name] = FoundDocument(self.name, sha256=known, key=key, url=url)
        return self.found[name]

    @staticmethod
    def _span(target: Any, document: FoundDocument) -> Span | None:
        given = target.get("selector") if isinstance(target, dict) else None
        selectors = given if isinstance(given, list) else [given] if given else []
        position = next((one for one in selectors if one.get("type") == "TextPositionSelector"), None)
        quote = next((one for one in selectors if one.get("type") == "TextQuoteSelector"), None)
        if position is None:
            return None
        start, end = int(position["start"]), int(position["end"])
        if quote:
            document.quotes[start, end] = as_text(quote.get("exact"))
        return Span(as_text(target.get("newsannot:role")), start, end)
