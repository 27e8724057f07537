"""The editors' pages of a code list in the making: the draft with its preview, its edits, putting it in force."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.codebook.drafting import add_edit, discard_draft, open_draft, put_in_force, take_back_edit
from newsannot.codebook.models import Draft, Edit, Scheme
from newsannot.codebook.revising import EditSaid
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.numbers import number_in
from newsannot.review.code_forms import TITLES, EditForm
from newsannot.review.queries.drafts import codes_in_use, draft_shown, open_draft_of

STALE = "Somebody edited this draft meanwhile. Look at it as it stands now, then send yours again."


def _version(request: HttpRequest) -> int:
    """The draft's version that was looked at; one that is no number fits none."""
    return number_in(request.POST.get("version", "")) or 0


def _draft_of(key: str) -> Draft:
    draft = open_draft_of(get_object_or_404(Scheme, key=key))
    if draft is None:
        raise Http404("There is no draft of this list; an editor begins one from the list’s page.")
    return draft


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def draft(request: HttpRequest, key: str) -> HttpResponse:
    """A draft with what it would change; posted to, it is begun."""
    if request.method == "POST":
        open_draft(scheme=get_object_or_404(Scheme, key=key), by=signed_in(request))
        return redirect("review:draft", key)
    return _draft_page(request, _draft_of(key))


def _draft_page(
    request: HttpRequest, shown: Draft, *, refusal: RuleBroken | None = None, status: int = 200
) -> HttpResponse:
    problems = refusal.problems if refusal else {}
    context = {
        "shown": draft_shown(shown),
        "reason": request.POST.get("reason", ""),
        "reason_problems": problems.get("reason", ()),
        "problems": [text for field, texts in problems.items() if field != "reason" for text in texts],
    }
    return render(request, "review/draft.html", context, status=status)


def _answer(request: HttpRequest, key: str, refusal: RuleBroken | Stale) -> HttpResponse:
    """The draft as it stands, with what was refused; the list's page when there is no draft any more."""
    standing = open_draft_of(get_object_or_404(Scheme, key=key))
    words = str(refusal) if isinstance(refusal, RuleBroken) else STALE
    if standing is None:
        messages.error(request, words)
        return redirect("codebook:scheme", key)
    told = refusal if isinstance(refusal, RuleBroken) else RuleBroken(words, field="draft")
    return _draft_page(request, standing, refusal=told, status=409 if isinstance(refusal, Stale) else 422)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def edit(request: HttpRequest, key: str, sort: str) -> HttpResponse:
    """The form of an edit; posted to, the edit is made. One on a draft that moved on is shown beside it."""
    if sort not in TITLES:
        raise Http404("There is no such edit.")
    shown = _draft_of(key)
    entries = codes_in_use(shown)
    sent = request.POST if request.method == "POST" else None
    code = (request.POST if sent else request.GET).get("codes", "")
    if sort in {"change", "retire", "split"} and code not in {one.code for one in entries}:
        raise Http404("There is no such code in use.")
    form = EditForm(sort, entries, sent, code=code)
    form.initial["version"] = shown.version
    if sent is None:
        return _edit_page(request, shown, form)
    if not form.is_valid():
        return _edit_page(request, shown, form, status=422)
    try:
        add_edit(draft=shown, version=form.cleaned_data["version"], said=form.said(), by=signed_in(request))
    except Stale as stale:
        return _edit_page(
            request, stale.current, _sent_anew(request, form, stale.current), seen=_version(request), status=409
        )
    except RuleBroken as refusal:
        form.show_refusal(refusal.problems)
        return _edit_page(request, shown, form, status=422)
    return redirect("review:draft", key)


def _sent_anew(request: HttpRequest, form: EditForm, standing: Draft) -> EditForm:
    """The same form, to be sent on the draft as it stands."""
    data = request.POST.copy()
    data["version"] = str(standing.version)
    return EditForm(form.sort, codes_in_use(standing), data, code=str(form.initial.get("codes", "")))


def _edit_page(
    request: HttpRequest, shown: Draft, form: EditForm, *, seen: int | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "draft": shown,
        "form": form,
        "title": TITLES[form.sort],
        "entry": next((one for one in form.entries if one.code == form.initial.get("codes")), None),
        "meanwhile": draft_shown(shown).edits[-(shown.version - seen) :] if seen is not None else (),
        "is_stale": seen is not None,
    }
    return render(request, "review/edit.html", context, status=status)


@require_POST
@role_required(Role.EDITOR)
def move(request: HttpRequest, key: str) -> HttpResponse:
    """Move a code past its neighbour: up when `up` is sent, else down."""
    shown = _draft_of(key)
    code, places = request.POST.get("codes", ""), -1 if "up" in request.POST else 1
    said = EditSaid("move", (code,), ({"places": places},))
    try:
        add_edit(draft=shown, version=_version(request), said=said, by=signed_in(request))
    except (RuleBroken, Stale) as refusal:
        return _answer(request, key, refusal)
    return redirect(f"{reverse('review:draft', args=[key])}#code-{code}")


@require_POST
@role_required(Role.EDITOR)
def take_back(request: HttpRequest, key: str, edit_id: int) -> HttpResponse:
    """Take an edit out of the draft."""
    shown = _draft_of(key)
    try:
        take_back_edit(
            edit=get_object_or_404(Edit.objects.select_related("draft"), pk=edit_id, draft=shown),
            version=_version(request),
            by=signed_in(request),
        )
    except (RuleBroken, Stale) as refusal:
        return _answer(request, key, refusal)
    return redirect("review:draft", key)


@require_POST
@role_required(Role.EDITOR)
def discard(request: HttpRequest, key: str) -> HttpResponse:
    """Close the draft without a version of it."""
    try:
        discard_draft(draft=_draft_of(key), version=_version(request), by=signed_in(request))
    except (RuleBroken, Stale) as refusal:
        return _answer(request, key, refusal)
    messages.success(request, "The draft is discarded; what is in force stays.")
    return redirect("codebook:scheme", key)


@require_POST
@role_required(Role.EDITOR)
def enforce(request: HttpRequest, key: str) -> HttpResponse:
    """Put the draft in force, with a reason."""
    scheme = get_object_or_404(Scheme, key=key)
    shown = open_draft_of(scheme) or Draft.objects.filter(scheme=scheme).first()
    if shown is None:
        raise Http404("There is no draft of this list.")
    try:
        made = put_in_force(
            draft=shown, version=_version(request), reason=request.POST.get("reason", ""), by=signed_in(request)
        )
    except (RuleBroken, Stale) as refusal:
        return _answer(request, key, refusal)
    messages.success(request, f"In force: codebook {made.number}. Readings begun from now on are coded under it.")
    return redirect("codebook:scheme", key)
