"""From a key to an actor. Actors are everybody's who may annotate."""

from django.http import Http404

from newsannot.actors.models import Actor


def actor_for(pk: int) -> Actor:
    """An actor, merged or not; 404 when there is none."""
    actor = Actor.objects.select_related("merged_into", "created_by").filter(pk=pk).first()
    if actor is None:
        raise Http404("There is no such actor.")
    return actor
