"""From a key to an actor, and to its offices and memberships. Actors are everybody's who may annotate."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.actors.models import Actor, Membership, Tenure

Tie = Tenure | Membership


def actor_for(pk: int) -> Actor:
    """An actor, merged or not; 404 when there is none."""
    actor = Actor.objects.select_related("merged_into", "created_by").filter(pk=pk).first()
    if actor is None:
        raise Http404("There is no such actor.")
    return actor


def may_change(user: User, tie: Tie) -> bool:
    """Whether an office or a membership is the user's to change: an editor's, or whoever recorded it."""
    return user.is_editor or tie.created_by_id == user.pk


def tie_to_change(user: User, actor: Actor, model: type[Tenure] | type[Membership], pk: int) -> Tie:
    """An office that the person holds, or a membership that the actor has, to change or take away."""
    side = {"tenure": "person", "membership": "member"}[str(model._meta.model_name)]
    tie: Tie | None = model._default_manager.select_related().filter(Q(**{side: actor}), pk=pk).first()
    if tie is None:
        raise Http404("There is no such office or membership of this actor.")
    if not may_change(user, tie):
        raise PermissionDenied("An editor, or whoever recorded this, may change it.")
    return tie
