"""Which records hold which codes: how many, where, and under which codebook."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from newsannot.annotations.kinds import ClaimField, Kind, all_kinds
from newsannot.annotations.models import EDITABLE_STATES

NOTHING_HELD = "SELECT 0::bigint AS id, '' AS kind, '' AS field, '' AS scheme, '' AS code WHERE false"


@dataclass(frozen=True, slots=True)
class Usage:
    """How many standing records hold a code, in how many readings; `open_count` of them can change."""

    annotations: int = 0
    readings: int = 0
    open_count: int = 0
    published: int = 0


def fields_of_scheme(scheme: str) -> list[tuple[Kind, ClaimField]]:
    """The fields that hold codes of a scheme; none for a scheme whose codes lie outside readings."""
    return [(kind, field) for kind in all_kinds() for field in kind.fields if field.scheme == scheme]


def codes_held(pairs: Iterable[tuple[Kind, ClaimField]]) -> str:
    """SQL for rows (id, kind, field, scheme, code) of the records that hold a code in these fields; never empty SQL."""
    parts = []
    for kind, field in pairs:
        column: Any = kind.model._meta.get_field(field.name)
        table, key = column.model._meta.db_table, column.model._meta.pk.column
        code = "said.code" if field.is_many else f"t.{column.column}"
        unnested = f", unnest(t.{column.column}) said(code)" if field.is_many else ""
        of_kind = f" AND t.kind = '{kind.name}'" if key == "id" else ""
        parts.append(
            f"SELECT t.{key} AS id, '{kind.name}' AS kind, '{field.name}' AS field, '{field.scheme}' AS scheme,"  # noqa: S608 - names of our own tables
            f" {code} AS code FROM {table} t{unnested} WHERE {code} <> ''{of_kind}"
        )
    return " UNION ALL ".join(parts) or NOTHING_HELD


def usage_of(scheme: str, codes: Collection[str]) -> Mapping[str, Usage]:
    """How much each code of a scheme is in use; codes that no record holds are left out. One query."""
    sql = f"""
        SELECT held.code, count(DISTINCT a.id), count(DISTINCT a.reading_id),
               count(DISTINCT a.id) FILTER (WHERE r.state = ANY(%s)), count(DISTINCT a.id) FILTER (WHERE a.is_published)
        FROM ({codes_held(fields_of_scheme(scheme))}) held
        JOIN annotations_annotation a ON a.id = held.id AND a.deleted_at IS NULL
        JOIN annotations_reading r ON r.id = a.reading_id
        WHERE held.code = ANY(%s)
        GROUP BY held.code
    """  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(EDITABLE_STATES), list(codes)])
        return {code: Usage(*counts) for code, *counts in cursor.fetchall()}
