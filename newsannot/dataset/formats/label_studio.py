"""Label Studio JSON: a task for each text; regions, relations, and each field as a choice or text of its region."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from newsannot.dataset.formats.archive import FoundFile
from newsannot.dataset.formats.form import Document, Shapes, json_array
from newsannot.dataset.formats.graph import Edge, Graph, Node, Problem, graph_of
from newsannot.dataset.formats.reading import FoundDocument, as_text, decoded

TASK_FIELDS = ("key", "sha256", "language", "title", "url", "source", "published_at", "reader")
CHOICES = frozenset({"code", "codes", "flag", "choice"})


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """An array of tasks with their annotations."""
    return json_array(b"[", (task(document, shapes) for document in documents), b"]\n")


def task(document: Document, shapes: Shapes) -> dict[str, Any]:
    """A text as a task. Regions hold one piece each; the pieces of a role are joined by relations."""
    graph = graph_of(document, shapes, is_split=True)
    result: list[dict[str, Any]] = []
    for node in graph.nodes:
        ((start, end),) = node.pieces
        place = {"start": start, "end": end, "text": document.text[start:end]}
        region = {"id": node.id, "to_name": "text"}
        labels = {"from_name": "label", "type": "labels", "value": {**place, "labels": [node.label]}}
        result.append({**region, **labels})
        fields = shapes[node.label.partition(".")[0]].fields
        for name, values in node.attributes.items():
            sort = "choices" if fields.get(name) in CHOICES else "text"
            kind = "choices" if sort == "choices" else "textarea"
            result.append({**region, "from_name": name, "type": kind, "value": {**place, sort: list(values)}})
    result += [
        {"type": "relation", "from_id": edge.start, "to_id": edge.end, "direction": "right", "labels": [edge.label]}
        for edge in graph.edges
    ]
    data = {name: value for name in TASK_FIELDS if (value := getattr(document, name))}
    return {"data": {"text": document.text, **data}, "annotations": [{"result": result}]}


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """The tasks of each file; of several annotations of a task the last that was not cancelled."""
    for file in files:
        said = decoded(file)
        try:
            tasks = json.loads(said) if isinstance(said, str) else said
        except (ValueError, RecursionError) as error:
            tasks = Problem(file.name, f"This is no JSON: {str(error)[:120]}")
        if isinstance(tasks, Problem):
            yield FoundDocument(file.name, problems=[tasks])
            continue
        for number, one in enumerate(tasks if isinstance(tasks, list) else [tasks], 1):
            yield _document(one, f"{file.name}#{number}")


def _document(one: Any, place: str) -> FoundDocument:
    document = FoundDocument(place)
    try:
        data = one["data"]
        document.text = next(as_text(data[name]) for name in ("text", "content", "article", *data) if name in data)
        document.sha256, document.key = as_text(data.get("sha256")), as_text(data.get("key"))
        document.title, document.language = as_text(data.get("title")), as_text(data.get("language"))
        given = [each for each in one.get("annotations") or [] if not each.get("was_cancelled")]
        result = given[-1]["result"] if given else []
    except (KeyError, TypeError, AttributeError, StopIteration):
        document.problems.append(Problem(place, "This is no task with a text."))
        return document
    document.graph = _graph(result, document, place)
    return document


def _graph(result: list[Any], document: FoundDocument, place: str) -> Graph:
    labels: dict[str, Node] = {}
    said: dict[str, dict[str, tuple[str, ...]]] = {}
    edges = []
    for number, one in enumerate(result, 1):
        where = f"{place}, result {number}"
        try:
            value = one.get("value", {})
            if one["type"] == "relation":
                label = (one.get("labels") or ["part"])[0]
                edges.append(Edge(label, str(one["from_id"]), str(one["to_id"]), where))
            elif one["type"] in {"labels", "hypertextlabels"}:
                start, end = int(value["start"]), int(value["end"])
                chosen = value.get("labels") or value["hypertextlabels"]
                labels[str(one["id"])] = Node(str(one["id"]), chosen[0], ((start, end),), place=where)
                if isinstance(value.get("text"), str):
                    document.quotes[start, end] = value["text"]
            elif one["type"] in {"choices", "textarea"} and "id" in one:
                texts = value["choices"] if one["type"] == "choices" else value["text"]
                chosen = [texts] if isinstance(texts, str) else texts
                said.setdefault(str(one["id"]), {})[one["from_name"]] = tuple(map(str, chosen))
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            document.problems.append(Problem(where, f"This is no result: {type(error).__name__} {str(error)[:60]}"))
    nodes = [Node(n.id, n.label, n.pieces, said.get(n.id, {}), n.place) for n in labels.values()]
    return Graph(tuple(nodes), tuple(edges))
