"""Pages of releases: which there are, one with its files, what differs between two, ordering one."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.core.errors import RuleBroken
from newsannot.dataset.access import file_of, release_and_former, release_for, release_given_out
from newsannot.dataset.actions import drop_release, order_release
from newsannot.dataset.downloading import download
from newsannot.dataset.queries import former_releases, releases_page
from newsannot.dataset.release_forms import ReleaseForm
from newsannot.dataset.releasing.differences import differences

PAGE_SIZE = 50


@require_safe
@role_required(Role.READER)
def releases(request: HttpRequest) -> HttpResponse:
    """All releases, the newest first; editors also see those that are being made or failed."""
    page = releases_page(signed_in(request), request.GET.dict())
    return render(request, "dataset/releases.html", {"rows": page.rows, **page.links(request.GET.dict())})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new_release(request: HttpRequest) -> HttpResponse:
    """The form of a release; posted to, the worker makes it."""
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = order_release(**form.cleaned_data, by=signed_in(request))
        except RuleBroken as refusal:
            form.show_refusal(refusal.problems)
        else:
            return redirect("dataset:release", made.name)
    status = 422 if request.method == "POST" else 200
    return render(request, "dataset/new_release.html", {"form": form}, status=status)


@require_safe
@role_required(Role.READER)
def release(request: HttpRequest, release: str) -> HttpResponse:
    """One release with its files."""
    shown = release_for(signed_in(request), release)
    context = {"release": shown, "files": shown.files.all(), "former": former_releases(shown)}
    return render(request, "dataset/release.html", context)


@require_safe
@role_required(Role.READER)
def file(request: HttpRequest, release: str, file: str) -> HttpResponseBase:
    """A file of a release, to keep."""
    return download(request, file_of(release_given_out(release), file))


@require_safe
@role_required(Role.READER)
def since(request: HttpRequest, release: str, former: str) -> HttpResponse:
    """What was added, changed and removed since a former release."""
    later, earlier = release_and_former(release, former)
    after = request.GET.get("after", "").replace("\x00", "")
    found = differences(earlier, later, after=after, most=PAGE_SIZE)
    context = {
        "release": later,
        "former": earlier,
        "rows": found.rows,
        "previous_url": "?" if after else "",
        "next_url": f"?after={found.after}" if found.after else "",
    }
    return render(request, "dataset/since.html", context)


@require_POST
@role_required(Role.EDITOR)
def drop(request: HttpRequest, release: str) -> HttpResponse:
    """Take away a release that failed."""
    shown = release_for(signed_in(request), release)
    try:
        drop_release(release=shown, by=signed_in(request))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect("dataset:release", shown.name)
    messages.success(request, f"“{shown}” is taken away; its name is free.")
    return redirect("dataset:releases")
