"""Pages of the codebook and the guidelines, for everybody who has signed in; proposals, for who annotates."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.codebook.drafting import propose_change
from newsannot.codebook.forms import ProposalForm
from newsannot.codebook.models import Code, CodebookVersion, Guideline, Scheme
from newsannot.codebook.past import VersionLine, scheme_differences, versions_of, wording_differences, wordings_of
from newsannot.codebook.prose import render as render_prose
from newsannot.codebook.queries import codebook, current_guidelines, find_codes, schemes_of
from newsannot.codebook.rules import by_subject
from newsannot.core.errors import RuleBroken


def _newest() -> CodebookVersion:
    newest = CodebookVersion.objects.first()
    if newest is None:
        raise Http404("No code lists are loaded yet; an administrator runs: manage.py load_codebook")
    return newest


@login_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """All schemes by subject; with `q`, the codes in which all its words occur."""
    newest, words = _newest(), request.GET.get("q", "").strip()
    schemes = schemes_of(newest.pk)
    context = {
        "codebook": newest,
        "words": words,
        "found": find_codes(newest.pk, words),
        "subjects": [(subject, [schemes[key] for key in keys]) for subject, keys in by_subject(schemes.keys()).items()],
    }
    is_part = getattr(request, "htmx", False)
    response = render(request, "codebook/index.html#codes" if is_part else "codebook/index.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


@login_required
@require_safe
def scheme(request: HttpRequest, key: str) -> HttpResponse:
    """One scheme with all its codes, their definitions and examples."""
    newest = _newest()
    shown = schemes_of(newest.pk).get(key)
    if shown is None:
        raise Http404(f"There is no scheme “{key}”.")
    codes = codebook(newest.pk).get(key, {}).values()
    return render(request, "codebook/scheme.html", {"codebook": newest, "scheme": shown, "codes": codes})


@login_required
@require_safe
def guidelines(request: HttpRequest, key: str = "") -> HttpResponse:
    """The chapters of the guidelines, one of them open: the first unless named. For htmx, the part beside a text."""
    chapters = current_guidelines()
    shown = next((chapter for chapter in chapters if key in {"", chapter.key}), None)
    if key and shown is None:
        raise Http404(f"There is no guideline “{key}”.")
    prose = render_prose(shown.text) if shown else None
    is_part = getattr(request, "htmx", False)
    template = "codebook/guidelines.html#beside" if is_part else "codebook/guidelines.html"
    response = render(request, template, {"chapters": chapters, "shown": shown, "prose": prose})
    patch_vary_headers(response, ["HX-Request"])
    return response


# --- Versions -------------------------------------------------------------------------------------


def _asked_number(request: HttpRequest, known: Sequence[VersionLine]) -> VersionLine:
    """The version that `?number=` names; the newest unless one is named."""
    asked = request.GET.get("number", "")
    found = next((one for one in known if str(one.number) == asked), None) if asked else known[0]
    if found is None:
        raise Http404("There is no such version.")
    return found


@login_required
@require_safe
def versions(request: HttpRequest, key: str) -> HttpResponse:
    """The versions of a scheme, and what one of them changed."""
    shown = get_object_or_404(Scheme, key=key)
    known = versions_of(shown)
    if not known:
        raise Http404("This list was never loaded.")
    chosen = _asked_number(request, known)
    context = {
        "title": shown.name,
        "back": reverse("codebook:scheme", args=[key]),
        "versions": known,
        "chosen": chosen,
        "differences": scheme_differences(shown, chosen.number),
    }
    return render(request, "codebook/versions.html", context)


@login_required
@require_safe
def wordings(request: HttpRequest, key: str) -> HttpResponse:
    """The wordings of a chapter, and what one of them changed."""
    known = wordings_of(key)
    if not known:
        raise Http404(f"There is no guideline “{key}”.")
    chosen = _asked_number(request, known)
    context = {
        "title": Guideline.objects.get(key=key, number=known[0].number).title,
        "back": reverse("codebook:guidelines", args=[key]),
        "versions": known,
        "chosen": chosen,
        "passages": wording_differences(key, chosen.number),
    }
    return render(request, "codebook/versions.html", context)


# --- Proposals ------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def propose(request: HttpRequest, key: str) -> HttpResponse:
    """Propose a change of a list, or of the code of any of its versions that `code` names."""
    shown = get_object_or_404(Scheme, key=key)
    code = (request.POST if request.method == "POST" else request.GET).get("code", "").replace("\x00", "")
    known = Code.objects.filter(scheme_version__scheme=shown, code=code).order_by("-scheme_version__number").first()
    if code and known is None:
        raise Http404("There is no such code.")
    about = f"{shown.name}: {known.label}" if known else shown.name
    back = reverse("codebook:scheme", args=[key]) + (f"#code-{code}" if code else "")
    return _propose(request, about, back, scheme=shown, code=code)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def propose_wording(request: HttpRequest, key: str) -> HttpResponse:
    """Propose a change of a chapter."""
    shown = next((chapter for chapter in current_guidelines() if chapter.key == key), None)
    if shown is None:
        raise Http404(f"There is no guideline “{key}”.")
    return _propose(request, shown.title, reverse("codebook:guidelines", args=[key]), guideline=key)


def _propose(
    request: HttpRequest, about: str, back: str, *, scheme: Scheme | None = None, guideline: str = "", code: str = ""
) -> HttpResponse:
    """The form of a proposal; posted to, it is handed to the editors."""
    form = ProposalForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            propose_change(
                scheme=scheme, guideline=guideline, code=code, text=form.cleaned_data["text"], by=signed_in(request)
            )
        except RuleBroken as refusal:
            form.add_error("text", [text for texts in refusal.problems.values() for text in texts])
        else:
            messages.success(request, "Handed to the editors. You are told what becomes of it.")
            return redirect(back)
    context = {"form": form, "about": about, "back": back, "code": code}
    return render(request, "codebook/propose.html", context, status=422 if form.is_bound else 200)
