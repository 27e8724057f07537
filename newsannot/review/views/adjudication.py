"""Comparing the readings of a text, and deciding what they differ about beside its curated reading."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import reading_for
from newsannot.annotations.models import Derivation, Reading, Span
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.numbers import number_in
from newsannot.core.rows import pipelined
from newsannot.review.access import dispute_to_decide, revision_to_compare
from newsannot.review.merging import merge_readings, unmerge_readings
from newsannot.review.models import Adjudication, Dispute
from newsannot.review.queries.disputes import Docket, Question, ask_docket, ask_question, docket_of, just_undone
from newsannot.review.queries.progress import progress_of
from newsannot.review.queries.taken import taken_over
from newsannot.review.rules.comparison import Strategy, strategy_named
from newsannot.review.rules.words import finished_in_words, merged_in_words
from newsannot.review.ruling import Ruled, finish_adjudication, reopen, rule
from newsannot.workbench.forms.sent import whole_number
from newsannot.workbench.queries.overview import ask_tallies, overview
from newsannot.workbench.queries.records import RecordPage, record_page
from newsannot.workbench.queries.text import ask_touched
from newsannot.workbench.views.answers import (
    answers_refusals,
    in_words,
    is_part,
    overview_html,
    painted,
    partial,
    record_html,
    refusal,
    tally_html,
    text_partials,
    token_for,
)
from newsannot.workbench.views.reading import workbench_page

HIDDEN = "names_hidden"
OVERTAKEN = "Somebody decided this meanwhile. Yours was not stored over it."


@require_safe
@role_required(Role.EDITOR)
def adjudication(request: HttpRequest, revision_id: int) -> HttpResponse:
    """What is in of a text, and once the readings were compared, the questions beside its curated reading."""
    revision = revision_to_compare(signed_in(request), revision_id)
    progress = progress_of(revision)
    if progress.adjudication is None:
        context = {"revision": revision, "progress": progress, "strategies": list(Strategy)}
        return render(request, "review/compare.html", context)
    reading = reading_for(signed_in(request), progress.adjudication.curated_id)
    docket = docket_of(reading.pk)
    dispute = _asked(request, docket)
    page = _page_of(dispute) if dispute else None
    besides = {
        "progress": progress,
        "strategies": list(Strategy),
        "undecided_count": len(docket.undecided),
        "names_hidden": _hides_names(request),
        "question": mark_safe(_asked_html(request, docket, dispute, page)),  # noqa: S308 - a rendered template
    }
    inspector = record_html(request, reading, page) if page else None
    return workbench_page(request, reading, inspector=inspector, template="review/adjudication.html", besides=besides)


def _asked(request: HttpRequest, docket: Docket) -> Dispute | None:
    """The dispute that `?question=` names, else the first undecided one, else the first."""
    wanted = number_in(request.GET.get("question", ""))
    pk = wanted if wanted in docket.ids else docket.after(None) or next(iter(docket.ids), None)
    return dispute_to_decide(signed_in(request), pk) if pk else None


def _page_of(asked: Dispute) -> RecordPage | None:
    """The record a question is about, unless it was rejected."""
    if asked.curated.deleted_at is not None:
        return None
    return record_page(asked.curated, article=asked.curated.reading.revision.article)


def _asked_html(
    request: HttpRequest,
    docket: Docket,
    dispute: Dispute | None,
    page: RecordPage | None = None,
    *,
    refused: tuple[str, int | None] = ("", None),
) -> str:
    """The panel with the question that a dispute is, beside its record."""
    asked = ask_question(dispute, names_hidden=_hides_names(request))(docket, page) if dispute else None
    return question_html(request, docket, asked, refused=refused)


def question_html(
    request: HttpRequest, docket: Docket, asked: Question | None, *, refused: tuple[str, int | None] = ("", None)
) -> str:
    """The panel with one question; `refused` says why which choice was not stored."""
    problem, sent = refused
    context = {
        "question": asked,
        "total": len(docket.ids),
        "reason": request.session.get("ruling_reason", ""),
        "names_hidden": _hides_names(request),
        "problem": problem,
        "sent": sent,
        "csrf_token": token_for(request),
    }
    return render_to_string("review/_question.html", context)


def _hides_names(request: HttpRequest) -> bool:
    return bool(request.session.get(HIDDEN))


@require_POST
@role_required(Role.EDITOR)
def merge(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Compare the readings handed in, or compare them again with those that came since."""
    revision = revision_to_compare(signed_in(request), revision_id)
    strategy = next((one for one in Strategy if one.value == request.POST.get("strategy")), None)
    try:
        if strategy is None:
            raise RuleBroken("There is no such strategy.", field="strategy")
        merged = merge_readings(revision=revision, strategy=strategy, by=signed_in(request))
    except RuleBroken as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, merged_in_words(merged.items, merged.agreed, merged.disputes))
    return redirect("review:adjudication", revision.pk)


