"""Records as other tools see them: labelled nodes in the text, joined by labelled edges, with attributes. Pure.

A record is one node for each role that it fills, all joined to the first, its head, by edges named like the role; the
head carries the fields. Records name each other by edges named like the field.
"""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TypeAlias

from newsannot.dataset.formats.form import Actor, Document, Record, Ref, Shape, Shapes, Span, Value

Pieces: TypeAlias = tuple[tuple[int, int], ...]
_ACTOR = re.compile(r"(?P<name>.*) \((?P<kind>[a-z_]+)(?:, (?P<wikidata>Q\d+))?\)", re.DOTALL)
TEXTS = frozenset({"code", "words", "date", "choice"})
RECORDS = frozenset({"record", "records", "primary"})


@dataclass(frozen=True, slots=True)
class Node:
    """A labelled stretch of text, perhaps in pieces. `label` is `kind.role` in our own files; `place` is its line."""

    id: str
    label: str
    pieces: Pieces
    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    place: str = ""
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """A labelled edge between two nodes."""

    label: str
    start: str
    end: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes and edges of one text."""

    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()


# --- There ---------------------------------------------------------------------------------------


def graph_of(document: Document, shapes: Shapes, *, is_split: bool = False) -> Graph:
    """The records of a document that have words of their own; `is_split`: every piece is a node by itself."""
    nodes: list[Node] = []
    edges: list[Edge] = []
    heads: dict[str, str] = {}
    for record in document.records:
        placed = _nodes(record, shapes[record.kind], len(nodes), is_split=is_split)
        if placed:
            nodes += placed
            heads[record.id] = placed[0].id
            edges += [Edge(node.label.partition(".")[2], placed[0].id, node.id) for node in placed[1:]]
    for record in document.records:
        if record.id in heads:
            edges += _links(record, shapes[record.kind], heads)
    return Graph(tuple(nodes), tuple(edges))


def _nodes(record: Record, shape: Shape, number: int, *, is_split: bool) -> list[Node]:
    """A record's nodes, its head first."""
    by_role: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for span in record.spans:
        by_role[span.role].append((span.start, span.end))
    order = [shape.main_role, *(role for role in shape.roles if role != shape.main_role)]
    groups = [
        (role, pieces)
        for role in order
        if role in by_role
        for pieces in ([(piece,) for piece in by_role[role]] if is_split else [tuple(by_role[role])])
    ]
    attributes = {"id": (record.id,)} | written_claim(record.claim)
    return [
        Node(str(number + at + 1), f"{record.kind}.{role}", pieces, attributes if at == 0 else {})
        for at, (role, pieces) in enumerate(groups)
    ]


def _links(record: Record, shape: Shape, heads: Mapping[str, str]) -> list[Edge]:
    links = []
    for name, sort in shape.fields.items():
        value = record.claim.get(name)
        if sort in RECORDS and value is not None:
            refs = [value] if isinstance(value, Ref) else value if isinstance(value, tuple) else []
            named = [heads.get(ref.id) for ref in refs if isinstance(ref, Ref)]
            links += [Edge(name, heads[record.id], target) for target in named if target]
    return links


