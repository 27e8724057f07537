"""What the API's views say of themselves in the OpenAPI document: filters, pages, refusals."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers

from newsannot.core.filters import Filter
from newsannot.core.layers import LAYER_MEANINGS, Layer
from newsannot.core.paging import LARGEST_PAGE, PAGE_SIZE
from newsannot.core.refusals import CONTENT_TYPE, KINDS

View = TypeVar("View", bound=Callable[..., Any])
EVERYWHERE = ("unauthenticated", "scope", "throttled")
JSON = "application/json"
LINKED = "application/ld+json"


class ProblemOut(serializers.Serializer[Any]):
    """A refusal [RFC 9457]."""

    type = serializers.CharField(help_text="Names the kind of problem; leads to its explanation.")
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField(help_text="Words for people.")
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Field or parameter → what is wrong with it.",
    )
    scope = serializers.CharField(required=False, help_text="The scope the token lacks.")
    current = serializers.DictField(required=False, help_text="The record as it stands, when it changed meanwhile.")


def page(of: type[serializers.Serializer[Any]], name: str) -> type[serializers.Serializer[Any]]:
    """The serializer of a page of `of`, called `name`."""
    fields = {
        "__doc__": "One page.",
        "next": serializers.URLField(allow_null=True, help_text="The next page; null on the last."),
        "previous": serializers.URLField(allow_null=True, help_text="The page before; null on the first."),
        "count": serializers.IntegerField(required=False, help_text="All there are, when asked for by `count=true`."),
        "results": of(many=True),
    }
    return type(name, (serializers.Serializer,), fields)


def described(
    *,
    method: str,
    summary: str,
    answer: Any = None,
    status: int = 200,
    media_type: str = JSON,
    body: Any = None,
    tag: str,
    operation: str,
    details: str = "",
    filters: Sequence[Filter] = (),
    parameters: Iterable[OpenApiParameter] = (),
    is_paged: bool = False,
    counts: Iterable[str] = (),
    refusals: Sequence[str] = (),
    linked: Any = None,
) -> Callable[[View], View]:
    """Describe one method of a view. `refusals` are slugs of problems beside those that every view may answer with.

    `linked` is what it answers who asks for JSON-LD, `counts` what a page's `count` may name besides true.
    """
    slugs = [
        *EVERYWHERE,
        *(["query"] if filters or is_paged else []),
        *(["malformed", "media-type", "idempotency"] if method == "POST" else []),
        *refusals,
    ]
    responses: dict[Any, Any] = {(status, media_type): OpenApiResponse(answer, description="Done.")} if answer else {}
    if linked:
        responses[status, LINKED] = OpenApiResponse(linked, description="As linked data.")
    if not answer:
        responses[status] = OpenApiResponse(description="Done.")
    for number in sorted({KINDS[slug].status for slug in slugs}):
        text = " ".join(
            f"{KINDS[s].title} – {KINDS[s].meaning}" for s in dict.fromkeys(slugs) if KINDS[s].status == number
        )
        responses[number, CONTENT_TYPE] = OpenApiResponse(ProblemOut, description=text)
    if method == "GET" and status == 200:
        responses[304] = OpenApiResponse(description="You have it already: the ETag in If-None-Match still holds.")
    paging = (*_PAGING[:-1], _count(tuple(counts))) if is_paged else ()
    always = [*paging, *_HEADERS.get(method, ())]
    return extend_schema(
        methods=[method],
        operation_id=operation,
        summary=summary,
        description=details or f"{summary}.",
        tags=[tag],
        request=body,
        responses=responses,
        parameters=[*(_parameter(one) for one in filters), *parameters, *always],
    )


def _parameter(one: Filter) -> OpenApiParameter:
    schema = dict(one.schema)
    if not one.is_single:
        schema = {"type": "array", "items": schema}
    return OpenApiParameter(name=one.name, description=one.help, type=schema, explode=None if one.is_single else True)


def _count(named: Sequence[str]) -> OpenApiParameter:
    kind: Any = {"type": "string", "enum": ["true", "false", *named]} if named else bool
    words = "Add the exact number of all that the filters let through"
    words += f", or of the {' or '.join(named)} among them." if named else "."
    return OpenApiParameter(name="count", type=kind, description=words)


_PAGING = (
    OpenApiParameter(name="cursor", type=str, description="From `next` or `previous`; opaque."),
    OpenApiParameter(
        name="page_size",
        type={"type": "integer", "minimum": 1, "maximum": LARGEST_PAGE, "default": PAGE_SIZE},
        description="How many at once.",
    ),
    _count(()),
)
SIZE_AND_COUNT = _PAGING[1:]
"""What a collection takes that pages by another key than the cursor."""
_IF_NONE_MATCH = OpenApiParameter(
    name="If-None-Match",
    type=str,
    location=OpenApiParameter.HEADER,
    description="An ETag you have; answers 304 when nothing changed.",
)
IF_MATCH = OpenApiParameter(
    name="If-Match",
    type=str,
    location=OpenApiParameter.HEADER,
    required=True,
    description='The version you saw, in quotes (`"3"`), or the ETag given out with it, or `*` for whichever stands.',
)
IDEMPOTENCY_KEY = OpenApiParameter(
    name="Idempotency-Key",
    type=str,
    location=OpenApiParameter.HEADER,
    description="Any text of yours, up to 200 characters. Sent again within a day with the same body, the request is "
    "not carried out again: you get the first answer, with `Idempotent-Replayed: true`.",
)
_HEADERS = {"GET": (_IF_NONE_MATCH,), "POST": (IDEMPOTENCY_KEY,)}


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """How one says who asks."""

    target_class = "newsannot.accounts.api.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """An API key in a header, in the words of OpenAPI."""
        return {
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Authorization: Token KEY`. Make a key on your account's page of tokens and choose its "
            "scopes: `read:curated` reads what is published, `write:articles` adds articles, `write:annotations` "
            "reads and writes annotations, as far as your role lets you.",
        }


class Described(AutoSchema):
    """Names the scopes of each method, as OpenAPI 3.1 lets a requirement do: any one of those listed will do."""

    def get_auth(self) -> list[dict[str, list[str]]]:
        """One requirement for each scope that opens the door; none for a view that is open to everybody."""
        super().get_auth()  # makes the scheme known to the document
        scopes = getattr(self.view, "scopes", {}).get(self.method, ())
        return [{TokenScheme.name: [str(scope)]} for scope in scopes]


def only_the_api(endpoints: list[Any]) -> list[Any]:
    """Leave out what is not under /api/v1/."""
    return [one for one in endpoints if one[0].startswith("/api/v1/")]


def layer_parameter(layers: Sequence[Layer]) -> OpenApiParameter:
    """The parameter `layer`, described."""
    return OpenApiParameter(
        name="layer",
        type={"type": "string", "enum": [str(one) for one in layers], "default": "published"},
        description=f"{'; '.join(f'`{one}`: {LAYER_MEANINGS[one]}' for one in layers)}.",
    )
