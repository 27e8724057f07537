"""WebAnno TSV 3: tokens with one layer of spans; the spans of a record share its id. Offsets are UTF-16 code units.

Tokens are cut at the borders of spans, so that every span is made of whole tokens.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from newsannot.dataset.formats.archive import FoundFile, zipped
from newsannot.dataset.formats.form import Document, Record, Shapes, Span
from newsannot.dataset.formats.graph import Problem
from newsannot.dataset.formats.jsonl import claim_read, value_json
from newsannot.dataset.formats.reading import FoundDocument, decoded
from newsannot.dataset.formats.stretches import Utf16, covered, tokens

LAYER = "webanno.custom.Newsannot"
HEAD = f"#FORMAT=WebAnno TSV 3.3\n#T_SP={LAYER}|label|record|claim\n\n"
_TOKEN = re.compile(r"\d+-\d+(?:\.\d+)?")
_CELL = re.compile(r"(.*)\[(\d+)\]", re.DOTALL)


def write(documents: Iterable[Document], shapes: Shapes) -> Iterator[bytes]:
    """An archive with a file for each text."""
    return zipped((f"{document.key}.tsv", table(document).encode()) for document in documents)


def table(document: Document) -> str:
    """The .tsv of a document; a sentence is a line of its text."""
    spans = [(record, span) for record in document.records for span in record.spans]
    borders = {border for _, span in spans for border in (span.start, span.end)}
    found, wide = tokens(document.text, borders), Utf16(document.text)
    starts = [token.start for token in found]
    marks: defaultdict[int, list[tuple[str, str, str]]] = defaultdict(list)
    told: set[str] = set()
    for number, (record, span) in enumerate(spans, 1):
        claim = "*" if record.id in told else _escaped(_claim(record))
        told.add(record.id)
        cells = (_escaped(f"{record.kind}.{span.role}"), _escaped(record.id), claim)
        for at in covered(found, starts, span.start, span.end):
            marks[at].append(tuple(f"{cell}[{number}]" for cell in cells))  # type: ignore[arg-type]
    lines, said = document.text.split("\n"), [HEAD]
    sentence, place, standing = 0, 0, -1
    for at, token in enumerate(found):
        if token.line != standing:
            sentence, place, standing = sentence + 1, 0, token.line
            said.append(f"\n#Text={_text(lines[token.line])}\n")
        place += 1
        cells = [*map("|".join, zip(*marks[at], strict=True))] if at in marks else ["_", "_", "_"]  # type: ignore[assignment]
        words = document.text[token.start : token.end]
        where = f"{wide.units(token.start)}-{wide.units(token.end)}"
        said.append(f"{sentence}-{place}\t{where}\t{words}\t" + "\t".join(cells) + "\t\n")
    return "".join(said)


def _claim(record: Record) -> str:
    return json.dumps({name: value_json(v) for name, v in record.claim.items()}, ensure_ascii=True)


def _escaped(value: str) -> str:
    return re.sub(r"([\\\[\]|_;*]|->)", r"\\\1", value).replace("\t", "\\t").replace("\n", "\\n")


def _text(line: str) -> str:
    return line.replace("\\", "\\\\").replace("\t", "\\t").replace("\r", "\\r")


# --- And back ------------------------------------------------------------------------------------


def read(files: Iterable[FoundFile], shapes: Shapes) -> Iterator[FoundDocument]:
    """Each file's spans. Its text is known by its name (`a12-r1`), or from its lines."""
    for file in files:
        said = decoded(file)
        document = FoundDocument(file.name, key=file.name.rpartition("/")[2].partition(".")[0])
        if isinstance(said, Problem):
            document.problems.append(said)
        else:
            _Table(document, shapes).read(said)
        yield document


@dataclass
class _Mark:
    label: str
    record: str
    claim: str
    place: str
    pieces: list[tuple[int, int]] = field(default_factory=list)


@dataclass
class _Table:
    document: FoundDocument
    shapes: Shapes
    text: str = ""
    marks: dict[str, _Mark] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)
    rows: list[tuple[list[str], str]] = field(default_factory=list)
    columns: list[str] = field(default_factory=list)

    def read(self, said: str) -> None:
        sentence: str | None = None
        for number, line in enumerate(said.split("\n"), 1):
            place = f"{self.document.place}:{number}"
            if line.startswith("#Text="):
                sentence = (sentence + "\n" if sentence is not None else "") + _unescaped(line[6:])
            elif line.startswith("#T_"):
                self.columns += line.partition("=")[2].split("|")[1:]
            elif _TOKEN.match(line):
                if sentence is not None:
                    self._place(sentence, line, place)
                    sentence = None
                self._row(line, place)
            elif line and not line.startswith("#"):
                self.document.problems.append(Problem(place, f"This line is damaged: {line[:80]}"))
        self._finish()

    def _place(self, sentence: str, line: str, place: str) -> None:
        """Put a sentence where its first token says it stands; the gap before it is line ends."""
        try:
            unit, first = int(line.split("\t")[1].split("-", maxsplit=1)[0]), line.split("\t")[2]
        except (IndexError, ValueError):
            return
        start = Utf16(self.text + "\n" * max(unit, 0)).points(unit) - max(sentence.find(first), 0)
        self.text += "\n" * max(start - len(self.text), 0) + sentence

    def _row(self, line: str, place: str) -> None:
        cells = line.split("\t")
        try:
            start, end = map(int, cells[1].split("-"))
        except (IndexError, ValueError):
            self.document.problems.append(Problem(place, f"This line is damaged: {line[:80]}"))
            return
        given = [_stacked(cell) for cell in cells[3:]]
        for at, (label, mark) in enumerate(given[0] if given else []):
            rest = [column[at][0] if at < len(column) else "" for column in given[1:3]]
            record, claim = [*rest, "", ""][:2]
            name = mark or f"{place}/{at}"
            standing = self.marks.setdefault(name, _Mark(label, record or name, claim, place))
            standing.pieces.append((start, end))

    def _finish(self) -> None:
        document, wide = self.document, Utf16(self.text)
        document.text = self.text
        groups: defaultdict[str, list[_Mark]] = defaultdict(list)
        for mark in self.marks.values():
            groups[mark.record].append(mark)
        for pk, marks in groups.items():
            kind = marks[0].label.partition(".")[0]
            try:
                claim = claim_read(self.shapes[kind], json.loads(next((m.claim for m in marks if m.claim), "{}")))
            except (KeyError, ValueError, TypeError, AttributeError):
                reason = f"The label “{marks[0].label[:60]}” is none of ours, or its fields cannot be read."
                document.problems.append(Problem(marks[0].place, reason))
                continue
            spans = {
                Span(m.label.partition(".")[2], wide.points(m.pieces[0][0]), wide.points(m.pieces[-1][1]))
                for m in marks
            }
            ordered = tuple(sorted(spans, key=lambda span: (span.start, span.end, span.role)))
            document.records.append(Record(pk, kind, claim, ordered))
            document.places[pk] = marks[0].place


def _stacked(cell: str) -> list[tuple[str, str]]:
    """The values in a cell, each with the number of its span."""
    if cell in {"_", ""}:
        return []
    found = []
    for value in re.split(r"(?<!\\)(?:\\\\)*\|", cell):
        match = _CELL.fullmatch(value)
        words, number = (match[1], match[2]) if match else (value, "")
        found.append(("" if words == "*" else _unescaped(words), number))
    return found


def _unescaped(value: str) -> str:
    known = {"t": "\t", "n": "\n", "r": "\r"}
    return re.sub(r"\\(->|.)", lambda match: known.get(match[1], match[1]), value)
