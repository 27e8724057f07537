"""doccano JSONL: a text a line with entities and relations. Fields of records are not carried."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.form import Document, Shapes, as_json
from newsannot.dataset.formats.graph import Edge, Graph, Node, Problem, graph_of
from newsannot.dataset.formats.reading import FoundDocument, LineReader, as_text


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """Lines that doccano imports as sequence labelling with relations."""
    for document in documents:
        graph = graph_of(document, shapes, is_split=True)
        entities = [
            {
                "id": int(node.id),
                "label": node.label,
                "start_offset": node.pieces[0][0],
                "end_offset": node.pieces[0][1],
            }
            for node in graph.nodes
        ]
        relations = [
            {"id": number, "from_id": int(edge.start), "to_id": int(edge.end), "type": edge.label}
            for number, edge in enumerate(graph.edges, 1)
        ]
        about = {"key": document.key, "sha256": document.sha256}
        yield as_json({"text": document.text, **about, "entities": entities, "relations": relations}) + b"\n"


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """The texts of each file, whether with entities and relations or with labels alone."""
    for file in files:
        for place, line in LineReader(file).lines():
            document = FoundDocument(place)
            try:
                if isinstance(line, Problem):
                    document.problems.append(line)
                else:
                    _understand(json.loads(line), document)
            except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
                reason = f"This is no text with entities: {type(error).__name__} {str(error)[:80]}"
                document.problems.append(Problem(place, reason))
            yield document


def _understand(value: dict[str, Any], document: FoundDocument) -> None:
    document.text = as_text(value["text"])
    document.sha256, document.key = as_text(value.get("sha256")), as_text(value.get("key"))
    given = value.get("entities")
    if given is None:
        triples = value.get("label") or value.get("labels") or []
        given = [{"id": at, "start_offset": s, "end_offset": e, "label": n} for at, (s, e, n) in enumerate(triples, 1)]
    nodes = [
        Node(
            str(one["id"]),
            str(one["label"]),
            ((int(one["start_offset"]), int(one["end_offset"])),),
            place=document.place,
        )
        for one in given
    ]
    edges = [
        Edge(str(one["type"]), str(one["from_id"]), str(one["to_id"]), document.place)
        for one in value.get("relations") or []
    ]
    document.graph = Graph(tuple(nodes), tuple(edges))
