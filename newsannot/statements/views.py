"""The pages of the utterances: the list, one with its attestations, and what is worded alike, for editors to decide."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.queries import words_of_record
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.filters import words_in
from newsannot.core.keyset import number, page_of
from newsannot.core.numbers import number_in
from newsannot.statements.access import question_to_decide, statements_named, statements_seen_by, utterance_to_see
from newsannot.statements.actions import (
    add_statements,
    ask_again,
    change_utterance,
    gather_statements,
    hold_apart,
    hold_same,
    merge_utterances,
    split_utterance,
    take_out_statements,
)
from newsannot.statements.forms import UtteranceForm
from newsannot.statements.models import Likeness, Utterance
from newsannot.statements.queries import (
    found_statements,
    listed_utterances,
    open_questions,
    said,
    sides_of,
    told,
)

PAGE_SIZE = 30
MOST_FOUND = 30
LONGEST_SEARCH = 100
MOST_COUNTED = 1000
ID_KEY = (("id", number),)
LIKEST_KEY = (("score", float), ("id", number))


def _words(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]


@require_safe
@role_required(Role.ANALYST)
def utterances(request: HttpRequest) -> HttpResponse:
    """What was said, the latest gathered first, found by the words of any statement that reports it."""
    by, words, query = signed_in(request), _words(request), request.GET.dict()
    page = page_of(listed_utterances(words, by), ID_KEY, query, size=PAGE_SIZE, is_descending=True)
    rows = said(page.rows, statements_seen_by(by))
    return render(request, "statements/utterances.html", {"rows": rows, "words": words, **page.links(query)})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def utterance(request: HttpRequest, utterance_id: int) -> HttpResponse:
    """One utterance with the statements that report it; posted to by an editor, what is said of it is changed."""
    by = signed_in(request)
    shown = utterance_to_see(by, utterance_id)
    if request.method == "POST":
        return _change(request, shown)
    return _utterance_page(request, shown)


def _utterance_page(
    request: HttpRequest,
    shown: Utterance,
    *,
    form: UtteranceForm | None = None,
    problems: Any = (),
    status: int = 200,
) -> HttpResponse:
    by, query = signed_in(request), request.GET.dict()
    seen = statements_seen_by(by)
    page = page_of(seen.filter(attestation__utterance=shown), ID_KEY, query, size=PAGE_SIZE)
    attested = told(seen.filter(pk__in=[one.pk for one in page.rows]).order_by("pk"))
    whole = said([shown], seen)[0]
    on_page = {one.statement.pk for one in attested}
    context = {
        "shown": whole,
        "attested": attested,
        "wordings": [
            *([whole.leading] if whole.leading and whole.leading.statement.pk not in on_page else []),
            *attested,
        ],
        "form": form or _form(shown),
        "problems": problems,
        "may_change": by.is_editor and not shown.merged_into_id,
        "into": said([shown.merged_into], seen)[0].leading if shown.merged_into else None,
        **page.links(query),
    }
    return render(request, "statements/utterance.html", context, status=status)


def _form(shown: Utterance, sent: Any = None) -> UtteranceForm:
    speakers = Actor.objects.filter(statements__attestation__utterance=shown) | Actor.objects.filter(
        pk=shown.speaker_id or 0
    )
    initial = {
        "speaker": str(shown.speaker_id or ""),
        "said_on": shown.said_on,
        "venue": shown.venue,
        "canonical": shown.canonical_id,
        "version": shown.version,
    }
    return UtteranceForm(list(speakers.distinct()[:MOST_FOUND]), sent, initial=initial)


def _change(request: HttpRequest, shown: Utterance) -> HttpResponse:
    if not signed_in(request).is_editor:
        raise PermissionDenied("Only editors change utterances.")
    form = _form(shown, request.POST)
    if not form.is_valid():
        return _utterance_page(request, shown, form=form, status=422)
    given = form.cleaned_data
    try:
        change_utterance(
            utterance=shown,
            version=given["version"],
            speaker=form.speaker_said,
            said_on=given["said_on"],
            venue=given["venue"],
            canonical=given["canonical"],
            by=signed_in(request),
        )
    except (RuleBroken, Stale) as refusal:
        return _refused(request, shown, refusal, form=form)
    messages.success(request, "It is saved.")
    return redirect("utterances:utterance", shown.pk)


def _refused(
    request: HttpRequest, shown: Utterance, refusal: RuleBroken | Stale, *, form: UtteranceForm | None = None
) -> HttpResponse:
    """The utterance as it stands now, with what was refused."""
    standing = utterance_to_see(signed_in(request), shown.pk)
    is_stale = isinstance(refusal, Stale)
    if form is not None and isinstance(refusal, RuleBroken):
        for field, texts in refusal.problems.items():
            for text in texts:
                form.add_error(field if field in form.fields else None, text)
    problems = [str(refusal)] if form is None or is_stale else []
    kept = None if is_stale else form
    return _utterance_page(request, standing, form=kept, problems=problems, status=409 if is_stale else 422)


def _version(request: HttpRequest) -> int:
    """The version that was looked at; one that is no number fits none."""
    return number_in(request.POST.get("version", "")) or 0


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new(request: HttpRequest) -> HttpResponse:
    """Statements of no utterance, found by words; those chosen are gathered under a new one."""
    problems = []
    if request.method == "POST":
        try:
            made = gather_statements(
                statements=statements_named(request.POST.getlist("statements")), by=signed_in(request)
            )
        except RuleBroken as refusal:
            problems = [str(refusal)]
        else:
            messages.success(request, "They are gathered under one utterance.")
            return redirect("utterances:utterance", made.pk)
    return _finding(request, problems=problems, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def add(request: HttpRequest, utterance_id: int) -> HttpResponse:
    """Statements of no utterance, found by words; those chosen are put to this one."""
    by = signed_in(request)
    shown, problems, status = utterance_to_see(by, utterance_id), [], 200
    if request.method == "POST":
        chosen = statements_named(request.POST.getlist("statements"))
        try:
            add_statements(utterance=shown, statements=chosen, version=_version(request), by=by)
        except (RuleBroken, Stale) as refusal:
            problems, status = [str(refusal)], 409 if isinstance(refusal, Stale) else 422
            shown = utterance_to_see(by, utterance_id)
        else:
            messages.success(request, "They are added.")
            return redirect("utterances:utterance", shown.pk)
    return _finding(request, shown=shown, problems=problems, status=status)


def _finding(
    request: HttpRequest, *, problems: list[str], shown: Utterance | None = None, status: int = 200
) -> HttpResponse:
    words = _words(request)
    found = told(found_statements(words)[:MOST_FOUND]) if words_in(words) else []
    context = {
        "words": words,
        "found": found,
        "is_cut": len(found) == MOST_FOUND,
        "shown": said([shown], statements_seen_by(signed_in(request)))[0] if shown else None,
        "problems": problems,
    }
    return render(request, "statements/new.html", context, status=status)


@require_POST
@role_required(Role.EDITOR)
def part(request: HttpRequest, utterance_id: int) -> HttpResponse:
    """Take the chosen statements out of an utterance, or, when `split` is sent, make another of them."""
    by = signed_in(request)
    shown, chosen = utterance_to_see(by, utterance_id), statements_named(request.POST.getlist("statements"))
    deed = split_utterance if "split" in request.POST else take_out_statements
    try:
        left = deed(utterance=shown, statements=chosen, version=_version(request), by=by)
    except (RuleBroken, Stale) as refusal:
        return _refused(request, shown, refusal)
    messages.success(request, "They are an utterance of their own." if left != shown else "They are taken out.")
    return redirect("utterances:utterance", left.pk)


@require_POST
@role_required(Role.EDITOR)
def merge(request: HttpRequest, utterance_id: int) -> HttpResponse:
    """Merge an utterance into another, named by its number."""
    by = signed_in(request)
    shown, sent = utterance_to_see(by, utterance_id), number_in(request.POST.get("into", "").strip())
    other = None if sent is None else Utterance.objects.filter(pk=sent).first()
    try:
        if other is None:
            raise RuleBroken("No utterance has this number.", field="into")
        into = merge_utterances(utterance=shown, into=other, version=_version(request), by=by)
    except (RuleBroken, Stale) as refusal:
        return _refused(request, shown, refusal)
    messages.success(request, "The two are one.")
    return redirect("utterances:utterance", into.pk)


# --- What is worded alike ------------------------------------------------------------------------


@require_safe
@role_required(Role.EDITOR)
def alike(request: HttpRequest) -> HttpResponse:
    """Two statements side by side that may report one saying, the likest first; `after` passes over some."""
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
    return render(request, "statements/alike.html", context)


def _told_apart(key: str) -> Likeness | None:
    """The question just answered with no, which can be asked again."""
    pk = number_in(key)
    return None if pk is None else Likeness.objects.filter(pk=pk, verdict="apart").first()


@require_POST
@role_required(Role.EDITOR)
def decide(request: HttpRequest, likeness_id: int) -> HttpResponse:
    """Say whether two statements report one saying (`verdict`: same, apart, or again), and go on to the next."""
    question, by, verdict = question_to_decide(likeness_id), signed_in(request), request.POST.get("verdict")
    kept = {"after": request.POST["after"]} if request.POST.get("after") else {}
    try:
        if verdict == "same":
            made = hold_same(likeness=question, by=by)
            messages.success(request, f"Gathered under utterance {words_of_record(made.canonical_id)}.")
        elif verdict == "apart":
            kept["apart"] = str(hold_apart(likeness=question, by=by).pk)
        else:
            ask_again(likeness=question, by=by)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('utterances:alike')}{'?' if kept else ''}{urlencode(kept)}")
