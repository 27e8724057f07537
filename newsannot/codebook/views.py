"""Pages of the codebook and the guidelines, for everybody who has signed in."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.prose import render as render_prose
from newsannot.codebook.queries import codebook, current_guidelines, find_codes, schemes_of
from newsannot.codebook.rules import by_subject


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
