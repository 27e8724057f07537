"""The API's collection `threats`."""

from typing import Any
from uuid import UUID

from django.db.models import Q
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.actors.filters import actor_filter, country_filter, of_country
from newsannot.annotations.api import MARKING_REFUSALS, WRITE
from newsannot.annotations.layers import LAYERS
from newsannot.annotations.pages import READ, one_of_kind, page_of_kind, page_of_reading
from newsannot.annotations.serializers import Face, register_face
from newsannot.annotations.writing import mark_in_reading
from newsannot.articles.filters import about_articles
from newsannot.core.describing import described, layer_parameter
from newsannot.core.filters import among, search_filter, updated_since
from newsannot.core.http import endpoint
from newsannot.statements.filters import said_filters, threatened_filters
from newsannot.threats.kinds import THREAT
from newsannot.threats.models import HarmTarget, InfluenceTarget
from newsannot.threats.queries import threatening
from newsannot.threats.serializers import (
    ThreatIn,
    ThreatOut,
    ThreatPage,
    ThreatWorkOut,
    ThreatWorkPage,
    present_threats,
    unfold_plover,
)

FACE = register_face(
    Face(kind=THREAT, out=ThreatWorkOut, taken=ThreatIn, present=present_threats, unfold=unfold_plover),
)


def _targeting(actors: list[Any]) -> Q:
    harmed = HarmTarget.objects.filter(actor__in=actors).order_by().values("threat_id")
    influenced = InfluenceTarget.objects.filter(actor__in=actors).order_by().values("threat_id")
    return among(harmed.union(influenced))


def _naming(actors: list[Any]) -> Q:
    return Q(issuer__in=actors) | Q(on_behalf_of__in=actors) | _targeting(actors)


SAID = said_filters("statements__")
FILTERS = (
    *about_articles("reading__revision__article"),
    *(one for one in threatened_filters() if one.name != "target"),
    actor_filter("target", _targeting, "Who would be hit, or whose decision it is to shape."),
    actor_filter("actor", _naming, "Who threatens, on whose behalf, or whom."),
    country_filter(of_country("issuer"), "The issuer's."),
    *SAID,
    updated_since(),
    search_filter(
        threatening, "Words that all occur in its parts or in its statements' content; quotation marks do not matter."
    ),
)


@described(
    method="GET",
    tag="threats",
    operation="list_threats",
    summary="List threats",
    details="Oldest first. `speaker`, `mode`, `speech_act`, `said_from` and `said_to` are asked of one statement that "
    "expresses the threat.",
    answer=ThreatPage,
    filters=FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    refusals=["forbidden"],
)
@endpoint(GET=READ)
def threats(request: Request) -> Response:
    """Who threatens whom with what."""
    return page_of_kind(request, THREAT, FILTERS, related={one.name for one in SAID})


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
