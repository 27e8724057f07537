"""Changes reach a receiver signed, in order, at least once; one that fails is tried again, then given up."""

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.articles.models import Source
from newsannot.dataset.actions import withdraw_reading
from newsannot.dataset.tasks import bring_feed_up_to_date
from newsannot.dataset.webhooks.actions import (
    ask_for_ping,
    claim_webhook,
    delete_webhook,
    make_webhook,
    renew_secret,
    replay,
    switch_webhook,
)
from newsannot.dataset.webhooks.delivering import send_change
from newsannot.dataset.webhooks.models import Delivery, Webhook
from newsannot.dataset.webhooks.queries import wanted_changes
from newsannot.dataset.webhooks.rules import MOST_ATTEMPTS, signed
from newsannot.dataset.webhooks.tasks import deliver_webhooks
from tests.calling import Api, a_publication
from tests.dataset.webhooks.receiving import receiver
from tests.factories import a_source, a_user

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def allowed(settings) -> None:
    settings.WEBHOOKS_TO_PRIVATE = True


def a_webhook(url: str, by: User | None = None, **fields: Any) -> Webhook:
    wanted = {
        "kinds": ["statement", "threat", "mention", "actor"],
        "actions": ["publish", "amend", "withdraw", "merge"],
    }
    return make_webhook(url=url, **(wanted | fields), by=by or a_user(Role.READER))


def deliver(webhook: Webhook) -> Webhook:
    """Let the worker run once, the pauses over."""
    Webhook.objects.update(due_at=timezone.now())
    deliver_webhooks(timestamp=0)
    webhook.refresh_from_db()
    return webhook


def log(webhook: Webhook) -> list[tuple[int | None, int, int | None]]:
    return list(Delivery.objects.filter(webhook=webhook).order_by("pk").values_list("seq", "attempt", "status"))


def test_each_change_is_sent_in_order_as_the_feed_tells_it() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        made = a_publication()
        withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
        assert deliver(webhook).seq == 4
        feed = Api().get("changes/").json["results"]
        assert [event["data"] for event in there.events] == feed
        assert [event["type"] for event in there.events] == [
            "statement.published",
            "threat.published",
            "statement.withdrawn",
            "threat.withdrawn",
        ]
        assert [event["timestamp"] for event in there.events] == [change["at"] for change in feed]
        assert log(webhook) == [(seq, 1, 204) for seq in (1, 2, 3, 4)]
        deliver(webhook)
        assert len(there.got) == 4


def test_a_receiver_can_verify_what_it_is_sent() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        a_publication()
        deliver(webhook)
        headers, body = there.got[0]
    key = base64.b64decode(webhook.secret.removeprefix("whsec_"))
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - timezone.now().timestamp()) < 60
    assert (headers["content-type"], headers["webhook-id"]) == ("application/json", f"msg_{webhook.pk}_1")


def test_only_what_is_wanted_is_sent_and_the_rest_is_passed() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url, kinds=["threat"], actions=["withdraw"])
        made = a_publication()
        assert deliver(webhook).seq == 2
        assert there.got == []
        withdraw_reading(revision=made.reading.revision, by=a_user(Role.EDITOR))
        assert deliver(webhook).seq == 4
        assert [event["type"] for event in there.events] == ["threat.withdrawn"]


def test_a_webhook_begins_with_what_comes_after_it() -> None:
    a_publication()
    with receiver() as there:
        webhook = a_webhook(there.url)
        a_publication()
        deliver(webhook)
        assert there.seqs == [3, 4]


def test_what_fails_holds_up_what_comes_after_until_the_receiver_recovers() -> None:
    with receiver(204, 500, 503) as there:
        webhook = a_webhook(there.url)
        a_publication()
        assert deliver(webhook).failed_count == 1
        pause = webhook.due_at - timezone.now()
        assert timedelta(seconds=2) < pause < timedelta(seconds=7)
        deliver_webhooks(timestamp=0)
        assert there.seqs == [1, 2]  # it pauses
        assert deliver(webhook).failed_count == 2
        assert (deliver(webhook).failed_count, webhook.seq) == (0, 2)
        assert there.seqs == [1, 2, 2, 2]
        assert len({headers["webhook-id"] for headers, _ in there.got}) == 2
        assert len({body for _, body in there.got[1:]}) == 1
        assert log(webhook) == [(1, 1, 204), (2, 1, 500), (2, 2, 503), (2, 3, 204)]
        errors = Delivery.objects.exclude(error="").order_by("pk").values_list("error", flat=True)
        assert list(errors) == ["It answered 500.", "It answered 503."]


def test_one_that_fails_for_days_is_stopped_and_its_owner_told(settings, django_capture_on_commit_callbacks) -> None:
    settings.IS_MAIL_SENT = True
    owner = a_user(Role.READER, email="reader@example.org")
    with receiver(*[500] * MOST_ATTEMPTS) as there:
        webhook = a_webhook(there.url, by=owner)
        a_publication()
        with django_capture_on_commit_callbacks(execute=True):
            for _ in range(MOST_ATTEMPTS):
                assert webhook.is_active
                deliver(webhook)
        assert webhook.is_active is False
        assert webhook.stopped_because == "Stopped after 15 failures. The last: It answered 500."
        assert [(one.to, one.subject) for one in mail.outbox] == [
            (["reader@example.org"], "newsannot: a webhook was stopped")
        ]
        assert webhook.stopped_because in mail.outbox[0].body
        deliver(webhook)
        assert there.seqs == [1] * MOST_ATTEMPTS
        switch_webhook(webhook=webhook, is_on=True, by=owner)
        assert (deliver(webhook).seq, webhook.stopped_because) == (2, "")
        assert there.seqs[MOST_ATTEMPTS:] == [1, 2]


