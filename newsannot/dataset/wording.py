"""Records as they are given out, in words for people: what each field says, and what differs between two versions.

Pure: it reads snapshots, and is told what codes, actors and records are called.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from newsannot.annotations.differences import State, Words, border_stretches, piece_differences
from newsannot.annotations.kinds import ClaimField, Kind
from newsannot.annotations.rules import Role
from newsannot.codebook.queries import Codebook
from newsannot.core.wording import Stretch, word_stretches

Given = Mapping[str, Any]
MOST_WORDS = 160
LEADING_ROLES = ("text", "content", "reference")
NEVER_SHOWN = frozenset({"note"})
OF_ARTICLE: Mapping[str, Callable[[Given], Any]] = {
    "Article": lambda article: article["title"],
    "Address": lambda article: article["url"],
    "Source": lambda article: article["source"]["name"],
    "Reliability of the source": lambda article: article["source"]["reliability"],
    "Published": lambda article: (article["published_at"] or "")[:10],
    "Text, by its hash": lambda article: article["sha256"][:12],
}


@dataclass(frozen=True, slots=True)
class Value:
    """A value in words; `meaning` is what a code stands for, `actor` and `record` are ids of what it names."""

    words: str
    meaning: str = ""
    actor: int | None = None
    record: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Names:
    """What codes mean, and how the words of records begin, by their public ids."""

    codes: Codebook
    records: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Differing:
    """A field or a role that says something else; `is_running` when its stretches are one text."""

    label: str
    stretches: Sequence[Stretch]
    is_running: bool
    role: Role | None = None


def label_of(field: ClaimField) -> str:
    """A field's name, said about somebody else's record: “Certainty”, not “Your certainty”."""
    label = field.label.removeprefix("Your ")
    return label[:1].upper() + label[1:]


def claim_of(kind: Kind, record: Given) -> dict[str, Any]:
    """The fields of a kind by name, out of a record as it is given out."""
    plover = record.get("plover") or {}
    held = {**record, "plover_mode": plover.get("mode"), "plover_contexts": plover.get("contexts")}
    return {field.name: held.get(field.name) for field in kind.fields if field.name not in NEVER_SHOWN}


def related(kind: Kind, record: Given) -> set[str]:
    """The public ids of the records that a record names."""
    claim = claim_of(kind, record)
    names = [field.name for field in kind.fields if field.sort in {"record", "records", "primary"}]
    values = [one for name in names for one in _each(claim[name])]
    return {str(one) for one in [*values, *record.get("threats", ())]}


def leading_words(record: Given) -> str:
    """How a record's evidence begins: what is said, named or referred to, else the first words it has."""
    parts = record.get("parts", {})
    spans = [span for role in LEADING_ROLES for span in parts.get(role, ())]
    spans = spans or sorted((span for role in parts.values() for span in role), key=lambda span: span["start"])
    words = " … ".join(span["exact"] for span in spans if span["exact"])
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rstrip()} …"


def values_of(field: ClaimField, value: Any, names: Names) -> list[Value]:
    """What a field says, one by one; nothing when it says nothing."""
    return [_value(field, one, names) for one in _each(value)]


def _each(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return list(value)
    return [] if value is None or value is False or value == "" else [value]


def _value(field: ClaimField, value: Any, names: Names) -> Value:
    if isinstance(value, Mapping):
        return Value(value["name"], actor=value["id"])
    if field.sort in {"code", "codes"}:
        choice = names.codes.get(field.scheme, {}).get(value)
        return Value(choice.label, choice.gist) if choice else Value(str(value))
    if field.sort in {"record", "records", "primary"}:
        return record_named(str(value), field.of, names)
    if field.sort == "choice":
        return Value(field.choices.get(value, str(value)))
    return Value("yes" if value is True else str(value))


def record_named(record: str, kind: str, names: Names) -> Value:
    """A record by how its words begin."""
    return Value(names.records.get(record) or f"{kind} {record[:8]}", record=record, kind=kind)


# --- What differs --------------------------------------------------------------------------------


def differences(kind: Kind, before: Given | None, after: Given, names: Names) -> list[Differing]:
    """What a version says otherwise than the one before it (None: it is the first, and all is new)."""
    return [
        *_pieces(kind, before, after),
        *_fields(kind, before or {}, after, names),
        *_beside(before or {}, after, names),
    ]


def _pieces(kind: Kind, before: Given | None, after: Given) -> Iterator[Differing]:
    roles = {role.name: role for role in kind.roles}
    for one in piece_differences(roles, _state(before) if before else None, _state(after)):
        if one.before and one.after:
            stretches: Sequence[Stretch] = border_stretches(one.before, one.after)
        else:
            stretches = [Stretch("new" if one.after else "gone", (one.after or one.before or Words(0, 0, "")).exact)]
        yield Differing(roles[one.role].label, stretches, True, roles[one.role])


def _state(record: Given) -> State:
    return State(
        parts={
            role: [Words(span["start"], span["end"], span["exact"]) for span in spans]
            for role, spans in record.get("parts", {}).items()
        }
    )


def _fields(kind: Kind, before: Given, after: Given, names: Names) -> Iterator[Differing]:
    old, new = claim_of(kind, before), claim_of(kind, after)
    for field in kind.fields:
        if field.name in old and old[field.name] != new[field.name]:
            gone, come = (values_of(field, held[field.name], names) for held in (old, new))
            if told := _told(label_of(field), gone, come, is_running=field.sort == "words"):
                yield told


def _beside(before: Given, after: Given, names: Names) -> Iterator[Differing]:
    """What is no field of the kind: threats it expresses, its utterance or episode, its article."""
    gone, come = ([record_named(str(one), "threat", names) for one in of.get("threats", ())] for of in (before, after))
    told = [
        _told("Expresses", gone, come),
        _told("Utterance", _one(before.get("utterance")), _one(after.get("utterance"))),
        _told("Episode", _one(before.get("episode")), _one(after.get("episode"))),
    ]
    if article := before.get("article"):
        told += [_told(name, _one(read(article)), _one(read(after["article"]))) for name, read in OF_ARTICLE.items()]
    return (one for one in told if one)


def _one(value: Any) -> list[Value]:
    return [Value(str(value))] if value else []


def _told(label: str, old: Sequence[Value], new: Sequence[Value], *, is_running: bool = False) -> Differing | None:
    if is_running and old and new:
        return Differing(label, word_stretches(old[0].words, new[0].words), True)
    gone = [Stretch("gone", one.words) for one in old if one not in new]
    come = [Stretch("new", one.words) for one in new if one not in old]
    return Differing(label, [*gone, *come], False) if gone or come else None


def read_snapshot(data: str) -> Given | None:
    """A snapshot of the feed; None for that of a withdrawal."""
    found: Given | None = json.loads(data) if data else None
    return found
