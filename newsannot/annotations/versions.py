"""The versions of an annotation, as the history tables tell them: what it claimed, on what evidence, by whom, when."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

from newsannot.annotations.differences import Event, Rows, State, Version, Words, in_steps, replayed
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.models import Annotation, Span

BASE = "annotation"
OWN = "own"
SPANS = "spans"
_BASE_COLUMNS = ("certainty", "note", "version", "is_published", "deleted_at")
_SPAN_COLUMNS = ("role", "start", "end", "exact")


def versions_of(annotation: Annotation) -> list[Version]:
    """Every version of an annotation, deleted or not, the oldest first; a step that left nothing else is left out.

    Queries: the annotation's events, those of its kind's row, of its spans (also those that went), and one for each
    link table.
    """
    kind = kind_named(annotation.kind)
    columns = {f"{f.name}_id" if f.sort in {"actor", "record"} else f.name for f in kind.columns} - {*_BASE_COLUMNS}
    leading = _events(BASE, Annotation, "pgh_obj_id", annotation.pk, _BASE_COLUMNS)
    others = _events(OWN, kind.model, "pgh_obj_id", annotation.pk, sorted(columns))
    others += _events(SPANS, Span, "annotation_id", annotation.pk, _SPAN_COLUMNS)
    for name, table in _link_tables(kind).items():
        primary = ("is_primary",) if any(f.name == "is_primary" for f in table.model._meta.fields) else ()
        target = f"{table.target}_id"
        others += _events(name, table.model, f"{table.owner}_id", annotation.pk, (target, *primary))
    found: list[Version] = []
    for last, rows in replayed(in_steps(leading, others)):
        base = rows.get(BASE, {}).get(annotation.pk)
        if base is None:
            continue
        state = State(
            _claim(kind, annotation.pk, rows), _parts(rows), base["deleted_at"] is not None, base["is_published"]
        )
        if not found or found[-1].state != state:
            found.append(Version(base["version"], last.at, last.by, last.action, state))
    return found


def _link_tables(kind: Kind) -> dict[str, Any]:
    return {f.name: f.links for f in kind.linked}


def _events(table: str, model: type[Model], column: str, pk: int, columns: tuple[str, ...] | list[str]) -> list[Event]:
    """What happened to the rows of a model that belong to an annotation, in the order it was written; one query."""
    told: Any = apps.get_model(model._meta.app_label, f"{model.__name__}Event")
    rows = told.objects.filter(**{column: pk}).order_by("pgh_id")
    fixed = ("pgh_obj_id", "pgh_label", "pgh_created_at", "pgh_context_id", "pgh_context")
    return [
        Event(
            table=table,
            key=key,
            values=None if label == "delete" else dict(zip(columns, values, strict=True)),
            step=str(step or at),
            at=at,
            by=(context or {}).get("user"),
            action=(context or {}).get("action", ""),
        )
        for key, label, at, step, context, *values in rows.values_list(*fixed, *columns)
    ]


def _parts(rows: Rows) -> dict[str, list[Words]]:
    parts: dict[str, list[Words]] = {}
    for row in sorted(rows.get(SPANS, {}).values(), key=lambda row: (row["start"], row["end"])):
        parts.setdefault(row["role"], []).append(Words(row["start"], row["end"], row["exact"]))
    return parts


def _claim(kind: Kind, pk: int, rows: Rows) -> dict[str, Any]:
    """The claim as `read_record` would have read it then."""
    said: Mapping[str, Any] = {**rows[BASE][pk], **rows.get(OWN, {}).get(pk, {})}
    claim = kind.empty_claim()
    for field in kind.columns:
        claim[field.name] = said.get(
            f"{field.name}_id" if field.sort in {"actor", "record"} else field.name, field.empty
        )
    for name, table in _link_tables(kind).items():
        links = [row for _, row in sorted(rows.get(name, {}).items())]
        claim[name] = [row[f"{table.target}_id"] for row in links]
        leaders = [f.name for f in kind.fields if f.sort == "primary" and f.links is table]
        for leader in leaders:
            claim[leader] = next((row[f"{table.target}_id"] for row in links if row["is_primary"]), None)
    return claim
