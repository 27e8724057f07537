"""The list of the episodes, one with its timeline, and what editors do to it."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.actors.models import Actor
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.filters import words_in
from newsannot.core.keyset import number, page_of
from newsannot.core.numbers import number_in
from newsannot.threats.access import episode_to_see, records_seen_by, threats_named, threats_seen_by
from newsannot.threats.actions import (
    add_threats,
    change_episode,
    gather_threats,
    merge_episodes,
    split_episode,
    take_out_threats,
)
from newsannot.threats.forms import EpisodeForm
from newsannot.threats.models import Episode
from newsannot.threats.queries import Course, Wanted, courses, found_threats, listed_episodes, worded
from newsannot.threats.undoing import deeds_of, undo_change

PAGE_SIZE = 30
MOST_FOUND = 30
LONGEST_SEARCH = 100
ID_KEY = (("id", number),)


def asked_words(request: HttpRequest, name: str = "q") -> str:
    """Words to search for, as far as the database can look for them."""
    return request.GET.get(name, "").replace("\x00", "")[:LONGEST_SEARCH]


def course_of(episode: Episode, by: User) -> Course:
    """An episode as a person may see it."""
    return courses([episode], threats_seen_by(by), records_seen_by(by))[0]


@require_safe
@role_required(Role.ANALYST)
def episodes(request: HttpRequest) -> HttpResponse:
    """Who threatened whom over time, the latest gathered first, found by words, state, issuer, target and deadline."""
    by, query = signed_in(request), request.GET.dict()
    wanted = Wanted(
        words=asked_words(request),
        state=query.get("state", ""),
        issuer=asked_words(request, "issuer"),
        target=asked_words(request, "target"),
        is_passed=query.get("deadline") == "passed",
    )
    seen, records = threats_seen_by(by), records_seen_by(by)
    page = page_of(listed_episodes(wanted, seen, records), ID_KEY, query, size=PAGE_SIZE, is_descending=True)
    rows = courses(page.rows, seen, records)
    context = {"rows": rows, "wanted": wanted, "is_narrowed": any(query.values()), **page.links(query)}
    return render(request, "threats/episodes.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def episode(request: HttpRequest, episode_id: int) -> HttpResponse:
    """One episode with its timeline and threats; posted to by an editor, what is said of it is changed."""
    shown = episode_to_see(signed_in(request), episode_id)
    if request.method == "POST":
        return _change(request, shown)
    return episode_page(request, shown)


def episode_page(
    request: HttpRequest,
    shown: Episode,
    *,
    form: EpisodeForm | None = None,
    problems: Any = (),
    status: int = 200,
) -> HttpResponse:
    """The page of an episode, with what was refused."""
    by, query = signed_in(request), request.GET.dict()
    whole, seen = course_of(shown, by), threats_seen_by(by)
    page = page_of(seen.filter(occurrence__episode=shown), ID_KEY, query, size=PAGE_SIZE)
    threats = worded(records_seen_by(by).filter(pk__in=[one.pk for one in page.rows]))
    on_page = {one.record.pk for one in threats}
    leading = [whole.leading] if whole.leading and whole.leading.record.pk not in on_page else []
    context = {
        "shown": whole,
        "threats": threats,
        "wordings": [*leading, *threats],
        "form": form or _form(shown),
        "problems": problems,
        "may_change": by.is_editor and not shown.merged_into_id,
        "into": course_of(shown.merged_into, by).leading if shown.merged_into else None,
        "deeds": deeds_of(shown) if by.is_editor else (),
        **page.links(query),
    }
    return render(request, "threats/episode.html", context, status=status)


def _form(shown: Episode, sent: Any = None) -> EpisodeForm:
    issuers = Actor.objects.filter(threats__occurrence__episode=shown) | Actor.objects.filter(pk=shown.issuer_id or 0)
    initial = {"issuer": str(shown.issuer_id or ""), "canonical": shown.canonical_id, "version": shown.version}
    return EpisodeForm(list(issuers.distinct()[:MOST_FOUND]), sent, initial=initial)


def _change(request: HttpRequest, shown: Episode) -> HttpResponse:
    if not signed_in(request).is_editor:
        raise PermissionDenied("Only editors change episodes.")
    form = _form(shown, request.POST)
    if not form.is_valid():
        return episode_page(request, shown, form=form, status=422)
    given = form.cleaned_data
    try:
        change_episode(
            episode=shown,
            version=given["version"],
            issuer=form.issuer_said,
            canonical=given["canonical"],
            by=signed_in(request),
        )
    except (RuleBroken, Stale) as refusal:
        return refused(request, shown, refusal)
    messages.success(request, "It is saved.")
    return redirect("episodes:episode", shown.pk)


def refused(request: HttpRequest, shown: Episode, refusal: RuleBroken | Stale) -> HttpResponse:
    """The episode as it stands now, with what was refused."""
    standing = episode_to_see(signed_in(request), shown.pk)
    status = 409 if isinstance(refusal, Stale) else 422
    return episode_page(request, standing, problems=[str(refusal)], status=status)


def version_sent(request: HttpRequest) -> int:
    """The version that was looked at; one that is no number fits none."""
    return number_in(request.POST.get("version", "")) or 0


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new(request: HttpRequest) -> HttpResponse:
    """Threats of no episode, found by words; those chosen are gathered under a new one."""
    problems = []
    if request.method == "POST":
        try:
            made = gather_threats(threats=threats_named(request.POST.getlist("threats")), by=signed_in(request))
        except RuleBroken as refusal:
            problems = [str(refusal)]
        else:
            messages.success(request, "They are gathered under one episode.")
            return redirect("episodes:episode", made.pk)
    return _finding(request, problems=problems, status=422 if problems else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def add(request: HttpRequest, episode_id: int) -> HttpResponse:
    """Threats of no episode, found by words; those chosen are put to this one."""
    by = signed_in(request)
    shown, problems, status = episode_to_see(by, episode_id), [], 200
    if request.method == "POST":
        chosen = threats_named(request.POST.getlist("threats"))
        try:
            add_threats(episode=shown, threats=chosen, version=version_sent(request), by=by)
        except (RuleBroken, Stale) as refusal:
            problems, status = [str(refusal)], 409 if isinstance(refusal, Stale) else 422
            shown = episode_to_see(by, episode_id)
        else:
            messages.success(request, "They are added.")
            return redirect("episodes:episode", shown.pk)
    return _finding(request, shown=shown, problems=problems, status=status)


def _finding(
    request: HttpRequest, *, problems: list[str], shown: Episode | None = None, status: int = 200
) -> HttpResponse:
    words = asked_words(request)
    rows: QuerySet[Any] = found_threats(words)
    found = worded(rows.filter(pk__in=list(rows.values_list("pk", flat=True)[:MOST_FOUND]))) if words_in(words) else []
    context = {
        "words": words,
        "found": found[::-1],
        "is_cut": len(found) == MOST_FOUND,
        "shown": course_of(shown, signed_in(request)) if shown else None,
        "problems": problems,
    }
    return render(request, "threats/new.html", context, status=status)


@require_POST
@role_required(Role.EDITOR)
def part(request: HttpRequest, episode_id: int) -> HttpResponse:
    """Take the chosen threats out of an episode, or, when `split` is sent, make another of them."""
    by = signed_in(request)
    shown, chosen = episode_to_see(by, episode_id), threats_named(request.POST.getlist("threats"))
    deed = split_episode if "split" in request.POST else take_out_threats
    try:
        left = deed(episode=shown, threats=chosen, version=version_sent(request), by=by)
    except (RuleBroken, Stale) as refusal:
        return refused(request, shown, refusal)
    messages.success(request, "They are an episode of their own." if left != shown else "They are taken out.")
    return redirect("episodes:episode", left.pk)


@require_POST
@role_required(Role.EDITOR)
def merge(request: HttpRequest, episode_id: int) -> HttpResponse:
    """Merge an episode into another, named by its number."""
    by = signed_in(request)
    shown, sent = episode_to_see(by, episode_id), number_in(request.POST.get("into", "").strip())
    other = None if sent is None else Episode.objects.filter(pk=sent).first()
    try:
        if other is None:
            raise RuleBroken("No episode has this number.", field="into")
        into = merge_episodes(episode=shown, into=other, version=version_sent(request), by=by)
    except (RuleBroken, Stale) as refusal:
        return refused(request, shown, refusal)
    messages.success(request, "The two are one.")
    return redirect("episodes:episode", into.pk)


@require_POST
@role_required(Role.EDITOR)
def undo(request: HttpRequest, episode_id: int) -> HttpResponse:
    """Take back what was last done to an episode."""
    by = signed_in(request)
    shown = episode_to_see(by, episode_id)
    try:
        undo_change(episode=shown, version=version_sent(request), by=by)
    except (RuleBroken, Stale) as refusal:
        return refused(request, shown, refusal)
    messages.success(request, "It is undone.")
    return redirect("episodes:episode", shown.pk)
