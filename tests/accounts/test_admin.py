"""The administrators' own pages for people and tokens."""

import pytest

from newsannot.accounts.actions import make_token
from newsannot.accounts.models import Role, Token, User
from tests.factories import a_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(client):
    user = a_user(Role.ADMIN, is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def test_an_editor_does_not_come_in(client):
    client.force_login(a_user(Role.EDITOR))
    assert client.get("/admin/accounts/user/")["Location"] == "/admin/login/?next=/admin/accounts/user/"


def test_making_somebody_administrator_opens_these_pages_to_them_and_unmaking_closes_them(client, admin):
    user = a_user(Role.EDITOR)
    page = f"/admin/accounts/user/{user.pk}/change/"
    standing = []
    for role in (Role.ADMIN, Role.ANALYST):
        fields = {"username": user.username, "role": role, "is_active": "on"}
        assert client.post(page, fields).status_code == 302
        user = User.objects.get(pk=user.pk)
        standing.append((user.role, user.is_staff, user.is_superuser))
    assert standing == [("admin", True, True), ("analyst", False, False)]


def test_an_administrator_adds_somebody(client, admin):
    password = "a-long-enough-one"
    fields = {"username": "newcomer", "role": "editor", "password1": password, "password2": password}
    response = client.post("/admin/accounts/user/add/", fields | {"usable_password": "true"})
    assert response.status_code == 302
    assert User.objects.get(username="newcomer").role == "editor"


def test_a_token_is_shown_without_what_opens_anything(client, admin):
    token, key = make_token(name="Notebook", scopes=["read:curated"], by=a_user())
    pages = [client.get(f"/admin/accounts/token/{part}").content.decode() for part in ("", f"{token.pk}/change/")]
    assert [token.prefix in page for page in pages] == [True, True]
    assert [key in page or token.digest in page for page in pages] == [False, False]


def test_tokens_are_neither_added_nor_deleted_here(client, admin):
    token, _ = make_token(name="Notebook", scopes=["read:curated"], by=a_user())
    assert client.get("/admin/accounts/token/add/").status_code == 403
    assert client.post(f"/admin/accounts/token/{token.pk}/delete/").status_code == 403


def test_an_administrator_revokes_the_tokens_of_others(client, admin):
    token, _ = make_token(name="Notebook", scopes=["read:curated"], by=a_user())
    client.post("/admin/accounts/token/", {"action": "revoke", "_selected_action": [token.pk]})
    assert Token.objects.get().revoked_at is not None
