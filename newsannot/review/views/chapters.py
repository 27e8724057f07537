"""The editors' page of a chapter of the guidelines: written anew, looked at beside what is in force, put in force."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.codebook.drafting import write_guideline
from newsannot.codebook.models import Guideline, Proposal
from newsannot.codebook.prose import render as render_prose
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.wording import passages
from newsannot.review.code_forms import ChapterForm, show


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def chapter(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a chapter; posted to, it shows what differs, and with `force` puts that in force.

    A wording written on an older one is refused and shown beside the one that stands.
    """
    standing = Guideline.objects.filter(key=key).order_by("number").last()
    if standing is None:
        raise Http404(f"There is no guideline “{key}”.")
    if request.method != "POST":
        said = {"base": standing.number, "title": standing.title, "text": standing.text}
        return _page(request, standing, ChapterForm(initial=said))
    form = ChapterForm(request.POST)
    if not form.is_valid():
        return _page(request, standing, form, status=422)
    return _written(request, standing, form)


def _written(request: HttpRequest, standing: Guideline, form: ChapterForm) -> HttpResponse:
    key = standing.key
    if form.cleaned_data["base"] != standing.number:
        return _stale(request, standing, form)
    if "force" not in request.POST:
        return _page(request, standing, form, is_looked_at=True)
    try:
        made = write_guideline(key=key, **form.cleaned_data, by=signed_in(request))
    except Stale as stale:
        return _stale(request, stale.current, form)
    except RuleBroken as refusal:
        show(form, refusal.problems)
        return _page(request, standing, form, is_looked_at=True, status=422)
    messages.success(request, f"In force: version {made.number}.")
    return redirect("codebook:guidelines", key)


def _stale(request: HttpRequest, standing: Guideline, form: ChapterForm) -> HttpResponse:
    """What was written, to be sent on the wording that stands, with the difference between the two."""
    data = request.POST.copy()
    data["base"] = str(standing.number)
    anew = ChapterForm(data)
    anew.is_valid()
    return _page(request, standing, anew, is_looked_at=True, is_stale=True, status=409)


def _page(
    request: HttpRequest,
    standing: Guideline,
    form: ChapterForm,
    *,
    is_looked_at: bool = False,
    is_stale: bool = False,
    status: int = 200,
) -> HttpResponse:
    written = form.cleaned_data.get("text", "").replace("\r\n", "\n").strip() + "\n" if is_looked_at else ""
    context = {
        "standing": standing,
        "form": form,
        "is_looked_at": is_looked_at,
        "is_stale": is_stale,
        "passages": passages(standing.text, written) if is_looked_at else (),
        "prose": render_prose(written) if is_looked_at else None,
        "proposals": Proposal.objects.filter(guideline=standing.key, state=Proposal.State.ACCEPTED)
        .filter(decided_at__gt=standing.created_at)
        .select_related("by"),
    }
    return render(request, "review/chapter.html", context, status=status)
