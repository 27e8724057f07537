"""The records of a reading as cards to read: what they say in words, the words that show it, who marked them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.copying import corrected_count
from newsannot.annotations.kinds import ClaimField, Kind, kind_named
from newsannot.annotations.models import Annotation, Derivation, Reading, Span, Transition
from newsannot.annotations.queries import read_records
from newsannot.annotations.rules import LARGEST_OFFSET, Record, Role
from newsannot.codebook.queries import Codebook, codebook
from newsannot.core.wording import Stretch, first_words
from newsannot.workbench.queries.overview import is_empty, missing_in

LEADING_ROLES = ("text", "content", "reference")


@dataclass(frozen=True, slots=True)
class Item:
    """One value in words; `actor` or `claim` is the id of what it names, `title` a code's definition.

    `stretches` set off what others beside it do not have; they are empty where nothing is to be compared.
    """

    text: str
    title: str = ""
    actor: int | None = None
    claim: int | None = None
    stretches: Sequence[Stretch] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """A field that says something, with its values."""

    field: ClaimField
    items: Sequence[Item]

    @property
    def label(self) -> str:
        """The field's name, said about somebody else's record: “Certainty”, not “Your certainty”."""
        label = self.field.label.removeprefix("Your ")
        return label[:1].upper() + label[1:]


@dataclass(frozen=True, slots=True)
class Part:
    """A role that is filled, with the words of each piece."""

    role: Role
    pieces: Sequence[str]


@dataclass(frozen=True, slots=True)
class Origin:
    """The analyst's annotation a curated one rests on: whose, in which reading."""

    reader: User
    reading: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One record as a card. `start` is the code point it begins at (None: no words of its own)."""

    id: int
    public_id: UUID
    kind: Kind
    start: int | None
    parts: Sequence[Part]
    values: Sequence[Said]
    missing: Sequence[str]
    marked_by: User | None
    marked_at: datetime
    changed_by: User | None
    changed_at: datetime
    is_changed: bool
    origins: Sequence[Origin]

    @property
    def words(self) -> str:
        """How its evidence begins."""
        leading = [piece for part in self.parts if part.role.name in LEADING_ROLES for piece in part.pieces]
        return first_words((leading or [piece for part in self.parts for piece in part.pieces] or [""])[0])


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of all records together: the names and words they refer to, what they lack, on what they rest."""

    actors: Mapping[int, str]
    words: Mapping[int, str]
    codes: Codebook
    missing: Mapping[int, Sequence[str]] = field(default_factory=dict)
    origins: Mapping[int, Sequence[Origin]] = field(default_factory=dict)


def claims_of(reading: Reading) -> list[Claim]:
    """Every standing record of a reading, in the order of the text; as many queries for thirty as for one."""
    rows = list(Annotation.objects.standing().filter(reading=reading).select_related("created_by", "updated_by"))
    records = read_records(rows)
    spans = _spans(reading)
    known = Known(
        actors=_actors(rows, records),
        words=words_of(spans),
        codes=codebook(reading.codebook_id),
        missing={pk: labels for found in missing_in(reading.pk).values() for pk, labels in found.items()},
        origins=_origins(reading),
    )
    claims = [_claim(row, records[row.pk], spans.get(row.pk, []), known) for row in rows]
    starts = {claim.id: claim.start for claim in claims if claim.start is not None}
    return sorted(claims, key=lambda claim: (_place(claim, starts), claim.id))


def _place(claim: Claim, starts: Mapping[int, int]) -> int:
    """Where a card stands: at its first word, or, without words of its own, at those of the records it names."""
    named = {item.claim for said in claim.values for item in said.items if item.claim}
    return starts.get(claim.id, min((starts[pk] for pk in named if pk in starts), default=LARGEST_OFFSET))


def _spans(reading: Reading) -> dict[int, list[Span]]:
    found: dict[int, list[Span]] = {}
    rows = Span.objects.filter(reading=reading, annotation__deleted_at=None).only(
        "annotation_id", "role", "start", "exact"
    )
    for span in rows.order_by("start", "end", "id"):
        found.setdefault(span.annotation_id, []).append(span)
    return found


