"""Actors from an extract of Wikidata's JSON dump: one entity a line, alone or as the rows of a JSON array.

What is read: labels and aliases in the languages asked for, P31 for the kind, P298 (ISO 3166-1 alpha-3), P17 and P27
for the state it belongs to, P39 (positions held, from P580 until P582) and P463 (member of). Entities that describe
positions name the offices, and by P2389, P1001 and P17 where they are held. Nothing in a file is trusted to be what it
should be.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from newsannot.actors.found import Found, FoundTie, Refused
from newsannot.actors.rules import (
    LONGEST_NAME,
    LONGEST_OFFICE,
    PERSON,
    Identity,
    Name,
    date_problem,
    is_in_order,
    name_problem,
    tidy_name,
)

LONGEST_LINE = 32 * 1024 * 1024  # bytes; the largest entities have about four million
LANGUAGES = ("en", "ru", "uk", "ar", "zh", "zh-hans", "zh-hant", "fr", "de", "es", "fa", "he", "tr")
MOST_NAMES = 200
MOST_TIES = 500
QID = re.compile(r"Q[1-9][0-9]{0,11}")
TIME = re.compile(r"\+([0-9]{4})-([0-9]{2})-([0-9]{2})T")
POSITIONS = frozenset({"Q4164871", "Q294414"})  # position, public office

# What an entity is an instance of → its kind; where it is several, the first of this list decides.
KINDS: Mapping[str, str] = {
    "Q5": PERSON,
    "Q3624078": "state",  # sovereign state
    "Q6256": "state",  # country
    "Q7275": "state",  # state
    "Q1127126": "alliance",  # military alliance
    "Q245065": "intergovernmental_organisation",
    "Q484652": "intergovernmental_organisation",  # international organization
    "Q192350": "government_body",  # ministry
    "Q327333": "government_body",  # government agency
    "Q35749": "government_body",  # parliament
    "Q7188": "government_body",  # government
    "Q2659904": "government_body",  # government organization
    "Q772547": "armed_force",  # armed forces
    "Q37726": "armed_force",  # army
    "Q4508": "armed_force",  # navy
    "Q11223": "armed_force",  # air force
    "Q17149090": "armed_group",  # armed organization
    "Q7278": "party",  # political party
    "Q11032": "media",  # newspaper
    "Q192283": "media",  # news agency
    "Q4830453": "company",  # business
    "Q783794": "company",  # company
    "Q891723": "company",  # public company
    "Q6881511": "company",  # enterprise
    "Q41710": "population",  # ethnic group
    "Q163740": "group",  # nonprofit organization
    "Q79913": "group",  # non-governmental organization
    "Q7210356": "group",  # political organization
    "Q43229": "group",  # organization
}


@dataclass(frozen=True, slots=True)
class Position:
    """An office, as an entity of its own: what it is called and the keys of where it is held, the best first."""

    key: str
    label: str
    places: Sequence[str]


Entity = Mapping[str, Any]


def read_entities(stream: BinaryIO) -> Iterator[tuple[int, Entity | Refused]]:
    """Each entity with its line; a line that holds none is told, and reading goes on. One line is in memory at a time.

    Takes one entity a line, the rows of a JSON array, an array in one line, and `{"entities": {…}}`.
    """
    number = 0
    while line := stream.readline(LONGEST_LINE):
        number += 1
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while (rest := stream.readline(LONGEST_LINE)) and not rest.endswith(b"\n"):
                pass
            yield number, Refused(number, f"The line is longer than {LONGEST_LINE:,} bytes.")
            continue
        for entity in _entities(line.strip().rstrip(b",")):
            yield number, entity if isinstance(entity, dict) else Refused(number, str(entity))


def _entities(line: bytes) -> Iterator[Entity | str]:
    """The entities of a line, or what is wrong with it."""
    if line in (b"", b"[", b"]"):
        return
    try:
        said = json.loads(line)
    except (ValueError, RecursionError):
        yield "The line is no JSON."
        return
    if isinstance(said, dict) and isinstance(said.get("entities"), dict):
        said = list(said["entities"].values())
    for entity in said if isinstance(said, list) else [said]:
        yield entity if isinstance(entity, dict) else "The line holds no entity."


def position_of(entity: Entity, languages: Sequence[str]) -> Position | None:
    """The office that an entity describes, or None."""
    key, label = _key(entity), _label(entity, languages)
    if not key or not label or not POSITIONS & set(_values(entity, "P31")):
        return None
    places = [place for named in ("P2389", "P1001", "P17") for place in _values(entity, named)]
    return Position(key, label[:LONGEST_OFFICE], places[:10])


def actor_of(line: int, entity: Entity, languages: Sequence[str]) -> Found | Refused:
    """The actor that an entity describes; refused when it has no id or label, or is of no kind we know."""
    key, label = _key(entity), _label(entity, languages)
    if not key:
        return Refused(line, "It has no id such as Q159.")
    kinds = _values(entity, "P31")
    kind = next((KINDS[known] for known in KINDS if known in kinds), None)
    if kind is None:
        what = ", ".join(kinds[:3]) or "nothing"
        return Refused(line, f"{key} is an instance of {what}, which is no kind of actor.", is_expected=True)
    if not label:
        return Refused(line, f"{key} has no label in {', '.join(languages)}.")
    iso3 = next(iter(_values(entity, "P298")), "") if kind == "state" else ""
    identity = Identity(description=_described(entity, languages)[:500], wikidata_id=key, iso3=iso3, country=iso3)
    names = list(_names(entity, languages))[:MOST_NAMES]
    return Found(line=line, key=key, name=label[:LONGEST_NAME], kind=kind, names=names, identity=identity)


def country_of(entity: Entity) -> str:
    """The key of the state that an entity belongs to: the first of P17 and P27; empty when none is said."""
    return next((place for named in ("P17", "P27") for place in _values(entity, named) if QID.fullmatch(place)), "")


def ties_of(entity: Entity, positions: Mapping[str, Position]) -> Iterator[FoundTie | str]:
    """The offices (P39) and memberships (P463) of an entity, or in words what is not known of one."""
    for statement in _statements(entity, "P39")[:MOST_TIES]:
        position = positions.get(held := _value(statement.get("mainsnak")))
        if position is None:
            yield f"nothing says what position {held or '?'} is"
            continue
        said = [place for named in ("P642", "P2389", "P1001") for place in _qualified(statement, named)]
        yield _tie("tenure", position.label, [*said, *position.places], statement)
    for statement in _statements(entity, "P463")[:MOST_TIES]:
        yield _tie("membership", "member", [_value(statement.get("mainsnak"))], statement)


def _tie(sort: Any, words: str, others: Sequence[str], statement: Entity) -> FoundTie:
    first, last = (next(iter(_qualified(statement, named)), "") for named in ("P580", "P582"))
    first, last = ("" if date_problem(day) else day for day in (first, last))
    return FoundTie(sort, words, [one for one in others if one], first, last if is_in_order(first, last) else "")


def _key(entity: Entity) -> str:
    key = entity.get("id")
    return key if isinstance(key, str) and QID.fullmatch(key) else ""


def _label(entity: Entity, languages: Sequence[str]) -> str:
    labels = _mapping(entity.get("labels"))
    return next((text for one in languages if (text := _text(labels.get(one)))), "")


def _described(entity: Entity, languages: Sequence[str]) -> str:
    return _text(_mapping(entity.get("descriptions")).get(languages[0])) if languages else ""


def _names(entity: Entity, languages: Sequence[str]) -> Iterator[Name]:
    labels, aliases = _mapping(entity.get("labels")), _mapping(entity.get("aliases"))
    for language in languages:
        several = aliases.get(language)
        for said in [labels.get(language), *(several if isinstance(several, list) else [])]:
            text = tidy_name(_text(said))
            if text and name_problem(text) is None:
                yield Name(text, language)


def _text(said: Any) -> str:
    """The value of a label, an alias or a description, in one line."""
    value = _mapping(said).get("value")
    return " ".join(value.split()) if isinstance(value, str) else ""


def _mapping(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}


def _statements(entity: Entity, named: str) -> list[Entity]:
    """The statements of a property, preferred ones first, without those that are deprecated."""
    said = _mapping(entity.get("claims")).get(named)
    known = [one for one in said if isinstance(one, dict)] if isinstance(said, list) else []
    standing = [one for one in known if one.get("rank") != "deprecated"]
    return sorted(standing, key=lambda one: one.get("rank") != "preferred")


def _values(entity: Entity, named: str) -> list[str]:
    return [value for one in _statements(entity, named) if (value := _value(one.get("mainsnak")))]


def _qualified(statement: Entity, named: str) -> list[str]:
    snaks = _mapping(statement.get("qualifiers")).get(named)
    return [value for one in snaks if (value := _value(one))] if isinstance(snaks, list) else []


def _value(snak: Any) -> str:
    """A snak's value as text: an entity's id, a string, or a date as far as it is known; empty for all else."""
    value = _mapping(_mapping(snak).get("datavalue")).get("value")
    if isinstance(value, str):
        return value
    known = _mapping(value)
    if isinstance(known.get("id"), str):
        return str(known["id"])
    return _day(known) if "time" in known else ""


def _day(said: Mapping[str, Any]) -> str:
    """A time as a half-known date: to the day, month or year; empty when it is known less well, or before our era."""
    parts = TIME.match(said["time"]) if isinstance(said["time"], str) else None
    precision = said.get("precision")
    known = {11: 3, 10: 2, 9: 1}.get(precision, 0) if isinstance(precision, int) else 0
    return "-".join(parts.groups()[:known]) if parts else ""
