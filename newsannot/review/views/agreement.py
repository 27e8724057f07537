"""How far analysts agree: the figures as last made, from each of them its cases, and both as sheets."""

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from io import StringIO
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.kinds import all_kinds
from newsannot.core.errors import RuleBroken
from newsannot.core.numbers import number_in
from newsannot.review.access import Scope, scope_for
from newsannot.review.agreement.measures import EXPLAINED, MEASURES, Group
from newsannot.review.measuring import ask_for_report
from newsannot.review.models import AgreementReport, Batch
from newsannot.review.queries.cases import Values, asked, case_sheet, cases_page, confusion_of
from newsannot.review.queries.figures import Figures, changes_since, chart_of, group_name, names_of, report_of, sheet_of
from newsannot.review.rules.sheets import cell
from newsannot.workbench.views.answers import in_words, is_part

BATCHES = 50
"""How many batches are offered beside all work."""
CHOOSING = ("batch", "article", "codebook", "group")
NARROWING = (*CHOOSING, "kind", "name", "from", "to")
"""What of an address says which figure it is, besides the values and whether they are alike."""
WAITS = (1, 1, 2, 3, 5, 8)
"""Seconds before the page asks again how far the worker is: ever longer."""


@require_safe
@role_required(Role.EDITOR)
def agreement(request: HttpRequest) -> HttpResponse:
    """The figures of a batch, an article or all work; to htmx, which asks while they are made, how far that is."""
    scope = scope_for(signed_in(request), request.GET.dict())
    report = report_of(scope)
    waiting = _waiting(request, scope, report)
    if is_part(request):
        return render(request, "review/agreement.html#computing", waiting) if waiting else HttpResponseClientRefresh()
    return _agreement_page(request, scope, report, waiting)


def _agreement_page(
    request: HttpRequest, scope: Scope, report: AgreementReport | None, waiting: dict[str, object], status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {
        "scope": scope,
        "query": urlencode(scope.query),
        "report": report,
        "batches": Batch.objects.order_by("-pk")[:BATCHES],
        **waiting,
    }
    if report and report.made_at:
        context |= _figures(request, scope, report)
    response = render(request, "review/agreement.html", context, status=status)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _waiting(request: HttpRequest, scope: Scope, report: AgreementReport | None) -> dict[str, object]:
    """How far the worker is, and when to ask again; nothing when it is not at work."""
    if report is None or not report.is_under_way(timezone.now()):
        return {}
    times = min(number_in(request.GET.get("asked", "")) or 0, len(WAITS) - 1)
    again = f"{reverse('review:agreement')}?{urlencode({**scope.query, 'asked': times + 1})}"
    return {"report": report, "again": again, "wait": WAITS[times]}


def _figures(request: HttpRequest, scope: Scope, report: AgreementReport) -> dict[str, object]:
    figures = Figures(report, scope, number_in(request.GET.get("codebook", "")))
    group = figures.group_named(request.GET.get("group", ""))
    where, what = figures.tables(group)
    return {
        "figures": figures,
        "kinds": list(all_kinds()),
        "group": group_name(group),
        "group_label": figures.label_of(group),
        "groups": [(group_name(pair), figures.label_of(pair), pair == group) for pair in figures.pairs],
        "tables": [("where", "Where something was marked", where), ("what", "What was said of it", what)],
        "pairs": [(group_name(pair.group), pair) for pair in figures.pair_lines()],
        "version_lines": figures.version_lines(),
        "chart": chart_of(figures),
        "changed": changes_since(report, scope).words,
        "explained": [(MEASURES[name].replace("'", "’"), words) for name, words in EXPLAINED.items()],
    }


@require_POST
@role_required(Role.EDITOR)
def compute(request: HttpRequest) -> HttpResponse:
    """Have figures made anew."""
    scope = scope_for(signed_in(request), request.POST.dict())
    try:
        ask_for_report(batch=scope.batch, article=scope.article, by=signed_in(request))
    except RuleBroken as refusal:
        messages.info(request, in_words(refusal))
    return redirect(f"{reverse('review:agreement')}?{urlencode(scope.query)}" if scope.query else "review:agreement")


@require_safe
@role_required(Role.EDITOR)
def cases(request: HttpRequest) -> HttpResponse:
    """The cases of a figure, page by page, and of a field which value stands against which."""
    scope = scope_for(signed_in(request), request.GET.dict())
    query = request.GET.dict()
    wanted = asked(_made(scope), query)
    known = Values(wanted.codebook)
    page, rows = cases_page(wanted, known, query)
    narrowing = {name: query[name] for name in NARROWING if query.get(name)}
    confusion = confusion_of(wanted, known)
    context = {
        "scope": scope,
        "back": urlencode(
            {name: v for name, v in narrowing.items() if name in {"batch", "article", "codebook", "group"}}
        ),
        "base": urlencode(narrowing),
        "everything": urlencode({name: query[name] for name in query if name not in {"after", "before"}}),
        "wanted": wanted,
        "group_label": _group_label(wanted.group),
        "rows": rows,
        "confusion": confusion,
        "chosen": _chosen(wanted.first, wanted.second, confusion.names) if confusion else "",
        **page.links(query),
    }
    return render(request, "review/cases.html", context)


def _group_label(group: Group) -> str:
    """Whose figures they are."""
    names = names_of(group)
    named = [names.get(pk, "somebody") for pk in group]
    return " and ".join(named) if len(named) == 2 else f"{named[0]} with the others" if named else "all analysts"


def _chosen(first: str | None, second: str | None, names: Mapping[str, str]) -> str:
    if first is None or second is None:
        return ""
    return f"“{names.get(first, first)}” against “{names.get(second, second)}”"


def _made(scope: Scope) -> AgreementReport:
    report = report_of(scope)
    if report is None or report.made_at is None:
        raise Http404("These figures were not computed yet.")
    return report


@require_safe
@role_required(Role.EDITOR)
def figures_sheet(request: HttpRequest) -> StreamingHttpResponse:
    """Every figure as CSV."""
    scope = scope_for(signed_in(request), request.GET.dict())
    return _sheet("agreement.csv", sheet_of(Figures(_made(scope), scope)))


@require_safe
@role_required(Role.EDITOR)
def cases_sheet(request: HttpRequest) -> StreamingHttpResponse:
    """The cases of a figure as CSV."""
    query = request.GET.dict()
    wanted = asked(_made(scope_for(signed_in(request), query)), query)
    return _sheet("cases.csv", case_sheet(wanted))


def _sheet(name: str, lines: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    response = StreamingHttpResponse(_written(lines), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _written(lines: Iterable[Sequence[object]]) -> Iterator[str]:
    for line in lines:
        row = StringIO()
        csv.writer(row, lineterminator="\r\n").writerow([cell(value) for value in line])
        yield row.getvalue()
