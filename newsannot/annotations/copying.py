"""Carrying records from an analyst's reading into the curated one, in a handful of statements."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from newsannot.accounts.models import User
from newsannot.annotations.kinds import ClaimField, Kind, all_kinds
from newsannot.annotations.models import Annotation, Derivation, Reading, Span
from newsannot.annotations.queries import read_records
from newsannot.annotations.rules import Record
from newsannot.annotations.storing import column_values

Copies = dict[int, int]


def copy_records(originals: Iterable[Annotation], *, into: Reading, by: User) -> Copies:
    """Copy annotations of one revision into another reading of it; answers original id → id there.

    A record that stands there already, alike in every field and piece, is not doubled: it only rests on one original
    more. Call it inside an action that holds `into`'s lock.
    """
    by_id = {annotation.pk: annotation for annotation in originals}
    records = read_records(by_id.values())
    present = Annotation.objects.standing().filter(reading=into)
    there = {_identity(a.kind, record): a.pk for a, record in _with_records(present)}
    copies: Copies = {}
    for kind in all_kinds():
        for layer in _layers({pk: r for pk, r in records.items() if by_id[pk].kind == kind.name}, kind):
            settled = {pk: _translated(kind, records[pk], copies) for pk in layer}
            alike = {pk: there[key] for pk, r in settled.items() if (key := _identity(kind.name, r)) in there}
            copies |= alike
            copies |= _insert(kind, {pk: r for pk, r in settled.items() if pk not in alike}, by_id, into, by)
    _copy_spans({pk: new for pk, new in copies.items() if new not in there.values()}, into)
    Derivation.objects.bulk_create(
        (Derivation(curated_id=new, original_id=pk) for pk, new in copies.items()), ignore_conflicts=True
    )
    return copies


def _with_records(annotations: Iterable[Annotation]) -> list[tuple[Annotation, Record]]:
    rows = list(annotations)
    records = read_records(rows)
    return [(annotation, records[annotation.pk]) for annotation in rows]


def _identity(kind: str, record: Record) -> str:
    """The same for two records exactly when they say the same of the same words."""
    claim = {name: sorted(v) if isinstance(v, list) else v for name, v in record.claim.items()}
    parts = {role: sorted((p.start, p.end) for p in pieces) for role, pieces in record.parts.items() if pieces}
    return repr((kind, sorted(claim.items()), sorted(parts.items())))


def _layers(records: Mapping[int, Record], kind: Kind) -> Iterable[list[int]]:
    """The ids, those first that name no other of the same kind (a statement's parent before the statement)."""
    own = [f for f in kind.fields if f.sort == "record" and f.of == kind.name]
    left = dict(records)
    while left:
        layer = [pk for pk, r in left.items() if not any(r.claim[f.name] in left for f in own)]
        if not layer:
            raise ValueError("records name each other in a circle")
        yield layer
        for pk in layer:
            del left[pk]


def _translated(kind: Kind, record: Record, copies: Mapping[int, int]) -> Record:
    """The record with the ids of other records replaced by those of their copies."""
    claim = dict(record.claim)
    for field in kind.fields:
        if not field.of:
            continue
        value = claim[field.name]
        claim[field.name] = [copies[v] for v in value if v in copies] if field.is_many else copies.get(value)
    return Record(claim, record.parts)


def _insert(
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
