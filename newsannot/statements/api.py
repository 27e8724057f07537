"""The API's collection `statements`."""

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
from newsannot.core.filters import among, conditions, search_filter, updated_since
from newsannot.core.http import conditional, endpoint
from newsannot.core.paging import PARAMETERS, Counts, count_rows, page_of
from newsannot.statements.access import statements_given_out
from newsannot.statements.filters import said_filters, threatened_filters, utterance_filter
from newsannot.statements.kinds import STATEMENT
from newsannot.statements.models import Addressee, Utterance
from newsannot.statements.queries import Said, count_utterances, said, saying
from newsannot.statements.serializers import (
    StatementIn,
    StatementOut,
    StatementPage,
    StatementWorkOut,
    StatementWorkPage,
    UtteranceOut,
    UtterancePage,
    present_statements,
    present_utterances,
)

FACE = register_face(
    Face(kind=STATEMENT, out=StatementWorkOut, taken=StatementIn, present=present_statements),
)


def _naming(actors: list[Any]) -> Q:
    addressed = Addressee.objects.filter(actor__in=actors).order_by()
    return Q(speaker__in=actors) | Q(on_behalf_of__in=actors) | among(addressed.values("statement_id"))


THREATENED = threatened_filters("threats__")
OF_UTTERANCES = (
    *about_articles("reading__revision__article"),
    *said_filters(),
    actor_filter("actor", _naming, "Who speaks, on whose behalf, or to whom."),
    country_filter(of_country("speaker"), "The speaker's."),
    *THREATENED,
    search_filter(saying, "Words that all occur in what is said; quotation marks do not matter."),
)
"""What utterances are found by: one of their statements meets all of them."""
FILTERS = (*OF_UTTERANCES, utterance_filter(), updated_since())
COUNTS: Counts = {"attestations": count_rows, "utterances": count_utterances}


@described(
    method="GET",
    tag="statements",
    operation="list_statements",
    summary="List statements",
    details="Oldest first. `issuer`, `target`, `purpose`, `consequence` and `plover_mode` are asked of one threat that "
    "the statement expresses. `count=attestations` is the same as `true`; `count=utterances` counts statements of one "
    "utterance once, and those of none each.",
    answer=StatementPage,
    filters=FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    counts=COUNTS,
    refusals=["forbidden"],
)
@endpoint(GET=READ)
def statements(request: Request) -> Response:
    """Who is reported to have said what."""
    return page_of_kind(request, STATEMENT, FILTERS, related={one.name for one in THREATENED}, counts=COUNTS)


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


# --- Utterances ----------------------------------------------------------------------------------


@described(
    method="GET",
    tag="utterances",
    operation="list_utterances",
    summary="List utterances",
    details="Acts of saying that a published statement reports, the oldest first. The filters are asked of one of its "
    "statements: `statements/` with the same ones, and `count=true`, counts attestations, this counts utterances.",
    answer=UtterancePage,
    filters=OF_UTTERANCES,
    is_paged=True,
)
@endpoint(GET=READ)
def utterances(request: Request) -> Response:
    """What was said, each once, however many report it."""
    asked = conditions(request, OF_UTTERANCES, besides=PARAMETERS)
    given = statements_given_out(audience_of(request))
    telling = narrowed(given, STATEMENT, asked, {one.name for one in THREATENED})
    rows = Utterance.objects.attested_by(telling)

    def read(some: QuerySet[Utterance]) -> list[Said]:
        return said(list(some), given, audience_of(request))

    return conditional(request, page_of(request, rows, read, present_utterances, id_of=lambda one: one.utterance.pk))


@described(
    method="GET",
    tag="utterances",
    operation="read_utterance",
    summary="Read an utterance",
    details="One that was merged is answered too, with the one to use instead in `merged_into`.",
    answer=UtteranceOut,
    refusals=["query", "not-found"],
)
@endpoint(GET=READ)
def utterance(request: Request, utterance_id: int) -> Response:
    """One utterance, as published statements report it."""
    conditions(request, ())
    given = statements_given_out(audience_of(request))
    found = Utterance.objects.filter(pk=utterance_id).first()
    standing = found.merged_into_id or found.pk if found else 0
    if found is None or not Utterance.objects.attested_by(given).filter(pk=standing).exists():
        raise Http404("There is no such utterance, or no published statement reports it.")
    shown = present_utterances(said([found], given, audience_of(request)))[0]
    return conditional(request, shown, version=found.version)
