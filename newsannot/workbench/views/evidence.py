"""The pieces of evidence of a record: adding one to a role, moving its borders, giving it another role, or none."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_to_change, span_to_change
from newsannot.annotations.actions import add_piece, move_piece, recast_piece, remove_piece
from newsannot.core.errors import Mismatch, RuleBroken
from newsannot.workbench.forms.sent import read_piece, read_version_if_sent
from newsannot.workbench.views.answers import answer_change, answers_refusals, refused_by_text
from newsannot.workbench.views.repeats import carried_out_once


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def add_span(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Add the selected words to a role; a role that holds only one gets them instead."""
    user = signed_in(request)
    annotation = annotation_to_change(user, annotation_id)
    role = request.POST.get("role", "")
    if not role:
        raise RuleBroken("Say which role the words have.", field="role")
    piece = read_piece(request.POST)
    try:
        change = add_piece(annotation=annotation, role=role, piece=piece, by=user)
    except Mismatch as refused:
        return refused_by_text(request, annotation.reading, refused, [piece])
    return answer_change(request, annotation.reading, change)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def move_span(request: HttpRequest, span_id: int) -> HttpResponse:
    """Give a piece new borders."""
    user = signed_in(request)
    span = span_to_change(user, span_id)
    piece = read_piece(request.POST)
    try:
        change = move_piece(span=span, piece=piece, by=user)
    except Mismatch as refused:
        return refused_by_text(request, span.annotation.reading, refused, [piece])
    return answer_change(request, span.annotation.reading, change)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def recast_span(request: HttpRequest, span_id: int) -> HttpResponse:
    """Give a piece another role of its record; it changes places with one that stands where there is room for one."""
    user = signed_in(request)
    span = span_to_change(user, span_id)
    version = read_version_if_sent(request.POST)
    change = recast_piece(span=span, role=request.POST.get("role", ""), version=version, by=user)
    return answer_change(request, span.annotation.reading, change)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def remove_span(request: HttpRequest, span_id: int) -> HttpResponse:
    """Take a piece away."""
    user = signed_in(request)
    span = span_to_change(user, span_id)
    change = remove_piece(span=span, by=user)
    return answer_change(request, span.annotation.reading, change)
