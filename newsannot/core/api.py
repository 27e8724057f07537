"""What of the API belongs to no domain: its description, and the answer where there is nothing."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve
from django.views.decorators.http import require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView
from rest_framework.decorators import api_view, permission_classes, throttle_classes
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.permissions import AllowAny
from rest_framework.request import Request

from newsannot.core.reference import reference
from newsannot.core.refusals import KINDS

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]

schema = SpectacularAPIView.as_view(
    renderer_classes=[OpenApiJsonRenderer, OpenApiYamlRenderer],
    content_negotiation_class=DefaultContentNegotiation,
    authentication_classes=[],
    permission_classes=[AllowAny],
    throttle_classes=[],
)


@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The reference of the API as a page, made from its OpenAPI document; for everybody, from this host alone."""
    return render(request, "api/docs.html", {"reference": reference(), "problems": KINDS.values()})


@extend_schema(exclude=True)
@api_view(METHODS)
@permission_classes([AllowAny])
@throttle_classes([])
def nowhere(request: Request, *args: str) -> HttpResponseBase:
    """Send on whoever forgot the last slash, method and body kept; 404 for the rest."""
    path = f"{request.path}/"
    if not request.path.endswith("/") and _is_known(path):
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{path}?{query}" if query else path, preserve_request=True)
    raise Http404("There is nothing at this address; /api/v1/docs/ lists what there is.")


def _is_known(path: str) -> bool:
    try:
        return resolve(path).func is not nowhere
    except Resolver404:
        return False
