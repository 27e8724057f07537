"""What people do and how they agree: everybody's figures for editors, one's own for oneself, and the cases of each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.review.queries.people import ENOUGH_TEXTS, own_figures, people_figures
from newsannot.review.queries.person_cases import LABELS, cases_of_person
from newsannot.review.queries.rulings import rulings_page


@require_safe
@role_required(Role.EDITOR)
def people(request: HttpRequest) -> HttpResponse:
    """Everybody's throughput and agreement."""
    return render(request, "review/people.html", {"people": people_figures()})


@require_safe
@role_required(Role.EDITOR)
def cases(request: HttpRequest, person_id: int, of: str) -> HttpResponse:
    """What one of a person's figures counts."""
    return _cases_page(request, get_object_or_404(User, pk=person_id), of)


@require_safe
@role_required(Role.EDITOR)
def rulings(request: HttpRequest, person_id: int) -> HttpResponse:
    """The rulings on a person's readings, all or (`otherwise`) those that went against what they said."""
    person, query = get_object_or_404(User, pk=person_id), request.GET.dict()
    page, shown = rulings_page(person, {**query, "reading": ""})
    context = {"person": person, "rulings": shown, "is_otherwise": bool(query.get("otherwise")), **page.links(query)}
    return render(request, "review/rulings.html", context)


@require_safe
@role_required(Role.ANALYST)
def mine(request: HttpRequest) -> HttpResponse:
    """One's own throughput and agreement, never another's."""
    shown = own_figures(signed_in(request))
    context = {"people": shown, "own": shown.figures[0], "enough": ENOUGH_TEXTS}
    return render(request, "review/figures.html", context)


@require_safe
@role_required(Role.ANALYST)
def my_cases(request: HttpRequest, of: str) -> HttpResponse:
    """What one of one's own figures counts: one's own readings, and nobody else's."""
    return _cases_page(request, signed_in(request), of)


def _cases_page(request: HttpRequest, person: User, of: str) -> HttpResponse:
    if of not in LABELS:
        raise Http404("There is no such figure.")
    query = request.GET.dict()
    page, rows = cases_of_person(person, of, query)
    is_own = person == signed_in(request)
    context = {"person": person, "is_own": is_own, "label": LABELS[of], "rows": rows, **page.links(query)}
    return render(request, "review/person_cases.html", context)
