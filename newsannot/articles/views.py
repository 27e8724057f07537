"""Pages by which articles are added and their zones corrected."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.articles.access import article_to_revise, revision_to_zone, source_to_rate
from newsannot.articles.actions import ItemResult, correct_zones, rate_source, take_in_found
from newsannot.articles.forms import ArticleForm, RatingForm, RevisionForm, ZonesForm
from newsannot.articles.models import ZoneKind
from newsannot.articles.queries import zoned_blocks
from newsannot.articles.revising import add_revision
from newsannot.articles.rules.files import Found, Ready
from newsannot.core.errors import RuleBroken

MOST_TOLD = 500
"""How many articles of one fate are named when many were sent."""


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def new(request: HttpRequest) -> HttpResponse:
    """Paste one article, or send files of one or many."""
    if request.method != "POST":
        return render(request, "articles/new.html", {"form": ArticleForm()})
    form = ArticleForm(request.POST, request.FILES)
    if form.is_valid():
        found = form.found()
        results = take_in_found(found=found, by=signed_in(request))
        if len(results) != 1:
            return _told(request, found, results)
        [result] = results
        if result.status != "error":
            said = "is added" if result.status == "created" else f"is already here ({result.note})"
            messages.success(request, f"The article {said}.")
            return _shown(request, reverse("articles:article", args=[result.id]))
        form.show_errors(result.errors)
    return render(request, "articles/new.html", {"form": form}, status=422)


def _shown(request: HttpRequest, place: str) -> HttpResponse:
    """Go on to a page; a script that sends files is told where, since a message would be lost on it."""
    return HttpResponseClientRedirect(place) if getattr(request, "htmx", False) else redirect(place)


@dataclass(frozen=True, slots=True)
class _Told:
    """The place, title and result of each article of one fate; the first of them are named."""

    rows: Sequence[tuple[str, str, ItemResult]]

    @property
    def named(self) -> Sequence[tuple[str, str, ItemResult]]:
        return self.rows[:MOST_TOLD]

    @property
    def more(self) -> int:
        return len(self.rows) - len(self.named)


def _told(request: HttpRequest, found: list[Found], results: list[ItemResult]) -> HttpResponse:
    """What became of each of many."""
    titles = [one.draft.title if isinstance(one, Ready) else "" for one in found]
    rows = [(one.place, title, result) for one, title, result in zip(found, titles, results, strict=True)]
    told = {
        status: _Told([row for row in rows if row[2].status == status]) for status in ("error", "duplicate", "created")
    }
    status = 200 if told["created"].rows or told["duplicate"].rows else 422
    return render(request, "articles/taken_in.html", told, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def zones(request: HttpRequest, revision_id: int) -> HttpResponse:
    """The kind of every block of a revision, for an editor to correct."""
    revision = revision_to_zone(signed_in(request), revision_id)
    blocks, problem = zoned_blocks(revision), ""
    form = ZonesForm(blocks, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        try:
            correct_zones(revision=revision, zones=form.zones(), by=signed_in(request))
        except (RuleBroken, ValidationError) as refusal:
            problem = str(refusal) if isinstance(refusal, RuleBroken) else refusal.messages[0]
        else:
            messages.success(request, "The zones are saved.")
            return redirect("articles:article", revision.article_id)
    rows = [] if form.is_too_long else form.rows
    context = {"revision": revision, "rows": rows, "kinds": ZoneKind.choices, "problem": problem}
    return render(request, "articles/zones.html", context, status=422 if problem else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def revise(request: HttpRequest, article_id: int) -> HttpResponse:
    """Store the text of an article as it reads now; readings of the old one stay where they are."""
    article = article_to_revise(signed_in(request), article_id)
    form = RevisionForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and (draft := form.draft(article)):
        try:
            revision = add_revision(article=article, draft=draft, by=signed_in(request))
        except RuleBroken as refusal:
            form.add_error("text", ValidationError(refusal.problems["text"]))
        else:
            messages.success(request, f"Revision {revision.number} is stored. What was read before stays as it is.")
            return redirect("articles:article", article.pk)
    context = {"article": article, "form": form}
    return render(request, "articles/revise.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def rate(request: HttpRequest, source_id: int) -> HttpResponse:
    """How far a source can be relied on, for an editor to say."""
    source = source_to_rate(signed_in(request), source_id)
    form = RatingForm(
        request.POST if request.method == "POST" else None, initial={"reliability": source.reliability or ""}
    )
    if form.is_valid():
        rate_source(source=source, reliability=form.cleaned_data["reliability"] or None, by=signed_in(request))
        messages.success(request, f"The reliability of {source.name} is saved.")
        return redirect("articles:rate", source.pk)
    return render(request, "articles/rate.html", {"source": source, "form": form}, status=422 if form.errors else 200)
