"""Marking, giving another kind, deleting, undoing and redoing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_to_change, reading_to_change
from newsannot.annotations.actions import delete_annotation, redo
from newsannot.annotations.kinds import all_kinds, kind_named
from newsannot.core.errors import Mismatch, RuleBroken
from newsannot.core.rows import pipelined
from newsannot.suggestions.actions import undo_latest
from newsannot.suggestions.models import Verdict
from newsannot.workbench.actions import mark_expressed_threat, mark_phrase, mark_selection, relabel, restate_threat
from newsannot.workbench.forms.sent import read_actor, read_parts, read_piece, read_version_if_sent, whole_number
from newsannot.workbench.queries.text import ranges_expressing
from newsannot.workbench.views.answers import (
    SeeOther,
    answer_change,
    answers_refusals,
    is_part,
    marked_html,
    partial,
    place_of,
    refused_by_text,
    relabelled_html,
)
from newsannot.workbench.views.repeats import carried_out_once
from newsannot.workbench.views.suggesting import answer_returned


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
@pipelined()
def mark(request: HttpRequest, reading_id: int, kind_name: str) -> HttpResponse:
    """Make the words selected, in one role or several, a record; of a `statement` alone, the threat it expresses."""
    user, kind = signed_in(request), kind_named(kind_name)
    reading = reading_to_change(user, reading_id)
    if kind_name == "threat" and "statement" in request.POST and "start" not in request.POST:
        statement_id = whole_number(request.POST["statement"], "statement", most=2**63 - 1)
        made = mark_expressed_threat(kind=kind, reading=reading, statement_id=statement_id, by=user)
    else:
        parts = read_parts(request.POST) or {kind.role: [read_piece(request.POST)]}
        try:
            made = mark_selection(kind=kind, reading=reading, parts=parts, by=user)
        except Mismatch as refused:
            return refused_by_text(request, reading, refused, [p for pieces in parts.values() for p in pieces])
    besides = ranges_expressing(made.change.annotation)
    return answer_change(request, reading, made.change, besides=besides, claim=made.claim)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def mark_everywhere(request: HttpRequest, reading_id: int, kind_name: str) -> HttpResponse:
    """Mark a phrase at all the places sent, as one step to undo."""
    user, kind = signed_in(request), kind_named(kind_name)
    reading = reading_to_change(user, reading_id)
    pieces = [piece for pieces in read_parts(request.POST).values() for piece in pieces]
    actor = read_actor(request.POST)
    try:
        done = mark_phrase(kind=kind, reading=reading, pieces=pieces, actor=actor, by=user)
    except Mismatch as refused:
        return refused_by_text(request, reading, refused, pieces)
    told = partial("messages", marked_html(done.new_count, done.standing_count), "beforeend")
    if done.change is None:
        return HttpResponse(told) if is_part(request) else SeeOther(place_of(reading))
    return answer_change(request, reading, done.change, told=told)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def restate(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Make the selected words another statement of a threat."""
    user = signed_in(request)
    threat = annotation_to_change(user, annotation_id)
    if threat.kind != "threat":
        raise RuleBroken("Only a threat can be said again.", field="annotation")
    piece = read_piece(request.POST)
    try:
        change = restate_threat(threat=threat, piece=piece, by=user)
    except Mismatch as refused:
        return refused_by_text(request, threat.reading, refused, [piece])
    return answer_change(request, threat.reading, change, besides=ranges_expressing(threat))


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def give_kind(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Give a record another kind; what does not fit there is named, and undo brings it back."""
    user = signed_in(request)
    annotation = annotation_to_change(user, annotation_id)
    kind = next((one for one in all_kinds() if one.name == request.POST.get("kind", "")), None)
    if kind is None:
        raise RuleBroken("Say which kind it is: mention, statement or threat.", field="kind")
    besides = ranges_expressing(annotation)
    change, recast = relabel(annotation=annotation, kind=kind, version=read_version_if_sent(request.POST), by=user)
    told = partial("messages", relabelled_html(kind, recast.left_out), "beforeend")
    return answer_change(request, annotation.reading, change, besides=besides, told=told)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def delete(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Delete a record; undo brings it back."""
    user = signed_in(request)
    annotation = annotation_to_change(user, annotation_id)
    besides = ranges_expressing(annotation)
    change = delete_annotation(annotation=annotation, by=user)
    return answer_change(request, annotation.reading, change, besides=besides)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def undo_last(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Take back one's own last change, or rejection of a suggestion."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    change = undo_latest(reading=reading, by=user)
    if isinstance(change, Verdict):
        return answer_returned(request, reading)
    return answer_change(request, reading, change, besides=ranges_expressing(change.annotation))


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def redo_last(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Do again what was undone last."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    change = redo(reading=reading, by=user)
    return answer_change(request, reading, change, besides=ranges_expressing(change.annotation))
