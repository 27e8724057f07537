"""Every write to webhooks: making, switching, deleting, testing, sending again; and what became of what was sent."""

import random
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.core.rows import ask
from newsannot.dataset.webhooks.addresses import Refused, target_of
from newsannot.dataset.webhooks.models import Delivery, Webhook
from newsannot.dataset.webhooks.queries import last_seq
from newsannot.dataset.webhooks.rules import FORMER_SIGNS, MOST_ATTEMPTS, new_secret, pause_after
from newsannot.dataset.webhooks.sending import Outcome

MOST_OF_A_PERSON = 10
GONE = 410
LEASE = timedelta(minutes=1)
"""So long nobody else sends to a webhook that somebody sends to; longer than one message takes."""
_CLAIM = """
    UPDATE dataset_webhook SET due_at = clock_timestamp() + %s WHERE id = (
        SELECT w.id FROM dataset_webhook w JOIN accounts_user u ON u.id = w.user_id
        WHERE w.deleted_at IS NULL AND w.due_at <= clock_timestamp() AND u.is_active AND (
            w.is_ping_wanted OR w.is_active AND w.seq < (SELECT max(seq) FROM dataset_change)
        )
        ORDER BY w.due_at, w.id LIMIT 1 FOR UPDATE OF w SKIP LOCKED
    ) RETURNING id
"""


# --- The owner's ---------------------------------------------------------------------------------


@action
def make_webhook(*, url: str, kinds: Sequence[str], actions: Sequence[str], by: User) -> Webhook:
    """Send changes to an address from now on; the secret is in the answer, and shown this once.

    Raises RuleBroken (field `url`) for an address nothing may be sent to, one that has a webhook, and one too many.
    Locks the person.
    """
    try:
        target_of(url)
    except Refused as refusal:
        raise RuleBroken(str(refusal), field="url") from refusal
    User.objects.select_for_update().get(pk=by.pk)
    own = Webhook.objects.filter(user=by, deleted_at=None)
    if own.filter(url=url).exists():
        raise RuleBroken("You already have a webhook to this address.", field="url")
    if own.count() >= MOST_OF_A_PERSON:
        raise RuleBroken(f"You have {MOST_OF_A_PERSON} webhooks already. Delete one first.", field="url")
    return Webhook.objects.create(
        user=by, url=url, kinds=list(kinds), actions=list(actions), secret=new_secret(), seq=last_seq()
    )


@action
def switch_webhook(*, webhook: Webhook, is_on: bool, by: User) -> Webhook:
    """Switch sending off, or on again from where it stood. Locks the webhook."""
    held = _held(webhook)
    held.is_active, held.stopped_because, held.failed_count, held.due_at = is_on, "", 0, timezone.now()
    held.save(update_fields=["is_active", "stopped_because", "failed_count", "due_at"])
    return held


@action
def renew_secret(*, webhook: Webhook, by: User) -> Webhook:
    """Give a webhook another secret, shown this once; for a day the former one signs too. Locks the webhook."""
    held = _held(webhook)
    held.former_secret, held.former_until = held.secret, timezone.now() + FORMER_SIGNS
    held.secret = new_secret()
    held.save(update_fields=["secret", "former_secret", "former_until"])
    return held


@action
def delete_webhook(*, webhook: Webhook, by: User) -> Webhook:
    """End a webhook for good; what it was sent stays in the log. Locks the webhook."""
    held = _held(webhook)
    held.is_active, held.is_ping_wanted, held.stopped_because, held.deleted_at = False, False, "", timezone.now()
    held.save(update_fields=["is_active", "is_ping_wanted", "stopped_because", "deleted_at"])
    return held


@action
def ask_for_ping(*, webhook: Webhook, by: User) -> Webhook:
    """Have the worker send a test, also to a webhook that is off. Locks the webhook."""
    held = _held(webhook)
    held.is_ping_wanted, held.due_at = True, timezone.now()
    held.save(update_fields=["is_ping_wanted", "due_at"])
    return held


