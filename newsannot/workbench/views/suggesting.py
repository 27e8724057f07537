"""Suggestions beside the text: the list, what is made of one, drafting on the spot, showing and hiding."""

from collections.abc import Iterable, Sequence
from functools import partial as with_arguments

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_for, reading_to_change
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Reading
from newsannot.articles.queries import block_starts_of
from newsannot.articles.rules.blocks import block_index
from newsannot.core.errors import RuleBroken
from newsannot.core.repeats import Outcome
from newsannot.suggestions.actions import accept_suggestion, draft_suggestions, reject_suggestion, show_suggestions
from newsannot.suggestions.queries import is_coded_blind, is_drafted, open_suggestions, shows_suggestions
from newsannot.workbench.queries.overview import Group, overview, tallies_of
from newsannot.workbench.queries.text import ranges_expressing
from newsannot.workbench.views.answers import (
    SeeOther,
    answer_change,
    answers_refusals,
    is_part,
    overview_html,
    partial,
    tally_html,
    text_partials,
)
from newsannot.workbench.views.reading import workbench_page
from newsannot.workbench.views.repeats import answer_again, carried_out_once

MOST_SHOWN = 200
"""So many suggestions are shown at once; those further on come up as these are settled."""


def suggestions_html(request: HttpRequest, reading: Reading) -> str:
    """The list of what stands open, or why there is none."""
    is_shown = shows_suggestions(reading.pk)
    found = open_suggestions(reading.pk, reading.revision_id) if is_shown else []
    context = {
        "reading": reading,
        "is_shown": is_shown,
        "is_blind": not is_shown and is_coded_blind(reading.pk),
        "is_drafted": bool(found) or is_drafted(reading.revision_id),
        "count": len(found),
        "suggestions": [(one, kind_named(one.kind)) for one in found[:MOST_SHOWN]],
        "left_over": max(len(found) - MOST_SHOWN, 0),
        "csrf_token": get_token(request),
    }
    return render_to_string("workbench/_suggestions.html", context)


def with_suggestions(request: HttpRequest, reading: Reading, groups: Sequence[Group] | None = None) -> str:
    """The inspector with the list of records and that of suggestions."""
    listed = overview(reading.pk) if groups is None else groups
    return overview_html(request, reading, listed, suggestions=suggestions_html(request, reading))


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
@answers_refusals
def suggestions(request: HttpRequest, reading_id: int) -> HttpResponse:
    """What stands open in a reading; for htmx the list alone, or `?with=records`. Posted to, it is drafted now."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    if not reading.is_editable:
        raise RuleBroken("This reading is closed; nothing is suggested for it.", field="reading")
    if request.method == "POST":
        draft_suggestions(revision_ids=[reading.revision_id], by=user)
        if not is_part(request):
            return SeeOther(_place(reading))
    if not is_part(request):
        response = workbench_page(request, reading, inspector=with_suggestions(request, reading))
    elif "with" in request.GET:
        response = HttpResponse(with_suggestions(request, reading))
    else:
        response = HttpResponse(suggestions_html(request, reading))
    patch_vary_headers(response, ["HX-Request"])
    return response


def _accepted_again(request: HttpRequest, outcome: Outcome) -> HttpResponse:
    """An acceptance that came twice is answered as it was the first time."""
    if "correct" in request.POST or not is_part(request):
        return answer_again(request, outcome)
    annotation = annotation_for(signed_in(request), outcome["annotation"], deleted=True)
    return _accepted(request, annotation.reading, outcome["ranges"])


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@with_arguments(carried_out_once, again=_accepted_again)
def accept(request: HttpRequest, reading_id: int, fingerprint: str) -> HttpResponse:
    """Make a suggestion a record: with `correct` it is opened to be changed, else the next one is at hand."""
    user, is_correction = signed_in(request), "correct" in request.POST
    reading = reading_to_change(user, reading_id)
    change = accept_suggestion(reading=reading, fingerprint=fingerprint, is_correction=is_correction, by=user)
    besides = ranges_expressing(change.annotation)
    if is_correction:
        return answer_change(request, reading, change, besides=besides)
    if not is_part(request):
        return SeeOther(_place(reading, change.ranges))
    return _accepted(request, reading, [*change.ranges, *besides], change.reading_version)


def _accepted(
    request: HttpRequest, reading: Reading, ranges: Iterable[tuple[int, int]], version: int | None = None
) -> HttpResponse:
    """The blocks, both lists and the tally; `version` is the reading's when that is known better than it says."""
    parts = text_partials(reading, version or reading.version, ranges)
    groups = overview(reading.pk)
    parts += [partial("inspector", with_suggestions(request, reading, groups))]
    parts += [partial("tally", tally_html(tallies_of(groups)))]
    return HttpResponse("".join(parts))


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
@carried_out_once
def reject(request: HttpRequest, reading_id: int, fingerprint: str) -> HttpResponse:
    """Put a suggestion away; undo brings it back."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    reject_suggestion(reading=reading, fingerprint=fingerprint, by=user)
    return answer_suggestions(request, reading)


@require_POST
@role_required(Role.ANALYST)
@answers_refusals
def show(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Show suggestions in a reading, or hide them: `shown` is 1 or 0."""
    user = signed_in(request)
    reading = reading_to_change(user, reading_id)
    if request.POST.get("shown") not in {"0", "1"}:
        raise RuleBroken("Say 1 to show suggestions, 0 to hide them.", field="shown")
    show_suggestions(reading=reading, is_shown=request.POST["shown"] == "1", by=user)
    return answer_suggestions(request, reading)


def answer_suggestions(request: HttpRequest, reading: Reading) -> HttpResponse:
    """The list as it is now, or the way back to it."""
    if not is_part(request):
        return SeeOther(_place(reading))
    return HttpResponse(partial("suggestions", suggestions_html(request, reading), "outerHTML"))


def answer_returned(request: HttpRequest, reading: Reading) -> HttpResponse:
    """A suggestion is open again: both lists, whatever stands beside the text now, or the way back to them."""
    if not is_part(request):
        return SeeOther(_place(reading))
    return HttpResponse(partial("inspector", with_suggestions(request, reading)))


def _place(reading: Reading, ranges: Sequence[tuple[int, int]] = ()) -> str:
    """The address of the list, with the first of the ranges in sight."""
    first = min((start for start, _ in ranges), default=None)
    anchor = "" if first is None else f"#b{block_index(block_starts_of(reading.revision_id), first)}"
    return reverse("workbench:suggestions", args=[reading.pk]) + anchor
