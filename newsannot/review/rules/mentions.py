"""People named in a comment by `@username`: pure, on the words of the comment."""

import re
from dataclasses import dataclass

_MENTION = re.compile(r"(?<![\w@.+-])@(?P<name>\w(?:[\w.@+-]*\w)?)")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a comment, or (a `mention`) the name of somebody in it."""

    text: str
    is_mention: bool = False


def mentioned_in(body: str) -> frozenset[str]:
    """The names after an `@` that begins a word, in lower case; the full stop that ends a sentence is none of one."""
    return frozenset(found["name"].lower() for found in _MENTION.finditer(body))


def pieces_of(body: str, hidden: frozenset[str] = frozenset()) -> list[Piece]:
    """A comment cut at its mentions; those of `hidden` names (lower case) name nobody."""
    pieces, at = [], 0
    for found in _MENTION.finditer(body):
        if found.start() > at:
            pieces.append(Piece(body[at : found.start()]))
        name = found["name"]
        pieces.append(Piece("@another analyst" if name.lower() in hidden else f"@{name}", is_mention=True))
        at = found.end()
    return [*pieces, Piece(body[at:])] if at < len(body) else pieces
