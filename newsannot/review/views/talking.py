"""What people say about records and rulings: threads beside the record, and pages of their own without scripts."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import annotation_for
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, ReadingState, Span
from newsannot.core.errors import RuleBroken
from newsannot.review.access import comment_for, comment_to_change, ruling_for
from newsannot.review.discussing import delete_comment, edit_comment, reopen_thread, resolve_thread, write_comment
from newsannot.review.models import Comment, Ruling
from newsannot.review.queries.discussion import talk_about, talks_in
from newsannot.review.queries.disputes import beginnings
from newsannot.review.queries.rulings import is_standing, rulings_on, shown_ruling
from newsannot.workbench.forms.sent import whole_number
from newsannot.workbench.queries.records import RecordPage
from newsannot.workbench.views.answers import SeeOther, is_part, token_for

LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Problem:
    """Why words were not stored: in which form (`new`, `reply-ID`, `edit-ID`, `thread-ID`), why, and what was sent."""

    form: str
    message: str
    sent: str = ""


# --- Pages -----------------------------------------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def record_talk(request: HttpRequest, annotation_id: int) -> HttpResponse:
    """What is said about a record; sent back, something more is."""
    about = annotation_for(signed_in(request), annotation_id, deleted=True)
    return _say(request, about) if request.method == "POST" else _shown(request, about)


@require_safe
@role_required(Role.ANALYST)
def ruling(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """One ruling, and what is said about it."""
    return _shown(request, ruling_for(signed_in(request), ruling_id))


@require_POST
@role_required(Role.ANALYST)
def ruling_talk(request: HttpRequest, ruling_id: int) -> HttpResponse:
    """Say something about a ruling."""
    return _say(request, ruling_for(signed_in(request), ruling_id))


def _say(request: HttpRequest, about: Annotation | Ruling) -> HttpResponse:
    sent, user = request.POST, signed_in(request)
    parent, form = None, "new"
    try:
        if sent.get("parent"):
            parent = comment_for(user, whole_number(sent["parent"], "parent", most=LARGEST_ID))
            form = f"reply-{parent.parent_id or parent.pk}"
        said = write_comment(
            about=about, body=sent.get("body", ""), parent=parent, span=_span(sent.get("span", "")), by=user
        )
    except RuleBroken as refused:
        return _shown(request, about, Problem(form, str(refused), sent.get("body", "")))
    return _answer(request, said)


def _span(sent: str) -> Span | None:
    """The span that is spoken of; raises RuleBroken for one that is not there."""
    if not sent:
        return None
    found = Span.objects.filter(pk=whole_number(sent, "span", most=LARGEST_ID)).first()
    if found is None:
        raise RuleBroken("These words are not marked any more; choose others.", field="span")
    return found


# --- One comment -----------------------------------------------------------------------------------


@require_POST
@role_required(Role.ANALYST)
def edit(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Word one's own comment anew."""
    comment, body = comment_to_change(signed_in(request), comment_id), request.POST.get("body", "")
    try:
        said = edit_comment(comment=comment, body=body, by=signed_in(request))
    except RuleBroken as refused:
        return _shown(request, comment.about, Problem(f"edit-{comment.pk}", str(refused), body))
    return _answer(request, said)


@require_POST
@role_required(Role.ANALYST)
def delete(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Take one's own comment back."""
    return _done(request, comment_to_change(signed_in(request), comment_id), delete_comment)


@require_POST
@role_required(Role.ANALYST)
def resolve(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Say that a thread is dealt with."""
    return _done(request, comment_for(signed_in(request), comment_id), resolve_thread)


@require_POST
@role_required(Role.ANALYST)
def reopen(request: HttpRequest, comment_id: int) -> HttpResponse:
    """Say that it is not."""
    return _done(request, comment_for(signed_in(request), comment_id), reopen_thread)


def _done(request: HttpRequest, comment: Comment, deed: Callable[..., Comment]) -> HttpResponse:
    try:
        changed = deed(comment=comment, by=signed_in(request))
    except RuleBroken as refused:
        return _shown(request, comment.about, Problem(f"thread-{comment.parent_id or comment.pk}", str(refused)))
    return _answer(request, changed)


# --- What is answered ------------------------------------------------------------------------------


def _answer(request: HttpRequest, comment: Comment) -> HttpResponse:
    """The threads as they are now; without scripts, back to their page."""
    if is_part(request):
        return HttpResponse(talk_html(request, comment.about))
    return SeeOther(f"{address_of(comment.about)}#comment-{comment.pk}")


def address_of(about: Annotation | Ruling) -> str:
    """The page with what is said about a record or a ruling."""
    return reverse("review:ruling" if isinstance(about, Ruling) else "review:record_talk", args=[about.pk])


def _shown(request: HttpRequest, about: Annotation | Ruling, problem: Problem | None = None) -> HttpResponse:
    status = 422 if problem else 200
    html = talk_html(request, about, problem)
    if is_part(request):
        return HttpResponse(html, status=status)
    context: dict[str, Any] = {"talk": mark_safe(html), "annotation": about}  # noqa: S308 - a rendered template
    if isinstance(about, Ruling):
        shown = shown_ruling(signed_in(request), about)
        context |= {"shown": shown, "article": shown.article, "is_standing": is_standing(about)}
        return render(request, "review/ruling.html", context, status=status)
    context |= {
        "kind": kind_named(about.kind),
        "words": beginnings([about.pk]).get(about.pk, ""),
        "reading": about.reading,
        "article": about.reading.revision.article,
    }
    return render(request, "review/talk.html", context, status=status)


def talk_html(request: HttpRequest, about: Annotation | Ruling, problem: Problem | None = None) -> str:
    """The threads about a record or a ruling, with the forms to go on."""
    talk = talk_about(about, signed_in(request))
    context = {"talk": talk, "talk_address": sent_to(about), "problem": problem, "csrf_token": get_token(request)}
    return render_to_string("review/_talk.html", context)


def talks_html(request: HttpRequest, reading: Reading) -> dict[int, str]:
    """What is said about the records of a reading, by record, where something is."""
    context = {"problem": None, "csrf_token": get_token(request)}
    return {
        pk: render_to_string("review/_talk.html", {**context, "talk": talk, "talk_address": sent_to(talk.about)})
        for pk, talk in talks_in(reading, signed_in(request)).items()
    }


def sent_to(about: Annotation | Ruling) -> str:
    """Where comments about it are sent."""
    return reverse("review:ruling_talk" if isinstance(about, Ruling) else "review:record_talk", args=[about.pk])


def record_section(request: HttpRequest, reading: Reading, page: RecordPage) -> str:
    """Below a record in the workbench: what was ruled on it, once handed in, and what is said about it."""
    user, annotation = signed_in(request), page.annotation
    annotation.reading = reading
    is_closed = reading.reader_id == user.pk and reading.state != ReadingState.OPEN
    spans = [span for slot in page.slots for span in slot.spans]
    context = {
        "rulings": rulings_on(user, annotation) if is_closed else (),
        "talk": talk_about(annotation, user, spans),
        "talk_address": sent_to(annotation),
        "problem": None,
        "csrf_token": token_for(request),
    }
    return render_to_string("review/_record_section.html", context)