def words_of(spans: Mapping[int, Sequence[Span]]) -> dict[int, str]:
    """How the evidence of each record begins."""
    leading = {pk: next((s for s in row if s.role in LEADING_ROLES), row[0]) for pk, row in spans.items()}
    return {pk: first_words(span.exact) for pk, span in leading.items()}


def _actors(rows: Iterable[Annotation], records: Mapping[int, Record]) -> dict[int, str]:
    wanted: set[int] = set()
    for row in rows:
        for asked in kind_named(row.kind).fields:
            if asked.sort in {"actor", "actors"}:
                wanted.update(as_list(records[row.pk].claim[asked.name]))
    return dict(Actor.objects.filter(pk__in=wanted).values_list("pk", "name"))


def _origins(reading: Reading) -> dict[int, list[Origin]]:
    """Curated annotation → the analysts' it rests on; none for an analyst's reading."""
    if not reading.is_curated:
        return {}
    found: dict[int, list[Origin]] = {}
    links = Derivation.objects.filter(curated__reading=reading).select_related("original__reading__reader")
    for link in links.order_by("pk"):
        reader = link.original.reading.reader
        if reader is not None:
            found.setdefault(link.curated_id, []).append(Origin(reader, link.original.reading_id))
    return found


def _claim(row: Annotation, record: Record, spans: Sequence[Span], known: Known) -> Claim:
    kind = kind_named(row.kind)
    pieces = {role.name: [span.exact for span in spans if span.role == role.name] for role in kind.roles}
    return Claim(
        id=row.pk,
        public_id=row.public_id,
        kind=kind,
        start=min((span.start for span in spans), default=None),
        parts=[Part(role, pieces[role.name]) for role in kind.roles if pieces[role.name]],
        values=[said for field in kind.fields if (said := _said(field, record, known))],
        missing=known.missing.get(row.pk, ()),
        marked_by=row.created_by,
        marked_at=row.created_at,
        changed_by=row.updated_by,
        changed_at=row.updated_at,
        is_changed=row.version > 1,
        origins=known.origins.get(row.pk, ()),
    )


def _said(field: ClaimField, record: Record, known: Known) -> Said | None:
    value = record.claim[field.name]
    if is_empty(value) or value is False or (field.sort == "primary" and len(record.claim["statements"]) < 2):
        return None
    return Said(field, [item_of(field, one, known) for one in as_list(value)])


def item_of(field: ClaimField, value: Any, known: Known) -> Item:
    """One value of a field, in words."""
    if field.sort in {"code", "codes"}:
        choice = known.codes.get(field.scheme, {}).get(value)
        return Item(choice.label, choice.definition) if choice else Item(str(value))
    if field.sort in {"actor", "actors"}:
        return Item(known.actors.get(value, f"Actor {value}"), actor=value)
    if field.sort in {"record", "records", "primary"}:
        return Item(known.words.get(value, f"{field.of} {value}"), claim=value)
    if field.sort == "choice":
        return Item(str(field.choices.get(value, value)))
    return Item("Yes" if value is True else str(value))


def as_list(value: Any) -> list[Any]:
    """A field's values, one or many."""
    return value if isinstance(value, list) else [] if value is None else [value]


def corrected_in(curated: Reading, *, of: Reading) -> int:
    """How many records of an analyst's reading stand in the curated one as an editor corrected them."""
    return corrected_count(Annotation.objects.standing().filter(reading=of), reading=curated)


def history_of(reading: Reading) -> list[Transition]:
    """What became of a reading, the oldest first; of a curated one, also of the analysts' readings of its revision."""
    rows = Transition.objects.select_related("by", "reading__reader").order_by("pk")
    if reading.is_curated:
        return list(rows.filter(reading__revision=reading.revision_id))
    return list(rows.filter(reading=reading))
