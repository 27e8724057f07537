"""The demo's files as plain values: articles, actors, sources, readings, episodes; evidence is given by quotation."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from newsannot.annotations.rules import Piece


class DemoFileWrong(ValueError):
    """A file of the demo does not hold; the message names the file and the words."""


@dataclass(frozen=True, slots=True)
class DemoArticle:
    """An article as `POST /api/v1/articles/` takes it, without its source, which is named by key."""

    key: str
    source: str
    text: str
    fields: Mapping[str, str]

    @property
    def url(self) -> str:
        """Its address, on a host that never exists."""
        return self.fields["url"]


@dataclass(frozen=True, slots=True)
class DemoRecord:
    """An annotation to make: actors in `claim` by key, other records by the keys they have in the same file."""

    kind: str
    key: str
    parts: Mapping[str, tuple[Any, ...]]
    claim: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DemoReading:
    """One analyst's reading and what became of it; `corrections` are what the editor changes before publishing."""

    filename: str
    article: str
    reader: str
    state: str
    comment: str
    records: tuple[DemoRecord, ...]
    corrections: tuple[tuple[str, Mapping[str, Any]], ...]


@dataclass(frozen=True, slots=True)
class DemoEpisode:
    """An episode of records that are published, each named by the file of its reading and its key there.

    A step is as `record_step` takes it, its evidence named likewise.
    """

    threats: tuple[tuple[str, str], ...]
    steps: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class DemoFiles:
    """All of the demo."""

    actors: tuple[Mapping[str, Any], ...]
    sources: tuple[Mapping[str, Any], ...]
    articles: tuple[DemoArticle, ...]
    readings: tuple[DemoReading, ...]
    episodes: tuple[DemoEpisode, ...] = ()


def read_demo(fixtures: Path) -> DemoFiles:
    """Read the demo from `fixtures/actors` and `fixtures/demo`. Raises DemoFileWrong for what is no JSON."""
    demo = fixtures / "demo"
    return DemoFiles(
        actors=tuple(actor for path in _jsons(fixtures / "actors") for actor in _read(path)["actors"]),
        sources=tuple(_read(demo / "sources.json")["sources"]),
        articles=tuple(_article(_read(path)) for path in _jsons(demo / "articles")),
        readings=tuple(_reading(path.name, _read(path)) for path in _jsons(demo / "readings")),
        episodes=tuple(_episode(said) for said in _read(demo / "episodes.json")["episodes"]),
    )


def _jsons(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.json"))


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except ValueError as error:
        raise DemoFileWrong(f"{path.name}: not JSON in UTF-8 ({error}).") from error


def _article(said: Mapping[str, Any]) -> DemoArticle:
    about = {name: value for name, value in said.items() if name not in {"key", "source", "lines"}}
    return DemoArticle(said["key"], said["source"], "\n".join(said["lines"]), about)


def _reading(filename: str, said: Mapping[str, Any]) -> DemoReading:
    return DemoReading(
        filename=filename,
        article=said["article"],
        reader=said["reader"],
        state=said["state"],
        comment=said.get("comment", ""),
        records=tuple(_record(record) for record in said["records"]),
        corrections=tuple((each["record"], each["claim"]) for each in said.get("corrections", ())),
    )


def _record(said: Mapping[str, Any]) -> DemoRecord:
    parts = {role: tuple(quotes) for role, quotes in said["parts"].items()}
    return DemoRecord(said["kind"], said.get("key", ""), parts, said["claim"])


def _episode(said: Mapping[str, Any]) -> DemoEpisode:
    return DemoEpisode(tuple((file, key) for file, key in said["threats"]), tuple(said["steps"]))


def find_quote(text: str, quote: str | Mapping[str, Any]) -> Piece:
    """Where a quotation stands in a text, in code points.

    A quotation is a string that occurs once, or `{"quote": …, "within": …}`, once within words that occur once, or
    `{"quote": …, "occurrence": 2}`, counted from 1. Raises DemoFileWrong when it does not occur, or not so often.
    """
    asked: Mapping[str, Any] = {"quote": quote} if isinstance(quote, str) else quote
    words = asked["quote"]
    base = _place(text, asked["within"], 0) if "within" in asked else 0
    field = asked.get("within", text)
    at = base + _place(field, words, asked.get("occurrence", 0))
    return Piece(at, at + len(words), words)


def _place(text: str, words: str, occurrence: int) -> int:
    """The offset of the nth occurrence (from 1), or of the only one (0)."""
    found, at = [], text.find(words)
    while at >= 0:
        found.append(at)
        at = text.find(words, at + 1)
    if occurrence == 0 and len(found) != 1:
        raise DemoFileWrong(f"“{words}” occurs {len(found)} times, not once.")
    if occurrence > len(found):
        raise DemoFileWrong(f"“{words}” occurs {len(found)} times, not {occurrence}.")
    return found[max(occurrence, 1) - 1]
