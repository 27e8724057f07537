"""Marking, deleting, undoing and redoing."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_to_change, reading_to_change
from newsannot.annotations.actions import delete_annotation, redo, undo
from newsannot.annotations.kinds import kind_named
from newsannot.core.errors import Mismatch
from newsannot.workbench.actions import mark_expressed_threat, mark_selection
from newsannot.workbench.forms.sent import read_piece, whole_number
from newsannot.workbench.queries.text import ranges_expressing
from newsannot.workbench.views.answers import answer_change, answers_refusals, in_words, refusal, text_partials


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
def mark(request: HttpRequest, reading_id: int, kind_name: str) -> HttpResponse:
    """Make the selected words a record; of a `statement` alone, the threat it expresses."""
    user, kind = signed_in(request), kind_named(kind_name)
    reading = reading_to_change(user, reading_id)
    if kind_name == "threat" and "statement" in request.POST and "start" not in request.POST:
        statement_id = whole_number(request.POST["statement"], "statement", most=2**63 - 1)
        made = mark_expressed_threat(kind=kind, reading=reading, statement_id=statement_id, by=user)
    else:
        piece = read_piece(request.POST)
        try:
            made = mark_selection(kind=kind, reading=reading, piece=piece, by=user)
        except Mismatch as refused:
            mended = text_partials(reading.pk, reading.revision, reading.version, [(piece.start, piece.end)])
            return refusal(request, in_words(refused), 409, parts=mended)
    besides = ranges_expressing(made.change.annotation)
    return answer_change(request, reading, made.change, besides=besides, claim=made.claim)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
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
def undo_last(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Take back one's own last change."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    change = undo(reading=reading, by=user)
    return answer_change(request, reading, change, besides=ranges_expressing(change.annotation))


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
def redo_last(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Do again what was undone last."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    change = redo(reading=reading, by=user)
    return answer_change(request, reading, change, besides=ranges_expressing(change.annotation))
