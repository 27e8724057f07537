"""Pages of what is done to many readings at once: looked at before, listed after, undone whole."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.core.errors import RuleBroken
from newsannot.core.numbers import numbers_in
from newsannot.review.access import deed_for
from newsannot.review.bulk import do_in_bulk, undo_bulk
from newsannot.review.models import TO_READINGS, BulkDeed, DeedSort
from newsannot.review.queries.bulk import MOST, plan_bulk, readings_of, recent_deeds
from newsannot.review.queries.changing import changed_by


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def bulk(request: HttpRequest) -> HttpResponse:
    """What was done to many at once; posted to, what the deed would do, and with `do` the deed."""
    if request.method != "POST":
        return render(request, "review/deeds.html", {"deeds": recent_deeds()})
    sort = next((sort for sort in TO_READINGS if sort == request.POST.get("sort")), None)
    if sort is None:
        raise Http404("There is no such deed.")
    chosen = _chosen(request)
    if not chosen:
        messages.info(request, "Choose readings first.")
        return redirect("review:queue")
    if "do" not in request.POST:
        return _plan_page(request, sort, chosen)
    sent = {"comment": request.POST.get("comment", ""), "seal": request.POST.get("seal", "")}
    try:
        deed = do_in_bulk(sort=sort, chosen=chosen, by=signed_in(request), **sent)
    except RuleBroken as refusal:
        return _plan_page(request, sort, chosen, refusal=refusal)
    return redirect("review:deed", deed.pk)


def _chosen(request: HttpRequest) -> list[int]:
    return numbers_in(request.POST.getlist("reading")[:MOST])


def _plan_page(
    request: HttpRequest, sort: DeedSort, chosen: list[int], refusal: RuleBroken | None = None
) -> HttpResponse:
    context = {
        "plan": plan_bulk(sort, chosen, signed_in(request)),
        "comment": request.POST.get("comment", ""),
        "problems": [text for texts in refusal.problems.values() for text in texts] if refusal else [],
    }
    return render(request, "review/bulk.html", context, status=422 if refusal else 200)


@require_safe
@role_required(Role.EDITOR)
def deed(request: HttpRequest, deed_id: int) -> HttpResponse:
    """What was done to many at once, with the readings as they stand."""
    return _deed_page(request, deed_for(signed_in(request), deed_id))


def _deed_page(request: HttpRequest, shown: BulkDeed, refusal: RuleBroken | None = None) -> HttpResponse:
    context = {
        "deed": shown,
        "readings": readings_of(shown) if shown.sort in TO_READINGS else (),
        "changed": () if shown.sort in TO_READINGS else changed_by(shown),
        "problems": [text for texts in refusal.problems.values() for text in texts] if refusal else [],
    }
    return render(request, "review/deed.html", context, status=422 if refusal else 200)


@require_POST
@role_required(Role.EDITOR)
def undo(request: HttpRequest, deed_id: int) -> HttpResponse:
    """Undo it whole."""
    shown = deed_for(signed_in(request), deed_id)
    try:
        undo_bulk(deed=shown, by=signed_in(request))
    except RuleBroken as refusal:
        return _deed_page(request, shown, refusal)
    messages.success(request, "Undone: all of them are as they were.")
    return redirect("review:deed", shown.pk)
