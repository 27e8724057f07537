"""Making and revoking one's own API tokens."""

import pytest

from newsannot.accounts.actions import make_token, revoke_token
from newsannot.accounts.models import Role, Token
from newsannot.accounts.rules import digest_of
from newsannot.core.errors import RuleBroken
from tests.factories import a_user

pytestmark = pytest.mark.django_db

PAGE = "/account/tokens/"


def make(client, name="Notebook", scopes=("read:curated",)):
    return client.post(PAGE, {"name": name, "scopes": list(scopes)})


def a_token(user, name="Notebook"):
    return make_token(name=name, scopes=["read:curated"], by=user)[0]


def test_strangers_sign_in_first(client):
    assert client.get(PAGE)["Location"] == f"/account/sign-in/?next={PAGE}"


@pytest.mark.parametrize("role", Role.values)
def test_everybody_with_an_account_has_the_page(client, role):
    client.force_login(a_user(role))
    assert client.get(PAGE).status_code == 200


def test_other_methods_are_refused(client):
    client.force_login(a_user())
    assert client.put(PAGE).status_code == 405


def test_a_made_token_shows_its_key_this_once(client):
    client.force_login(a_user())
    response = make(client)
    token = Token.objects.get()
    key = response.context["key"]
    assert digest_of(key) == token.digest
    assert key.startswith(token.prefix)
    assert key in response.content.decode()
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert key not in client.get(PAGE).content.decode()


def test_the_key_itself_is_kept_nowhere():
    user = a_user()
    token, key = make_token(name="Notebook", scopes=["read:curated"], by=user)
    stored = Token.objects.filter(pk=token.pk).values().get()
    assert [field for field, value in stored.items() if key in str(value)] == []


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (Role.READER, ["read:curated"]),
        (Role.ANALYST, ["read:curated", "write:annotations"]),
        (Role.EDITOR, ["read:curated", "write:annotations", "write:articles"]),
        (Role.ADMIN, ["read:curated", "write:annotations", "write:articles"]),
    ],
)
def test_a_role_is_offered_its_scopes(client, role, offered):
    client.force_login(a_user(role))
    choices = client.get(PAGE).context["form"].fields["scopes"].choices
    assert sorted(value for value, _ in choices) == offered


def test_a_scope_beyond_the_role_is_refused_in_the_form_and_in_the_action(client):
    user = a_user(Role.ANALYST)
    client.force_login(user)
    response = make(client, scopes=["read:curated", "write:articles"])
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["scopes"])
    with pytest.raises(RuleBroken, match="does not permit write:articles"):
        make_token(name="Notebook", scopes=["write:articles"], by=user)
    assert Token.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [
        ("", ["read:curated"], "name"),
        ("x" * 81, ["read:curated"], "name"),
        ("Note\0book", ["read:curated"], "name"),
        ("Notebook", [], "scopes"),
        ("Notebook", ["read:everything"], "scopes"),
    ],
)
def test_bad_input_is_refused_at_its_field(client, name, scopes, field):
    client.force_login(a_user())
    response = make(client, name, scopes)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert f'id="id_{field}_error"' in response.content.decode()
    assert Token.objects.count() == 0


def test_a_page_sent_twice_makes_one_token(client):
    client.force_login(a_user())
    assert [make(client).status_code, make(client).status_code] == [200, 422]
    assert Token.objects.count() == 1


def test_the_name_of_a_revoked_token_is_free_again():
    user = a_user()
    revoke_token(token=a_token(user), by=user)
    assert a_token(user).name == "Notebook"


def test_revoking_ends_a_token_and_tells(client):
    user = a_user()
    client.force_login(user)
    token = a_token(user)
    response = client.post(f"/account/tokens/{token.pk}/revoke/", follow=True)
    token.refresh_from_db()
    assert token.revoked_at is not None
    assert "“Notebook” is revoked." in response.content.decode()


def test_revoking_twice_is_refused_and_changes_nothing(client):
    user = a_user()
    client.force_login(user)
    token = revoke_token(token=a_token(user), by=user)
    response = client.post(f"/account/tokens/{token.pk}/revoke/", follow=True)
    assert "This token has been revoked already." in response.content.decode()
    assert Token.objects.get().revoked_at == token.revoked_at


def test_the_token_of_another_is_not_there(client):
    token = a_token(a_user())
    client.force_login(a_user(Role.ADMIN))
    assert client.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert Token.objects.get().revoked_at is None


def test_only_the_owner_or_an_administrator_revokes():
    token = a_token(a_user())
    with pytest.raises(RuleBroken, match="Only its owner or an administrator"):
        revoke_token(token=token, by=a_user(Role.EDITOR))
    assert revoke_token(token=token, by=a_user(Role.ADMIN)).revoked_at is not None


def test_a_link_cannot_revoke(client):
    user = a_user()
    client.force_login(user)
    assert client.get(f"/account/tokens/{a_token(user).pk}/revoke/").status_code == 405


def test_the_list_asks_as_much_for_three_tokens_as_for_one(client, django_assert_num_queries):
    user = a_user()
    client.force_login(user)
    a_token(user, "One")
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)
    a_token(user, "Two")
    a_token(user, "Three")
    with django_assert_num_queries(4):
        assert len(client.get(PAGE).context["tokens"]) == 3


def test_tokens_in_use_come_before_revoked_ones(client):
    user = a_user()
    client.force_login(user)
    for name in ("Oldest", "Middle", "Newest"):
        a_token(user, name)
    revoke_token(token=Token.objects.get(name="Newest"), by=user)
    names = [token.name for token in client.get(PAGE).context["tokens"]]
    assert names == ["Middle", "Oldest", "Newest"]
