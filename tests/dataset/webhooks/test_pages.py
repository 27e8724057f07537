"""The pages of webhooks: everybody with an account has their own, and nobody another's."""

import pytest

from newsannot.accounts.models import Role
from newsannot.dataset.webhooks.actions import MOST_OF_A_PERSON, make_webhook
from newsannot.dataset.webhooks.models import Delivery, Webhook
from tests.calling import a_publication
from tests.factories import a_user

pytestmark = pytest.mark.django_db

PAGE = "/account/webhooks/"
URL = "https://example.org/in"
DEEDS = ("switch", "delete", "ping", "replay", "secret")


def sent(**fields):
    return {"url": URL, "kinds": ["statement"], "actions": ["publish"]} | fields


def a_webhook(user, url=URL):
    return make_webhook(url=url, kinds=["statement"], actions=["publish"], by=user)


@pytest.fixture
def owner(client):
    user = a_user(Role.READER)
    client.force_login(user)
    return user


def test_strangers_sign_in_first(client) -> None:
    webhook = a_webhook(a_user())
    for path in (PAGE, f"{PAGE}{webhook.pk}/"):
        assert client.get(path)["Location"] == f"/account/sign-in/?next={path}"
    for deed in DEEDS:
        assert client.post(f"{PAGE}{webhook.pk}/{deed}/").status_code == 302
    assert Webhook.objects.filter(is_active=True, is_ping_wanted=False, deleted_at=None).count() == 1


@pytest.mark.parametrize("role", Role.values)
def test_everybody_with_an_account_makes_and_sees_their_own(client, role) -> None:
    user = a_user(role)
    client.force_login(user)
    assert client.post(PAGE, sent()).status_code == 200
    webhook = Webhook.objects.get(user=user)
    assert client.get(f"{PAGE}{webhook.pk}/").status_code == 200


def test_the_webhook_of_another_is_not_there(client) -> None:
    webhook = a_webhook(a_user())
    client.force_login(a_user(Role.ADMIN))
    assert client.get(f"{PAGE}{webhook.pk}/").status_code == 404
    assert {client.post(f"{PAGE}{webhook.pk}/{deed}/", {"first": 1}).status_code for deed in DEEDS} == {404}
    assert client.get(PAGE).context["webhooks"] == []


def test_other_methods_are_refused(client, owner) -> None:
    webhook = a_webhook(owner)
    assert client.put(PAGE).status_code == 405
    assert client.post(f"{PAGE}{webhook.pk}/").status_code == 405
    assert {client.get(f"{PAGE}{webhook.pk}/{deed}/").status_code for deed in DEEDS} == {405}


def test_the_secret_is_shown_this_once(client, owner) -> None:
    response = client.post(PAGE, sent())
    webhook = Webhook.objects.get()
    assert webhook.secret in response.content.decode()
    assert response["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    assert [webhook.secret in client.get(path).content.decode() for path in (PAGE, f"{PAGE}{webhook.pk}/")] == [
        False,
        False,
    ]


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"url": ""}, "url"),
        ({"url": "http://example.org/"}, "url"),
        ({"url": "https://127.0.0.1/"}, "url"),
        ({"url": "https://[::ffff:127.0.0.1]/"}, "url"),
        ({"url": "https://2130706433/"}, "url"),
        ({"url": "https://localhost/"}, "url"),
        ({"url": "https://example.org/\0"}, "url"),
        ({"url": f"https://example.org/{'x' * 500}"}, "url"),
        ({"kinds": []}, "kinds"),
        ({"kinds": ["secret"]}, "kinds"),
        ({"actions": []}, "actions"),
        ({"actions": ["tell"]}, "actions"),
    ],
)
def test_bad_input_is_refused_at_its_field(client, owner, fields, field) -> None:
    response = client.post(PAGE, sent(**fields))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert f'id="id_{field}_error"' in response.content.decode()
    assert Webhook.objects.count() == 0


def test_a_page_sent_twice_makes_one_webhook(client, owner) -> None:
    assert [client.post(PAGE, sent()).status_code for _ in range(2)] == [200, 422]
    assert Webhook.objects.count() == 1


