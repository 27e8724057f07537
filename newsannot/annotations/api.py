"""The API's readings and annotations of every kind."""

from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.actors.filters import actor_filter
from newsannot.annotations.kinds import MENTION
from newsannot.annotations.layers import LAYERS
from newsannot.annotations.pages import READ, page_of_kind
from newsannot.annotations.serializers import MentionPage
from newsannot.articles.filters import about_articles
from newsannot.codebook.filters import code_filter
from newsannot.core.describing import described, layer_parameter
from newsannot.core.filters import any_of, updated_since
from newsannot.core.http import endpoint

FILTERS = (
    *about_articles("reading__revision__article"),
    actor_filter("actor", any_of("actor"), "Who is named."),
    code_filter("form", "mention-form", any_of("form"), "How they are named."),
    updated_since(),
)


@described(
    method="GET",
    tag="mentions",
    operation="list_mentions",
    summary="List mentions",
    answer=MentionPage,
    filters=FILTERS,
    parameters=[layer_parameter(LAYERS)],
    is_paged=True,
    refusals=["forbidden"],
)
@endpoint(GET=READ)
def mentions(request: Request) -> Response:
    """Which words name which actor."""
    return page_of_kind(request, MENTION, FILTERS)
