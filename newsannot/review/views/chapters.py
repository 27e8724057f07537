"""The editors' pages of chapters of the guidelines, and of new code lists.

A chapter is written anew, looked at beside what is in force, put in force, moved, taken out; new ones are added.
"""

from collections.abc import Sequence

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.codebook.chapters import add_chapter, add_list, move_chapter, rename_list, withdraw_chapter
from newsannot.codebook.drafting import write_guideline
from newsannot.codebook.models import Guideline, Proposal, Scheme, SchemeVersion
from newsannot.codebook.prose import render as render_prose
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.numbers import number_in
from newsannot.core.wording import passages
from newsannot.review.code_forms import ChapterForm, ListNameForm, NewChapterForm, NewListForm, show


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def chapter(request: HttpRequest, key: str) -> HttpResponse:
    """The form of a chapter; posted to, it shows what differs, and with `force` puts that in force.

    A wording written on an older one is refused and shown beside the one that stands.
    """
    standing = _standing(key)
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


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new_chapter(request: HttpRequest) -> HttpResponse:
    """The form of a new chapter; posted to, it shows how it will be read, and with `force` puts it in force."""
    form = NewChapterForm(request.POST if request.method == "POST" else None)
    if not form.is_bound:
        return _new_page(request, form)
    if not form.is_valid():
        return _new_page(request, form, status=422)
    if "force" not in request.POST:
        return _new_page(request, form)
    try:
        made = add_chapter(**form.cleaned_data, by=signed_in(request))
    except RuleBroken as refusal:
        show(form, refusal.problems)
        return _new_page(request, form, status=422)
    messages.success(request, "The chapter is in force.")
    return redirect("codebook:guidelines", made.key)


def _new_page(request: HttpRequest, form: NewChapterForm, status: int = 200) -> HttpResponse:
    written = form.cleaned_data.get("text", "") if form.is_bound else ""
    context = {"form": form, "prose": render_prose(written) if written else None}
    return render(request, "review/new_chapter.html", context, status=status)


@require_POST
@role_required(Role.EDITOR)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Let a chapter change places with the one before it (`up`), or the one after."""
    try:
        move_chapter(key=_standing(key).key, is_up="up" in request.POST, by=signed_in(request))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('review:codebook')}#chapters")


@require_POST
@role_required(Role.EDITOR)
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Take a chapter out of the guidelines, with a reason."""
    standing = _standing(key)
    said = {"base": standing.number, "title": standing.title, "text": standing.text}
    base, reason = number_in(request.POST.get("base", "")) or 0, request.POST.get("withdrawal", "")
    try:
        withdraw_chapter(key=key, base=base, reason=reason, by=signed_in(request))
    except Stale as stale:
        return _page(request, stale.current, ChapterForm(initial=said), is_stale=True, status=409)
    except RuleBroken as refusal:
        problems = [text for texts in refusal.problems.values() for text in texts]
        return _page(request, standing, ChapterForm(initial=said), withdrawal=problems, status=422)
    messages.success(request, f"“{standing.title}” is withdrawn; its wordings stay on record.")
    return redirect("review:codebook")


def _standing(key: str) -> Guideline:
    standing = Guideline.objects.filter(key=key).order_by("number").last()
    if standing is None:
        raise Http404(f"There is no guideline “{key}”.")
    return standing


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new_list(request: HttpRequest) -> HttpResponse:
    """The form of a new code list with its first code; posted to, the list is in force, and more codes are drafted."""
    form = NewListForm(request.POST if request.method == "POST" else None)
    if not form.is_bound or not form.is_valid():
        return render(request, "review/new_list.html", {"form": form}, status=422 if form.is_bound else 200)
    sent = form.cleaned_data
    first = {name: sent[name] for name in ("code", "label", "definition")}
    try:
        made = add_list(
            name=sent["name"],
            description=sent["description"],
            first=first,
            reason=sent["reason"],
            by=signed_in(request),
        )
    except RuleBroken as refusal:
        show(form, refusal.problems)
        return render(request, "review/new_list.html", {"form": form}, status=422)
    messages.success(request, f"In force: codebook {made.number}. Add more codes in a draft of the list.")
    return redirect("codebook:scheme", Scheme.objects.latest("pk").key)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def list_name(request: HttpRequest, key: str) -> HttpResponse:
    """The form of what a list is called; posted to, that is in force.

    One written on an older version is refused and shown beside the one that stands.
    """
    scheme = get_object_or_404(Scheme, key=key)
    standing = scheme.versions.last()
    if standing is None:
        raise Http404("This list was never loaded.")
    said = {"base": standing.number, "name": standing.name, "description": standing.description}
    form = ListNameForm(request.POST) if request.method == "POST" else ListNameForm(initial=said)
    if not form.is_valid():
        return _name_page(request, standing, form, status=422 if form.is_bound else 200)
    try:
        made = rename_list(scheme=scheme, **form.cleaned_data, by=signed_in(request))
    except Stale as stale:
        form.data = request.POST.copy()
        form.data["base"] = str(stale.current.number)
        return _name_page(request, stale.current, form, is_stale=True, status=409)
    except RuleBroken as refusal:
        show(form, refusal.problems)
        return _name_page(request, standing, form, status=422)
    messages.success(request, f"In force: codebook {made.number}. No code and no reading changed.")
    return redirect("codebook:scheme", key)


def _name_page(
    request: HttpRequest, standing: SchemeVersion, form: ListNameForm, *, is_stale: bool = False, status: int = 200
) -> HttpResponse:
    context = {"standing": standing, "form": form, "is_stale": is_stale}
    return render(request, "review/list_name.html", context, status=status)


def _page(
    request: HttpRequest,
    standing: Guideline,
    form: ChapterForm,
    *,
    is_looked_at: bool = False,
    is_stale: bool = False,
    withdrawal: Sequence[str] = (),
    status: int = 200,
) -> HttpResponse:
    written = form.cleaned_data.get("text", "").replace("\r\n", "\n").strip() + "\n" if is_looked_at else ""
    context = {
        "standing": standing,
        "form": form,
        "is_looked_at": is_looked_at,
        "is_stale": is_stale,
        "withdrawal_problems": withdrawal,
        "withdrawal": request.POST.get("withdrawal", ""),
        "passages": passages(standing.text, written) if is_looked_at else (),
        "prose": render_prose(written) if is_looked_at else None,
        "proposals": Proposal.objects.filter(guideline=standing.key, state=Proposal.State.ACCEPTED)
        .filter(decided_at__gt=standing.created_at)
        .select_related("by"),
    }
    return render(request, "review/chapter.html", context, status=status)
