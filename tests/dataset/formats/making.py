"""Documents for the tests of formats: hostile texts with records of every kind."""

import hashlib
from pathlib import Path
from typing import Any
from uuid import UUID

from hypothesis import strategies as st

from newsannot.dataset.formats.archive import FoundFile, files_of
from newsannot.dataset.formats.form import Actor, Document, Record, Ref, Span
from newsannot.dataset.formats.graph import Glossary, Problem, records_in
from newsannot.dataset.formats.reading import FoundDocument
from newsannot.dataset.formats.registry import FORMATS
from newsannot.dataset.gathering import shapes

HOSTILE = (
    "a", "Z", "9", " ", "  ", "\n", "\n\n", "\t", "“", "”", '"', "'", "|", "\\", "_", "[1]", "*", "->", ";", "#",
    "<b>", "&amp;", "]]>", "🚢", "👩\u200d👩\u200d👧", "e\u0301", "\u2028", "\u2029", "\u0085", "\u00a0", "\u200b",
    "\ufffe", "\uffff", "שלום", "\u202eabc\u202c", "مرحبا", "外交部", "𝒳", "\ufeff", "=1+1", "-", "T1\tx 0 1\ty",
    "#Text=",
)  # fmt: skip
WORDS = st.text(st.sampled_from("ab |_;*\\\"'\n\t🚢é()[]"), min_size=1, max_size=12).filter(
    lambda words: bool(words.strip()) and words == words.strip()
)
ACTORS = st.builds(
    Actor,
    st.sampled_from(["Adaeze Obi", "Россия", "中国 (group)", 'O’Neill, "T"|_']),
    st.sampled_from(["person", "state", "government_body"]),
    st.sampled_from(["", "Q159"]),
)
TEXT = "Präsident 🚢 Obi said: “We will close the strait,” she said, “unless they leave.”\nEnd."


def a_document(text: str, records: tuple[Record, ...], **about: Any) -> Document:
    """A document of a text."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Document(**{"key": "a7-r1", "text": text, "sha256": digest, "records": records, "language": "en"} | about)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """A hostile text with statements and a threat whose pieces lie anywhere in it but on white space alone."""
    text = "".join(draw(st.lists(st.sampled_from(HOSTILE), min_size=3, max_size=30))) + " “End” of it."
    records = []
    for number in range(draw(st.integers(1, 3))):
        claim: dict[str, Any] = {"mode": "direct", "negated": True, "speaker": draw(ACTORS), "note": draw(WORDS)}
        claim |= {"addressees": tuple(draw(st.lists(ACTORS, min_size=1, max_size=2, unique_by=lambda a: a.name)))}
        if records:
            claim["parent"] = Ref(records[0].id)
        records.append(Record(_id(number), "statement", claim, draw(_spans(text, ("content", "cue", "source")))))
    claim = {"purpose": "deterrent", "plover_contexts": ("military", "diplomatic"), "statements": (Ref(records[0].id),)}
    claim |= {"primary_statement": Ref(records[0].id), "deadline": "2025-09", "issuer": draw(ACTORS)}
    records.append(Record(_id(9), "threat", claim, draw(_spans(text, ("condition", "consequence")))))
    records.append(Record(_id(10), "mention", {"actor": draw(ACTORS)}, draw(_spans(text, ("text",)))))
    return a_document(text, tuple(records))


def _id(number: int) -> str:
    return str(UUID(int=number + 1, version=4))


@st.composite
def _spans(draw: st.DrawFn, text: str, roles: tuple[str, ...]) -> tuple[Span, ...]:
    """Pieces that do not overlap, the first role with two of them."""
    count = len(roles) + 1 if len(roles) > 1 else 1
    borders = sorted(draw(st.sets(st.integers(0, len(text)), min_size=2 * count, max_size=2 * count)))
    pairs = list(zip(borders[::2], borders[1::2], strict=True))
    named = [(roles[0], pairs[0]), *zip(roles[1:], pairs[1:-1], strict=True), (roles[0], pairs[-1])]
    found = {
        Span(role, start, end) for role, (start, end) in named if text[start:end].strip() and not _odd(text[start:end])
    }
    if not any(span.role == roles[0] for span in found):
        at = text.index("“End”")
        found = {Span(roles[0], at, at + 5)}
    return tuple(sorted(found, key=lambda span: (span.start, span.end, span.role)))


def _odd(words: str) -> bool:
    """White space at a border is what no person marks: the workbench trims it."""
    return words != words.strip()


def written(name: str, *found: Document) -> bytes:
    """The bytes of documents in a format."""
    return b"".join(FORMATS[name].write(iter(found), shapes()))


def read_back(name: str, data: bytes, place: Path) -> list[FoundDocument]:
    """The documents in a file of a format, their graphs made records."""
    path = place / f"export.{FORMATS[name].ending}"
    path.write_bytes(data)
    return [understood(one) for one in read_files(name, list(files_of(path, FORMATS[name].endings)))]


def read_files(name: str, files: list[FoundFile]) -> list[FoundDocument]:
    """The documents in some files of a format."""
    read = FORMATS[name].read
    assert read is not None
    return list(read(iter(files), shapes()))


def understood(document: FoundDocument, glossary: Glossary | None = None) -> FoundDocument:
    """The document with its graph made records."""
    if document.graph:
        found = records_in(document.graph, shapes(), glossary or Glossary(), place=document.place)
        document.records += found.records
        document.problems += found.problems
    return document


def told(records: tuple[Record, ...] | list[Record]) -> dict[str, Any]:
    """What records say, by id."""
    return {one.id: (one.kind, {n: v for n, v in one.claim.items() if v}, one.spans) for one in records}


def reasons(problems: list[Problem]) -> list[str]:
    """Places and reasons."""
    return [f"{one.place}: {one.reason}" for one in problems]
