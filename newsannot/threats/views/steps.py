"""The steps of an episode, which editors record, change and delete."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.models import Annotation
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.filters import words_in
from newsannot.threats.access import (
    episode_to_see,
    records_named,
    records_seen_by,
    step_to_change,
    threats_seen_by,
)
from newsannot.threats.actions import change_step, delete_step, record_step
from newsannot.threats.forms import StepForm
from newsannot.threats.models import Episode, EpisodeStep, StepKind
from newsannot.threats.queries import found_evidence, worded
from newsannot.threats.views.episodes import asked_words, course_of, refused, version_sent

MOST_FOUND = 30


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new_step(request: HttpRequest, episode_id: int) -> HttpResponse:
    """Record what happened to the threat: its own threats, and records found by words, say so."""
    shown = episode_to_see(signed_in(request), episode_id)
    kind = request.GET.get("kind", "")
    initial = {"kind": kind if kind in StepKind.values else StepKind.REITERATED, "version": shown.version}
    if request.method != "POST":
        return _step_page(request, shown, StepForm(initial=initial))
    form = StepForm(request.POST)
    if not form.is_valid():
        return _step_page(request, shown, form, status=422)
    try:
        record_step(episode=shown, evidence=_chosen(request), by=signed_in(request), **form.cleaned_data)
    except (RuleBroken, Stale) as refusal:
        return _refused(request, shown, form, refusal)
    messages.success(request, "It is recorded.")
    return redirect("episodes:episode", shown.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def step(request: HttpRequest, episode_id: int, step_id: int) -> HttpResponse:
    """Say otherwise what happened, when and what says so; or, when `delete` is sent, take the step out."""
    by = signed_in(request)
    shown = episode_to_see(by, episode_id)
    held = step_to_change(shown, step_id)
    if "delete" in request.POST:
        return _delete(request, shown, held)
    initial = {"kind": held.kind, "happened_on": held.happened_on, "note": held.note, "version": shown.version}
    if request.method != "POST":
        return _step_page(request, shown, StepForm(initial=initial), held=held)
    form = StepForm(request.POST)
    if not form.is_valid():
        return _step_page(request, shown, form, held=held, status=422)
    try:
        change_step(step=held, evidence=_chosen(request), by=by, **form.cleaned_data)
    except (RuleBroken, Stale) as refusal:
        return _refused(request, shown, form, refusal, held=held)
    messages.success(request, "It is saved.")
    return redirect("episodes:episode", shown.pk)


def _delete(request: HttpRequest, shown: Episode, held: EpisodeStep) -> HttpResponse:
    try:
        delete_step(step=held, version=version_sent(request), by=signed_in(request))
    except (RuleBroken, Stale) as refusal:
        return refused(request, shown, refusal)
    messages.success(request, "The step is deleted.")
    return redirect("episodes:episode", shown.pk)


def _chosen(request: HttpRequest) -> list[Annotation]:
    """The records that are sent as what says so."""
    return records_named(request.POST.getlist("evidence"))


def _refused(
    request: HttpRequest,
    shown: Episode,
    form: StepForm,
    refusal: RuleBroken | Stale,
    *,
    held: EpisodeStep | None = None,
) -> HttpResponse:
    """The form again, with what was refused; of an episode that changed meanwhile as it is now."""
    if isinstance(refusal, RuleBroken):
        return _step_page(request, shown, form, held=held, problems=_place(form, refusal), status=422)
    fresh = StepForm({**request.POST.dict(), "version": refusal.current.version})
    fresh.is_valid()
    return _step_page(request, refusal.current, fresh, held=held, problems=[str(refusal)], status=409)


def _place(form: StepForm, refusal: RuleBroken) -> list[str]:
    """Put what was refused to its fields; answers what is about none of them."""
    for field, texts in refusal.problems.items():
        for text in texts:
            if field in form.fields:
                form.add_error(field, text)
    return [text for field, texts in refusal.problems.items() for text in texts if field not in form.fields]


def _step_page(
    request: HttpRequest,
    shown: Episode,
    form: StepForm,
    *,
    held: EpisodeStep | None = None,
    problems: Any = (),
    status: int = 200,
) -> HttpResponse:
    by, words = signed_in(request), asked_words(request)
    seen = records_seen_by(by)
    told = list(held.evidence.values_list("annotation", flat=True)) if held else []
    own = threats_seen_by(by).filter(occurrence__episode=shown).exclude(pk__in=told).order_by("-pk")
    says_so = worded(seen.filter(pk__in=told))
    members = worded(seen.filter(pk__in=list(own.values_list("pk", flat=True)[:MOST_FOUND])))
    found = found_evidence(words, seen, MOST_FOUND) if words_in(words) else []
    known = {one.record.pk for one in (*says_so, *members)}
    context = {
        "shown": course_of(shown, by),
        "held": held,
        "form": form,
        "words": words,
        "found": [one for one in found if one.record.pk not in known],
        "says_so": says_so,
        "members": members,
        "chosen": request.POST.getlist("evidence") if form.is_bound else [str(pk) for pk in told],
        "problems": problems,
    }
    return render(request, "threats/step.html", context, status=status)
