"""Reads over readings, annotations and spans."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet

from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.kinds import ClaimField, Kind, all_kinds, kind_named
from newsannot.annotations.models import CONTEXT_LENGTH, Annotation, Relabelling, Span
from newsannot.annotations.rules import Piece, Record
from newsannot.articles.queries import text_of
from newsannot.core.rows import ask, pipelined
from newsannot.core.wording import quoted


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
    return ask_records(annotations)()


def ask_records(annotations: Iterable[Annotation]) -> Callable[[], dict[int, Record]]:
    """Ask for the same; what is given back fetches it."""
    by_kind: dict[str, list[int]] = {}
    for annotation in annotations:
        by_kind.setdefault(annotation.kind, []).append(annotation.pk)
    with pipelined():
        parts = _ask_parts([pk for pks in by_kind.values() for pk in pks])
        claims = [_ask_claims(kind_named(name), pks) for name, pks in by_kind.items()]

    def fetch() -> dict[int, Record]:
        found = parts()
        return {pk: Record(claim, found.get(pk, {})) for of_kind in claims for pk, claim in of_kind().items()}

    return fetch


def read_followed(annotations: Iterable[Annotation]) -> dict[int, Record]:
    """The same, as records are compared: an actor that was merged is where it went. One query more."""
    rows = list(annotations)
    records = read_records(rows)
    kinds = {row.pk: kind_named(row.kind) for row in rows}
    named = {actor for pk, record in records.items() for actor in kinds[pk].actors_in(record)}
    went = where_merged_went(named) if named else {}
    return {pk: kinds[pk].followed(record, went) for pk, record in records.items()} if went else records


def read_record(annotation: Annotation) -> Record:
    """One annotation as plain values."""
    return read_records([annotation])[annotation.pk]


def read_claim(annotation: Annotation) -> dict[str, Any]:
    """The claim of one annotation, without its parts."""
    return ask_claim(annotation)()


def ask_claim(annotation: Annotation) -> Callable[[], dict[str, Any]]:
    """Ask for the same; what is given back fetches it."""
    with pipelined():
        claims = _ask_claims(kind_named(annotation.kind), [annotation.pk])
    return lambda: claims()[annotation.pk]


_PARTS = """
    SELECT annotation_id, role, start, "end" FROM annotations_span
    WHERE annotation_id = ANY(%s) ORDER BY annotation_id, start, "end"
"""


def _ask_parts(pks: Sequence[int]) -> Callable[[], dict[int, dict[str, list[Piece]]]]:
    cursor = ask(_PARTS, [pks])

    def fetch() -> dict[int, dict[str, list[Piece]]]:
        parts: dict[int, dict[str, list[Piece]]] = {}
        for pk, role, start, end in cursor.fetchall():
            parts.setdefault(pk, {}).setdefault(role, []).append(Piece(start, end))
        return parts

    return fetch


def _ask_claims(kind: Kind, pks: Sequence[int]) -> Callable[[], dict[int, dict[str, Any]]]:
    names = [f.name for f in kind.columns]
    cursor = ask(_claims_sql(kind.name), [pks])
    links = [(field, ask(_links_sql(kind.name, field.name), [pks])) for field in kind.linked]

    def fetch() -> dict[int, dict[str, Any]]:
        rows = cursor.fetchall()
        claims = {pk: kind.empty_claim() | dict(zip(names, values, strict=True)) for pk, *values in rows}
        for field, found in links:
            primary = _primary(kind, field)
            for owner, target, is_primary in found.fetchall():
                claims[owner][field.name].append(target)
                if primary and is_primary:
                    claims[owner][primary.name] = target
        return claims

    return fetch


def _primary(kind: Kind, field: ClaimField) -> ClaimField | None:
    """The field that says which of a field's links leads."""
    return next((f for f in kind.fields if f.sort == "primary" and f.links is field.links), None)