def test_who_asks_to_be_left_alone_is_and_one_that_takes_it_is_not() -> None:
    with receiver(503, retry_after="3600") as there:
        webhook = a_webhook(there.url)
        a_publication()
        waits = deliver(webhook).due_at - timezone.now()
        assert timedelta(minutes=59) < waits <= timedelta(hours=1)
        assert deliver(webhook).due_at <= timezone.now()


def test_a_former_secret_signs_along_for_a_day() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        renewed = renew_secret(webhook=webhook, by=webhook.user)
        assert renewed.secret != webhook.secret
        a_publication()
        deliver(webhook)
        Webhook.objects.update(former_until=timezone.now())
        a_publication()
        deliver(webhook)
        (before, body), (after, later) = there.got[0], there.got[-1]
    assert before["webhook-signature"] == _signed(before, body, renewed.secret, renewed.former_secret)
    assert after["webhook-signature"] == _signed(after, later, renewed.secret)


def _signed(headers: dict[str, str], body: bytes, *secrets: str) -> str:
    return signed(secrets, headers["webhook-id"], int(headers["webhook-timestamp"]), body)["webhook-signature"]


def test_one_that_is_gone_is_stopped_at_once() -> None:
    with receiver(410) as there:
        webhook = a_webhook(there.url)
        a_publication()
        assert deliver(webhook).is_active is False
        assert len(there.got) == 1


def test_a_worker_killed_after_sending_sends_again_under_the_same_id() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        a_publication()
        claimed = claim_webhook(by=None)
        send_change(claimed, wanted_changes(claimed, upto=2, size=1).changes[0])  # and is killed
        deliver_webhooks(timestamp=0)
        assert there.seqs == [1]  # within the lease nobody else sends
        deliver(webhook)
        assert there.seqs == [1, 1, 2]
        ids = [headers["webhook-id"] for headers, _ in there.got]
        assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)


def test_changes_are_sent_again_from_any_on() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        a_publication()
        a_publication()
        deliver(webhook)
        replay(webhook=webhook, first=2, by=webhook.user)
        assert deliver(webhook).seq == 4
        assert there.seqs == [1, 2, 3, 4, 2, 3, 4]
        assert [body for _, body in there.got[1:4]] == [body for _, body in there.got[4:]]


def test_a_test_is_sent_also_to_one_that_is_off() -> None:
    with receiver() as there:
        webhook = switch_webhook(webhook=a_webhook(there.url), is_on=False, by=a_user())
        ask_for_ping(webhook=webhook, by=webhook.user)
        a_publication()
        assert (deliver(webhook).is_ping_wanted, webhook.seq) == (False, 0)
        assert [event["type"] for event in there.events] == ["ping"]
        assert log(webhook) == [(None, 1, 204)]


@pytest.mark.parametrize("end", ["account closed", "switched off", "deleted"])
def test_nothing_more_is_sent_when_it_ended(end) -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        if end == "account closed":
            User.objects.filter(pk=webhook.user_id).update(is_active=False)
        elif end == "switched off":
            switch_webhook(webhook=webhook, is_on=False, by=webhook.user)
        else:
            delete_webhook(webhook=webhook, by=webhook.user)
        a_publication()
        assert deliver(webhook).seq == 0
        assert there.got == []


def test_one_receiver_that_fails_does_not_keep_another_waiting() -> None:
    with receiver(500) as failing, receiver() as there:
        first = a_webhook(failing.url)
        a_webhook(there.url)
        a_publication()
        deliver(first)
        assert (failing.seqs, there.seqs) == ([1], [1, 2])


def test_the_log_stays_as_it_is() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        a_publication()
        deliver(webhook)
    for sql in ("UPDATE dataset_delivery SET status = 200", "DELETE FROM dataset_delivery"):
        with pytest.raises(DatabaseError, match="Cannot"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)


def test_an_embargo_holds_in_webhooks() -> None:
    with receiver() as there:
        webhook = a_webhook(there.url)
        a_publication(source=a_source(embargo_hours=24), published_at=timezone.now())
        deliver(webhook)
        assert there.got == []
        Source.objects.update(embargo_hours=0)
        bring_feed_up_to_date(timestamp=0)
        deliver(webhook)
        assert [event["type"] for event in there.events] == ["statement.published", "threat.published"]


@pytest.mark.django_db(transaction=True)
def test_a_receiver_that_hangs_holds_up_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two of them, sent to first, answer once two others have all there is."""
    monkeypatch.setattr("newsannot.dataset.webhooks.sending.ANSWERING", 60)
    with receiver() as one, receiver() as other:

        def have_all() -> bool:
            return one.seqs == other.seqs == [1, 2]

        with receiver(once=have_all) as hanging, receiver(once=have_all) as stuck:
            webhooks = [a_webhook(there.url) for there in (hanging, stuck, one, other)]
            a_publication()
            deliver_webhooks(timestamp=0)
            assert (hanging.waited[0], stuck.waited[0]) == (True, True)
    assert [webhook.seq for webhook in Webhook.objects.filter(pk__in=[w.pk for w in webhooks])] == [2] * 4
