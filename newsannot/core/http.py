"""How the API's views are made, and answers that a client can keep."""

import functools
import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from rest_framework.decorators import api_view
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.core.errors import RuleBroken
from newsannot.core.idempotency import once
from newsannot.core.layers import Layer
from newsannot.core.refusals import Refusal, bad_query, malformed
from newsannot.core.replica import from_replica
from newsannot.core.requests import HasScope, only_reads

View = TypeVar("View", bound=Callable[..., Any])
_VERSION = re.compile(r'^(?:W/)?"?(\d{1,9})(?:-[0-9a-f]*)?(?:;gzip)?"?$')


def endpoint(**scopes: str | Sequence[str]) -> Callable[[View], View]:
    """An API view: each method with the scope it needs, or several of which one will do (`GET=(READ, WRITE)`).

    A POST with an `Idempotency-Key` is carried out once. What a token asks that may only read comes from the replica,
    where there is one; who writes reads from the first, and so finds what they wrote.
    """

    def decorate(function: View) -> View:
        @functools.wraps(function)
        def answer(request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return once(request, lambda: function(request, *args, **kwargs))
            if request.method in {"GET", "HEAD"} and only_reads(request):
                return from_replica(lambda: cast("HttpResponseBase", function(request, *args, **kwargs)))
            return cast("HttpResponseBase", function(request, *args, **kwargs))

        view: Any = api_view(list(scopes))(answer)
        view.cls.scopes = {method: (s,) if isinstance(s, str) else tuple(s) for method, s in scopes.items()}
        view.cls.permission_classes = [HasScope]
        view.cls.http_method_names = [*(method.lower() for method in scopes), "options"]
        if "GET" in scopes:
            view.cls.head = view.cls.get
            view.cls.http_method_names.insert(1, "head")
        return cast("View", view)

    return decorate


def object_of(request: Request) -> dict[str, Any]:
    """The JSON object in the body; no body is an empty one."""
    sent: Any = request.data
    if not sent and not isinstance(sent, list):
        return {}
    if not isinstance(sent, dict):
        raise malformed("The body must be a JSON object.")
    return sent


def only(sent: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object, provided it has no other field than these."""
    if unknown := sent.keys() - set(names):
        raise RuleBroken(problems={name[:80]: ["There is no such field here."] for name in sorted(unknown)})
    return sent


# --- Answers that can be kept --------------------------------------------------------------------


def conditional(
    request: Request, data: Any, *, version: int | None = None, content_type: str | None = None
) -> Response:
    """A 200 with an ETag over its bytes, or 304 when the client has them; `version` leads the tag of a record."""
    response = Response(data, content_type=content_type)

    def settle(rendered: HttpResponse) -> HttpResponse | None:
        digest = hashlib.blake2b(rendered.content, digest_size=12).hexdigest()
        tag = f'"{digest}"' if version is None else f'"{version}-{digest}"'
        rendered["ETag"] = tag
        patch_cache_control(rendered, private=True, no_cache=True)
        patch_vary_headers(rendered, ["Authorization"])
        # Compression makes tags weak; If-None-Match compares weakly anyway.
        return get_conditional_response(request._request, etag=tag, response=rendered)  # noqa: SLF001

    response.add_post_render_callback(settle)
    return response


def version_matched(request: Request) -> int | None:
    """The version `If-Match` names (None for `*`); accepts the ETag given out, and the bare version in quotes."""
    header = request.headers.get("If-Match", "").strip()
    if header == "*":
        return None
    if not header:
        raise Refusal("version-missing", 'Send If-Match with the version you saw, such as If-Match: "3".')
    match = _VERSION.match(header)
    if not match:
        raise malformed('If-Match must be a version in quotes, such as "3".')
    return int(match[1])


def layer_asked(request: Request, layers: Sequence[Layer]) -> Layer:
    """The layer named in the address; 400 for one that is not there."""
    name = request.query_params.get("layer", Layer.PUBLISHED)
    if name not in set(layers):
        raise bad_query({"layer": [f"layer: “{name[:40]}” is none of {', '.join(layers)}."]})
    return Layer(name)
