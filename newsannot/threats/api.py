"""The API's collections `threats` and `episodes`."""

from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of
from newsannot.actors.filters import actor_filter, country_filter, of_country
from newsannot.annotations.api import MARKING_REFUSALS, WRITE
from newsannot.annotations.layers import LAYERS
from newsannot.annotations.pages import READ, narrowed, one_of_kind, page_of_kind, page_of_reading
from newsannot.annotations.serializers import Face, register_face
from newsannot.annotations.writing import mark_in_reading
from newsannot.articles.filters import about_articles
from newsannot.core.describing import described, layer_parameter
from newsannot.core.filters import conditions, search_filter, updated_since
from newsannot.core.http import conditional, endpoint
from newsannot.core.paging import PARAMETERS, Counts, count_rows, page_of
from newsannot.statements.filters import said_filters, threatened_filters
from newsannot.threats.access import records_given_out, threats_given_out
from newsannot.threats.filters import COURSE, coursing, episode_filter
from newsannot.threats.kinds import THREAT
from newsannot.threats.models import Episode
from newsannot.threats.queries import Course, count_episodes, count_mentions, courses, targeting, threatening
from newsannot.threats.serializers import (
    EpisodeOut,
    EpisodePage,
    ThreatIn,
    ThreatOut,
    ThreatPage,
    ThreatWorkOut,
    ThreatWorkPage,
    present_episodes,
    present_threats,
    unfold_plover,
)

FACE = register_face(
    Face(kind=THREAT, out=ThreatWorkOut, taken=ThreatIn, present=present_threats, unfold=unfold_plover),
)


def _naming(actors: list[Any]) -> Q:
    return Q(issuer__in=actors) | Q(on_behalf_of__in=actors) | targeting(actors)


SAID = said_filters("statements__")
OF_EPISODES = (
    *about_articles("reading__revision__article"),
    *(one for one in threatened_filters() if one.name != "target"),
    actor_filter("target", targeting, "Who would be hit, or whose decision it is to shape."),
    actor_filter("actor", _naming, "Who threatens, on whose behalf, or whom."),
    country_filter(of_country("issuer"), "The issuer's."),
    *SAID,
    search_filter(
        threatening, "Words that all occur in its parts or in its statements' content; quotation marks do not matter."
    ),
)
"""What episodes are found by, besides their course: one of their threats meets all of them."""
FILTERS = (*OF_EPISODES, episode_filter(), updated_since())
COUNTS: Counts = {"threats": count_rows, "episodes": count_episodes, "mentions": count_mentions}


@described(
    method="GET",
    tag="threats",
    operation="list_threats",
    summary="List threats",
    details="Oldest first. `speaker`, `mode`, `speech_act`, `said_from` and `said_to` are asked of one statement that "
    "expresses the threat. `count=threats` is the same as `true`; `count=episodes` counts threats of one episode once, "
    "and those of none each; `count=mentions` counts how often they are made or named: statements and references.",
    answer=ThreatPage,
    filters=FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    counts=COUNTS,
    refusals=["forbidden"],
)
@endpoint(GET=READ)
def threats(request: Request) -> Response:
    """Who threatens whom with what."""
    return page_of_kind(request, THREAT, FILTERS, related={one.name for one in SAID}, counts=COUNTS)


@described(
    method="GET",
    tag="threats",
    operation="read_threat",
    summary="Read a threat",
    answer=ThreatOut,
    parameters=[layer_parameter(LAYERS)],
    refusals=["query", "forbidden", "not-found"],
)
@endpoint(GET=READ)
def threat(request: Request, public_id: UUID) -> Response:
    """One threat."""
    return one_of_kind(request, THREAT, public_id)


@described(
    method="GET",
    tag="readings",
    operation="list_threats_of_reading",
    summary="List the threats of a reading",
    answer=ThreatWorkPage,
    is_paged=True,
    refusals=["not-found"],
)
@described(
    method="POST",
    tag="readings",
    operation="mark_threat",
    summary="Mark a threat",
    body=ThreatIn,
    answer=ThreatWorkOut,
    status=201,
    refusals=MARKING_REFUSALS,
)
@endpoint(GET=WRITE, POST=WRITE)
def reading_threats(request: Request, reading_id: int) -> Response:
    """The threats of a reading, or a new one."""
    if request.method == "POST":
        return mark_in_reading(request, FACE, reading_id)
    return page_of_reading(request, THREAT, reading_id)


# --- Episodes ------------------------------------------------------------------------------------


@described(
    method="GET",
    tag="episodes",
    operation="list_episodes",
    summary="List episodes",
    details="Threats over time that a published threat is of, the oldest first, with steps and outcome. `state` "
    "and `deadline_passed` are asked of the episode, the other filters of one of its threats: `threats/` with the same "
    "ones, and `count=true`, counts threats, this counts episodes.",
    answer=EpisodePage,
    filters=(*OF_EPISODES, *COURSE),
    is_paged=True,
)
@endpoint(GET=READ)
def episodes(request: Request) -> Response:
    """Who threatened whom, each threat once, however often and in however many articles."""
    asked = conditions(request, (*OF_EPISODES, *COURSE), besides=PARAMETERS)
    audience = audience_of(request)
    given, records = threats_given_out(audience), records_given_out(audience)
    course = {one.name: asked.pop(one.name) for one in COURSE if one.name in asked}
    rows = Episode.objects.made_of(narrowed(given, THREAT, asked, {one.name for one in SAID}))
    rows = coursing(rows, course, given, records)

    def read(some: QuerySet[Episode]) -> list[Course]:
        return courses(list(some), given, records, audience)

    return conditional(request, page_of(request, rows, read, present_episodes, id_of=lambda one: one.episode.pk))


@described(
    method="GET",
    tag="episodes",
    operation="read_episode",
    summary="Read an episode",
    details="One that was merged is answered too, with the one to use instead in `merged_into`.",
    answer=EpisodeOut,
    refusals=["query", "not-found"],
)
@endpoint(GET=READ)
def episode(request: Request, episode_id: int) -> Response:
    """One episode, as published records tell it."""
    conditions(request, ())
    audience = audience_of(request)
    given = threats_given_out(audience)
    found = Episode.objects.filter(pk=episode_id).first()
    standing = found.merged_into_id or found.pk if found else 0
    if found is None or not Episode.objects.made_of(given).filter(pk=standing).exists():
        raise Http404("There is no such episode, or no published threat is of it.")
    shown = present_episodes(courses([found], given, records_given_out(audience), audience))[0]
    return conditional(request, shown, version=found.version)
