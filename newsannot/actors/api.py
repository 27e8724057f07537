"""The API's collection `actors`."""

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of
from newsannot.accounts.models import Scope
from newsannot.actors.filters import ACTOR_FILTERS
from newsannot.actors.models import Actor
from newsannot.actors.queries.offices import ties_of
from newsannot.actors.serializers import ActorInFullOut, ActorPage, present_actors, present_ties
from newsannot.core.describing import described
from newsannot.core.filters import conditions
from newsannot.core.http import conditional, endpoint
from newsannot.core.paging import PARAMETERS, page_of

READ = (Scope.READ_CURATED.value, Scope.WRITE_ANNOTATIONS.value)


def _readable(request: Request) -> QuerySet[Actor]:
    """All actors for those who annotate; for readers, those an editor vouches for or a record given out names."""
    return Actor.objects.given_out(audience_of(request))


def _with_names(actors: QuerySet[Actor]) -> list[Actor]:
    return list(actors.select_related("merged_into").prefetch_related("names"))


@described(
    method="GET",
    tag="actors",
    operation="list_actors",
    summary="List actors",
    answer=ActorPage,
    filters=ACTOR_FILTERS,
    is_paged=True,
)
@endpoint(GET=READ)
def actors(request: Request) -> Response:
    """Everybody who is mentioned, speaks or threatens.

    To readers, those whom an editor made or changed and those whom a record given out names.
    """
    asked = conditions(request, ACTOR_FILTERS, besides=PARAMETERS)
    rows = _readable(request).filter(*asked.values())
    return conditional(request, page_of(request, rows, _with_names, present_actors, id_of=lambda actor: actor.pk))


@described(
    method="GET",
    tag="actors",
    operation="read_actor",
    summary="Read an actor",
    details="A merged actor is answered too, with the one to use instead in `merged_into`.",
    answer=ActorInFullOut,
    refusals=["query", "not-found"],
)
@endpoint(GET=READ)
def actor(request: Request, actor_id: int) -> Response:
    """One actor, merged or not, with offices and memberships; to readers, those that name public actors alone."""
    conditions(request, ())
    found = _with_names(_readable(request).filter(pk=actor_id))
    if not found:
        raise Http404("There is no such actor.")
    ties = present_ties(*ties_of(found[0], audience=audience_of(request)))
    return conditional(request, present_actors(found)[0] | ties)
