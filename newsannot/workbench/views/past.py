"""What was: the deleted records of a reading, the history of a record, and bringing either back."""

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_for, annotation_to_change, reading_for
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.restoring import restore_annotation, restore_version
from newsannot.annotations.versions import versions_of
from newsannot.codebook.queries import codebook
from newsannot.core.errors import Stale
from newsannot.workbench.forms.history import told_history
from newsannot.workbench.forms.sent import NUMBER, read_version
from newsannot.workbench.queries.past import deleted_count, deleted_page, names_in, other_kinds_of
from newsannot.workbench.queries.text import ranges_expressing
from newsannot.workbench.views.answers import (
    answer_change,
    answers_refusals,
    is_editable_by,
    is_part,
    partial,
    refusal,
    restored_html,
)
from newsannot.workbench.views.reading import workbench_page
from newsannot.workbench.views.repeats import carried_out_once


@require_safe
@role_required(Role.ANALYST)
def deleted(request: HttpRequest, reading_id: int) -> HttpResponse:
    """The deleted records of a reading, the last deleted first, page by page; for htmx the list alone."""
    reading = reading_for(signed_in(request), reading_id)
    return _beside_text(request, reading, deleted_html(request, reading))


def deleted_html(request: HttpRequest, reading: Reading) -> str:
    """The inspector with the deleted records."""
    page, records = deleted_page(reading.pk, request.GET.dict())
    context = {
        "reading": reading,
        "records": records,
        "count": deleted_count(reading.pk),
        "is_editable": is_editable_by(signed_in(request), reading),
        "csrf_token": get_token(request),
        **page.links(request.GET.dict()),
    }
    return render_to_string("workbench/_deleted.html", context)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def restore(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """Bring a deleted record back."""
    user = signed_in(request)
    annotation = annotation_to_change(user, annotation_id, deleted=True)
    change = restore_annotation(annotation=annotation, version=read_version(request.POST), by=user)
    told = partial("messages", restored_html(kind_named(annotation.kind)), "beforeend")
    return answer_change(request, annotation.reading, change, besides=ranges_expressing(annotation), told=told)


@require_safe
@role_required(Role.ANALYST)
def history(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """What became of a record, version by version (`before` a place in them); for htmx the list alone."""
    annotation = annotation_for(signed_in(request), annotation_id, deleted=True)
    return _beside_text(request, annotation.reading, history_html(request, annotation))


def history_html(request: HttpRequest, annotation: Annotation) -> str:
    """The inspector with the history of a record, deleted or not."""
    reading, kind, versions = annotation.reading, kind_named(annotation.kind), versions_of(annotation)
    before = request.GET.get("before", "")
    context = {
        "reading": reading,
        "annotation": annotation,
        "kind": kind,
        "others": other_kinds_of(annotation),
        "told": told_history(
            kind,
            versions,
            names_in(kind, versions),
            codebook(reading.codebook_id),
            before=int(before) if NUMBER.fullmatch(before) else None,
        ),
        "is_editable": is_editable_by(signed_in(request), reading),
        "csrf_token": get_token(request),
    }
    return render_to_string("workbench/_history.html", context)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def restore_to(request: HttpRequest, annotation_id: int, number: int) -> HttpResponse:
    """Set a record back to one of its versions; a history seen too early is shown anew (409)."""
    user = signed_in(request)
    annotation = annotation_to_change(user, annotation_id, deleted=True)
    besides = ranges_expressing(annotation)
    try:
        change = restore_version(annotation=annotation, number=number, version=read_version(request.POST), by=user)
    except Stale as refused:
        current = annotation_for(user, annotation_id, deleted=True)
        return refusal(request, str(refused), 409, parts=[partial("inspector", history_html(request, current))])
    besides += ranges_expressing(change.annotation)
    return answer_change(request, annotation.reading, change, besides=besides)


def _beside_text(request: HttpRequest, reading: Reading, html: str) -> HttpResponse:
    """The part for htmx, else the workbench with it beside the text."""
    response = HttpResponse(html) if is_part(request) else workbench_page(request, reading, inspector=html)
    patch_vary_headers(response, ["HX-Request"])
    return response
