"""Handing a reading in, with a look at what is missing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import reading_to_change
from newsannot.annotations.models import Reading
from newsannot.core.errors import RuleBroken
from newsannot.workbench.actions import hand_in
from newsannot.workbench.queries.overview import overview
from newsannot.workbench.views.answers import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def submit(request: HttpRequest, reading_id: int) -> HttpResponse:
    """What is still missing, and the button that hands the reading in all the same."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    if request.method != "POST":
        return _checklist(request, reading)
    try:
        hand_in(reading=reading, nothing_found=bool(request.POST.get("nothing_found")), by=user)
    except RuleBroken as refused:
        return _checklist(request, reading, refused)
    messages.success(request, f"Handed in: {reading.revision.article.title}")
    return SeeOther("/")


def _checklist(request: HttpRequest, reading: Reading, refused: RuleBroken | None = None) -> HttpResponse:
    groups = overview(reading.pk)
    entries = [entry for group in groups for entry in group.entries]
    context = {
        "reading": reading,
        "article": reading.revision.article,
        "groups": groups,
        "is_empty": not entries,
        "incomplete": [entry for entry in entries if entry.missing],
        "problems": [text for texts in refused.problems.values() for text in texts] if refused else [],
    }
    return render(request, "workbench/submit.html", context, status=422 if refused else 200)
