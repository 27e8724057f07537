"""Carrying records from an analyst's reading into the curated one, and back out, in a handful of statements."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import F
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.kinds import ClaimField, Kind, all_kinds, kind_named
from newsannot.annotations.models import Annotation, Derivation, Reading, Span, Step
from newsannot.annotations.queries import read_followed
from newsannot.annotations.rules import Record
from newsannot.annotations.storing import column_values

Copies = dict[int, int]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """How many copies left a reading, and how many stay there though what they rest on was given back."""

    taken: int = 0
    kept: int = 0


@dataclass(frozen=True, slots=True)
class _There:
    """What a reading holds before records are copied into it.

    By what they say: `standing`, and `taken_back`, those that were copied once and left again. By original:
    `kept`, the standing copies; `thrown_out`, those that somebody deleted and whose original says the same still.
    """

    standing: Mapping[str, int]
    taken_back: Mapping[str, int]
    kept: Copies
    thrown_out: Copies


def copy_records(
    originals: Iterable[Annotation], *, into: Reading, by: User, alike: Mapping[int, int] = MappingProxyType({})
) -> Copies:
    """Copy annotations of one revision into another reading of it; answers original id → id there.

    `alike` says which original stands for another one that they may name: its copy is named instead.

    Copies name the standing actor where one was merged. A record that stands there already, alike in every field and
    piece, is not doubled: it only rests on one original more. The copy of an earlier time stands for its original,
    whatever an editor made of it; one an editor deleted stays deleted while its original says the same and nothing new
    names it; one that was taken back comes back under its old id. Call it inside an action that holds `into`'s lock.
    """
    by_id = {annotation.pk: annotation for annotation in originals}
    records = read_followed(by_id.values())
    if alike:
        records = {pk: translated(kind_named(by_id[pk].kind), r, alike) for pk, r in records.items()}
    there = _what_is_there(into, by_id, records)
    copies: Copies = {}
    new: Copies = {}
    for kind in all_kinds():
        own = {pk: r for pk, r in records.items() if by_id[pk].kind == kind.name and pk not in there.thrown_out}
        for layer in layers(own, kind):
            settled = {pk: translated(kind, records[pk], copies) for pk in layer}
            known = {pk: found for pk, r in settled.items() if (found := _known(there, pk, identity(kind.name, r)))}
            inserted = insert_records(kind, {pk: r for pk, r in settled.items() if pk not in known}, by_id, into, by)
            copies |= known | inserted
            new |= inserted
    _copy_spans(new, into)
    _set_deleted(set(there.taken_back.values()) & set(copies.values()), by, deleted=False)
    Derivation.objects.bulk_create(
        (Derivation(curated_id=copy, original_id=pk) for pk, copy in copies.items()), ignore_conflicts=True
    )
    return copies


def take_back(originals: Iterable[Annotation], *, out_of: Reading, by: User) -> TakenBack:
    """Take out of a reading what was copied there from these and stands there as it was copied.

    What an editor changed stays, and so does what such a record names. What others' records say too, or what was marked
    there by hand, stays without resting on these. Call it inside an action that holds `out_of`'s lock.
    """
    given = list(originals)
    links = Derivation.objects.filter(original__in=given, curated__reading=out_of, curated__deleted_at=None)
    copies = dict(links.order_by("curated").values_list("original_id", "curated_id"))
    present = Annotation.objects.standing().filter(reading=out_of)
    kinds = {annotation.pk: annotation.kind for annotation in [*given, *present]}
    records = read_followed([*given, *present])
    same = {copy for pk, copy in copies.items() if _says_the_same(kinds[pk], records[pk], records[copy], copies)}
    elsewhere = Derivation.objects.filter(curated__in=same).exclude(original__in=given)
    by_hand = Step.objects.filter(annotation__in=same, before__isnull=True)
    shared = {*elsewhere.values_list("curated_id", flat=True), *by_hand.values_list("annotation_id", flat=True)}
    taken = _unneeded(same - shared, {pk: records[pk] for pk in kinds.keys() - {a.pk for a in given}}, kinds)
    links.filter(curated__in=taken | (same & shared)).delete()
    Step.objects.filter(annotation__in=taken).delete()  # nothing to undo in what is gone
    _set_deleted(taken, by, deleted=True)
    return TakenBack(taken=len(taken), kept=len(set(copies.values()) - taken - shared))


def corrected_count(originals: Iterable[Annotation], *, reading: Reading) -> int:
    """How many of these are represented in a reading by a copy that says something else."""
    given = list(originals)
    links = Derivation.objects.filter(original__in=given, curated__reading=reading, curated__deleted_at=None)
    pairs = list(links.order_by("curated").select_related("curated"))
    records = read_followed([*given, *(pair.curated for pair in pairs)])
    copies = {pair.original_id: pair.curated_id for pair in pairs}
    kinds = {annotation.pk: annotation.kind for annotation in given}
    return sum(not _says_the_same(kinds[pk], records[pk], records[copy], copies) for pk, copy in copies.items())


# --- What is there already ------------------------------------------------------------------------


def _what_is_there(into: Reading, by_id: Mapping[int, Annotation], records: Mapping[int, Record]) -> _There:
    present = {annotation.pk: annotation for annotation in Annotation.objects.filter(reading=into)}
    said = read_followed(present.values())
    links = Derivation.objects.filter(curated__in=present).order_by("curated").values_list("original_id", "curated_id")
    derived, resting = dict(links), {copy for _, copy in links}
    touched = set(Step.objects.filter(annotation__in=present).values_list("annotation_id", flat=True))
    standing, gone = (
        {pk: a for pk, a in present.items() if (a.deleted_at is None) is stands} for stands in (True, False)
    )
    kept = {pk: derived[pk] for pk in by_id if derived.get(pk) in standing}
    thrown_out = {
        pk: derived[pk]
        for pk, original in by_id.items()
        if derived.get(pk) in gone and _says_the_same(original.kind, records[pk], said[derived[pk]], derived)
    }
    return _There(
        standing={identity(a.kind, said[pk]): pk for pk, a in standing.items()},
        taken_back={identity(a.kind, said[pk]): pk for pk, a in gone.items() if pk not in resting | touched},
        kept=kept,
        thrown_out=_unnamed(thrown_out, {pk: r for pk, r in records.items() if pk not in kept}, by_id),
    )


def _known(there: _There, pk: int, said: str) -> int | None:
    """What stands for an original already, or comes back for it."""
    return there.standing.get(said) or there.kept.get(pk) or there.taken_back.get(said)


def _unnamed(thrown_out: Copies, records: Mapping[int, Record], by_id: Mapping[int, Annotation]) -> Copies:
    """Those that no record to be copied names."""
    left = _unneeded(thrown_out, records, {pk: by_id[pk].kind for pk in records})
    return {pk: copy for pk, copy in thrown_out.items() if pk in left}


def _unneeded(ids: Collection[int], records: Mapping[int, Record], kinds: Mapping[int, str]) -> set[int]:
    """Those of the ids that none of the other records names, directly or through one of them."""
    left = set(ids)
    while (
        named := {one for pk, r in records.items() if pk not in left for one in named_records(kind_named(kinds[pk]), r)}
        & left
    ):
        left -= named
    return left


def named_records(kind: Kind, record: Record) -> set[int]:
    """The ids of the records that a record names."""
    values = [(field, record.claim[field.name]) for field in kind.fields if field.of]
    return {pk for field, value in values for pk in (value if field.is_many else [value]) if pk is not None}


def _says_the_same(kind: str, original: Record, copy: Record, copies: Mapping[int, int]) -> bool:
    return identity(kind, translated(kind_named(kind), original, copies)) == identity(kind, copy)


def identity(kind: str, record: Record) -> str:
    """The same for two records exactly when they say the same of the same words."""
    claim = {name: sorted(v) if isinstance(v, list) else v for name, v in record.claim.items()}
    parts = {role: sorted((p.start, p.end) for p in pieces) for role, pieces in record.parts.items() if pieces}
    return repr((kind, sorted(claim.items()), sorted(parts.items())))


def _set_deleted(ids: Collection[int], by: User, *, deleted: bool) -> None:
    now = timezone.now()
    Annotation.objects.filter(pk__in=ids).update(
        deleted_at=now if deleted else None, version=F("version") + 1, updated_by=by, updated_at=now
    )


# --- Copying --------------------------------------------------------------------------------------


def layers(records: Mapping[int, Record], kind: Kind) -> Iterable[list[int]]:
    """The ids of a kind's records, those first that name no other of the kind (a statement's parent before it)."""
    own = [f for f in kind.fields if f.sort == "record" and f.of == kind.name]
    left = dict(records)
    while left:
        layer = [pk for pk, r in left.items() if not any(r.claim[f.name] in left for f in own)]
        if not layer:
            raise ValueError("records name each other in a circle")
        yield layer
        for pk in layer:
            del left[pk]


def translated(kind: Kind, record: Record, copies: Mapping[int, int]) -> Record:
    """The record with the ids of other records replaced by those of their copies."""
    claim = dict(record.claim)
    for field in kind.fields:
        if not field.of:
            continue
        value = claim[field.name]
        claim[field.name] = [copies[v] for v in value if v in copies] if field.is_many else copies.get(value)
    return Record(claim, record.parts)


def insert_records(
    kind: Kind, records: Mapping[int, Record], by_id: Mapping[int, Annotation], into: Reading, by: User
) -> Copies:
    """Insert the rows of one kind: two statements for the annotations, one for each link table."""
    rows = Annotation.objects.bulk_create(
        Annotation(
            reading=into,
            kind=kind.name,
            certainty=record.claim["certainty"],
            note=record.claim["note"],
            origin=by_id[pk].origin,
            engine=by_id[pk].engine,
            created_by=by,
            updated_by=by,
        )
        for pk, record in records.items()
    )
    copies = dict(zip(records, (row.pk for row in rows), strict=True))
    own = [f for f in kind.columns if f.name not in {"certainty", "note"}]
    model: Any = kind.model
    children = [model(annotation_ptr_id=copies[pk], **column_values(own, r)) for pk, r in records.items()]
    if children:  # bulk_create refuses child tables; this is the step of save() that writes the child's row alone
        manager = model._base_manager
        manager._insert(children, fields=model._meta.local_concrete_fields, using=manager.db, raw=True)  # noqa: SLF001
    for field in kind.linked:
        _insert_links(kind, field, {copies[pk]: r for pk, r in records.items()})
    return copies


def _insert_links(kind: Kind, field: ClaimField, records: Mapping[int, Record]) -> None:
    table = field.links
    if table is None:
        return
    primary = next((f.name for f in kind.fields if f.sort == "primary" and f.links is table), None)
    table.model._default_manager.bulk_create(
        table.model(
            **{f"{table.owner}_id": pk, f"{table.target}_id": target},
            **({"is_primary": target == record.claim[primary]} if primary else {}),
        )
        for pk, record in records.items()
        for target in record.claim[field.name]
    )


def _copy_spans(copies: Mapping[int, int], into: Reading) -> None:
    spans: Sequence[Span] = list(Span.objects.filter(annotation__in=copies).order_by("annotation_id", "start"))
    for span in spans:
        span.pk, span.annotation_id, span.reading = None, copies[span.annotation_id], into
        span._state.adding = True
    Span.objects.bulk_create(spans)
