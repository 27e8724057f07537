"""What the browser sends, read into plain values; what cannot be read is refused by field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from newsannot.annotations.kinds import ClaimField, Kind
from newsannot.annotations.rules import LARGEST_OFFSET, Piece
from newsannot.core.errors import Mismatch, RuleBroken
from newsannot.workbench.rules import Newcomer, control_name

NUMBER = re.compile(r"[0-9]{1,19}")
NEW = "new:"
NEWCOMER_KIND = "person"


@dataclass(frozen=True, slots=True)
class SentClaim:
    """The fields a form carried: their values, actors yet to be recorded among them as `Newcomer`."""

    values: Mapping[str, Any]
    problems: Mapping[str, list[str]] = field(default_factory=dict)


def whole_number(sent: str, name: str, *, most: int = LARGEST_OFFSET) -> int:
    """The number written in ASCII digits; raises RuleBroken naming the field."""
    if not NUMBER.fullmatch(sent):
        raise RuleBroken("This takes a whole number." if sent else "This is missing.", field=name)
    if int(sent) > most:
        raise RuleBroken(f"This is more than {most:,}.", field=name)
    return int(sent)


def read_piece(sent: QueryDict) -> Piece:
    """The stretch of text named by `start`, `end` and `quote`; raises RuleBroken. No text holds CR or NUL."""
    start = whole_number(sent.get("start", ""), "start")
    end = whole_number(sent.get("end", ""), "end")
    quote = sent.get("quote", "")
    if start >= end:
        raise RuleBroken(f"{start}–{end} is empty or reversed.", field="end")
    if not quote:
        raise RuleBroken("The words that stand there are missing.", field="quote")
    if "\x00" in quote:
        raise Mismatch("No text holds the character that was sent.", field="quote")
    return Piece(start, end, plain_lines(quote))


def read_parts(sent: QueryDict) -> dict[str, list[Piece]]:
    """The pieces by role: each `piece` is `role start end quote`, parted by single spaces; raises RuleBroken."""
    parts: dict[str, list[Piece]] = {}
    for one in sent.getlist("piece"):
        role, *words = one.split(" ", 3)
        if not role or len(words) < 3:
            raise RuleBroken("A piece is a role, a start, an end and a quote.", field="piece")
        start, end, quote = words
        fields = QueryDict(mutable=True)
        fields.update({"start": start, "end": end, "quote": quote})
        parts.setdefault(role, []).append(read_piece(fields))
    return parts


def plain_lines(words: str) -> str:
    """The words with every line end as LF: forms send CR LF."""
    return words.replace("\r\n", "\n").replace("\r", "\n")


def read_actor(sent: QueryDict) -> int | Newcomer | None:
    """The actor chosen, or to be recorded, in the field `actor`; raises RuleBroken."""
    given = sent.get("actor", "")
    return _actor("actor", given) if given else None


def read_version(sent: QueryDict) -> int:
    """The version the sender saw; raises RuleBroken."""
    return whole_number(sent.get("version", ""), "version")


def read_version_if_sent(sent: QueryDict) -> int | None:
    """The version the sender saw; None where none is sent: whichever stands is meant."""
    return read_version(sent) if "version" in sent else None


def read_claim(kind: Kind, sent: QueryDict, *, typed: bool = False) -> SentClaim:
    """The fields of the kind that the form carried: those with a value, and those it says it `shows`.

    With `typed`, letters left in an actor's field name an actor too: without scripts there is no list to choose from.
    A field `keep_NAME` that says `stands` leaves that field as it stands. A button `takes` gives `field:value`, which
    was proposed, unless the form says something else of that field.
    """
    shown = set(sent.getlist("shows"))
    values: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for one in kind.fields:
        name = control_name(one.name)
        words = sent.get(f"{name}_typed", "").strip() if typed else ""
        is_left = sent.get(f"keep_{name}") == "stands"
        if is_left or (name not in sent and name not in shown and not words):
            continue
        try:
            values[one.name] = _value(one, sent.getlist(name), words)
        except RuleBroken as refusal:
            problems |= refusal.problems
    values |= _taken(kind, values, sent.get("takes", ""))
    return SentClaim({**values, **_without_gone_leaders(kind, values)}, problems)


def _taken(kind: Kind, values: Mapping[str, Any], taken: str) -> dict[str, str]:
    """The proposal that was taken; nothing for a field that is not of this kind, or that the form fills itself."""
    name, _, value = taken.partition(":")
    known = {f.name for f in kind.fields if f.sort in {"code", "date"}}
    return {name: value} if name in known and not values.get(name) else {}


def _without_gone_leaders(kind: Kind, values: Mapping[str, Any]) -> dict[str, None]:
    """A record that led and was just unchosen leads no more; which one does instead follows from the rest."""
    leaders = [f for f in kind.fields if f.sort == "primary" and f.name in values]
    chosen = {one.name: f.name for one in leaders for f in kind.linked if f.links is one.links}
    return {name: None for name, links in chosen.items() if links in values and values[name] not in values[links]}


def _value(one: ClaimField, sent: list[str], words: str) -> Any:
    given = [value for value in sent if value != ""]
    if one.sort == "flag":
        return bool(given)
    if one.sort == "codes":
        return given
    if one.sort in {"actor", "actors"}:
        named = [_actor(one.name, value) for value in given] + ([Newcomer(words, NEWCOMER_KIND)] if words else [])
        return list(dict.fromkeys(named)) if one.is_many else (named[-1] if named else None)
    if one.sort in {"record", "records", "primary"}:
        named_records = [whole_number(value, one.name, most=2**63 - 1) for value in given]
        return list(dict.fromkeys(named_records)) if one.is_many else (named_records[-1] if named_records else None)
    return plain_lines(sent[-1]).strip() if sent else ""


def _actor(field_name: str, sent: str) -> int | Newcomer:
    """An id, `new:Name`, or `new:kind:Name`."""
    if not sent.startswith(NEW):
        return whole_number(sent, field_name, most=2**63 - 1)
    kind, colon, name = sent.removeprefix(NEW).partition(":")
    if colon and re.fullmatch(r"[a-z_]{1,40}", kind):
        return Newcomer(name, kind)
    return Newcomer(sent.removeprefix(NEW), NEWCOMER_KIND)