def test_there_is_an_end_to_how_many_a_person_has(client, owner) -> None:
    for at in range(MOST_OF_A_PERSON):
        a_webhook(owner, f"{URL}{at}")
    response = client.post(PAGE, sent())
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["url"])


def test_a_webhook_is_switched_off_and_on(client, owner) -> None:
    webhook = a_webhook(owner)
    states = []
    for body in ({}, {"on": "1"}):
        response = client.post(f"{PAGE}{webhook.pk}/switch/", body)
        assert response["Location"] == f"{PAGE}{webhook.pk}/"
        states.append(Webhook.objects.get().is_active)
    assert states == [False, True]


def test_a_new_secret_is_shown_this_once(client, owner) -> None:
    webhook = a_webhook(owner)
    former = webhook.secret
    page = client.post(f"/account/webhooks/{webhook.pk}/secret/")
    webhook.refresh_from_db()
    assert (webhook.former_secret, webhook.secret == former) == (former, False)
    assert webhook.secret in page.content.decode()
    assert former not in page.content.decode()
    assert webhook.secret not in client.get(f"/account/webhooks/{webhook.pk}/").content.decode()
    assert client.get(f"/account/webhooks/{webhook.pk}/secret/").status_code == 405


def test_a_deleted_webhook_is_gone_and_its_address_free_again(client, owner) -> None:
    webhook = a_webhook(owner)
    response = client.post(f"{PAGE}{webhook.pk}/delete/", follow=True)
    assert f"The webhook to {URL} is deleted." in response.content.decode()
    assert client.get(f"{PAGE}{webhook.pk}/").status_code == 404
    assert client.post(PAGE, sent()).status_code == 200


def test_a_test_is_asked_for(client, owner) -> None:
    webhook = a_webhook(owner)
    response = client.post(f"{PAGE}{webhook.pk}/ping/", follow=True)
    assert "A test is sent within some seconds." in response.content.decode()
    assert Webhook.objects.get().is_ping_wanted is True


def test_changes_are_sent_again_from_a_number_on(client, owner) -> None:
    a_publication()
    webhook = a_webhook(owner)
    response = client.post(f"{PAGE}{webhook.pk}/replay/", {"first": "2"}, follow=True)
    assert "Changes are sent again from 2 on." in response.content.decode()
    assert Webhook.objects.get().seq == 1


@pytest.mark.parametrize("first", ["", "0", "-1", "x", "3", "9" * 30])
def test_a_number_beyond_the_feed_is_refused_at_its_field(client, owner, first) -> None:
    a_publication()
    webhook = a_webhook(owner)
    response = client.post(f"{PAGE}{webhook.pk}/replay/", {"first": first})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["first"])
    assert Webhook.objects.get().seq == 2


def test_the_list_asks_as_much_for_three_webhooks_as_for_one(client, owner, django_assert_num_queries) -> None:
    a_webhook(owner, f"{URL}1")
    client.get(PAGE)
    with django_assert_num_queries(4):
        client.get(PAGE)
    a_webhook(owner, f"{URL}2")
    a_webhook(owner, f"{URL}3")
    with django_assert_num_queries(4):
        assert len(client.get(PAGE).context["webhooks"]) == 3


def test_the_log_is_shown_page_by_page_at_the_same_cost(client, owner, django_assert_num_queries) -> None:
    webhook = a_webhook(owner)
    page = f"{PAGE}{webhook.pk}/"
    Delivery.objects.create(webhook=webhook, seq=1, status=204, duration_ms=12)
    client.get(page)
    with django_assert_num_queries(5):
        client.get(page)
    for seq in range(2, 36):
        Delivery.objects.create(webhook=webhook, seq=seq, status=500, error="It answered 500.", duration_ms=12)
    with django_assert_num_queries(5):
        first = client.get(page)
    second = client.get(f"{page}{first.context['next_url']}")
    shown = [one.seq for response in (first, second) for one in response.context["deliveries"]]
    assert shown == list(range(35, 0, -1))
    assert "It answered 500." in first.content.decode()
