"""A published record on a page of its own: value by value where it comes from, and every version that was given out."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.utils.encoders import JSONEncoder

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.kinds import Kind
from newsannot.annotations.layers import in_layer
from newsannot.annotations.models import Annotation, Derivation
from newsannot.annotations.outward import read_outward
from newsannot.annotations.rules import Role
from newsannot.codebook.queries import Codebook, codebook
from newsannot.core.keyset import number, page_of
from newsannot.core.layers import Audience, Layer
from newsannot.dataset.access import changes_of
from newsannot.dataset.models import Change
from newsannot.dataset.receipts import receipt_of
from newsannot.dataset.snapshots import PRESENT
from newsannot.dataset.wording import (
    Differing,
    Given,
    Names,
    Value,
    claim_of,
    differences,
    label_of,
    leading_words,
    read_snapshot,
    record_named,
    related,
    values_of,
)

VERSIONS = 20
LINKED = frozenset({"record", "records", "primary"})


@dataclass(frozen=True, slots=True)
class Ruled:
    """What an editor, or a strategy, decided; `by` is empty for those who are no editors."""

    chosen: Sequence[Value]
    not_taken: Sequence[Sequence[Value]]
    reason: str
    note: str
    strategy: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Ground:
    """Where a value comes from: of so many analysts' records it rests on so many say the same; what was ruled."""

    alike: int = 0
    marked: int = 0
    is_linked: bool = False
    ruled: Ruled | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """A field that says something, or on which there was a ruling."""

    label: str
    values: Sequence[Value]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Evidence:
    """A role that is filled: its spans as they are given out."""

    role: Role
    spans: Sequence[Given]
    ground: Ground


@dataclass(frozen=True, slots=True)
class Version:
    """A change of the feed that tells of the record, and what it says otherwise than the one before."""

    change: Change
    differing: Sequence[Differing]
    lines: Sequence[Line]
    parts: Sequence[Evidence]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """All that the page shows; without `record` it was withdrawn, and only its versions are told."""

    kind: Kind
    public_id: UUID
    words: str
    who: Value | None
    article: Given
    record: Given | None
    receipt: Given | None
    standing: Ground | None
    evidence: Sequence[Evidence]
    lines: Sequence[Line]
    versions: Sequence[Version]
    links: Mapping[str, str]


def record_page(kind: Kind, public_id: UUID, user: User, query: Mapping[str, str]) -> RecordPage:
    """The page of a record that was given out, to a person; 404 for every other. Nobody is named but to editors.

    Readers get it within embargo and excerpt limit; the versions are what the feed said, and within a limit for all.
    """
    audience = Audience.STAFF if user.is_analyst else Audience.READERS
    rows = in_layer(kind, Layer.PUBLISHED, user, audience).filter(public_id=public_id)
    found = read_outward(kind, rows, audience=audience)
    record = _as_json(PRESENT[kind.name](found)[0]) if found else None
    changes, links = _changes(kind, public_id, audience, query, is_standing=bool(found))
    snapshots = [read_snapshot(change.snapshot) for change in changes]
    latest = record or next((one for one in snapshots if one), None)
    if latest is None:
        raise Http404(f"There is no such {kind.name}, or it never was published.")
    codes = codebook(Annotation.objects.values_list("reading__codebook_id", flat=True).get(public_id=public_id))
    names = Names(codes, _words_of({pk for one in [latest, *snapshots] if one for pk in related(kind, one)}))
    receipt = receipt_of(kind, found[0], with_names=user.is_editor) if found else None
    grounds = _grounds(kind, found[0].pk, record or {}, receipt or {}, names) if found else {}
    said = _lines(kind, latest, names, grounds)
    return RecordPage(
        kind=kind,
        public_id=public_id,
        words=leading_words(latest),
        who=next((line.values[0] for line in said if line.values and line.values[0].actor), None),
        article=latest["article"],
        record=record,
        receipt=receipt,
        standing=grounds.get("standing"),
        evidence=_evidence(kind, record or {}, grounds),
        lines=said if record else [],
        versions=_versions(kind, changes, snapshots, names),
        links=links,
    )


def _as_json(value: Any) -> Any:
    """A record as it is given out, with moments and ids as text, as the feed has them."""
    encode = JSONEncoder().default
    if isinstance(value, Mapping):
        return {name: _as_json(one) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_json(one) for one in value]
    return encode(value) if isinstance(value, datetime | UUID) else value


def _changes(
    kind: Kind, public_id: UUID, audience: Audience, query: Mapping[str, str], *, is_standing: bool
) -> tuple[list[Change], Mapping[str, str]]:
    """A page of the changes, the last first, with the one before them to compare with; none yet within an embargo."""
    try:
        told = Change.objects.filter(changes_of(kind.name, public_id, audience))
    except Http404:
        if is_standing:
            return [], {}
        raise
    page = page_of(told, [("seq", number)], query, size=VERSIONS, is_descending=True)
    former = told.filter(seq__lt=page.rows[-1].seq).exclude(snapshot="").order_by("-seq")[:1] if page.after else []
    return [*page.rows, *former], page.links(query)


