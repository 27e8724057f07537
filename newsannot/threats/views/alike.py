"""What may be one threat over time, side by side, for editors to decide."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.queries import words_of_record
from newsannot.core.errors import RuleBroken
from newsannot.core.keyset import number, page_of
from newsannot.core.numbers import number_in
from newsannot.threats.access import question_to_decide
from newsannot.threats.actions import ask_again, hold_apart, hold_same
from newsannot.threats.models import Kinship
from newsannot.threats.queries import open_questions, sides_of

MOST_COUNTED = 1000
LIKEST_KEY = (("score", float), ("id", number))


@require_safe
@role_required(Role.EDITOR)
def alike(request: HttpRequest) -> HttpResponse:
    """Two threats side by side that may be one, the likest first; `after` passes over some."""
    query = {key: value for key, value in request.GET.dict().items() if key in {"after", "before"}}
    page = page_of(open_questions(), LIKEST_KEY, query, size=1, is_descending=True)
    question = page.rows[0] if page.rows else None
    context = {
        "question": question,
        "sides": sides_of(question) if question else (),
        "count": open_questions().order_by()[: MOST_COUNTED + 1].count(),
        "most": MOST_COUNTED,
        "apart": _told_apart(request.GET.get("apart", "")),
        "after": query.get("after", ""),
        **page.links(query),
    }
    return render(request, "threats/alike.html", context)


def _told_apart(key: str) -> Kinship | None:
    """The question just answered with no, which can be asked again."""
    pk = number_in(key)
    return None if pk is None else Kinship.objects.filter(pk=pk, verdict="apart").first()


@require_POST
@role_required(Role.EDITOR)
def decide(request: HttpRequest, kinship_id: int) -> HttpResponse:
    """Say whether two threats are one (`verdict`: same, apart, or again), and go on to the next."""
    question, by, verdict = question_to_decide(kinship_id), signed_in(request), request.POST.get("verdict")
    kept = {"after": request.POST["after"]} if request.POST.get("after") else {}
    try:
        if verdict == "same":
            made = hold_same(kinship=question, by=by)
            messages.success(request, f"Gathered under episode {words_of_record(made.canonical_id)}.")
        elif verdict == "apart":
            kept["apart"] = str(hold_apart(kinship=question, by=by).pk)
        else:
            ask_again(kinship=question, by=by)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('episodes:alike')}{'?' if kept else ''}{urlencode(kept)}")
