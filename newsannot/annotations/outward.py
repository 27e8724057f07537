"""Annotations with all they name, as they are given out: a handful of queries, however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias
from uuid import UUID

from django.db.models import QuerySet

from newsannot.annotations.excerpts import shorten
from newsannot.annotations.kinds import ClaimField, Kind, kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.core.layers import Audience
from newsannot.core.replica import reading_connection

Given: TypeAlias = dict[str, Any]
_ARTICLE = "reading__revision__article__"
_COLUMNS = (
    "pk",
    "public_id",
    "version",
    "updated_at",
    "reading_id",
    "is_published",
    "reading__revision_id",
    "reading__revision__sha256",
    f"{_ARTICLE}id",
    f"{_ARTICLE}url",
    f"{_ARTICLE}title",
    f"{_ARTICLE}published_at",
    f"{_ARTICLE}source__id",
    f"{_ARTICLE}source__name",
    f"{_ARTICLE}source__domain",
    f"{_ARTICLE}source__reliability",
    f"{_ARTICLE}source__excerpt_limit",
)


@dataclass(frozen=True, slots=True)
class Outward:
    """An annotation as it is given out.

    `claim` maps each of its kind's fields to its value: codes and words as text or None, actors and records as they
    are named to others. `parts` holds the spans by role, in the order of the text.
    """

    pk: int
    public_id: UUID
    kind: str
    version: int
    updated_at: datetime
    reading_id: int
    is_published: bool
    article: Given
    claim: Mapping[str, Any]
    parts: Mapping[str, list[Given]]


def read_outward(kind: Kind, annotations: QuerySet[Any], *, audience: Audience = Audience.READERS) -> list[Outward]:
    """The annotations of a queryset over the kind's model, in its order; for readers, within the excerpt limits.

    Queries: the rows with their articles, the spans, the actors, and one for each link table.
    """
    columns = {field.name: _path(field) for field in kind.columns}
    rows = list(annotations.values_list(*_COLUMNS, *columns.values()))
    pks = [row[0] for row in rows]
    spans = _spans(pks, {row[0]: row[7] for row in rows})
    if audience is Audience.READERS:
        _shorten(kind, spans, {row[0]: row[16] for row in rows if row[16] is not None})
    claims = {row[0]: dict(zip(columns, row[len(_COLUMNS) :], strict=True)) for row in rows}
    for field in kind.linked:
        _add_links(kind, field, claims)
    _name_actors(kind, claims)
    return [
        Outward(
            pk=row[0],
            public_id=row[1],
            kind=kind.name,
            version=row[2],
            updated_at=row[3],
            reading_id=row[4],
            is_published=row[5],
            article=_article(row),
            claim=claims[row[0]],
            parts={role.name: spans[row[0], role.name] for role in kind.roles},
        )
        for row in rows
    ]


def _path(field: ClaimField) -> str:
    return {"actor": f"{field.name}_id", "record": f"{field.name}__public_id"}.get(field.sort, field.name)


def _article(row: Sequence[Any]) -> Given:
    return {
        "id": row[8],
        "url": row[9],
        "title": row[10],
        "source": {"id": row[12], "name": row[13], "domain": row[14], "reliability": row[15]},
        "published_at": row[11],
        "revision": row[6],
        "sha256": row[7],
    }


# The hot path of every page: plain SQL, a third of what the ORM takes to write it.
_SPANS = """
    SELECT annotation_id, role, start, "end", exact, prefix, suffix FROM annotations_span
    WHERE annotation_id = ANY(%s) ORDER BY annotation_id, start, "end"
