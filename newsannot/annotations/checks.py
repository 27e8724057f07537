"""Whether a record may be stored: the kind's rules, the text, the codebook, the actors and records named."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from edtf import EDTFParseException, parse_edtf

from newsannot.actors.models import Actor
from newsannot.actors.queries.merging import standing_actors
from newsannot.annotations.kinds import ClaimField, Kind
from newsannot.annotations.models import Annotation
from newsannot.annotations.queries import Slice, in_words, slices
from newsannot.annotations.rules import Parts, Piece, Problems, Record, offsets, part_problems
from newsannot.codebook.queries import codebook
from newsannot.core.errors import Mismatch, RuleBroken
from newsannot.core.wording import quoted

NUL = re.compile(r"[\x00\ud800-\udfff]")
PLAIN_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")


@dataclass(frozen=True, slots=True)
class OpenReading:
    """A reading locked for a write: its new version, its codebook and its text's length in code points."""

    id: int
    version: int
    codebook_id: int
    revision_id: int
    length: int


Evidence = Mapping[tuple[int, int], Slice]


def check_record(
    kind: Kind,
    record: Record,
    held: OpenReading,
    *,
    annotation_id: int | None = None,
    before: Record | None = None,
) -> Evidence:
    """The text under each piece; raises RuleBroken with every problem found by field or role, or Mismatch.

    Actors that were merged into others may stand where `before` names them, and are refused elsewhere.
    """
    problems = plain_problems(kind, record, held)
    if not problems:
        problems = _reference_problems(kind, record, held, annotation_id, before) or kind.problems(record)
    if problems:
        raise RuleBroken(problems=problems)
    return check_evidence(record.parts, held)


def plain_problems(kind: Kind, record: Record, held: OpenReading) -> Problems:
    """What is wrong with a record by itself, by field or role; no query but for the codebook, which is kept."""
    problems: Problems = part_problems(kind.roles, record.parts, length=held.length)
    for name in record.claim.keys() - {f.name for f in kind.fields}:
        problems[name] = [f"A {kind.label.lower()} has no field “{name}”."]
    for field in kind.fields:
        if found := _value_problem(field, record.claim.get(field.name, field.empty), held):
            problems.setdefault(field.name, []).append(found)
    return problems


def check_evidence(parts: Parts, held: OpenReading) -> Evidence:
    """The text under each piece (which must lie in the text); raises RuleBroken or Mismatch. One query."""
    pieces = [(role, piece) for role, pieces in parts.items() for piece in pieces]
    evidence = slices(held.revision_id, list(dict.fromkeys(offsets(piece for _, piece in pieces))))
    for role, piece in pieces:
        standing = evidence[piece.start, piece.end]
        if not says_what_stands(piece, standing):
            raise Mismatch(not_there(piece), field=role)
        if problem := slice_problem(standing):
            raise RuleBroken(problem, field=role)
    return evidence


def not_there(piece: Piece) -> str:
    """That other words stand where a piece was marked."""
    return f"{quoted(piece.quote or '')} is not what stands there. Reload the page and mark it again."


def says_what_stands(piece: Piece, standing: Slice) -> bool:
    """Whether the sender believes of a piece what is so."""
    return piece.quote is None or piece.quote == standing.exact


def slice_problem(standing: Slice) -> str | None:
    """Why a stretch of the text cannot be evidence, or None."""
    if not standing.is_codable:
        return f"{quoted(standing.exact)} lies in boilerplate, which is not coded."
    return "What is marked holds white space only." if standing.exact.isspace() else None


def unknown_actors(ids: Iterable[int]) -> set[int]:
    """Those of the ids that are no actor's, or one's that was merged into another; one query."""
    wanted = set(ids)
    standing = Actor.objects.filter(pk__in=wanted, merged_into=None).values_list("pk", flat=True) if wanted else ()
    return wanted - set(standing)


def _value_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    """What is wrong with one value by itself, or None."""
    check = _CHECKS[field.sort]
    return check(field, value, held)


def _code_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    values = value if field.is_many else [value] if value != "" else []
    if not isinstance(values, list) or not all(isinstance(v, str) for v in values):
        return "This takes a code, as text."
    known = codebook(held.codebook_id).get(field.scheme, {})
    unknown = [v for v in values if v not in known]
    return f"“{unknown[0][:60]}” is not a code of {field.scheme} in this reading's codebook." if unknown else None


def _words_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    if not isinstance(value, str):
        return "This takes text."
    if NUL.search(value):
        return "This holds a character that cannot be stored."
    return f"At most {field.max_length} characters." if len(value) > field.max_length else None


def _date_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    return _words_problem(field, value, held) or date_problem(value)


def date_problem(value: str) -> str | None:
    """What is wrong with a date in EDTF; nothing is with none."""
    try:
        if value and not _is_plain_date(value):
            parse_edtf(value)
    except (EDTFParseException, ValueError, OverflowError):
        return "This is no date in EDTF: write 2025-09-05, 2025-09, 2025, 2025-09? or 2025-09-05/2025-09-08."
    return None


def _is_plain_date(value: str) -> bool:
    """Whether it is 2025, 2025-09 or 2025-09-05: known without the full grammar, which takes milliseconds to parse."""
    if not PLAIN_DATE.fullmatch(value):
        return False
    year, month, day = (*map(int, value.split("-")), 1, 1)[:3]
    date(year, month, day)
    return True


