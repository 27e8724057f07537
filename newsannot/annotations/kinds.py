"""The kinds of annotation, each described once; actions, forms, the inspector and the API read the description.

A room that owns a kind registers it when Django starts. To annotations itself only `mention` belongs.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from django.db import models

from newsannot.annotations.models import Annotation, Mention
from newsannot.annotations.rules import Problems, Proposal, Record, Role, Told

Sort = Literal["code", "codes", "words", "date", "flag", "choice", "actor", "actors", "record", "records", "primary"]


@dataclass(frozen=True, kw_only=True)
class LinkTable:
    """The table behind a many-valued field: its model and the names of its two foreign keys."""

    model: type[models.Model]
    owner: str
    target: str


@dataclass(frozen=True, kw_only=True)
class ClaimField:
    """One field of a kind. Values are JSON: a string, a boolean, an id or null, or a list of strings or ids.

    Sorts: `code`/`codes` of a `scheme`; `words`; `date` (EDTF); `flag`; `choice` of `choices`; `actor`/`actors`;
    `record`/`records` of the kind `of`; `primary`, the one of a `records` field's links that leads.
    `is_explained` codes are told apart beside the field; `is_scale` ones are how far to trust the record; `named_by` is
    the role whose words name the actor.
    """

    name: str
    sort: Sort
    label: str
    scheme: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    of: str = ""
    links: LinkTable | None = None
    max_length: int = 0
    help: str = ""
    is_wanted: bool = False
    is_explained: bool = False
    is_scale: bool = False
    named_by: str = ""

    @property
    def is_many(self) -> bool:
        """Whether the value is a list."""
        return self.sort in {"codes", "actors", "records"}

    @property
    def empty(self) -> Any:
        """The value that says nothing."""
        if self.is_many:
            return []
        return {"flag": False, "actor": None, "record": None, "primary": None}.get(self.sort, "")


def _no_problems(record: Record) -> Problems:
    return {}


def _as_it_is(record: Record) -> Record:
    return record


def _no_proposals(record: Record, told: Told) -> Sequence[Proposal]:
    return ()


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of annotation: its model, roles and fields; `role` is what a bare selection becomes.

    `problems` names what forbids a record; `settled` fills in what follows from the rest of it; `proposals` names
    values for fields that say nothing, for a person to take or leave.
    """

    name: str
    label: str
    plural: str
    key: str
    model: type[Annotation]
    role: str
    roles: tuple[Role, ...]
    fields: tuple[ClaimField, ...]
    problems: Callable[[Record], Problems] = _no_problems
    settled: Callable[[Record], Record] = _as_it_is
    proposals: Callable[[Record, Told], Sequence[Proposal]] = _no_proposals

    def field(self, name: str) -> ClaimField:
        """The field of that name; raises KeyError."""
        return next((f for f in self.fields if f.name == name), None) or _unknown(name)

    @property
    def columns(self) -> tuple[ClaimField, ...]:
        """Fields kept in columns of the annotation's own rows."""
        return tuple(f for f in self.fields if f.links is None)

    @property
    def linked(self) -> tuple[ClaimField, ...]:
        """Fields kept in link tables."""
        return tuple(f for f in self.fields if f.links is not None and f.sort != "primary")

    @property
    def actor_fields(self) -> tuple[ClaimField, ...]:
        """Fields that name actors."""
        return tuple(f for f in self.fields if f.sort in {"actor", "actors"})

    def actors_in(self, record: Record) -> set[int]:
        """The actors that a record names."""
        named = (record.claim.get(f.name) or [] for f in self.actor_fields)
        return {actor for one in named for actor in (one if isinstance(one, list) else [one])}

    def followed(self, record: Record, went: Mapping[int, int]) -> Record:
        """The record with each actor that was merged replaced by where it went: merged actor → standing one."""
        if went.keys().isdisjoint(self.actors_in(record)):
            return record
        values = {f.name: followed(record.claim.get(f.name), went) for f in self.actor_fields}
        return Record({**record.claim, **values}, record.parts)

    def empty_claim(self) -> dict[str, Any]:
        """A claim that says nothing."""
        return {f.name: f.empty for f in self.fields}


def followed(value: Any, went: Mapping[int, int]) -> Any:
    """The actor or the actors that a field names, each that was merged as where it went, each once."""
    if isinstance(value, list):
        return list(dict.fromkeys(went.get(one, one) for one in value))
    return went.get(value, value)


def _unknown(name: str) -> ClaimField:
    raise KeyError(name)


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known; its room calls this once, in AppConfig.ready."""
    _kinds[kind.name] = kind


def kind_named(name: str) -> Kind:
    """The kind of that name; raises KeyError."""
    return _kinds[name]


def all_kinds() -> Iterator[Kind]:
    """Every kind, lower rooms first."""
    return iter(_kinds.values())


COMMON_FIELDS = (
    ClaimField(
        name="certainty",
        sort="code",
        label="Your certainty",
        scheme="certainty",
        help="How sure you are of this coding; not how credible the claim is.",
        is_scale=True,
    ),
    ClaimField(name="note", sort="words", label="Note", max_length=4000),
)

MENTION = Kind(
    name="mention",
    label="Mention",
    plural="Mentions",
    key="M",
    model=Mention,
    role="text",
    roles=(Role("text", "Text", least=1, most=1),),
    fields=(
        ClaimField(
            name="actor", sort="actor", label="Actor", is_wanted=True, help="Whom these words name.", named_by="text"
        ),
        ClaimField(name="form", sort="code", label="Form", scheme="mention-form"),
        *COMMON_FIELDS,
    ),
)
