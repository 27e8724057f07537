"""The API's collection `statements`."""

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
from newsannot.statements.kinds import STATEMENT
from newsannot.statements.models import Addressee
from newsannot.statements.queries import saying
from newsannot.statements.serializers import (
    StatementIn,
    StatementOut,
    StatementPage,
    StatementWorkOut,
    StatementWorkPage,
    present_statements,
)

FACE = register_face(
    Face(kind=STATEMENT, out=StatementWorkOut, taken=StatementIn, present=present_statements),
)


def _naming(actors: list[Any]) -> Q:
    addressed = Addressee.objects.filter(actor__in=actors).order_by()
    return Q(speaker__in=actors) | Q(on_behalf_of__in=actors) | among(addressed.values("statement_id"))


THREATENED = threatened_filters("threats__")
FILTERS = (
    *about_articles("reading__revision__article"),
    *said_filters(),
    actor_filter("actor", _naming, "Who speaks, on whose behalf, or to whom."),
    country_filter(of_country("speaker"), "The speaker's."),
    *THREATENED,
    updated_since(),
    search_filter(saying, "Words that all occur in what is said; quotation marks do not matter."),
)


@described(
    method="GET",
    tag="statements",
    operation="list_statements",
    summary="List statements",
    details="Oldest first. `issuer`, `target`, `purpose`, `consequence` and `plover_mode` are asked of one threat that "
    "the statement expresses.",
    answer=StatementPage,
    filters=FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    refusals=["forbidden"],
)
@endpoint(GET=READ)
def statements(request: Request) -> Response:
    """Who is reported to have said what."""
    return page_of_kind(request, STATEMENT, FILTERS, related={one.name for one in THREATENED})


@described(
    method="GET",
    tag="statements",
    operation="read_statement",
    summary="Read a statement",
    answer=StatementOut,
    parameters=[layer_parameter(LAYERS)],
    refusals=["query", "forbidden", "not-found"],
)
@endpoint(GET=READ)
def statement(request: Request, public_id: UUID) -> Response:
    """One statement."""
    return one_of_kind(request, STATEMENT, public_id)


@described(
    method="GET",
    tag="readings",
    operation="list_statements_of_reading",
    summary="List the statements of a reading",
    answer=StatementWorkPage,
    is_paged=True,
    refusals=["not-found"],
)
@described(
    method="POST",
    tag="readings",
    operation="mark_statement",
    summary="Mark a statement",
    body=StatementIn,
    answer=StatementWorkOut,
    status=201,
    refusals=MARKING_REFUSALS,
)
@endpoint(GET=WRITE, POST=WRITE)
def reading_statements(request: Request, reading_id: int) -> Response:
    """The statements of a reading, or a new one."""
    if request.method == "POST":
        return mark_in_reading(request, FACE, reading_id)
    return page_of_reading(request, STATEMENT, reading_id)
