"""The page on which an analyst carries a reading over to a newer text."""

import re

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.revising import add_revision
from newsannot.articles.rules.items import draft_item
from tests.factories import TEXT, a_mention, a_reading, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading(client: Client) -> Reading:
    """Two mentions, one of which reads differently in the newer text."""
    reading = a_reading(a_user())
    a_mention(reading, "Minister Adaeze Obi")
    a_mention(reading, "reckless")
    text = TEXT.replace("Adaeze Obi", "Adaeze N. Obi")
    add_revision(article=reading.revision.article, draft=draft_item({"text": text}), by=None)
    client.force_login(reading.reader)
    return reading


def words(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_it_is_looked_at_before_it_is_done(client: Client, reading: Reading) -> None:
    url = f"/readings/{reading.pk}/carry/"
    assert f'href="{url}"' in client.get(f"/articles/{reading.revision.article_id}/").content.decode()
    page = words(client.get(url))
    said = "The words at its place read differently now. Now: Minister Adaeze N. Obi altered"
    assert f"To be marked anew 1 Mention Minister Adaeze Obi {said}" in page
    assert "Coming along 1 Mention reckless The same words stand 3 characters later. moved" in page
    assert Reading.objects.count() == 1


def test_the_button_carries_over_what_holds(client: Client, reading: Reading) -> None:
    answer = client.post(f"/readings/{reading.pk}/carry/", follow=True)
    new = Reading.objects.get(revision__number=2)
    assert answer.redirect_chain == [(f"/readings/{new.pk}/", 303)]
    assert "1 record carried over. 1 stays behind in the old reading." in words(answer)
    assert Annotation.objects.filter(reading=new).count() == 1
    again = client.post(f"/readings/{reading.pk}/carry/")
    assert (again.status_code, "already" in words(again)) == (422, True)


def test_a_reading_of_the_newest_text_has_nowhere_to_go(client: Client) -> None:
    reading = a_reading()
    client.force_login(reading.reader)
    page = client.get(f"/readings/{reading.pk}/carry/")
    assert (page.status_code, "of the article’s newest text" in words(page)) == (200, True)
    assert " over</button>" not in page.content.decode()
    assert client.post(f"/readings/{reading.pk}/carry/").status_code == 422


def test_who_may(client: Client, reading: Reading) -> None:
    url = f"/readings/{reading.pk}/carry/"
    assert client.put(url).status_code == 405
    client.force_login(a_user())
    assert client.get(url).status_code == 404
    client.force_login(a_user(Role.READER))
    assert client.get(url).status_code == 403
    client.logout()
    assert client.get(url).url.startswith("/account/sign-in/")
