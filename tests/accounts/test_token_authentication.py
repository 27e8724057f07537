"""How the API knows who asks."""

from datetime import timedelta

import pytest
from django.utils import timezone
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.test import APIRequestFactory

from newsannot.accounts.actions import make_token, revoke_token
from newsannot.accounts.api import TokenAuthentication
from newsannot.accounts.models import Role, Token, User
from tests.factories import a_user

pytestmark = pytest.mark.django_db


def authenticate(header):
    headers = {} if header is None else {"HTTP_AUTHORIZATION": header}
    return TokenAuthentication().authenticate(APIRequestFactory().get("/", **headers))


def refusal(header):
    with pytest.raises(AuthenticationFailed) as refused:
        authenticate(header)
    return str(refused.value.detail)


def a_key(user, *scopes):
    return make_token(name="Notebook", scopes=scopes or ["read:curated"], by=user)[1]


def test_a_key_names_its_owner_and_what_it_permits():
    user = a_user(Role.EDITOR)
    owner, grant = authenticate(f"Token {a_key(user, 'read:curated', 'write:articles')}")
    assert (owner, grant.scopes) == (user, {"read:curated", "write:articles"})


@pytest.mark.parametrize("header", [None, "", "Basic YTpi", "Bearer na_key"])
def test_without_a_token_somebody_else_may_say_who_it_is(header):
    assert authenticate(header) is None


@pytest.mark.parametrize("header", ["Token", "Token a b"])
def test_a_malformed_header_is_explained(header):
    assert refusal(header) == "The header must read “Authorization: Token KEY”, with one key."


@pytest.mark.parametrize("key", ["na_unknown", "ÿÿ\x80", "x" * 10_000])
def test_an_unknown_key_is_refused(key):
    assert refusal(f"Token {key}") == "There is no such token."


def test_a_revoked_token_is_refused():
    user = a_user()
    key = a_key(user)
    revoke_token(token=Token.objects.get(), by=user)
    assert refusal(f"Token {key}") == "This token has been revoked."


def test_the_token_of_a_closed_account_is_refused():
    user = a_user()
    key = a_key(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert refusal(f"Token {key}") == "The account of this token is closed."


def test_a_token_keeps_no_scope_its_owner_has_lost():
    user = a_user(Role.EDITOR)
    key = a_key(user, "read:curated", "write:articles")
    User.objects.filter(pk=user.pk).update(role=Role.ANALYST)
    _, grant = authenticate(f"Token {key}")
    assert grant.scopes == {"read:curated"}


def test_knowing_who_asks_costs_one_query_and_a_use_is_noted_once_a_minute(django_assert_num_queries):
    key = a_key(a_user())
    with django_assert_num_queries(2):
        authenticate(f"Token {key}")
    noted = Token.objects.get().last_used_at
    with django_assert_num_queries(1):
        authenticate(f"Token {key}")
    assert Token.objects.get().last_used_at == noted


def test_a_use_is_noted_again_after_a_minute():
    key = a_key(a_user())
    long_ago = timezone.now() - timedelta(minutes=2)
    Token.objects.update(last_used_at=long_ago)
    authenticate(f"Token {key}")
    assert Token.objects.get().last_used_at > long_ago + timedelta(minutes=1)


def test_a_refusal_says_how_to_come_in():
    assert TokenAuthentication().authenticate_header(APIRequestFactory().get("/")) == "Token"
