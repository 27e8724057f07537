"""The ways the application refuses, each with words for people."""

from collections.abc import Mapping, Sequence
from typing import Any

Problems = Mapping[str, Sequence[str]]


_fields_of: dict[str, str] = {}


def name_fields(**fields: str) -> None:
    """Say which field a constraint or trigger of the database is about; its room does, beside its tables."""
    _fields_of.update(fields)


def field_named_for(constraint: str | None) -> str | None:
    """The field that a constraint is about, where its room said so."""
    return _fields_of.get(constraint or "")


class RuleBroken(Exception):
    """A rule of the domain forbids the write; nothing was stored.

    `problems` maps the name of a field, or of the thing itself (`reading`, `annotation`), to messages for people.
    """

    def __init__(self, message: str = "", *, field: str = "", problems: Problems | None = None) -> None:
        self.problems: dict[str, list[str]] = {k: list(v) for k, v in (problems or {field: [message]}).items()}
        super().__init__("; ".join(text for texts in self.problems.values() for text in texts))


class Mismatch(RuleBroken):
    """What was sent does not agree with the text on the server (409)."""


class Stale(Exception):
    """The record changed since it was read (409 in HTML, 412 in the API); `current` is what stands now."""

    def __init__(self, current: Any) -> None:
        self.current = current
        super().__init__("This was changed meanwhile. Nothing of yours was stored over it.")
