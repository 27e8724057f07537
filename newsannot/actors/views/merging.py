"""Merging one actor into another, looked at before it is done, and taken back."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.actors.access import actor_for
from newsannot.actors.actions import merge_actors, unmerge_actor
from newsannot.actors.models import Actor
from newsannot.actors.queries.finding import FoundActor, search_actors
from newsannot.actors.queries.merging import move_of
from newsannot.core.errors import Problems, RuleBroken
from newsannot.core.numbers import number_in

LONGEST_SEARCH = 100


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def merge(request: HttpRequest, actor_id: int) -> HttpResponse:
    """Choose the actor that this one is (`q`), see what would move (`into`), and merge (POST)."""
    shown, into = actor_for(actor_id), _chosen(request)
    problems: Problems = {}
    if request.method == "POST":
        try:
            merged = merge_actors(
                actor=shown,
                into=into or shown,
                by=signed_in(request),
                is_across_kinds="is_across_kinds" in request.POST,
            )
        except RuleBroken as refusal:
            problems = refusal.problems
        else:
            messages.success(request, f"{shown.name} is merged into {merged.into.name}.")
            return redirect("actors:actor", merged.into_id)
    words = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH]
    context = {
        "actor": shown,
        "into": into,
        "words": words,
        "candidates": [] if into else _candidates(request, shown, words),
        "move": move_of(shown, into) if into else None,
        "problems": problems,
    }
    return render(request, "actors/merge.html", context, status=422 if problems else 200)


@require_POST
@role_required(Role.EDITOR)
def unmerge(request: HttpRequest, actor_id: int) -> HttpResponse:
    """Take back the merging of an actor."""
    shown = actor_for(actor_id)
    try:
        undone = unmerge_actor(actor=shown, by=signed_in(request))
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{undone.actor.name} stands by itself again.")
    return redirect("actors:actor", shown.pk)


def _chosen(request: HttpRequest) -> Actor | None:
    """The actor that `into` names; 404 when there is none."""
    given = number_in((request.POST or request.GET).get("into", ""))
    return None if given is None else actor_for(given)


def _candidates(request: HttpRequest, shown: Actor, words: str) -> list[FoundActor]:
    """Whom the words name, or this actor's own name, but not itself."""
    found = search_actors(words or shown.name, by=signed_in(request))
    return [one for one in found if one.id != shown.pk]
