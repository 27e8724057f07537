"""Records for alignment and comparison, made the short way; no database."""

from typing import Any

from newsannot.annotations.rules import Piece, Record
from newsannot.review.rules.alignment import Coded, Item, align


def pieces(*ranges: tuple[int, int]) -> list[Piece]:
    return [Piece(start, end) for start, end in ranges]


def mention(key: int, reading: int, start: int, end: int, **claim: Any) -> Coded:
    full = {"actor": None, "form": "", "certainty": "", "note": ""} | claim
    return Coded(key, reading, "mention", Record(full, {"text": pieces((start, end))}))


def statement(
    key: int, reading: int, *content: tuple[int, int], source: tuple[int, int] | None = None, **claim: Any
) -> Coded:
    parts = {"content": pieces(*content)} | ({"source": pieces(source)} if source else {})
    full = {"speaker": None, "addressees": [], "mode": "", "parent": None, "certainty": "", "note": ""} | claim
    return Coded(key, reading, "statement", Record(full, parts))


def threat(key: int, reading: int, *, parts: dict[str, list[Piece]] | None = None, **claim: Any) -> Coded:
    full = {"issuer": None, "purpose": "", "statements": [], "primary_statement": None, "certainty": "", "note": ""}
    return Coded(key, reading, "threat", Record(full | claim, parts or {}))


def keys(items: list[Item]) -> list[tuple[int, ...]]:
    """The items as the ids of their records."""
    return [tuple(coded.key for coded in item.members) for item in items]


def aligned(*records: Coded) -> list[tuple[int, ...]]:
    """Records' ids, item by item."""
    return keys(align(records))
