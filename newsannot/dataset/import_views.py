"""The imports pages: sending files, deciding what their names are, following them in, and forgetting them."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect, HttpResponseClientRefresh

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading
from newsannot.core.errors import RuleBroken
from newsannot.core.numbers import number_in
from newsannot.dataset.formats.registry import FORMATS
from newsannot.dataset.import_forms import ImportForm, MappingForm
from newsannot.dataset.import_jobs import ask_for_import, discard_import, go_on_with_import
from newsannot.dataset.models import ImportJob, ImportState

PAGE_SIZE = 100


def import_for(user: User, import_id: int) -> ImportJob:
    """One of the person's own imports; 404 for any other."""
    job = ImportJob.objects.filter(owner=user, pk=import_id).prefetch_related("files").first()
    if job is None:
        raise Http404("There is no such import, or it is not yours.")
    return job


@require_safe
@role_required(Role.EDITOR)
def imports(request: HttpRequest) -> HttpResponse:
    """One's imports."""
    jobs = ImportJob.objects.filter(owner=signed_in(request)).defer("problems", "brought", "foreign", "mapping")
    return render(request, "dataset/imports.html", {"jobs": jobs.prefetch_related("files")})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new_import(request: HttpRequest) -> HttpResponse:
    """The form of an import; sent, the worker tries it and stores nothing yet."""
    if request.method != "POST":
        return render(request, "dataset/new_import.html", {"form": ImportForm()})
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        sent = form.cleaned_data
        about = {"source": sent["source"], "language": sent["language"]}
        try:
            job = ask_for_import(uploads=sent["uploads"], name=sent["format"], **about, by=signed_in(request))
        except RuleBroken as refusal:
            form.show_refusal(refusal.problems)
        else:
            place = reverse("dataset:import", args=[job.pk])
            return HttpResponseClientRedirect(place) if getattr(request, "htmx", False) else redirect(place)
    return render(request, "dataset/new_import.html", {"form": form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def import_page(request: HttpRequest, import_id: int) -> HttpResponse:
    """How far an import is, what is wrong with it, and what came in; posted to, it is tried again or brought in.

    Only what was tried is brought in: whoever decides otherwise sees first what comes of that.
    """
    user = signed_in(request)
    job = import_for(user, import_id)
    if request.method != "POST":
        if getattr(request, "htmx", False):
            ended = HttpResponseClientRefresh()
            return render(request, "dataset/import.html#progress", {"job": job}) if job.is_under_way else ended
        return _page(request, job, MappingForm(job))
    form = MappingForm(job, request.POST)
    if form.is_valid():
        sent = form.cleaned_data
        about = {"mapping": form.mapping(), "source": sent["source"], "language": sent["language"]}
        is_wanted = "bring" in request.POST
        try:
            go_on_with_import(job=job, **about, is_trial=not is_wanted or form.has_changed(), by=user)
            if is_wanted and form.has_changed():
                messages.info(request, "Something is decided otherwise, so it is tried once more before it comes in.")
        except RuleBroken as refusal:
            messages.error(request, str(refusal))
        return redirect("dataset:import", job.pk)
    return _page(request, job, form, status=422)


def _page(request: HttpRequest, job: ImportJob, form: MappingForm, *, status: int = 200) -> HttpResponse:
    after = number_in(request.GET.get("after", "")) or 0
    shown = job.problems[after : after + PAGE_SIZE]
    context = {
        "job": job,
        "format": FORMATS[job.format].label if job.format else "",
        "form": form if job.state == ImportState.CHECKED else None,
        "problems": shown,
        "brought": _brought(job) if job.state == ImportState.DONE else [],
        "more_brought": len(job.brought) - PAGE_SIZE,
        "previous_url": f"?after={max(after - PAGE_SIZE, 0)}" if after else "",
        "next_url": f"?after={after + PAGE_SIZE}" if after + PAGE_SIZE < len(job.problems) else "",
        "shown": f"{after + 1:,}–{after + len(shown):,} of {job.problem_count:,}",
    }
    return render(request, "dataset/import.html", context, status=status)


def _brought(job: ImportJob) -> list[Mapping[str, object]]:
    """The readings that something came into, the first of them by name."""
    told = job.brought[:PAGE_SIZE]
    readings = Reading.objects.select_related("revision__article").defer("revision__text", "revision__raw")
    found = readings.defer("revision__search").in_bulk([reading for reading, _, _ in told])
    return [{"reading": found[pk], "new": new, "standing": standing} for pk, new, standing in told if pk in found]


@require_POST
@role_required(Role.EDITOR)
def discard(request: HttpRequest, import_id: int) -> HttpResponse:
    """Cancel an import that is not in, or take one that is from the list."""
    was_in = discard_import(job=import_for(signed_in(request), import_id), by=signed_in(request))
    told = "It is off the list; what it brought in stays." if was_in else "Discarded; nothing of it is kept."
    messages.success(request, told)
    return redirect("dataset:imports")
