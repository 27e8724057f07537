"""brat standoff: a .txt and an .ann for each text, discontinuous spans, relations, attributes, references and notes.

Actors are references (`N1 Reference T1 speaker:person/Q1`), codes attributes, free words notes of the field's name.
brat's own words are kept apart from a label's by a hyphen: `statement-content`.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsannot.dataset.formats.archive import FoundFile, zipped
from newsannot.dataset.formats.form import Document, Shapes
from newsannot.dataset.formats.graph import Edge, Graph, Node, Problem, graph_of
from newsannot.dataset.formats.reading import FoundDocument, decoded

_T = re.compile(r"(T\S+)\t(\S+) (\d+ \d+(?:;\d+ \d+)*)\t?(.*)", re.DOTALL)
_R = re.compile(r"(R\S+)\t(\S+) \S+:(\S+) \S+:(\S+)\s*")
_A = re.compile(r"([AM]\S+)\t(\S+) (\S+)(?: (\S+))?\s*")
_N = re.compile(r"(N\S+)\tReference (\S+) ([^:\s]+):(\S*)\t?(.*)", re.DOTALL)
_E = re.compile(r"(E\S+)\t(\S+):(\S+)((?: \S+:\S+)*)\s*")
_NOTE = re.compile(r"(#\S*)\t(\S+) (\S+)\t?(.*)", re.DOTALL)
_EQUIVALENT = re.compile(r"\*\t(\S+) (\S+(?: \S+)*)\s*")
_SPACELESS = re.compile(r"\S+")


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """An archive with annotation.conf and a pair of files for each text."""
    return zipped(_files(documents, shapes))


def _files(documents: Iterable[Document], shapes: Shapes) -> Iterator[tuple[str, bytes]]:
    yield "annotation.conf", configuration(shapes).encode()
    for document in documents:
        yield f"{document.key}.txt", document.text.encode()
        yield f"{document.key}.ann", standoff(document, shapes).encode()


def configuration(shapes: Shapes) -> str:
    """What brat has to know of the labels."""
    entities = [f"{shape.name}-{role}" for shape in shapes.values() for role in shape.roles]
    relations = sorted(
        {role for shape in shapes.values() for role in shape.roles}
        | {name for shape in shapes.values() for name, sort in shape.fields.items() if sort.startswith(("rec", "pri"))}
    )
    attributes = sorted({name for s in shapes.values() for name, sort in s.fields.items() if sort in {"code", "codes"}})
    lines = ["[entities]", *entities, "[relations]", *(f"{one}\tArg1:<ENTITY>, Arg2:<ENTITY>" for one in relations)]
    return "\n".join([*lines, "[events]", "[attributes]", *(f"{one}\tArg:<ENTITY>" for one in attributes), ""])


def standoff(document: Document, shapes: Shapes) -> str:
    """The .ann of a document."""
    graph = graph_of(document, shapes)
    lines = _Lines(document.text)
    for node in graph.nodes:
        lines.add_node(node, shapes)
    for number, edge in enumerate(graph.edges, 1):
        lines.found.append(f"R{number}\t{edge.label} Arg1:T{edge.start} Arg2:T{edge.end}")
    return "".join(f"{line}\n" for line in lines.found)


@dataclass
class _Lines:
    text: str
    found: list[str] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)

    def add_node(self, node: Node, shapes: Shapes) -> None:
        pieces = fragments(self.text, node.pieces)
        places = ";".join(f"{start} {end}" for start, end in pieces)
        words = _line(" ".join(self.text[start:end] for start, end in pieces))
        self.found.append(f"T{node.id}\t{node.label.replace('.', '-')} {places}\t{words}")
        fields = shapes[node.label.partition(".")[0]].fields
        for name, values in node.attributes.items():
            for value in values:
                self._add_value(f"T{node.id}", name, value, fields.get(name, "words"))

    def _add_value(self, node: str, name: str, value: str, sort: str) -> None:
        if sort in {"actor", "actors"}:
            kind, words = _reference(value)
            self.found.append(f"{self._next('N')}\tReference {node} {name}:{kind}\t{_escape(words)}")
        elif sort == "words" or not _SPACELESS.fullmatch(value):
            self.found.append(f"{self._next('#')}\t{name} {node}\t{_escape(value)}")
        else:
            self.found.append(f"{self._next('A')}\t{name} {node} {value}")

    def _next(self, letter: str) -> str:
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{letter}{self.counts[letter]}"


def fragments(text: str, pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """The pieces cut at line ends, which a fragment of brat's may not cross."""
    found = []
    for start, end in pieces:
        at = start
        for line in text[start:end].split("\n"):
            if line:
                found.append((at, at + len(line)))
            at += len(line) + 1
    return found


def _reference(value: str) -> tuple[str, str]:
    """`Adaeze Obi (person, Q1)` as `person/Q1` and the name."""
    name, _, rest = value.rpartition(" (")
    return rest.removesuffix(")").replace(", ", "/"), name


def _line(words: str) -> str:
    return re.sub(r"[\t\n\r\v\f\x1c-\x1e\x85\u2028\u2029]", " ", words)


def _escape(words: str) -> str:
    r"""Words in one line: `\` doubled, line end as `\n`, tab as `\t`; other line ends of Unicode's as `\u2028`."""
    words = words.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return re.sub(r"[\v\f\x1c-\x1e\x85\u2028\u2029]", lambda match: f"\\u{ord(match[0]):04x}", words)


