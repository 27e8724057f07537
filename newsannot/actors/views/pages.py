"""The list of actors, an actor's page and its form, and the search that the forms ask."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_http_methods, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.actors.access import actor_for, may_change
from newsannot.actors.actions import change_actor, create_actor
from newsannot.actors.forms import ActorForm, name_forms
from newsannot.actors.models import Actor
from newsannot.actors.queries.finding import search_actors
from newsannot.actors.queries.kinds import actor_kinds
from newsannot.actors.queries.listing import NAME_KEY, PAGE_SIZE, listed_actors, published_counts, published_uses
from newsannot.actors.queries.merging import merges_into, where_went
from newsannot.actors.queries.offices import ties_of
from newsannot.actors.rules import PERSON, Name, guess_kind, tidy_name
from newsannot.codebook.queries import CodeChoice
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.keyset import page_of
from newsannot.core.numbers import number_in

LONGEST_SEARCH = 100


@require_safe
@role_required(Role.ANALYST)
def search(request: HttpRequest) -> HttpResponse:
    """The options of a typeahead: actors that answer to `q`, then what was typed, to be created as a kind.

    Actors far from it come behind. The kind it sounds like is first, the others folded away; `create=no` leaves them
    all out.
    """
    words = tidy_name(request.GET.get("q", "").replace("\x00", ""))[:LONGEST_SEARCH]
    reading_id = number_in(request.GET.get("reading", ""))
    found = search_actors(words, by=signed_in(request), reading_id=reading_id)
    may_create = words and request.GET.get("create") != "no"
    guessed, *others = _kinds_for(words) if may_create else (None,)
    context = {
        "actors": [one for one in found if not (guessed and one.is_far)],
        "far": [one for one in found if guessed and one.is_far],
        "words": words,
        "guessed": guessed,
        "others": others,
    }
    response = render(request, "actors/_options.html", context)
    response["Cache-Control"] = "private, no-store"
    return response


def _kinds_for(words: str) -> list[CodeChoice | None]:
    """Every kind an actor of this name may be created as, the one it most likely is of first."""
    kinds = dict(actor_kinds())
    guessed = kinds.pop(guess_kind(words), None)
    return [*([guessed] if guessed else []), *kinds.values()] or [None]


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def actors(request: HttpRequest) -> HttpResponse:
    """The actors by name, found by any of their names; POST creates one."""
    if request.method == "POST":
        return _create(request)
    words, kind = request.GET.get("q", "").replace("\x00", "")[:LONGEST_SEARCH], request.GET.get("kind", "")
    kinds = actor_kinds()
    page = page_of(listed_actors(words, kind if kind in kinds else ""), NAME_KEY, request.GET.dict(), size=PAGE_SIZE)
    rows = [(actor, kinds[actor.kind].label if actor.kind in kinds else actor.kind) for actor in page.rows]
    context = {"rows": rows, "words": words, "kind": kind, "kinds": kinds.values(), **page.links(request.GET.dict())}
    is_part = getattr(request, "htmx", False)
    response = render(request, "actors/index.html#found" if is_part else "actors/index.html", context)
    patch_vary_headers(response, ["HX-Request"])
    return response


def _create(request: HttpRequest) -> HttpResponse:
    """Create an actor: a page goes on to the actor's, a typeahead (htmx) gets the option to choose."""
    form, names = ActorForm(request.POST), name_forms(request.POST if "form-TOTAL_FORMS" in request.POST else None)
    is_part = getattr(request, "htmx", False)
    if form.is_valid() and (not names.is_bound or names.is_valid()):
        sent = form.cleaned_data
        try:
            actor = create_actor(
                name=sent["name"],
                kind=sent["kind"],
                names=names.names() if names.is_bound else (),
                identity=form.identity(sectors=[]),
                by=signed_in(request),
            )
        except RuleBroken as refusal:
            _show_problems(form, refusal)
        else:
            if is_part:
                return render(request, "actors/_options.html#chosen", {"actor": actor}, status=201)
            messages.success(request, f"{actor.name} is added.")
            return redirect("actors:actor", actor.pk)
    template = "actors/_form_problems.html" if is_part else "actors/form.html"
    return render(request, template, {"form": form, "names": names}, status=422)


@require_safe
@role_required(Role.ANALYST)
def new(request: HttpRequest) -> HttpResponse:
    """The form for a new actor; `name` fills in its name."""
    name = tidy_name(request.GET.get("name", "").replace("\x00", ""))[:LONGEST_SEARCH]
    form = ActorForm(initial={"name": name, "kind": guess_kind(name) if name else ""})
    return render(request, "actors/form.html", {"form": form, "names": name_forms()})


@require_safe
@role_required(Role.ANALYST)
def actor(request: HttpRequest, actor_id: int) -> HttpResponse:
    """One actor: names, identifiers, and what is published of its saying and threatening."""
    shown, by = actor_for(actor_id), signed_in(request)
    tenures, memberships = ties_of(shown)
    kinds = actor_kinds()
    context = {
        "actor": shown,
        "kind_label": kinds[shown.kind].label if shown.kind in kinds else shown.kind,
        "is_person": shown.kind == PERSON,
        "may_merge": by.is_editor,
        "went_to": where_went(shown) if shown.merged_into_id else None,
        "names": list(shown.names.order_by("id")),
        "merges": list(merges_into(shown)),
        "tenures": [(one, may_change(by, one)) for one in tenures if not one.until_on],
        "earlier": [(one, may_change(by, one)) for one in tenures if one.until_on],
        "memberships": [(one, may_change(by, one)) for one in memberships],
        "counts": published_counts(shown),
        "uses": published_uses(shown),
    }
    return render(request, "actors/actor.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def change(request: HttpRequest, actor_id: int) -> HttpResponse:
    """The form of an actor; an emptied name is taken away."""
    standing = actor_for(actor_id)
    if request.method != "POST":
        return render(request, "actors/form.html", _form_of(standing))
    form, names = ActorForm(request.POST), name_forms(request.POST)
    status = 422
    if form.is_valid() and names.is_valid():
        try:
            changed = change_actor(
                actor=standing,
                name=form.cleaned_data["name"],
                kind=form.cleaned_data["kind"],
                names=names.names(),
                identity=form.identity(sectors=standing.sectors),
                seen_at=request.POST.get("seen_at", ""),
                by=signed_in(request),
            )
        except RuleBroken as refusal:
            _show_problems(form, refusal)
        except Stale as stale:
            form.add_error(None, f"{stale} Here is what you sent; open the actor again to see what stands.")
            status = 409
        else:
            messages.success(request, f"{changed.name} is saved.")
            return redirect("actors:actor", changed.pk)
    context = {"form": form, "names": names, "actor": standing, "seen_at": request.POST.get("seen_at", "")}
    return render(request, "actors/form.html", context, status=status)


def _form_of(actor: Actor) -> dict[str, object]:
    others = [Name(row.name, row.language) for row in actor.names.order_by("id") if row.name != actor.name]
    return {
        "form": ActorForm(initial=ActorForm.values_of(actor)),
        "names": name_forms(standing=others),
        "actor": actor,
        "seen_at": actor.updated_at.isoformat(),
    }


def _show_problems(form: ActorForm, refusal: RuleBroken) -> None:
    for field, texts in refusal.problems.items():
        form.add_error(field if field in form.fields else None, ValidationError(texts))