@cache
def _claims_sql(kind_name: str) -> str:
    kind = kind_named(kind_name)
    own = kind.model._meta
    fields: list[Any] = [own.get_field(f.name) for f in kind.columns]
    columns = ", ".join(f'{"a" if field.model is Annotation else "t"}."{field.column}"' for field in fields)
    return f"""
        SELECT a.id, {columns} FROM {own.db_table} t JOIN annotations_annotation a ON a.id = t.annotation_ptr_id
        WHERE t.annotation_ptr_id = ANY(%s)
    """  # noqa: S608 - names of our own columns


@cache
def _links_sql(kind_name: str, field_name: str) -> str:
    kind = kind_named(kind_name)
    field = kind.field(field_name)
    assert field.links is not None  # noqa: S101 - asked of linked fields only
    leads = "is_primary" if _primary(kind, field) else "false"
    return f"""
        SELECT {field.links.owner}_id, {field.links.target}_id, {leads} FROM {field.links.model._meta.db_table}
        WHERE {field.links.owner}_id = ANY(%s) ORDER BY id
    """  # noqa: S608 - names of our own columns


def records_resting_on(kind_name: str, pks: Collection[int], *, besides: Collection[int] = ()) -> list[str]:
    """Standing records of any kind that name one of these records of a kind, by their words: threat “we will close …”.

    These records themselves, and those `besides`, do not count.
    """
    found: list[Annotation] = []
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
            found += standing.only("kind")
    named = in_words([one.pk for one in found])
    return [named[one.pk] for one in found]


def resting_in_words(records: Sequence[str], most: int = 3) -> str:
    """How a message begins that says which records rest on another: “Threat “…” and 2 more rest”."""
    named = ", ".join(records[:most])
    more = f" and {len(records) - most} more" if len(records) > most else ""
    return f"{named[:1].upper()}{named[1:]}{more} rest{'s' if len(records) == 1 else ''}"


def in_words(annotation_ids: Collection[int]) -> dict[int, str]:
    """Each record as a message names it, by how its evidence begins: statement “we will close …”; at most one query."""
    if not annotation_ids:
        return {}
    sql = """
        SELECT a.id, a.kind, (SELECT left(s.exact, 200) FROM annotations_span s WHERE s.annotation_id = a.id
                              ORDER BY s.role NOT IN ('text', 'content', 'reference'), s.start LIMIT 1)
        FROM annotations_annotation a WHERE a.id = ANY(%s)
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(annotation_ids)])
        rows = cursor.fetchall()
    return {pk: f"{kind_named(kind).label.lower()}{f' {quoted(words)}' if words else ''}" for pk, kind, words in rows}


def words_of_record(annotation_id: int | None) -> str:
    """How the evidence of one record begins, in quotation marks; empty when it has none."""
    named = in_words([annotation_id] if annotation_id else [])
    return "".join(named.values()).partition(" ")[2]


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


LINE = """
    WITH line(first) AS (
        SELECT coalesce((SELECT first_id FROM annotations_relabelling WHERE annotation_id = %(annotation)s),
                        %(annotation)s)
    )
    SELECT first FROM line
    UNION ALL SELECT r.annotation_id FROM annotations_relabelling r JOIN line ON r.first_id = line.first
"""
"""SQL: the ids of all records that one was, is and became under other kinds, itself among them."""


def line_of(annotation_id: int) -> list[int]:
    """All that a record was, is and became under other kinds, in the order they were made; itself alone, mostly."""
    with ask(LINE, {"annotation": annotation_id}) as cursor:
        return sorted(pk for (pk,) in cursor.fetchall())


def lines_in(reading_id: int) -> list[list[int]]:
    """The lines of a reading's records that were given another kind, each in the order they were made. One query."""
    lines: dict[int, list[int]] = {}
    rows = Relabelling.objects.filter(annotation__reading=reading_id).order_by("annotation")
    for first, pk in rows.values_list("first", "annotation"):
        lines.setdefault(first, [first]).append(pk)
    return list(lines.values())
