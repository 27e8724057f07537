"""Writes as the screen makes them: a bare selection becomes a record, a form changes one, a reading is handed in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from newsannot.accounts.models import User
from newsannot.actors.actions import actor_named
from newsannot.actors.queries.merging import where_merged_went
from newsannot.annotations.actions import (
    Change,
    change_annotation,
    claim_reading,
    declare_nothing_found,
    mark_annotation,
    submit_reading,
)
from newsannot.annotations.checks import not_there
from newsannot.annotations.kinds import Kind, kind_named
from newsannot.annotations.marking_all import MarkedAll, check_many, mark_all, without_standing
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.queries import read_claim
from newsannot.annotations.relabelling import Recast, recast_annotation, relabel_annotation
from newsannot.annotations.rules import Parts, Piece, offsets
from newsannot.annotations.together import together
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


def mark_selection(*, kind: Kind, reading: Reading, parts: Parts, by: User) -> Made:
    """Make the selected words a record, with what follows from them filled in.

    A mention of words that were marked before names the same actor; a statement is quoted as its quotation marks say,
    and its speaker is whom the words of its source named before; a threat within a statement is expressed by that
    statement and issued by its speaker, else the words refer to it. Raises as marking does.
    """
    return _made(kind, reading, _PRESETS[kind.name](kind, reading, parts), by)


def mark_expressed_threat(*, kind: Kind, reading: Reading, statement_id: int, by: User) -> Made:
    """Record a threat that a statement expresses; raises RuleBroken when that is not standing in the reading."""
    if not Statement.objects.standing().filter(pk=statement_id, reading=reading.pk).exists():
        raise RuleBroken("That statement does not stand in this reading any more.", field="statement")
    return _made(kind, reading, Preset({}, _expressed_by(statement_id)), by)


def _made(kind: Kind, reading: Reading, preset: Preset, by: User) -> Made:
    change = mark_annotation(kind=kind, reading=reading, parts=preset.parts, claim=preset.claim, by=by)
    return Made(change, kind.empty_claim() | dict(preset.claim))


_NAMED_BEFORE = """
    SELECT m.actor_id, m.form, actor.merged_into_id FROM annotations_span s
    JOIN annotations_annotation a ON a.id = s.annotation_id AND a.deleted_at IS NULL
    JOIN annotations_mention m ON m.annotation_ptr_id = a.id
    JOIN actors_actor actor ON actor.id = m.actor_id
    WHERE s.role = 'text' AND s.reading_id = %(reading)s AND left(s.exact, 60) = left(%(words)s, 60)
      AND s.exact = %(words)s
    ORDER BY a.id DESC LIMIT 1
"""


def _mention(kind: Kind, reading: Reading, parts: Parts) -> Preset:
    named = _named_before(reading, parts.get(kind.role, ()))
    return Preset(parts, {"actor": named[0], "form": named[1]} if named else {})


def _named_before(reading: Reading, pieces: Sequence[Piece]) -> tuple[int, str] | None:
    """The actor (where it went, if it was merged), and the form, that the first piece's words were last marked with."""
    if not pieces:
        return None
    with connection.cursor() as cursor:
        cursor.execute(_NAMED_BEFORE, {"reading": reading.pk, "words": pieces[0].quote})
        row: tuple[int, str, int | None] | None = cursor.fetchone()
    if row is None:
        return None
    actor_id, form, merged_into = row
    return (where_merged_went([actor_id])[actor_id] if merged_into else actor_id), form


def _statement(kind: Kind, reading: Reading, parts: Parts) -> Preset:
    claim: dict[str, Any] = {}
    mode = quotation_mode([piece.quote or "" for piece in parts.get(kind.role, ())])
    if mode in codebook(reading.codebook_id).get("quotation-mode", {}):
        claim["mode"] = mode
    if named := _named_before(reading, parts.get("source", ())):
        claim["speaker"] = named[0]
    return Preset(parts, claim)


def _threat(kind: Kind, reading: Reading, parts: Parts) -> Preset:
    pieces = parts.get(kind.role, ())
    if len(pieces) != 1 or len(parts) > 1:
        return Preset(parts, {})
    around = _content_around(reading.pk, pieces[0], role=kind.role)
    return Preset({}, _expressed_by(around.annotation_id)) if around else Preset(parts, {})