"""
_ACTORS = "SELECT id, name, kind, wikidata_id FROM actors_actor WHERE id = ANY(%s)"


def _spans(pks: Sequence[int], sha256: Mapping[int, str]) -> defaultdict[tuple[int, str], list[Given]]:
    spans: defaultdict[tuple[int, str], list[Given]] = defaultdict(list)
    for pk, role, start, end, exact, prefix, suffix in fetched(_SPANS, pks):
        spans[pk, role].append(
            {
                "start": start,
                "end": end,
                "exact": exact,
                "prefix": prefix,
                "suffix": suffix,
                "sha256": sha256[pk],
            }
        )
    return spans


def _shorten(kind: Kind, spans: Mapping[tuple[int, str], list[Given]], limits: Mapping[int, int]) -> None:
    """Cut the words of the records that have a limit, each to its own."""
    for pk, limit in limits.items():
        shorten([span for role in kind.roles for span in spans[pk, role.name]], limit)


def fetched(sql: str, ids: Iterable[int]) -> list[tuple[Any, ...]]:
    """The rows of a query whose one parameter is a list of ids; none are asked for when there are no ids.

    The ids are sent as PostgreSQL writes an array: the driver would turn them over one by one.
    """
    wanted = ",".join(map(str, ids))
    if not wanted:
        return []
    with reading_connection().cursor() as cursor:
        cursor.execute(sql, [f"{{{wanted}}}"])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _add_links(kind: Kind, field: ClaimField, claims: Mapping[int, dict[str, Any]]) -> None:
    """Add a many-valued field, and the one of its values that leads, to each claim."""
    table = field.links
    assert table is not None  # noqa: S101 - `linked` holds only fields with a table
    primary = next((f.name for f in kind.fields if f.sort == "primary" and f.links is table), None)
    for claim in claims.values():
        claim[field.name] = []
        if primary:
            claim[primary] = None
    for owner, value, *leads in fetched(link_sql(kind.name, field.name), claims):
        claims[owner][field.name].append(value)
        if primary and leads[0]:
            claims[owner][primary] = value


@cache
def link_sql(kind_name: str, name: str) -> str:
    """SQL for owner, target (an actor by id, a record by public id) and, where one leads, whether it does."""
    kind = kind_named(kind_name)
    table = kind.field(name).links
    assert table is not None  # noqa: S101 - asked for fields with a table only
    has_primary = any(f.sort == "primary" and f.links is table for f in kind.fields)
    owner, target = f"l.{table.owner}_id", f"l.{table.target}_id"
    is_record = kind.field(name).sort == "records"
    return " ".join(
        [
            f"SELECT {owner}, {'a.public_id' if is_record else target}{', l.is_primary' if has_primary else ''}",
            f"FROM {table.model._meta.db_table} l",
            f"JOIN annotations_annotation a ON a.id = {target}" if is_record else "",
            f"WHERE {owner} = ANY(%s) ORDER BY l.id",
        ]
    )


def _name_actors(kind: Kind, claims: Mapping[int, dict[str, Any]]) -> None:
    """Put names in the place of actors' ids, and None in the place of empty words and codes."""
    single = [f.name for f in kind.fields if f.sort == "actor"]
    many = [f.name for f in kind.fields if f.sort == "actors"]
    texts = [f.name for f in kind.fields if f.sort in {"code", "words", "date", "choice"}]
    wanted = {claim[name] for claim in claims.values() for name in single} - {None}
    wanted |= {pk for claim in claims.values() for name in many for pk in claim[name]}
    actors = actors_named(wanted)
    for claim in claims.values():
        claim.update({name: actors[claim[name]] if claim[name] else None for name in single})
        claim.update({name: [actors[pk] for pk in claim[name]] for name in many})
        claim.update({name: claim[name] or None for name in texts})


def actors_named(ids: Iterable[int]) -> dict[int, Given]:
    """Actors as they are named to others, by id."""
    rows = fetched(_ACTORS, ids)
    return {pk: {"id": pk, "name": name, "kind": kind, "wikidata_id": wikidata} for pk, name, kind, wikidata in rows}


def read_one_outward(annotation: Annotation, audience: Audience) -> Outward:
    """One annotation, whether it stands or not, with all it names."""
    kind = kind_named(annotation.kind)
    return read_outward(kind, kind.model._default_manager.filter(pk=annotation.pk), audience=audience)[0]


def last_comment(reading: Reading) -> str:
    """What the last change of a reading's state was commented with."""
    last = reading.transitions.last()
    return last.comment if last else ""