def _unescape(words: str) -> str:
    found = {"n": "\n", "t": "\t", "r": "\r", "\\": "\\"}
    return re.sub(
        r"\\(?:u([0-9a-f]{4})|([ntr\\]))", lambda match: chr(int(match[1], 16)) if match[1] else found[match[2]], words
    )


# --- And back ------------------------------------------------------------------------------------


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """Each .txt with what its .ann says; a damaged line is named and the rest goes on."""
    waiting: dict[str, FoundFile] = {}
    for file in files:
        stem, _, ending = file.name.rpartition(".")
        if ending not in {"txt", "ann"}:
            continue
        other = waiting.pop(stem, None)
        if other is None:
            waiting[stem] = file
        else:
            yield _document(*((other, file) if ending == "txt" else (file, other)))
    for stem, file in waiting.items():
        missing = "ann" if file.name.endswith("txt") else "txt"
        if file.reason:
            yield FoundDocument(file.name, problems=[Problem(file.name, file.reason)])
        elif missing == "txt":
            yield FoundDocument(file.name, problems=[Problem(file.name, f"There is no {stem}.txt beside it.")])


def _document(ann: FoundFile, txt: FoundFile) -> FoundDocument:
    stem = txt.name.rpartition(".")[0]
    document = FoundDocument(ann.name, key=stem.rpartition("/")[2])
    text, said = decoded(txt, "utf-8"), decoded(ann)
    for one in (text, said):
        if isinstance(one, Problem):
            document.problems.append(one)
    if isinstance(text, str) and isinstance(said, str):
        document.text = text
        document.graph = _Reader(ann.name, text, document.problems).read(said)
    return document


@dataclass
class _Reader:
    name: str
    text: str
    problems: list[Problem]
    nodes: dict[str, Node] = field(default_factory=dict)
    attributes: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)
    events: dict[str, str] = field(default_factory=dict)

    def read(self, said: str) -> Graph:
        waiting = []
        for number, line in enumerate(said.split("\n"), 1):
            place = f"{self.name}:{number}"
            line = line.removesuffix("\r")  # noqa: PLW2901
            if not line.strip():
                continue
            if line[0] == "T":
                self._node(line, place)
            else:
                waiting.append((line, place))
        for line, place in waiting:
            if not self._other(line, place):
                self.problems.append(Problem(place, f"This line is damaged: {line[:80]}"))
        edges = [self._resolved(edge) for edge in self.edges if self._is_known(edge)]
        nodes = [
            Node(n.id, n.label, n.pieces, self.attributes.get(n.id, {}), n.place, n.quote) for n in self.nodes.values()
        ]
        return Graph(tuple(nodes), tuple(edges))

    def _node(self, line: str, place: str) -> None:
        match = _T.fullmatch(line)
        if not match or match[1] in self.nodes:
            self.problems.append(Problem(place, f"This line is damaged: {line[:80]}"))
            return
        pieces = []
        for pair in match[3].split(";"):
            start, end = map(_number, pair.split(" "))
            if not start < end <= len(self.text):
                self.problems.append(Problem(place, f"{start}–{end} is no stretch of the text ({len(self.text):,})."))
                return
            pieces.append((start, end))
        standing = " ".join(self.text[start:end] for start, end in pieces)
        if match[4] and _line(standing) != _line(match[4]):
            self.problems.append(Problem(place, f"The text there is “{standing[:60]}”, not “{match[4][:60]}”."))
            return
        self.nodes[match[1]] = Node(match[1], match[2], tuple(_joined(self.text, sorted(pieces))), place=place)

    def _other(self, line: str, place: str) -> bool:
        if match := _R.fullmatch(line):
            self.edges.append(Edge(match[2], match[3], match[4], place))
            return True
        if match := _E.fullmatch(line):
            self.events[match[1]] = match[3]
            pairs = (pair.split(":", 1) for pair in match[4].split())
            self.edges += [Edge(role, match[3], target, place) for role, target in pairs]
            return True
        if match := _A.fullmatch(line):
            self._say(match[3], match[2], match[4] or "true")
            return True
        if match := _N.fullmatch(line):
            kind = match[4].replace("/", ", ")
            self._say(match[2], match[3], f"{_unescape(match[5])} ({kind})" if kind else _unescape(match[5]))
            return True
        if match := _NOTE.fullmatch(line):
            self._say(match[3], "note" if match[2] == "AnnotatorNotes" else match[2], _unescape(match[4]))
            return True
        return bool(_EQUIVALENT.fullmatch(line))

    def _say(self, node: str, name: str, value: str) -> None:
        said = self.attributes.setdefault(self.events.get(node, node), {})
        said[name] = (*said.get(name, ()), value)

    def _resolved(self, edge: Edge) -> Edge:
        """The edge between the triggers, where it names events."""
        start, end = (self.events.get(one, one) for one in (edge.start, edge.end))
        return Edge(edge.label, start, end, edge.place)

    def _is_known(self, edge: Edge) -> bool:
        missing = [one for one in (edge.start, edge.end) if self.events.get(one, one) not in self.nodes]
        if missing:
            self.problems.append(Problem(edge.place, f"It names {missing[0][:40]}, which is not there."))
        return not missing


def _number(digits: str) -> int:
    return int(digits[:12])


def _joined(text: str, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Fragments that only line ends part become one piece again."""
    found: list[tuple[int, int]] = []
    for start, end in pieces:
        if found and start > found[-1][1] and not text[found[-1][1] : start].strip("\n"):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return found
