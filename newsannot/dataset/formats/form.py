"""The one form between our tables and everybody's formats: a text with records whose evidence lies in it.

Offsets are code points of `Document.text`, 0-based and half-open.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, NamedTuple, TypeAlias

CONTEXT_LENGTH = 32


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is named; `id` is ours, and None for what another tool wrote."""

    name: str
    kind: str
    wikidata_id: str = ""
    id: int | None = None
    iso3: str = ""
    cow_code: str = ""
    cameo_code: str = ""
    sectors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ref:
    """Another record, by its id."""

    id: str


Value: TypeAlias = str | bool | Actor | Ref | tuple[str, ...] | tuple[Actor, ...] | tuple[Ref, ...]


class Span(NamedTuple):
    """Evidence in a role. A tuple, since there are millions."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Record:
    """A claim about a text. `claim` holds only the fields that say something; `spans` are in the order of the text."""

    id: str
    kind: str
    claim: Mapping[str, Value] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()
    version: int = 1
    updated_at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text and the records of one reading of it.

    `key` names it within a file (`a12-r1`: article 12, revision 1). `sha256` is the whole text's; where `is_excerpt`,
    what its source does not let out is blacked out in `text`, so that offsets stay true.
    """

    key: str
    text: str
    sha256: str
    records: tuple[Record, ...] = ()
    language: str = "und"
    title: str = ""
    url: str = ""
    source: str = ""
    domain: str = ""
    reliability: str = ""
    published_at: str = ""
    article: int | None = None
    revision: int | None = None
    reader: str = ""
    is_excerpt: bool = False


@dataclass(frozen=True, slots=True)
class Shape:
    """What a kind of record is made of: its roles in order, the role of a bare span, its fields and their sorts."""

    name: str
    main_role: str
    roles: tuple[str, ...]
    fields: Mapping[str, str]


Shapes: TypeAlias = Mapping[str, Shape]


class LibraryMissingError(Exception):
    """A format's own library is not installed; the message says how to get it."""


def library(module: str, extra: str) -> Any:
    """An optional library; raises LibraryMissingError naming the extra that brings it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise LibraryMissingError(
            f"This format needs the optional extra [{extra}]: pip install -r requirements/{extra}.txt"
        ) from error


_compact = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


def as_json(value: Any) -> bytes:
    """Compact JSON in UTF-8, in one line by every tool's notion of lines."""
    return as_lines([value])[:-1]


def as_lines(values: Iterable[Any]) -> bytes:
    """Values as such JSON, each with a line feed after it."""
    text = "\n".join([*map(_compact, values), ""])
    for mark, escaped in (("\u2028", "\\u2028"), ("\u2029", "\\u2029"), ("\u0085", "\\u0085")):
        if mark in text:
            text = text.replace(mark, escaped)
    return text.encode("utf-8", "surrogatepass")


def json_array(head: bytes, values: Iterable[Any], tail: bytes) -> Iterator[bytes]:
    """A JSON array, one value a line, between what opens and what closes it."""
    yield head
    for at, value in enumerate(values):
        yield (b",\n" if at else b"\n") + as_json(value)
    yield b"\n" + tail


def blacked_out(text: str, shown: Iterable[tuple[int, int]]) -> str:
    """The text with every letter outside of `shown` as █; white space stays, and so does every offset."""
    hidden = ["█" if not character.isspace() else character for character in text]
    for start, end in shown:
        hidden[start:end] = text[start:end]
    return "".join(hidden)


def in_role(record: Record, role: str) -> list[Span]:
    """The record's spans in a role."""
    return [span for span in record.spans if span.role == role]


def words(document: Document, record: Record, role: str) -> str:
    """The words in a role; several pieces are joined as editors do: “… […] …”."""
    return " […] ".join(document.text[span.start : span.end] for span in in_role(record, role))


def actors_of(value: Value | None) -> Sequence[Actor]:
    """The actors in a field."""
    if isinstance(value, Actor):
        return (value,)
    return tuple(one for one in value if isinstance(one, Actor)) if isinstance(value, tuple) else ()


def refs_of(value: Value | None) -> Sequence[str]:
    """The ids of the records in a field."""
    if isinstance(value, Ref):
        return (value.id,)
    return tuple(one.id for one in value if isinstance(one, Ref)) if isinstance(value, tuple) else ()


def texts_of(value: Value | None) -> list[str]:
    """A field's codes, words or flag as text; actors by their names."""
    if value is None or value is False:
        return []
    if value is True:
        return ["true"]
    return [_text(one) for one in value] if isinstance(value, tuple) else [_text(value)]


def _text(value: str | Actor | Ref) -> str:
    return value.name if isinstance(value, Actor) else value.id if isinstance(value, Ref) else value
