"""How far a source can be relied on: an editor says so, nobody else."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.articles.actions import rate_source
from newsannot.articles.models import Source
from newsannot.core.errors import RuleBroken
from tests.factories import a_source, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(a_user(Role.EDITOR))
    return client


def test_the_page_shows_the_grade_that_stands(editor: Client) -> None:
    source = a_source(reliability="C")
    html = editor.get(f"/sources/{source.pk}/rating/").content.decode()
    assert html.count(" checked") == 1
    assert "C – fairly reliable" in html


@pytest.mark.parametrize(("sent", "stored"), [("A", "A"), ("F", "F"), ("", None)])
def test_an_editor_rates_a_source(editor: Client, sent: str, stored: str | None) -> None:
    source = a_source(reliability="C")
    answer = editor.post(f"/sources/{source.pk}/rating/", {"reliability": sent})
    assert (answer.status_code, answer["Location"]) == (302, f"/sources/{source.pk}/rating/")
    rated = Source.objects.get()
    assert (rated.reliability, rated.updated_at > source.updated_at) == (stored, True)


def test_what_is_no_grade_is_refused(editor: Client) -> None:
    source = a_source(reliability="C")
    assert editor.post(f"/sources/{source.pk}/rating/", {"reliability": "G"}).status_code == 422
    assert Source.objects.get().reliability == "C"
    with pytest.raises(RuleBroken):
        rate_source(source=source, reliability="G", by=a_user(Role.EDITOR))


def test_who_may_rate_a_source(client: Client) -> None:
    path = f"/sources/{a_source().pk}/rating/"
    assert client.get(path).status_code == 302
    client.force_login(a_user(Role.READER))
    assert client.get(path).status_code == 403
    client.force_login(a_user(Role.ANALYST))
    assert (client.get(path).status_code, client.post(path, {"reliability": "A"}).status_code) == (403, 403)
    with pytest.raises(PermissionDenied):
        rate_source(source=Source.objects.get(), reliability="A", by=a_user(Role.ANALYST))
    client.force_login(a_user(Role.EDITOR))
    assert client.get("/sources/999999/rating/").status_code == 404
    assert client.put(path).status_code == 405
