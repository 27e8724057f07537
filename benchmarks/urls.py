"""The application's routes, and a bare view to hold them against."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from newsannot.urls import urlpatterns as pages


def bare(request: HttpRequest) -> HttpResponse:
    """Answer two letters."""
    return HttpResponse("ok")


urlpatterns = [path("bare/", bare), *pages]