def _content_around(reading_id: int, piece: Piece, role: str = "content") -> Span | None:
    """The narrowest content of a standing statement that holds the words; raises Mismatch when others stand there."""
    within = Span.objects.filter(
        reading=reading_id, role="content", start__lte=piece.start, end__gte=piece.end, annotation__deleted_at=None
    ).select_related("annotation")
    around = min(within, key=lambda span: (span.end - span.start, -span.pk), default=None)
    if around and around.exact[piece.start - around.start : piece.end - around.start] != piece.quote:
        raise Mismatch(not_there(piece), field=role)
    return around


def _expressed_by(statement_id: int) -> dict[str, Any]:
    """A threat's claim that follows from the statement it is made in."""
    speaker = Annotation.objects.filter(pk=statement_id).values_list("statement__speaker", flat=True).get()
    return {"statements": [statement_id], "primary_statement": statement_id, "issuer": speaker}


_PRESETS = {"mention": _mention, "statement": _statement, "threat": _threat}


@action
def mark_phrase(
    *, kind: Kind, reading: Reading, pieces: Sequence[Piece], actor: int | Newcomer | None, by: User
) -> MarkedAll:
    """Mark a phrase wherever it stands, as one step to undo; what is marked so already is left alone.

    Each place becomes a mention of `actor` (None: of whom the words named before) or a statement; the places of a
    threat are all references of one. Raises RuleBroken naming `piece` for none, too many or overlapping ones.
    """
    if kind.name == "threat":
        return _mark_references(kind, reading, pieces, by)
    preset = _PRESETS[kind.name](kind, reading, {kind.role: pieces[:1]})
    settled = {"actor": _settled("actor", actor, by)} if actor is not None else {}
    return mark_all(kind=kind, reading=reading, pieces=pieces, claim={**preset.claim, **settled}, by=by)


def _mark_references(kind: Kind, reading: Reading, pieces: Sequence[Piece], by: User) -> MarkedAll:
    asked = check_many(pieces)
    new = without_standing(kind, reading.pk, asked)
    if not new:
        return MarkedAll(None, 0, len(asked))
    change = mark_annotation(kind=kind, reading=reading, parts={kind.role: new}, claim={}, by=by)
    return MarkedAll(change, len(new), len(asked) - len(new))


@action
def restate_threat(*, threat: Annotation, piece: Piece, by: User) -> Change:
    """Let the words say a threat again: a statement by its issuer is made of them, and expresses it too.

    A statement whose content they are, or lie in, already is taken instead of a new one. One step to undo; sending the
    same again changes nothing. Raises as marking does.
    """
    held = claim_reading(threat.reading_id)
    with together(held.id, by=by):
        statement = _statement_of(threat, piece, by)
        claim = read_claim(threat)
        statements = list(dict.fromkeys([*claim["statements"], statement.pk]))
        change = change_annotation(annotation=threat, claim={"statements": statements}, by=by)
    return Change(change.annotation, change.reading_version, offsets([piece]))


def _statement_of(threat: Annotation, piece: Piece, by: User) -> Annotation:
    """The statement that the words are the content of, made when there is none."""
    around = _content_around(threat.reading_id, piece)
    if around:
        return around.annotation
    kind = kind_named("statement")
    preset = _statement(kind, threat.reading, {kind.role: [piece]})
    claim = {**preset.claim, "speaker": read_claim(threat)["issuer"]}
    return mark_annotation(kind=kind, reading=threat.reading, parts=preset.parts, claim=claim, by=by).annotation


@action
def relabel(*, annotation: Annotation, kind: Kind, version: int | None, by: User) -> tuple[Change, Recast]:
    """Give a record another kind, with what follows from its words filled in where nothing is carried over.

    One step to undo. Raises as `relabel_annotation` does.
    """
    parts = recast_annotation(annotation, kind).parts
    follows = {} if kind.name == "threat" or not parts else _PRESETS[kind.name](kind, annotation.reading, parts).claim
    return relabel_annotation(annotation=annotation, kind=kind, follows=follows, version=version, by=by)


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
