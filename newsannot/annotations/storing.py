"""How a checked record becomes rows, and changed rows. Called by actions only, under the reading's lock."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.checks import Evidence
from newsannot.annotations.kinds import ClaimField, Kind
from newsannot.annotations.models import Annotation, Span, Step
from newsannot.annotations.rules import Record
from newsannot.core.rows import ask, insert, pipelined

BASE_COLUMNS = {"certainty", "note"}
_KEYS = """
    SELECT nextval(pg_get_serial_sequence('annotations_annotation', 'id')),
           ARRAY(SELECT nextval(pg_get_serial_sequence('annotations_span', 'id')) FROM generate_series(1, %s))
"""


@dataclass(frozen=True, slots=True)
class Stored:
    """A new annotation and its spans, in the order of the text."""

    annotation: Annotation
    spans: Sequence[Span]


def column_values(fields: Sequence[ClaimField], record: Record) -> dict[str, Any]:
    """Model attributes for column fields."""
    return {
        f"{f.name}_id" if f.sort in {"actor", "record"} else f.name: record.claim.get(f.name, f.empty) for f in fields
    }


@dataclass(frozen=True, slots=True)
class Keys:
    """Keys for rows yet to be inserted: an annotation's and, in the order of the text, its spans'."""

    annotation: int
    spans: Sequence[int]


def ask_keys(record: Record) -> Callable[[], Keys]:
    """Ask for a record's keys; what is given back fetches them. What has its key is inserted without a wait."""
    cursor = ask(_KEYS, [len(_pairs(record))])
    return lambda: Keys(*cursor.fetchone())


def insert_record(
    kind: Kind, record: Record, evidence: Evidence, *, keys: Keys, reading_id: int, by: User, origin: str, engine: str
) -> Stored:
    """Insert the annotation, its spans and its links, and the step that undo takes back."""
    annotation = kind.model(
        reading_id=reading_id,
        kind=kind.name,
        origin=origin,
        engine=engine,
        created_by=by,
        updated_by=by,
        **column_values(kind.columns, record),
    )
    annotation.id = annotation.pk = keys.annotation
    spans = _spans(keys.annotation, reading_id, _pairs(record), evidence)
    for span, key in zip(spans, keys.spans, strict=True):
        span.pk = key
    with pipelined():
        insert(Annotation, annotation)
        insert(kind.model, annotation)
        for span in spans:
            insert(Span, span)
        for field in kind.linked:
            _store_links(kind, field, annotation.pk, [], record)
        insert(Step, Step(reading_id=reading_id, annotation_id=annotation.pk, by=by, after=record.as_json()))
    return Stored(annotation, spans)


def update_record(
    kind: Kind, annotation: Annotation, before: Record, record: Record, evidence: Evidence, *, by: User
) -> None:
    """Write what differs between the record before and the one wanted, and number the annotation on."""
    changed = [f for f in kind.columns if record.claim.get(f.name, f.empty) != before.claim.get(f.name, f.empty)]
    base = [f for f in changed if f.name in BASE_COLUMNS]
    own = [f for f in changed if f.name not in BASE_COLUMNS]
    for name, value in column_values(base, record).items():
        setattr(annotation, name, value)
    number_on(annotation, by, *(f.name for f in base))
    if own:
        kind.model._base_manager.filter(pk=annotation.pk).update(**column_values(own, record))
    _update_spans(annotation, before, record, evidence)
    for field in kind.linked:
        _store_links(kind, field, annotation.pk, before.claim[field.name], record, before=before)


def number_on(annotation: Annotation, by: User, *fields: str) -> None:
    """Store the named columns with the next version, by whom and when."""
    annotation.version += 1
    annotation.updated_by, annotation.updated_at = by, timezone.now()
    values = {name: getattr(annotation, name) for name in fields}
    Annotation.objects.filter(pk=annotation.pk).update(
        version=F("version") + 1, updated_by=by, updated_at=annotation.updated_at, **values
    )


def _pairs(record: Record) -> set[tuple[str, int, int]]:
    return {(role, p.start, p.end) for role, pieces in record.parts.items() for p in pieces}


def _update_spans(annotation: Annotation, before: Record, record: Record, evidence: Evidence) -> None:
    """A span that only moved, or has another role, keeps its row, and so its history; others go and are inserted."""
    gone, new = _pairs(before) - _pairs(record), _pairs(record) - _pairs(before)
    if len(gone) == len(new) == 1:
        (old_role, start, end), (role, new_start, new_end) = *gone, *new
        if old_role == role or (start, end) == (new_start, new_end):
            piece = evidence[new_start, new_end]
            Span.objects.filter(annotation=annotation.pk, role=old_role, start=start, end=end).update(
                role=role, start=new_start, end=new_end, exact=piece.exact, prefix=piece.prefix, suffix=piece.suffix
            )
            return
    for role, start, end in gone:
        Span.objects.filter(annotation=annotation.pk, role=role, start=start, end=end).delete()
    Span.objects.bulk_create(_spans(annotation.pk, annotation.reading_id, new, evidence))


def _spans(pk: int, reading_id: int, pairs: set[tuple[str, int, int]], evidence: Evidence) -> list[Span]:
    """Spans to insert, in the order of the text."""
    return [
        Span(
            annotation_id=pk,
            reading_id=reading_id,
            role=role,
            start=start,
            end=end,
            exact=evidence[start, end].exact,
            prefix=evidence[start, end].prefix,
            suffix=evidence[start, end].suffix,
        )
        for role, start, end in sorted(pairs, key=lambda pair: pair[1:])
    ]


def _store_links(
    kind: Kind, field: ClaimField, pk: int, standing: Sequence[int], record: Record, *, before: Record | None = None
) -> None:
    """Make the link table hold exactly the wanted targets, and the wanted one lead."""
    table, wanted = field.links, record.claim.get(field.name, [])
    if table is None:
        return
    rows = table.model._default_manager.filter(**{f"{table.owner}_id": pk})
    gone = [target for target in standing if target not in wanted]
    if gone:
        rows.filter(**{f"{table.target}__in": gone}).delete()
    primary = next((f for f in kind.fields if f.sort == "primary" and f.links is table), None)
    leads = record.claim.get(primary.name) if primary else None
    led = before.claim.get(primary.name) if primary and before else None
    if primary and led not in {None, leads} and led not in gone:
        rows.filter(**{f"{table.target}_id": led}).update(is_primary=False)
    new = [target for target in wanted if target not in standing]
    table.model._default_manager.bulk_create(
        table.model(
            **{f"{table.owner}_id": pk, f"{table.target}_id": target},
            **({"is_primary": target == leads} if primary else {}),
        )
        for target in new
    )
    if primary and leads not in {None, led} and leads not in new:
        rows.filter(**{f"{table.target}_id": leads}).update(is_primary=True)
