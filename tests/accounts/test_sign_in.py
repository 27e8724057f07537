"""Signing in and out in the browser."""

import pytest
from django.test import Client
from django.urls import reverse

from newsannot.accounts.attempts import ALLOWED, Attempts
from newsannot.accounts.models import Role
from tests.factories import a_user

pytestmark = pytest.mark.django_db

PAGE = "/account/sign-in/"


def sign_in(client, username, typed="newsannot", headers=None, **extra):
    return client.post(PAGE, {"username": username, "password": typed, **extra}, headers=headers)


def user_id_of(client):
    return client.session.get("_auth_user_id")


def test_the_page_has_its_address():
    assert reverse("accounts:sign_in") == PAGE


def test_a_stranger_sees_the_form(client):
    response = client.get(PAGE)
    assert response.status_code == 200
    assert b'name="username"' in response.content


def test_name_and_password_let_an_analyst_in(client):
    user = a_user()
    response = sign_in(client, user.username)
    assert (response.status_code, response["Location"]) == (302, "/")
    assert user_id_of(client) == str(user.pk)


def test_somebody_is_taken_where_they_were_going(client):
    response = sign_in(client, a_user().username, next="/readings/7/")
    assert response["Location"] == "/readings/7/"


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_sent_to_another_site(client, elsewhere):
    assert sign_in(client, a_user().username, next=elsewhere)["Location"] == "/"


def test_readers_who_have_no_other_page_go_to_their_tokens(client):
    assert sign_in(client, a_user(Role.READER).username)["Location"] == "/account/tokens/"


def test_a_wrong_password_is_refused_without_saying_which_was_wrong(client):
    user = a_user()
    wrong_password = sign_in(client, user.username, "wrong")
    wrong_name = sign_in(client, "nobody-of-that-name", "newsannot")
    assert [wrong_password.status_code, wrong_name.status_code] == [422, 422]
    assert wrong_password.context["form"].non_field_errors() == wrong_name.context["form"].non_field_errors()
    assert user_id_of(client) is None


@pytest.mark.parametrize("field", ["username", "password"])
def test_an_empty_field_is_named(client, field):
    response = client.post(PAGE, {"username": "analyst", "password": "newsannot", field: ""})
    assert response.status_code == 422
    assert list(response.context["form"].errors) == [field]
    assert f'id="id_{field}_error"' in response.content.decode()


def test_a_closed_account_stays_outside(client):
    response = sign_in(client, a_user(is_active=False).username)
    assert (response.status_code, user_id_of(client)) == (422, None)


def test_who_is_in_already_is_taken_on(client):
    client.force_login(a_user())
    assert client.get(PAGE, {"next": "/actors/"})["Location"] == "/actors/"


def test_other_methods_are_refused(client):
    assert client.put(PAGE).status_code == 405


def test_a_form_without_its_csrf_token_is_refused_with_a_page_that_helps():
    response = Client(enforce_csrf_checks=True).post(PAGE, {"username": "analyst", "password": "newsannot"})
    assert response.status_code == 403
    assert "This page was open for too long" in response.content.decode()


def test_a_part_of_a_page_is_told_that_nobody_is_signed_in_when_all_cookies_are_gone():
    refused = Client(enforce_csrf_checks=True).post("/readings/1/undo/", headers={"HX-Request": "true"})
    assert (refused.status_code, refused.content) == (401, b"")


def test_a_part_sent_without_its_csrf_token_in_a_session_is_refused():
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(a_user())
    assert strict.post("/readings/1/undo/", headers={"HX-Request": "true"}).status_code == 403


def test_the_demo_accounts_are_shown_in_the_demo_only(client, settings):
    settings.IS_EMBEDDED = True
    shown = client.get(PAGE).content.decode()
    settings.IS_EMBEDDED = False
    hidden = client.get(PAGE).content.decode()
    assert ["<code>analyst2</code>" in page for page in (shown, hidden)] == [True, False]


def test_too_many_failures_close_the_door_even_to_the_right_password(client):
    user = a_user()
    for _ in range(ALLOWED):
        assert sign_in(client, user.username, "guess").status_code == 422
    response = sign_in(client, user.username)
    assert (response.status_code, response["Retry-After"]) == (429, "300")
    assert "Too many failed attempts for this name. Wait 5 minutes" in response.content.decode()
    assert user_id_of(client) is None


def test_the_brake_is_for_one_name_from_one_address():
    for _ in range(ALLOWED):
        Attempts("Analyst", "192.0.2.1").count_one()
    asked = [Attempts(" analyst", "192.0.2.1"), Attempts("analyst", "192.0.2.2"), Attempts("editor", "192.0.2.1")]
    assert [attempts.count_one() for attempts in asked] == [False, True, True]


def test_who_signs_in_at_last_starts_anew(client):
    user = a_user()
    for _ in range(ALLOWED - 1):
        sign_in(client, user.username, "guess")
    sign_in(client, user.username)
    client.logout()
    assert [sign_in(client, user.username, "guess").status_code for _ in range(ALLOWED)] == [422] * ALLOWED


@pytest.mark.parametrize(("is_secure", "statuses"), [(True, [429, 302]), (False, [429, 429])])
def test_behind_the_proxy_the_brake_is_for_the_address_the_proxy_names(client, settings, is_secure, statuses):
    settings.IS_SECURE = is_secure
    user = a_user()
    ours, theirs = "198.51.100.9, 192.0.2.1", "192.0.2.2"
    for _ in range(ALLOWED):
        sign_in(client, user.username, "guess", headers={"X-Forwarded-For": ours})
    there = [sign_in(client, user.username, headers={"X-Forwarded-For": one}).status_code for one in (ours, theirs)]
    assert there == statuses


def test_a_success_forgets_the_failures_before_it(client):
    user = a_user()
    for _ in range(ALLOWED - 1):
        sign_in(client, user.username, "guess")
    assert sign_in(client, user.username).status_code == 302
    client.logout()
    assert sign_in(client, user.username, "guess").status_code == 422
    assert sign_in(client, user.username).status_code == 302


def test_signing_out_ends_the_session(client):
    client.force_login(a_user())
    response = client.post("/account/sign-out/")
    assert (response.status_code, response["Location"]) == (302, PAGE)
    assert user_id_of(client) is None


def test_a_link_cannot_sign_anybody_out(client):
    user = a_user()
    client.force_login(user)
    assert client.get("/account/sign-out/").status_code == 405
    assert user_id_of(client) == str(user.pk)


# --- In place, on a page whose session lapsed ---


def test_a_page_that_asks_in_place_is_told_who_came_in(client):
    user = a_user()
    answer = sign_in(client, user.username, headers={"HX-Request": "true"})
    assert (answer.status_code, answer.json(), user_id_of(client)) == (200, {"person": user.pk}, str(user.pk))


def test_a_page_that_asks_in_place_is_told_who_is_in_already(client):
    user = a_user()
    client.force_login(user)
    assert sign_in(client, user.username, headers={"HX-Request": "true"}).json() == {"person": user.pk}


def test_a_page_that_asks_in_place_is_told_why_nobody_came_in(client):
    answer = sign_in(client, a_user().username, "wrong", headers={"HX-Request": "true"})
    assert (answer.status_code, b'role="alert"' in answer.content) == (422, True)
