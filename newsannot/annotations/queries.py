"""Reads over readings, annotations and spans."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from newsannot.annotations.kinds import Kind, all_kinds, kind_named
from newsannot.annotations.models import CONTEXT_LENGTH, Annotation, Span
from newsannot.annotations.rules import Piece, Record
from newsannot.articles.queries import text_of


@dataclass(frozen=True, slots=True)
class Slice:
    """What stands in a text at `start:end`, with its context; `is_codable` is false in boilerplate."""

    start: int
    end: int
    exact: str
    prefix: str
    suffix: str
    is_codable: bool


def slices(revision_id: int, ranges: Sequence[tuple[int, int]]) -> dict[tuple[int, int], Slice]:
    """The text at each range (code points, within the text); one query beside that for the text."""
    if not ranges:
        return {}
    sql = """
        SELECT p.first, p.last, NOT EXISTS (SELECT 1 FROM articles_zone z WHERE z.revision_id = %(revision)s
               AND NOT z.is_codable AND int4range(z.start, z."end") && int4range(p.first, p.last))
        FROM unnest(%(starts)s::int[], %(ends)s::int[]) AS p(first, last)
    """
    starts, ends = [start for start, _ in ranges], [end for _, end in ranges]
    with connection.cursor() as cursor:
        cursor.execute(sql, {"starts": starts, "ends": ends, "revision": revision_id})
        rows = cursor.fetchall()
    text = text_of(revision_id)
    return {(start, end): _slice(text, start, end, is_codable) for start, end, is_codable in rows}


def _slice(text: str, start: int, end: int, is_codable: bool) -> Slice:
    prefix, suffix = text[max(start - CONTEXT_LENGTH, 0) : start], text[end : end + CONTEXT_LENGTH]
    return Slice(start, end, text[start:end], prefix, suffix, is_codable)


def read_records(annotations: Iterable[Annotation]) -> dict[int, Record]:
    """Each annotation as plain values, by id. A handful of queries per kind present, however many annotations."""
    by_kind: dict[str, list[int]] = {}
    for annotation in annotations:
        by_kind.setdefault(annotation.kind, []).append(annotation.pk)
    parts = _parts([pk for pks in by_kind.values() for pk in pks])
    records: dict[int, Record] = {}
    for name, pks in by_kind.items():
        kind = kind_named(name)
        claims = _claims(kind, pks)
        records |= {pk: Record(claims[pk], parts.get(pk, {})) for pk in pks}
    return records


def read_record(annotation: Annotation) -> Record:
    """One annotation as plain values."""
    return read_records([annotation])[annotation.pk]


def read_claim(annotation: Annotation) -> dict[str, Any]:
    """The claim of one annotation, without its parts."""
    return _claims(kind_named(annotation.kind), [annotation.pk])[annotation.pk]


def _parts(pks: Sequence[int]) -> dict[int, dict[str, list[Piece]]]:
    parts: dict[int, dict[str, list[Piece]]] = {}
    rows = Span.objects.filter(annotation__in=pks).order_by("annotation_id", "start", "end")
    for pk, role, start, end in rows.values_list("annotation_id", "role", "start", "end"):
        parts.setdefault(pk, {}).setdefault(role, []).append(Piece(start, end))
    return parts


def _column(name: str, sort: str) -> str:
    return f"{name}_id" if sort in {"actor", "record"} else name


def _claims(kind: Kind, pks: Sequence[int]) -> dict[int, dict[str, Any]]:
    columns = {f.name: _column(f.name, f.sort) for f in kind.columns}
    rows = kind.model.objects.filter(pk__in=pks).values_list("pk", *columns.values())
    claims = {row[0]: kind.empty_claim() | dict(zip(columns, row[1:], strict=True)) for row in rows}
    for field in kind.linked:
        table = field.links
        assert table is not None  # noqa: S101 - `linked` holds only fields with a table
        links: QuerySet[Any] = table.model._default_manager.filter(**{f"{table.owner}__in": pks})
        primary = next((f.name for f in kind.fields if f.sort == "primary" and f.links is table), None)
        extra = ["is_primary"] if primary else []
        for owner, target, *is_primary in links.order_by("pk").values_list(
            f"{table.owner}_id", f"{table.target}_id", *extra
        ):
            claims[owner][field.name] = [*claims[owner][field.name], target]
            if primary and is_primary[0]:
                claims[owner][primary] = target
    return claims


def records_resting_on(kind_name: str, pks: Collection[int], *, besides: Collection[int] = ()) -> list[str]:
    """Standing records of any kind that name one of these records of a kind, in words: “threat 12”.

    These records themselves, and those `besides`, do not count.
    """
    found = []
    for kind in all_kinds():
        for field in kind.fields:
            if field.of != kind_name or field.sort == "primary":
                continue
            owners: QuerySet[Any, Any]
            if field.links is None:
                owners = kind.model.objects.filter(**{f"{field.name}__in": pks}).values_list("pk", flat=True)
            else:
                links: QuerySet[Any] = field.links.model._default_manager.filter(**{f"{field.links.target}__in": pks})
                owners = links.values_list(f"{field.links.owner}_id", flat=True)
            standing = Annotation.objects.standing().filter(pk__in=owners).exclude(pk__in={*pks, *besides})
            found += [f"{kind.label.lower()} {pk}" for pk in standing.values_list("pk", flat=True)]
    return found


def kinds_of(annotation_ids: Iterable[int]) -> Mapping[int, str]:
    """The kind of each annotation."""
    return dict(Annotation.objects.filter(pk__in=annotation_ids).values_list("pk", "kind"))


def spans_touching(reading_id: int, start: int, end: int) -> QuerySet[Span]:
    """Standing spans of a reading that share a code point with `start:end`, each with its annotation's `kind`."""
    return (
        Span.objects.filter(reading=reading_id, start__lt=end, end__gt=start, annotation__deleted_at=None)
        .annotate(kind=F("annotation__kind"))
        .order_by("start", "end", "id")
    )