@require_POST
@role_required(Role.EDITOR)
def unmerge(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Take back what comparing put into the curated reading."""
    revision = revision_to_compare(signed_in(request), revision_id)
    try:
        taken = unmerge_readings(adjudication=_adjudication(revision.pk), by=signed_in(request))
    except RuleBroken as refused:
        messages.error(request, in_words(refused))
    else:
        messages.success(request, f"{taken} record{'s' * (taken != 1)} left the curated reading.")
    return redirect("review:adjudication", revision.pk)


@require_POST
@role_required(Role.EDITOR)
def finish(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Accept the readings that were compared."""
    revision = revision_to_compare(signed_in(request), revision_id)
    found = _adjudication(revision.pk)
    try:
        accepted = finish_adjudication(adjudication=found, by=signed_in(request))
    except RuleBroken as refused:
        messages.error(request, in_words(refused))
        return redirect("review:adjudication", revision.pk)
    messages.success(request, finished_in_words(len(accepted)))
    return redirect("review:reading", found.curated_id)


@require_safe
@role_required(Role.EDITOR)
def taken(request: HttpRequest, revision_id: int) -> HttpResponse:
    """What was taken over without an editor: what all agree on, and what the rule chosen settled."""
    revision = revision_to_compare(signed_in(request), revision_id)
    found = _adjudication(revision.pk)
    context = {
        "revision": revision,
        "reading": found.curated,
        "strategy": strategy_named(found.strategy),
        "taken": taken_over(found.curated),
    }
    return render(request, "review/taken.html", context)


def _adjudication(revision_id: int) -> Adjudication:
    found = Adjudication.objects.select_related("curated").filter(curated__revision=revision_id).first()
    if found is None:
        raise Http404("These readings were not compared yet.")
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def dispute(request: HttpRequest, dispute_id: int) -> HttpResponse:
    """One question with the record it is about; sent back, it is decided, and the next undecided one is asked."""
    asked = dispute_to_decide(signed_in(request), dispute_id)
    if request.method == "POST":
        return _decide(request, asked)
    if not is_part(request):
        return _whole_page(asked)
    if "beside" in request.GET:  # the record is there already, and was changed
        undone = just_undone(asked.curated.reading, by=signed_in(request))
        return HttpResponse(_asked_anew(request, dispute_to_decide(signed_in(request), undone or asked.pk)))
    page = _page_of(asked)
    return HttpResponse(_asked_anew(request, asked, page) + _inspector_part(request, asked.curated.reading, page))


@pipelined()
def _decide(request: HttpRequest, asked: Dispute) -> HttpResponse:
    """Store the ruling; the answer is what it touched, and the question that follows."""
    sent = request.POST
    choice: int | None = None
    try:
        choice = whole_number(sent["choice"], "choice", most=100) if sent.get("choice") else None
        seen = whole_number(sent["seen"], "seen", most=2**63 - 1) if sent.get("seen") else None
        ruled = _ruled(request, asked, choice, seen)
    except (Stale, RuleBroken) as refused:
        return _not_ruled(request, asked, refused, choice)
    curated = asked.curated.reading
    ask_for_docket, counted = ask_docket(curated.pk), ask_tallies(curated.pk)
    touched = ask_touched(curated.pk, curated.revision_id, ruled.change.ranges)
    docket = ask_for_docket()
    pk = asked.pk if ruled.ruling.reopens else docket.after(asked.pk) or asked.pk
    following = dispute_to_decide(signed_in(request), pk)
    if not is_part(request):
        return _whole_page(following)
    question = ask_question(following, names_hidden=_hides_names(request))
    reading, page = following.curated.reading, _page_of(following)
    parts = [*painted(*touched(), reading.version), _inspector_part(request, reading, page)]
    parts += [partial("tally", tally_html(counted())), _question_part(request, docket, question(docket, page))]
    return HttpResponse("".join([*parts, _deed_part(docket)]))


def _ruled(request: HttpRequest, asked: Dispute, choice: int | None, seen: int | None) -> Ruled:
    """Decide it as sent, or with `reopen` ask it again; the reason is kept for the next one."""
    by, reason = signed_in(request), request.POST.get("reason", "")
    if "reopen" in request.POST:
        return reopen(dispute=asked, seen=seen, by=by)
    note = request.POST.get("note", "")
    ruled = rule(dispute=asked, choice=choice, seen=seen, reason=reason, note=note, by=by)
    if request.session.get("ruling_reason", "") != reason:
        request.session["ruling_reason"] = reason
    return ruled


def _not_ruled(request: HttpRequest, asked: Dispute, refused: Stale | RuleBroken, choice: int | None) -> HttpResponse:
    """Why a ruling was not stored: somebody else ruled first (409, both shown), or a rule forbids it (422)."""
    problem = in_words(refused) if isinstance(refused, RuleBroken) else OVERTAKEN
    standing = dispute_to_decide(signed_in(request), asked.pk)
    reading, page = standing.curated.reading, _page_of(standing)
    docket = docket_of(reading.pk)
    html = _asked_html(request, docket, standing, page, refused=(problem, choice))
    question = partial("question", html, "outerHTML")
    if isinstance(refused, RuleBroken):
        return refusal(request, problem, 422, parts=[question])
    parts = [*text_partials(reading, reading.version, _evidence(standing)), _inspector_part(request, reading, page)]
    parts += [partial("tally", tally_html(ask_tallies(reading.pk)())), question, _deed_part(docket)]
    return refusal(request, problem, 409, parts=parts)


def _evidence(asked: Dispute) -> list[tuple[int, int]]:
    """Where a curated record, or any it rests on, has a span: what a ruling on it may have touched."""
    resting = Derivation.objects.filter(curated=asked.curated).values("original")
    spans = Span.objects.filter(Q(annotation=asked.curated) | Q(annotation__in=resting))
    return list(spans.values_list("start", "end"))


def _whole_page(asked: Dispute) -> HttpResponse:
    page = redirect("review:adjudication", asked.curated.reading.revision_id)
    page["Location"] += f"?question={asked.pk}"
    page.status_code = 303
    return page


def _asked_anew(request: HttpRequest, asked: Dispute, page: RecordPage | None = None) -> str:
    docket = docket_of(asked.curated.reading_id)
    question = ask_question(asked, names_hidden=_hides_names(request))
    return _question_part(request, docket, question(docket, page)) + _deed_part(docket)


def _question_part(request: HttpRequest, docket: Docket, asked: Question) -> str:
    return partial("question", question_html(request, docket, asked), "outerHTML")


def _deed_part(docket: Docket) -> str:
    html = render_to_string("review/_undecided.html", {"undecided_count": len(docket.undecided)})
    return partial("undecided", html)


def _inspector_part(request: HttpRequest, reading: Reading, page: RecordPage | None) -> str:
    """The record a question is about; when it was rejected, the list of all."""
    if page is None:
        return partial("inspector", overview_html(request, reading, overview(reading.pk)))
    return partial("inspector", record_html(request, reading, page))


@require_POST
@role_required(Role.EDITOR)
@answers_refusals
def show_names(request: HttpRequest) -> HttpResponse:
    """Whether the analysts' names stand beside what they said; kept for the session."""
    request.session[HIDDEN] = request.POST.get("hidden") == "1"
    asked = whole_number(request.POST.get("question", ""), "question", most=2**63 - 1)
    found = dispute_to_decide(signed_in(request), asked)
    return HttpResponse(_asked_anew(request, found)) if is_part(request) else _whole_page(found)
