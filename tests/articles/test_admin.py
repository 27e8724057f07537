"""Sources and articles in the administration."""

import pytest
from django.test import Client

from newsannot.accounts.models import Role
from newsannot.articles.models import Article
from tests.factories import a_revision, a_user

pytestmark = pytest.mark.django_db


def test_administrators_change_sources_and_what_is_said_of_articles(client: Client) -> None:
    article = a_revision().article
    client.force_login(a_user(Role.ADMIN, is_staff=True, is_superuser=True))
    for path in (
        "source/",
        f"source/{article.source_id}/change/",
        "article/?q=minister",
        f"article/{article.pk}/change/",
    ):
        assert client.get(f"/admin/articles/{path}").status_code == 200


def test_articles_are_neither_added_nor_deleted_there(client: Client) -> None:
    article = a_revision().article
    client.force_login(a_user(Role.ADMIN, is_staff=True, is_superuser=True))
    assert client.get("/admin/articles/article/add/").status_code == 403
    assert client.post(f"/admin/articles/article/{article.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Article.objects.count() == 1
