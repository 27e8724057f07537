"""What people do and how they agree: everybody's figures for editors, one's own for oneself."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.review.queries.people import ENOUGH_TEXTS, own_figures, people_figures


@require_safe
@role_required(Role.EDITOR)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody's throughput and agreement."""
    return render(request, "review/people.html", {"people": people_figures()})


@require_safe
@role_required(Role.ANALYST)
def mine(request: HttpRequest) -> HttpResponse:
    """One's own throughput and agreement, never another's."""
    shown = own_figures(signed_in(request))
    context = {"people": shown, "own": shown.figures[0], "enough": ENOUGH_TEXTS}
    return render(request, "review/figures.html", context)