def _words_of(records: Iterable[str]) -> dict[str, str]:
    """How the words of records begin, as the feed told them last; one query, where there are any."""
    wanted = list(records)
    if not wanted:
        return {}
    last = Change.objects.filter(record__in=wanted).exclude(snapshot="").order_by("record", "-seq").distinct("record")
    return {pk: leading_words(read_snapshot(data) or {}) for pk, data in last.values_list("record", "snapshot")}


# --- Where values come from ----------------------------------------------------------------------


def _grounds(kind: Kind, pk: int, record: Given, receipt: Given, names: Names) -> dict[str, Ground]:
    """Field, `parts.` and a role, or `standing` → its ground."""
    originals = Derivation.objects.filter(curated=pk).values("original")
    rows: Any = kind.model._default_manager.filter(pk__in=originals)
    marked = read_outward(kind, rows, audience=Audience.STAFF)
    others = [_as_json(PRESENT[kind.name]([one])[0]) for one in marked]
    ruled = _ruled(kind, receipt["rulings"], names)
    linked = {field.name for field in kind.fields if field.sort in LINKED}
    claims, claim = [claim_of(kind, one) for one in others], claim_of(kind, record)
    grounds = {
        name: Ground(
            alike=sum(_alike(other[name], value) for other in claims),
            marked=len(others),
            is_linked=name in linked,
            ruled=ruled.get(name),
        )
        for name, value in claim.items()
    }
    for role in kind.roles:
        alike = sum(_places(other, role) == _places(record, role) for other in others)
        name = f"parts.{role.name}"
        grounds[name] = Ground(alike=alike, marked=len(others), ruled=ruled.get(name))
    return grounds | ({"standing": Ground(ruled=ruled["standing"])} if "standing" in ruled else {})


def _alike(one: Any, other: Any) -> bool:
    if isinstance(one, list) and isinstance(other, list):
        return Counter(map(str, one)) == Counter(map(str, other))
    return bool(one == other)


def _places(record: Given, role: Role) -> list[tuple[int, int]]:
    return [(span["start"], span["end"]) for span in record["parts"].get(role.name, ())]


def _ruled(kind: Kind, rulings: Sequence[Given], names: Names) -> dict[str, Ruled]:
    """What was ruled by field, `parts.` and a role, or `standing`; a border's value is a list of places."""
    fields = {field.name: field for field in kind.fields}
    choices = [value for one in rulings for value in (one["chosen"], *one["not_taken"])]
    actors = dict(Actor.objects.filter(pk__in=_numbers(choices)).values_list("pk", "name"))

    def in_words(name: str, value: Any) -> list[Value]:
        if name == "standing":
            return [Value("a record" if value else "no record")]
        if name.startswith("parts."):
            return [Value(f"{start}–{end}") for start, end in value or ()]
        if fields[name].sort in {"actor", "actors"}:
            ids = value if isinstance(value, list) else [value]
            return [Value(actors.get(pk, f"actor {pk}"), actor=pk) for pk in ids if pk]
        return values_of(fields[name], value, names)

    return {
        (name := f"parts.{one['field']}" if one["is_border"] else one["field"]): Ruled(
            chosen=in_words(name, one["chosen"]),
            not_taken=[in_words(name, value) for value in one["not_taken"]],
            reason=_label(names.codes, "ruling-reason", one["reason"]),
            note=one["note"] or "",
            strategy=one["strategy"] or "",
            by=one["by"] or "",
            at=one["at"],
        )
        for one in rulings
    }


def _numbers(values: Iterable[Any]) -> set[int]:
    found = [one for value in values for one in (value if isinstance(value, list) else [value])]
    return {one for one in found if isinstance(one, int) and not isinstance(one, bool)}


def _label(codes: Codebook, scheme: str, code: str | None) -> str:
    choice = codes.get(scheme, {}).get(code or "")
    return choice.label if choice else code or ""


# --- What it says --------------------------------------------------------------------------------


def _lines(kind: Kind, record: Given, names: Names, grounds: Mapping[str, Ground]) -> list[Line]:
    claim = claim_of(kind, record)
    said = [
        Line(label_of(field), values_of(field, claim[field.name], names), grounds.get(field.name, Ground()))
        for field in kind.fields
        if field.name in claim and not (field.sort == "primary" and len(claim["statements"] or ()) < 2)
    ]
    threats = [record_named(str(one), "threat", names) for one in record.get("threats", ())]
    beside = [Line("Expresses", threats, Ground(is_linked=True))]
    return [line for line in [*said, *beside] if line.values or line.ground.ruled]


def _evidence(kind: Kind, record: Given, grounds: Mapping[str, Ground]) -> list[Evidence]:
    parts = record.get("parts", {})
    return [
        Evidence(role, parts[role.name], grounds.get(f"parts.{role.name}", Ground()))
        for role in kind.roles
        if parts.get(role.name)
    ]


def _versions(kind: Kind, changes: Sequence[Change], snapshots: Sequence[Given | None], names: Names) -> list[Version]:
    """A page of the changes, each with what differs from the version given out before it."""
    shown = []
    for at, (change, snapshot) in enumerate(list(zip(changes, snapshots, strict=True))[:VERSIONS]):
        former = next((one for one in snapshots[at + 1 :] if one), None)
        told = differences(kind, former, snapshot, names) if snapshot and former else []
        said = _lines(kind, snapshot, names, {}) if snapshot else []
        shown.append(Version(change, told, said, _evidence(kind, snapshot or {}, {})))
    return shown
