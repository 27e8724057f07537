"""Deadlines that have passed and of which nobody has said what came: settled by a step, or asked about again later."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.core.errors import RuleBroken
from newsannot.core.keyset import day, number, page_of
from newsannot.threats.access import all_threats, deadline_to_settle
from newsannot.threats.actions import gather_threats, postpone_deadline
from newsannot.threats.forms import AskAgainForm
from newsannot.threats.models import Deadline
from newsannot.threats.queries import deadlines_passed, episodes_of, overdue

PAGE_SIZE = 30
DAY_KEY = (("ask_on", day), ("threat_id", number))


@require_safe
@role_required(Role.EDITOR)
def deadlines(request: HttpRequest) -> HttpResponse:
    """What threats whose deadline has passed wait for an answer, the longest first."""
    return _deadlines_page(request)


def _deadlines_page(
    request: HttpRequest, *, refused: Deadline | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    today, query = timezone.now().date(), request.GET.dict()
    page = page_of(deadlines_passed(today), DAY_KEY, query, size=PAGE_SIZE)
    context = {"rows": overdue(page.rows), "refused": refused, "problem": problem, **page.links(query)}
    return render(request, "review/deadlines.html", context, status=status)


@require_POST
@role_required(Role.EDITOR)
def settle(request: HttpRequest, threat_id: int) -> HttpResponse:
    """Go on to record what came of the threat, in its episode, which is made for it when it has none."""
    held = deadline_to_settle(threat_id)
    episode = episodes_of([held.threat_id]).get(held.threat_id)
    try:
        if episode is None:
            threats = list(all_threats().filter(pk=held.threat_id))
            episode = gather_threats(threats=threats, by=signed_in(request)).pk
    except RuleBroken as refusal:
        return _deadlines_page(request, refused=held, problem=str(refusal), status=422)
    return redirect(reverse("episodes:new_step", args=[episode], query={"kind": "lapsed"}))


@require_POST
@role_required(Role.EDITOR)
def ask_again(request: HttpRequest, threat_id: int) -> HttpResponse:
    """Ask about a deadline again on a later day."""
    held, form = deadline_to_settle(threat_id), AskAgainForm(request.POST)
    if not form.is_valid():
        return _deadlines_page(request, refused=held, problem=str(form.errors["ask_on"][0]), status=422)
    try:
        later = postpone_deadline(deadline=held, ask_on=form.cleaned_data["ask_on"], by=signed_in(request))
    except RuleBroken as refusal:
        return _deadlines_page(request, refused=held, problem=str(refusal), status=422)
    messages.success(request, f"It is asked again on {later.ask_on:%-d %b %Y}.")
    return redirect("review:deadlines")
