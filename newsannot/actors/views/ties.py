"""The forms of offices and memberships, on the pages of the person or the member."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.actors.access import actor_for, tie_to_change
from newsannot.actors.actions import add_membership, add_tenure, change_membership, change_tenure, remove_tie
from newsannot.actors.forms import MembershipForm, TenureForm, TieForm
from newsannot.actors.models import Actor, Membership, Tenure
from newsannot.actors.rules import PERSON
from newsannot.core.errors import RuleBroken


@dataclass(frozen=True, slots=True)
class Sort:
    """What offices and memberships have of their own: the word, its model and form, and how the other end is called."""

    name: str
    label: str
    model: type[Tenure] | type[Membership]
    form: type[TieForm]
    end: str
    end_label: str
    own: str


SORTS = {
    "tenure": Sort("tenure", "Office", Tenure, TenureForm, "organisation", "In", "office"),
    "membership": Sort("membership", "Membership", Membership, MembershipForm, "group", "Of", "role"),
}


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def new(request: HttpRequest, actor_id: int, sort_name: str) -> HttpResponse:
    """The form of a new office or membership of an actor; POST records it."""
    sort, actor = SORTS[sort_name], actor_for(actor_id)
    if sort.name == "tenure" and actor.kind != PERSON:
        raise Http404("Only people hold offices.")
    form = sort.form(request.POST or None)
    if request.method == "POST" and form.is_valid() and _recorded(sort, actor, form, signed_in(request)):
        messages.success(request, f"{sort.label} of {actor.name} is recorded.")
        return redirect("actors:actor", actor.pk)
    return _form(request, sort, actor, form)


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.ANALYST)
def change(request: HttpRequest, actor_id: int, tie_id: int, sort_name: str) -> HttpResponse:
    """The form of an office or membership that is recorded; POST changes it."""
    sort, actor = SORTS[sort_name], actor_for(actor_id)
    tie: Any = tie_to_change(signed_in(request), actor, sort.model, tie_id)
    standing = {name: getattr(tie, name) for name in (sort.own, "from_on", "until_on")}
    form = sort.form(request.POST or None, initial={**standing, "other": getattr(tie, f"{sort.end}_id")})
    if request.method == "POST" and form.is_valid() and _recorded(sort, actor, form, signed_in(request), tie):
        messages.success(request, f"{sort.label} of {actor.name} is saved.")
        return redirect("actors:actor", actor.pk)
    return _form(request, sort, actor, form, tie)


@require_POST
@role_required(Role.ANALYST)
def remove(request: HttpRequest, actor_id: int, tie_id: int, sort_name: str) -> HttpResponse:
    """Take an office or a membership away."""
    sort, actor = SORTS[sort_name], actor_for(actor_id)
    tie: Any = tie_to_change(signed_in(request), actor, sort.model, tie_id)
    remove_tie(tie=tie, by=signed_in(request))
    messages.success(request, f"{sort.label} of {actor.name} is taken away.")
    return redirect("actors:actor", actor.pk)


def _recorded(sort: Sort, actor: Actor, form: TieForm, by: User, tie: Any = None) -> bool:
    """Record what a valid form says, or put into it what forbids that."""
    sent = form.cleaned_data
    said = {sort.own: sent[sort.own], sort.end: sent["actor"], "from_on": sent["from_on"], "until_on": sent["until_on"]}
    try:
        if sort.name == "tenure":
            change_tenure(tenure=tie, by=by, **said) if tie else add_tenure(person=actor, by=by, **said)
        else:
            change_membership(membership=tie, by=by, **said) if tie else add_membership(member=actor, by=by, **said)
    except RuleBroken as refusal:
        for field, texts in refusal.problems.items():
            known = "other" if field == sort.end else field if field in form.fields else None
            form.add_error(known, ValidationError(texts))
        return False
    return True


def _form(request: HttpRequest, sort: Sort, actor: Actor, form: TieForm, tie: Any = None) -> HttpResponse:
    context = {"sort": sort, "actor": actor, "form": form, "tie": tie, "own_field": form[sort.own]}
    return render(request, "actors/tie.html", context, status=422 if form.errors else 200)