def _flag_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    return None if isinstance(value, bool) else "This takes true or false."


def _choice_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    known = isinstance(value, str) and (value == "" or value in field.choices)
    return None if known else f"Choose one of {', '.join(field.choices)}."


def _id_problem(field: ClaimField, value: Any, held: OpenReading) -> str | None:
    values = value if field.is_many else [] if value is None else [value]
    is_ids = isinstance(values, list) and all(isinstance(v, int) and not isinstance(v, bool) for v in values)
    if not is_ids or not all(0 < v < 2**63 for v in values):
        return "This takes an id."
    return "The same one is named twice." if len(set(values)) < len(values) else None


_CHECKS = {
    "code": _code_problem,
    "codes": _code_problem,
    "words": _words_problem,
    "date": _date_problem,
    "flag": _flag_problem,
    "choice": _choice_problem,
    "actor": _id_problem,
    "actors": _id_problem,
    "record": _id_problem,
    "records": _id_problem,
    "primary": _id_problem,
}


def _reference_problems(
    kind: Kind, record: Record, held: OpenReading, annotation_id: int | None, before: Record | None
) -> Problems:
    """Fields naming actors that are gone or records that are not standing in this reading; one query for each sort."""
    named = {f.name: _ids(record.claim.get(f.name)) for f in kind.fields}
    actors = {f.name: named[f.name] for f in kind.fields if f.sort in {"actor", "actors"}}
    records = {f.name: (f.of, named[f.name]) for f in kind.fields if f.sort in {"record", "records"}}
    standing = {name: _ids(before.claim.get(name)) for name in actors} if before else {}
    problems = _actor_problems(actors, standing) | _record_problems(records, held, annotation_id)
    return problems or _circle_problems(kind, named, annotation_id)


def _ids(value: Any) -> list[int]:
    return value if isinstance(value, list) else [] if value in {None, ""} or not isinstance(value, int) else [value]


def _actor_problems(named: Mapping[str, list[int]], standing: Mapping[str, list[int]]) -> Problems:
    wanted = set(_flat(named.values()))
    if not wanted:
        return {}
    known = {
        pk: (into, name)
        for pk, into, name in Actor.objects.filter(pk__in=wanted).values_list("pk", "merged_into", "name")
    }
    merged = {pk for pk, (into, _) in known.items() if into}
    went = standing_actors(merged)
    problems: Problems = {}
    for field, ids in named.items():
        for pk in ids:
            if pk not in known:
                problems.setdefault(field, []).append(f"There is no actor {pk} any more; choose another.")
            elif pk in merged and pk not in standing.get(field, ()):
                told = f"{known[pk][1]} was merged into {went[pk][1]}; choose that one."
                problems.setdefault(field, []).append(told)
    return problems


def _record_problems(
    named: Mapping[str, tuple[str, list[int]]], held: OpenReading, annotation_id: int | None
) -> Problems:
    wanted = set(_flat(ids for _, ids in named.values()))
    if not wanted:
        return {}
    here = Annotation.objects.filter(pk__in=wanted, reading=held.id).only("kind", "deleted_at")
    known = {one.pk: one for one in here}
    gone = in_words([pk for pk, one in known.items() if one.deleted_at])
    problems: Problems = {}
    for field, (kind, ids) in named.items():
        for pk in ids:
            if pk not in known or known[pk].kind != kind:
                problems.setdefault(field, []).append(f"There is no {kind} {pk} in this reading.")
            elif pk in gone:
                problems.setdefault(field, []).append(f"The {gone[pk]} was deleted; choose another.")
            elif pk == annotation_id:
                problems.setdefault(field, []).append("A record cannot rest on itself.")
    return problems


def _circle_problems(kind: Kind, named: Mapping[str, list[int]], annotation_id: int | None) -> Problems:
    """Fields that would nest a record that stands in one that is nested in it; no query for what names no other."""
    if annotation_id is None:
        return {}
    nesting = [f.name for f in kind.fields if f.sort == "record" and f.of == kind.name and named[f.name]]
    return {
        name: [f"A {kind.label.lower()} cannot be nested in one that is nested in it."]
        for name in nesting
        if _is_above(kind, name, named[name][0], annotation_id)
    }


def _is_above(kind: Kind, field: str, first: int, sought: int) -> bool:
    """Whether the chain that a field makes, from `first` upwards, comes by the record sought."""
    meta = kind.model._meta
    above: Any = meta.get_field(field)
    table, own, parent = meta.db_table, meta.pk.column, above.column
    sql = f"""
        WITH RECURSIVE above (id) AS (
            SELECT %s::bigint UNION SELECT t.{parent} FROM {table} t JOIN above ON t.{own} = above.id
        )
        SELECT EXISTS (SELECT FROM above WHERE id = %s)
    """  # noqa: S608 - names of our own tables
    with connection.cursor() as cursor:
        cursor.execute(sql, [first, sought])
        return bool(cursor.fetchone()[0])


def _flat(lists: Iterable[list[int]]) -> Iterable[int]:
    return (value for values in lists for value in values)
