"""What a role lets somebody do."""

from itertools import pairwise

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.http import HttpResponse

from newsannot.accounts.access import has_role, role_required, scopes_for
from newsannot.accounts.models import Role, User

ROLES = [Role.READER, Role.ANALYST, Role.EDITOR, Role.ADMIN]


@pytest.mark.parametrize("at", range(4))
def test_a_role_may_do_what_those_below_it_may(at):
    assert [has_role(User(role=ROLES[at]), needed) for needed in ROLES] == [below <= at for below in range(4)]


def test_no_role_has_fewer_scopes_than_the_one_below():
    scopes = [set(scopes_for(User(role=role))) for role in ROLES]
    assert [lower <= upper for lower, upper in pairwise(scopes)] == [True, True, True]


def answer(rf, user, role):
    request = rf.get("/somewhere/?page=2")
    request.user = user
    return role_required(role)(lambda _request: HttpResponse("in"))(request)


def test_who_has_the_role_comes_in(rf):
    assert answer(rf, User(role=Role.EDITOR), Role.EDITOR).content == b"in"


def test_a_stranger_is_asked_to_sign_in_and_comes_back(rf):
    response = answer(rf, AnonymousUser(), Role.ANALYST)
    assert response["Location"] == "/account/sign-in/?next=/somewhere/%3Fpage%3D2"


def test_too_low_a_role_is_told(rf):
    with pytest.raises(PermissionDenied, match="Only editors may do this"):
        answer(rf, User(role=Role.ANALYST), Role.EDITOR)


@pytest.mark.django_db
def test_the_first_administrator_made_on_the_command_line_has_the_role(monkeypatch):
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", "a-long-enough-one")
    call_command("createsuperuser", "--noinput", username="first", email="first@example.org", verbosity=0)
    assert User.objects.get(username="first").role == Role.ADMIN


@pytest.mark.parametrize(
    ("came_from", "goes_to"),
    [
        ("http://testserver/review/readings/3/?tab=mine#comment", "/review/readings/3/%3Ftab%3Dmine"),
        ("https://evil.example/", "/readings/3/return/"),
        ("", "/readings/3/return/"),
    ],
)
def test_a_stranger_who_sent_a_form_comes_back_to_its_page(rf, came_from, goes_to):
    request = rf.post("/readings/3/return/", headers={"referer": came_from})
    request.user = AnonymousUser()
    response = role_required(Role.EDITOR)(lambda _request: HttpResponse("in"))(request)
    assert response["Location"] == f"/account/sign-in/?next={goes_to}"
