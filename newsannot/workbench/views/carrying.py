"""Carrying one's reading over to a newer text: looked at first, then done."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import reading_to_change
from newsannot.annotations.carrying import carry_reading, newer_revision, records_found
from newsannot.annotations.models import Reading
from newsannot.core.errors import RuleBroken
from newsannot.workbench.views.answers import SeeOther, place_of


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def carry(request: HttpRequest, reading_id: int) -> HttpResponse:
    """What of a reading stands in the article's newest text; the button carries that over."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    if request.method != "POST":
        return _plan(request, reading)
    try:
        carried = carry_reading(reading=reading, by=user)
    except RuleBroken as refused:
        return _plan(request, reading, refused)
    left = f" {carried.left} stay{'s' * (carried.left == 1)} behind in the old reading." if carried.left else ""
    messages.success(request, f"{carried.carried} record{'s' * (carried.carried != 1)} carried over.{left}")
    return SeeOther(place_of(carried.reading))


def _plan(request: HttpRequest, reading: Reading, refused: RuleBroken | None = None) -> HttpResponse:
    onto = newer_revision(reading)
    found = records_found(reading, onto) if onto else []
    context = {
        "reading": reading,
        "article": reading.revision.article,
        "onto": onto,
        "coming": [record for record in found if record.holds],
        "staying": [record for record in found if not record.holds],
        "problems": [text for texts in refused.problems.values() for text in texts] if refused else [],
    }
    return render(request, "workbench/carry.html", context, status=422 if refused else 200)