def written_claim(claim: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    """Fields as texts; those that name records are left to edges."""
    return {name: texts for name, value in claim.items() if (texts := _written(value))}


def _written(value: Value) -> tuple[str, ...]:
    if isinstance(value, bool):
        return ("true",) if value else ()
    if isinstance(value, tuple):
        return tuple(text for one in value for text in _written(one))
    if isinstance(value, Actor):
        return (f"{value.name} ({value.kind}{f', {value.wikidata_id}' if value.wikidata_id else ''})",)
    return () if isinstance(value, Ref) or not value else (value,)


# --- And back ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Glossary:
    """How foreign labels become ours: labels → `kind.role`, edges and attributes → fields or `part`, values → codes.

    What is not named is taken for ours, whatever stands between kind and role and however it is written.
    """

    labels: Mapping[str, str] = field(default_factory=dict)
    edges: Mapping[str, str] = field(default_factory=dict)
    attributes: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that is not taken in: where, and why, in words."""

    place: str
    reason: str


IGNORED = "-"
PART = "part"


@cache
def ours(label: str) -> str:
    """A label in our spelling: `Statement-content`, `statement_content` and `statement.content` are the same."""
    return re.sub(r"[\s./:_-]+", ".", label.strip().lower(), count=1).replace("-", "_")


@dataclass(frozen=True, slots=True)
class Understood:
    """The records that a graph tells of with their places in the file, and what in it tells of none."""

    records: list[Record]
    places: dict[str, str]
    problems: list[Problem]


def records_in(graph: Graph, shapes: Shapes, glossary: Glossary, *, place: str) -> Understood:
    """What a graph tells of; a field that is wrong is named and left out."""
    return _Reader(graph, shapes, glossary, place).read()


class _Reader:
    """Joins nodes to records."""

    def __init__(self, graph: Graph, shapes: Shapes, glossary: Glossary, place: str) -> None:
        self.shapes, self.glossary, self.place = shapes, glossary, place
        self.graph, self.problems = graph, list[Problem]()
        self.roles: dict[str, tuple[str, str]] = {}
        self.ignored: set[str] = set()
        self.joined: dict[str, str] = {}

    def read(self) -> Understood:
        """The records."""
        for node in self.graph.nodes:
            self._label(node)
        links = [link for edge in self.graph.edges if (link := self._edge(edge))]
        groups: dict[str, list[Node]] = {}
        for node in self.graph.nodes:
            if node.id in self.roles:
                groups.setdefault(self._root(node.id), []).append(node)
        ids = {root: self._id(nodes, at) for at, (root, nodes) in enumerate(groups.items())}
        named: defaultdict[str, defaultdict[str, list[Ref]]] = defaultdict(lambda: defaultdict(list))
        for edge, name in links:
            named[self._root(edge.start)][name].append(Ref(ids[self._root(edge.end)]))
        records = [self._record(ids[root], nodes, named[root]) for root, nodes in groups.items()]
        places = {ids[root]: nodes[0].place for root, nodes in groups.items()}
        return Understood(records, places, self.problems)

    def _refuse(self, place: str, reason: str) -> None:
        self.problems.append(Problem(place or self.place, reason))

    def _label(self, node: Node) -> None:
        wanted = self.glossary.labels.get(node.label) or ours(node.label)
        if wanted == IGNORED:
            self.ignored.add(node.id)
            return
        kind, _, role = wanted.partition(".")
        shape = self.shapes.get(kind)
        role = role or (shape.main_role if shape else "")
        if shape is None or role not in shape.roles:
            self._refuse(node.place, f"The label “{node.label[:60]}” is none of ours; name it in the mapping.")
            return
        self.roles[node.id] = (kind, role)
        self.joined[node.id] = node.id

    def _root(self, node: str) -> str:
        while self.joined[node] != node:
            node = self.joined[node]
        return node

    def _edge(self, edge: Edge) -> tuple[Edge, str] | None:
        """Join two nodes of one record, or answer the field by which one record names another."""
        wanted = self.glossary.edges.get(edge.label) or edge.label.strip().lower().replace("-", "_")
        if wanted == IGNORED or self.ignored & {edge.start, edge.end}:
            return None
        if edge.start not in self.roles or edge.end not in self.roles:
            self._refuse(edge.place, f"The edge “{edge.label[:60]}” leads from or to nothing that is taken in.")
            return None
        (kind, _), (other, _) = self.roles[edge.start], self.roles[edge.end]
        shape = self.shapes[kind]
        if kind == other and (wanted == PART or wanted in shape.roles):
            self.joined[self._root(edge.end)] = self._root(edge.start)
            return None
        if shape.fields.get(wanted) in RECORDS:
            return edge, wanted
        self._refuse(edge.place, f"The edge “{edge.label[:60]}” is no role or field of a {kind}.")
        return None

    def _id(self, nodes: Sequence[Node], number: int) -> str:
        return next((node.attributes["id"][0] for node in nodes if node.attributes.get("id")), f"{self.place}#{number}")

    def _record(self, pk: str, nodes: Sequence[Node], named: Mapping[str, Sequence[Ref]]) -> Record:
        kind = self.roles[nodes[0].id][0]
        shape = self.shapes[kind]
        given: dict[str, tuple[str, ...]] = {}
        for node in nodes:
            given |= {
                self.glossary.attributes.get(name, name.lower()): value for name, value in node.attributes.items()
            }
        claim: dict[str, Value] = {}
        for name, texts in given.items():
            if name in {"id", IGNORED}:
                continue
            if name not in shape.fields or shape.fields[name] in RECORDS:
                self._refuse(nodes[0].place, f"A {kind} has no field “{name[:60]}”; name it in the mapping.")
                continue
            values = self.glossary.values.get(name, {})
            if kept := tuple(values.get(text, text) for text in texts if values.get(text) != IGNORED):
                claim[name] = read_value(shape.fields[name], kept)
        for name, refs in named.items():
            claim[name] = tuple(refs) if shape.fields[name] == "records" else refs[0]
        spans = {Span(self.roles[n.id][1], *piece) for n in nodes for piece in n.pieces}
        return Record(pk, kind, claim, tuple(sorted(spans, key=lambda span: (span.start, span.end, span.role))))


def read_value(sort: str, texts: tuple[str, ...]) -> Value:
    """A field's value from its texts."""
    if sort == "flag":
        return texts[0].lower() in {"true", "1", "yes"}
    if sort == "actor":
        return read_actor(texts[0])
    if sort == "actors":
        return tuple(read_actor(text) for text in texts)
    return texts if sort == "codes" else texts[0]


def read_actor(text: str) -> Actor:
    """An actor as it is written: `Adaeze Obi (person, Q1)`; without a kind its kind is not known."""
    match = _ACTOR.fullmatch(text)
    return Actor(match["name"], match["kind"], match["wikidata"] or "") if match else Actor(text.strip(), "")
