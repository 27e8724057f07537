"""Writes as the screen makes them: a bare selection becomes a record, a form changes one, a reading is handed in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import connection

from newsannot.accounts.models import User
from newsannot.actors.actions import actor_named
from newsannot.annotations.actions import (
    Change,
    change_annotation,
    declare_nothing_found,
    mark_annotation,
    submit_reading,
)
from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.rules import Parts, Piece
from newsannot.codebook.queries import codebook
from newsannot.core.errors import Mismatch, RuleBroken
from newsannot.core.history import action
from newsannot.statements.models import Statement
from newsannot.statements.rules import quotation_mode
from newsannot.workbench.rules import Newcomer


@dataclass(frozen=True, slots=True)
class Preset:
    """What a selection becomes before anybody filled in a form."""

    parts: Parts
    claim: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Made:
    """A new record: what changed, and all it claims."""

    change: Change
    claim: Mapping[str, Any]


def mark_selection(*, kind: Kind, reading: Reading, piece: Piece, by: User) -> Made:
    """Make the selected words a record, with what follows from them filled in.

    A mention of words that were marked before names the same actor; a statement is quoted as its quotation marks say; a
    threat within a statement is expressed by that statement and issued by its speaker, else the words refer to it.
    Raises as marking does.
    """
    return _made(kind, reading, _PRESETS[kind.name](kind, reading, piece), by)


def mark_expressed_threat(*, kind: Kind, reading: Reading, statement_id: int, by: User) -> Made:
    """Record a threat that a statement expresses; raises RuleBroken when that is not standing in the reading."""
    if not Statement.objects.standing().filter(pk=statement_id, reading=reading.pk).exists():
        raise RuleBroken(f"There is no statement {statement_id} in this reading.", field="statement")
    return _made(kind, reading, Preset({}, _expressed_by(statement_id)), by)


def _made(kind: Kind, reading: Reading, preset: Preset, by: User) -> Made:
    change = mark_annotation(kind=kind, reading=reading, parts=preset.parts, claim=preset.claim, by=by)
    return Made(change, kind.empty_claim() | dict(preset.claim))


_NAMED_BEFORE = """
    SELECT m.actor_id, m.form FROM annotations_span s
    JOIN annotations_annotation a ON a.id = s.annotation_id AND a.deleted_at IS NULL
    JOIN annotations_mention m ON m.annotation_ptr_id = a.id
    JOIN actors_actor actor ON actor.id = m.actor_id AND actor.merged_into_id IS NULL
    WHERE s.reading_id = %s AND s.exact = %s ORDER BY a.id DESC LIMIT 1
"""


def _mention(kind: Kind, reading: Reading, piece: Piece) -> Preset:
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_BEFORE, [reading.pk, piece.quote])
        row = cursor.fetchone()
    return Preset({kind.role: [piece]}, {"actor": row[0], "form": row[1]} if row else {})


def _statement(kind: Kind, reading: Reading, piece: Piece) -> Preset:
    mode = quotation_mode([piece.quote or ""])
    is_known = mode in codebook(reading.codebook_id).get("quotation-mode", {})
    return Preset({kind.role: [piece]}, {"mode": mode} if is_known else {})


def _threat(kind: Kind, reading: Reading, piece: Piece) -> Preset:
    within = Span.objects.filter(
        reading=reading.pk, role="content", start__lte=piece.start, end__gte=piece.end, annotation__deleted_at=None
    )
    around = min(within, key=lambda span: span.end - span.start, default=None)
    if around is None:
        return Preset({kind.role: [piece]}, {})
    if around.exact[piece.start - around.start : piece.end - around.start] != piece.quote:
        raise Mismatch(
            f"The text at {piece.start}–{piece.end} is not what was sent. Reload the page and mark it again.",
            field=kind.role,
        )
    return Preset({}, _expressed_by(around.annotation_id))


def _expressed_by(statement_id: int) -> dict[str, Any]:
    """A threat's claim that follows from the statement it is made in."""
    speaker = Annotation.objects.filter(pk=statement_id).values_list("statement__speaker", flat=True).get()
    return {"statements": [statement_id], "primary_statement": statement_id, "issuer": speaker}


_PRESETS = {"mention": _mention, "statement": _statement, "threat": _threat}


@action
def save_claim(*, annotation: Annotation, version: int, values: Mapping[str, Any], by: User) -> Change:
    """Change fields of an annotation as its form says, recording the actors it names on the spot.

    Raises Stale when the annotation moved on from `version`, RuleBroken by field. Nothing is stored by halves.
    """
    claim = {name: _settled(name, value, by) for name, value in values.items()}
    return change_annotation(annotation=annotation, version=version, claim=claim, by=by)


def _settled(name: str, value: Any, by: User) -> Any:
    """The value with newcomers recorded as actors; raises RuleBroken naming the field."""
    if isinstance(value, list):
        return list(dict.fromkeys(_settled(name, one, by) for one in value))
    if not isinstance(value, Newcomer):
        return value
    try:
        return actor_named(name=value.name, kind=value.kind, by=by).pk
    except RuleBroken as refusal:
        raise RuleBroken(problems={name: [m for found in refusal.problems.values() for m in found]}) from refusal


@action
def hand_in(*, reading: Reading, nothing_found: bool, by: User) -> Reading:
    """Submit a reading for review, saying first, if so, that it holds nothing to mark."""
    if nothing_found:
        declare_nothing_found(reading=reading, nothing_found=True, by=by)
    return submit_reading(reading=reading, by=by)
