"""The page every page stands on, and those shown when something is wrong."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.test import override_settings
from django.urls import path
from django.views import defaults

from newsannot.accounts.models import Role
from newsannot.urls import urlpatterns as own_urls
from tests.factories import a_user

TEMPLATES = sorted(Path(settings.BASE_DIR, "templates").rglob("*.html"))


def forbidden(_request):
    raise PermissionDenied("Only editors may do this.")


def broken(_request):
    raise ZeroDivisionError


urlpatterns = [path("forbidden/", forbidden), path("broken/", broken), *own_urls]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda template: template.name)
def test_nothing_is_inline(template):
    text = re.sub(r"{#.*?#}|{%.*?%}", "", template.read_text())  # “with one=…” is no handler of an event
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:|js:|<script(?![^>]*\ssrc=)", text) == []


@pytest.mark.django_db
def test_a_page_that_is_not_there_says_what_to_do_next(client):
    client.force_login(a_user())
    response = client.get("/no/such/page/")
    assert response.status_code == 404
    assert "This page is not there" in response.content.decode()


@pytest.mark.django_db
@override_settings(ROOT_URLCONF=__name__)
def test_a_refusal_says_why(client):
    client.force_login(a_user())
    response = client.get("/forbidden/")
    assert response.status_code == 403
    assert '<p role="alert">Only editors may do this.</p>' in response.content.decode()


@override_settings(ROOT_URLCONF=__name__)
def test_a_breakdown_shows_a_page_that_asks_the_database_nothing(client):
    client.raise_request_exception = False
    response = client.get("/broken/")
    assert response.status_code == 500
    assert "Something broke on our side" in response.content.decode()
    assert "ZeroDivisionError" not in response.content.decode()


def test_a_senseless_request_gets_a_page(rf):
    response = defaults.bad_request(rf.get("/"), Exception())
    assert response.status_code == 400
    assert "This request makes no sense to us" in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("role", "offered"), [(Role.ANALYST, False), (Role.EDITOR, True)])
def test_the_bar_offers_review_to_editors_only(rf, role, offered):
    request = rf.get("/")
    request.user = a_user(role)
    assert (">Review</a>" in render_to_string("base.html", {}, request)) is offered


def test_the_content_policy_allows_nothing_inline_and_nothing_foreign(client):
    response = client.get("/healthz")
    policy = response["Content-Security-Policy"]
    assert [word for word in ("unsafe-inline", "unsafe-eval", "http:", "https:", "*") if word in policy] == []
