"""What is written to the log when a request is refused or fails."""

import logging
from io import StringIO

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.test import override_settings
from django.urls import path

from newsannot.urls import urlpatterns as own_urls


def forbidden(_request):
    raise PermissionDenied("Only editors may do this.")


def broken(_request):
    raise ZeroDivisionError


urlpatterns = [path("forbidden/", forbidden), path("broken/", broken), *own_urls]


@pytest.fixture
def log():
    """What the console gets, with the filters of the settings."""
    handler = logging.StreamHandler(StringIO())
    for one in settings.LOGGING["handlers"]["console"]["filters"]:
        handler.addFilter(one)
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    yield handler.stream
    logger.removeHandler(handler)


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_is_one_line(client, log):
    client.get("/forbidden/")
    assert log.getvalue() == "Forbidden (Permission denied): /forbidden/\n"


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_failure_keeps_its_trace(client, log):
    client.raise_request_exception = False
    client.get("/broken/")
    assert log.getvalue().startswith("Internal Server Error: /broken/\nTraceback")
    assert log.getvalue().rstrip().endswith("ZeroDivisionError")


@pytest.mark.django_db
def test_what_is_asked_for_cannot_forge_a_line(client, log):
    client.get("/nope%0AERROR forged%1b[31m\u202e/")
    assert log.getvalue() == "Not Found: /nope\\nERROR forged\\x1b[31m\\u202e/\n"
