"""The API's collections `articles` and `sources`."""

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of, signed_in
from newsannot.accounts.models import Scope
from newsannot.articles.access import articles_of
from newsannot.articles.actions import ItemResult, take_in
from newsannot.articles.filters import ARTICLE_FILTERS, SOURCE_FILTERS
from newsannot.articles.models import Article, Source
from newsannot.articles.queries import articles_seen
from newsannot.articles.serializers import (
    ArticleIn,
    ArticleOut,
    ArticlePage,
    ArticleTakenIn,
    SourceOut,
    SourcePage,
    present_articles,
    present_sources,
)
from newsannot.core.describing import described, layer_parameter
from newsannot.core.filters import conditions
from newsannot.core.http import conditional, endpoint, layer_asked
from newsannot.core.layers import Layer
from newsannot.core.paging import PARAMETERS, page_of
from newsannot.core.refusals import Refusal, malformed
from newsannot.core.requests import require_scope

READ = Scope.READ_CURATED.value
WRITE = Scope.WRITE_ARTICLES.value
ANNOTATE = Scope.WRITE_ANNOTATIONS.value
MOST_AT_ONCE = 1000
LAYERS = (Layer.PUBLISHED, Layer.ALL)


def _articles_for(request: Request) -> QuerySet[Article]:
    """The articles of the layer asked for; 403 for a token or a role that may not see it."""
    layer = layer_asked(request, LAYERS)
    require_scope(request, *((READ,) if layer is Layer.PUBLISHED else (WRITE, ANNOTATE)))
    return articles_of(layer, signed_in(request), audience_of(request))


@described(
    method="GET",
    tag="articles",
    operation="list_articles",
    summary="List articles",
    details="Articles of which a reading is published; `layer=all` gives analysts every article. Without their text.",
    answer=ArticlePage,
    filters=ARTICLE_FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    refusals=["forbidden"],
)
@described(
    method="POST",
    tag="articles",
    operation="take_in_articles",
    summary="Take in articles",
    details=f"One article or a list of up to {MOST_AT_ONCE}. An article is known by its address and by the hash of its "
    "text: what is there already is answered as `duplicate`, never doubled. A bad item does not keep the rest out.",
    body=ArticleIn(many=True),
    answer=ArticleTakenIn(many=True),
    refusals=["malformed", "forbidden", "media-type", "too-large"],
)
@endpoint(GET=(READ, WRITE, ANNOTATE), POST=WRITE)
def articles(request: Request) -> Response:
    """List articles, or take some in."""
    if request.method == "POST":
        return _taken_in(request)
    asked = conditions(request, ARTICLE_FILTERS, besides={*PARAMETERS, "layer"})
    rows = _articles_for(request).filter(*asked.values())
    body = page_of(request, rows, articles_seen, present_articles, id_of=lambda seen: seen.article.pk)
    return conditional(request, body)


def _taken_in(request: Request) -> Response:
    sent: Any = request.data
    items = sent if isinstance(sent, list) else [sent]
    if not items or not isinstance(sent, dict | list):
        raise malformed("Send an article as a JSON object, or a list of them.")
    if len(items) > MOST_AT_ONCE:
        raise Refusal("too-large", f"Send at most {MOST_AT_ONCE} articles at once.")
    return Response([_result(one) for one in take_in(items=items, by=signed_in(request), is_strict=True)])


def _result(result: ItemResult) -> dict[str, Any]:
    errors = {name: list(texts) for name, texts in result.errors.items()}
    return {"index": result.index, "id": result.id, "status": result.status, "errors": errors}


@described(
    method="GET",
    tag="articles",
    operation="read_article",
    summary="Read an article",
    answer=ArticleOut,
    parameters=[layer_parameter(LAYERS)],
    refusals=["query", "forbidden", "not-found"],
)
@endpoint(GET=(READ, WRITE, ANNOTATE))
def article(request: Request, article_id: int) -> Response:
    """One article, without its text."""
    conditions(request, (), besides={"layer"})
    seen = articles_seen(_articles_for(request).filter(pk=article_id))
    if not seen:
        raise Http404("There is no such article, or it is not published.")
    return conditional(request, present_articles(seen)[0])


@described(
    method="GET",
    tag="sources",
    operation="list_sources",
    summary="List sources",
    answer=SourcePage,
    filters=SOURCE_FILTERS,
    is_paged=True,
)
@endpoint(GET=READ)
def sources(request: Request) -> Response:
    """Who publishes articles."""
    asked = conditions(request, SOURCE_FILTERS, besides=PARAMETERS)
    rows = Source.objects.filter(*asked.values())
    return conditional(request, page_of(request, rows, list, present_sources, id_of=lambda source: source.pk))


@described(
    method="GET",
    tag="sources",
    operation="read_source",
    summary="Read a source",
    answer=SourceOut,
    refusals=["query", "not-found"],
)
@endpoint(GET=READ)
def source(request: Request, source_id: int) -> Response:
    """One source."""
    conditions(request, ())
    found = Source.objects.filter(pk=source_id)
    if not found:
        raise Http404("There is no such source.")
    return conditional(request, present_sources(list(found))[0])
