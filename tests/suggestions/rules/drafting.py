"""Drafts of a text as plain words, for tests to compare."""

from collections.abc import Sequence
from typing import Any

from newsannot.suggestions.rules.drafting import draft_text
from newsannot.suggestions.rules.drafts import CodableText, Draft, KnownName

PUTIN, KENNEDY, RUSSIA, NATO, OBI, GROUP, HOUSE = 1, 2, 3, 4, 5, 6, 7
NAMES = [
    KnownName(PUTIN, "Vladimir Putin", "person", "Vladimir Putin"),
    KnownName(PUTIN, "Владимир Путин", "person", "Vladimir Putin"),
    KnownName(PUTIN, "Путин", "person", "Vladimir Putin"),
    KnownName(PUTIN, "普京", "person", "Vladimir Putin"),
    KnownName(PUTIN, "فلاديمير بوتين", "person", "Vladimir Putin"),
    KnownName(PUTIN, "ולדימיר פוטין", "person", "Vladimir Putin"),
    KnownName(KENNEDY, "John F. Kennedy", "person", "John F. Kennedy"),
    KnownName(KENNEDY, "Kennedy", "person", "John F. Kennedy"),
    KnownName(RUSSIA, "Russia", "state", "Russia"),
    KnownName(RUSSIA, "Россия", "state", "Russia"),
    KnownName(RUSSIA, "Moscow", "state", "Russia"),
    KnownName(RUSSIA, "روسيا", "state", "Russia"),
    KnownName(NATO, "NATO", "alliance", "NATO"),
    KnownName(NATO, "the alliance", "alliance", "NATO"),
    KnownName(OBI, "Adaeze Obi", "person", "Adaeze Obi"),
    KnownName(HOUSE, "Белый дом", "government_body", "White House"),
    KnownName(GROUP, "European leaders", "group", "European leaders"),
]


def drafts(text: str, language: str = "en", **about: Any) -> list[Draft]:
    """What the rules propose for a text, with the names of the tests."""
    return draft_text(CodableText(text, language, **about), NAMES)


def of_kind(kind: str, text: str, language: str = "en", **about: Any) -> list[dict[str, list[str]]]:
    """The words of each draft of a kind, by role."""
    return [words(draft, text) for draft in drafts(text, language, **about) if draft.kind == kind]


def words(draft: Draft, text: str) -> dict[str, list[str]]:
    """The words of a draft's parts."""
    return {role: [text[p.start : p.end] for p in pieces] for role, pieces in draft.parts.items()}


def statement(content: str | Sequence[str], cue: str = "", source: str = "") -> dict[str, list[str]]:
    """A statement's parts, in words."""
    parts = {"content": [content] if isinstance(content, str) else list(content)}
    return parts | ({"cue": [cue]} if cue else {}) | ({"source": [source]} if source else {})