@action
def replay(*, webhook: Webhook, first: int, by: User) -> Webhook:
    """Send again all changes from a number on. Raises RuleBroken (field `first`) beyond the feed. Locks the webhook."""
    last = last_seq()
    if not 1 <= first <= last:
        raise RuleBroken(
            f"Changes are numbered from 1 to {last}." if last else "There is no change yet.", field="first"
        )
    held = _held(webhook)
    held.seq, held.failed_count, held.due_at = first - 1, 0, timezone.now()
    held.save(update_fields=["seq", "failed_count", "due_at"])
    return held


# --- The worker's --------------------------------------------------------------------------------


@action
def claim_webhook(*, by: User | None) -> Webhook | None:
    """Take the webhook that has waited longest for something to be sent, for the time of a lease."""
    with ask(_CLAIM, [LEASE]) as cursor:
        found = cursor.fetchone()
    return Webhook.objects.get(pk=found[0]) if found else None


@action
def note_delivery(*, webhook: Webhook, seq: int, outcome: Outcome, by: User | None) -> Webhook:
    """Log what became of a change that was sent; answers the webhook as it stands now.

    When it is delivered the webhook goes on to the next, unless it was set back meanwhile. When not, it pauses; after
    so many failures, or when the receiver says that it is gone, it is stopped and its owner told. Locks the webhook.
    """
    held = Webhook.objects.select_for_update().get(pk=webhook.pk)
    _log(held, seq, held.failed_count + 1, outcome)
    if held.seq != webhook.seq:
        return held
    if outcome.is_delivered:
        held.seq, held.failed_count, held.due_at = seq, 0, timezone.now() + LEASE
    elif held.is_active:
        _count_failure(held, outcome)
    held.save(update_fields=["seq", "failed_count", "due_at", "is_active", "stopped_because"])
    return held


@action
def note_ping(*, webhook: Webhook, outcome: Outcome, by: User | None) -> Webhook:
    """Log what became of a test. Locks the webhook."""
    held = Webhook.objects.select_for_update().get(pk=webhook.pk)
    _log(held, None, 1, outcome)
    held.is_ping_wanted = False
    held.save(update_fields=["is_ping_wanted"])
    return held


@action
def let_go(*, webhook: Webhook, reached: int, by: User | None) -> None:
    """End a lease; up to `reached` nothing more is wanted. A webhook that pauses or was set back is left as it is."""
    Webhook.objects.filter(pk=webhook.pk, seq=webhook.seq, failed_count=0).update(
        seq=max(reached, webhook.seq), due_at=timezone.now()
    )


def _held(webhook: Webhook) -> Webhook:
    held = Webhook.objects.select_for_update().filter(pk=webhook.pk, deleted_at=None).first()
    if held is None:
        raise RuleBroken("This webhook was deleted.", field="webhook")
    return held


def _log(webhook: Webhook, seq: int | None, attempt: int, outcome: Outcome) -> None:
    Delivery.objects.create(
        webhook=webhook,
        seq=seq,
        attempt=attempt,
        status=outcome.status,
        error=outcome.error[:300],
        duration_ms=outcome.duration_ms,
    )


def _count_failure(webhook: Webhook, outcome: Outcome) -> None:
    webhook.failed_count += 1
    chance = random.random()  # noqa: S311 - to spread them
    webhook.due_at = timezone.now() + pause_after(webhook.failed_count, chance, outcome.retry_after)
    if webhook.failed_count < MOST_ATTEMPTS and outcome.status != GONE:
        return
    webhook.is_active = False
    webhook.stopped_because = f"Stopped after {webhook.failed_count} failures. The last: {outcome.error}"[:300]
    transaction.on_commit(lambda: _tell(webhook))


def _tell(webhook: Webhook) -> None:
    """Mail the owner of a webhook that was stopped, where mail is sent."""
    owner = webhook.user
    if not (settings.IS_MAIL_SENT and owner.email):
        return
    page = f"{settings.SITE_URL}{reverse('webhooks:webhook', args=[webhook.pk])}"
    body = f"{owner.label},\n\n{webhook.url} is sent no more changes.\n{webhook.stopped_because}\n\n"
    body += f"Nothing is lost: switched on again it goes on where it stood.\n{page}\n"
    EmailMessage("newsannot: a webhook was stopped", body, to=[owner.email]).send(fail_silently=True)
