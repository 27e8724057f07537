"""What the worker does for webhooks: some at once, each is sent what it lacks, for some seconds."""

import json
import secrets
import time
from concurrent.futures import ThreadPoolExecutor

from django.db import connection
from django.utils import timezone

from newsannot.dataset.queries import Told
from newsannot.dataset.webhooks.actions import claim_webhook, let_go, note_delivery, note_ping
from newsannot.dataset.webhooks.models import Webhook
from newsannot.dataset.webhooks.queries import last_seq, wanted_changes
from newsannot.dataset.webhooks.rules import event_type, signed
from newsannot.dataset.webhooks.sending import Outcome, post

AT_ONCE = 50
"""Changes read at a time."""
SENDERS = 4
"""How many webhooks are sent to at once, so that a receiver that hangs holds up nobody else."""
SHARE = 10
"""Seconds after which the next webhook has its turn."""


def deliver_due(seconds: float) -> None:
    """Send for so long what is due, or until nothing is; a message that was begun is ended.

    Within a transaction, whose webhooks no other connection sees, one is sent to after the other.
    """
    until = time.monotonic() + seconds
    if connection.in_atomic_block:
        _deliver_until(until)
        return
    with ThreadPoolExecutor(SENDERS) as pool:
        for sender in [pool.submit(_deliver_apart, until) for _ in range(SENDERS)]:
            sender.result()


def _deliver_apart(until: float) -> None:
    """Send by this thread's own connection."""
    try:
        _deliver_until(until)
    finally:
        connection.close()


def _deliver_until(until: float) -> None:
    while time.monotonic() < until:
        webhook = claim_webhook(by=None)
        if webhook is None:
            return
        _deliver(webhook, until=min(until, time.monotonic() + SHARE))


def event_body(change: Told) -> bytes:
    """An event as it is sent, the same bytes each time: the change in the words of the feed."""
    name = event_type(change.kind, change.action)
    at = change.at.isoformat().replace("+00:00", "Z")
    return f'{{"type":"{name}","timestamp":"{at}","data":{change.written()}}}'.encode()


def send_change(webhook: Webhook, change: Told) -> Outcome:
    """Send one change. Its id is the same however often it is sent: by that a receiver knows it again."""
    return _send(webhook, f"msg_{webhook.pk}_{change.seq}", event_body(change))


def send_ping(webhook: Webhook) -> Outcome:
    """Send a test."""
    at = timezone.now().isoformat().replace("+00:00", "Z")
    body = json.dumps({"type": "ping", "timestamp": at, "data": {"seq": webhook.seq}}, separators=(",", ":"))
    return _send(webhook, f"msg_{webhook.pk}_ping_{secrets.token_hex(8)}", body.encode())


def _deliver(webhook: Webhook, *, until: float) -> None:
    """Send a claimed webhook its test and what it lacks, in order, until time is over or something fails."""
    if webhook.is_ping_wanted:
        webhook = note_ping(webhook=webhook, outcome=send_ping(webhook), by=None)
    last = last_seq()
    while webhook.is_active and time.monotonic() < until:
        stretch = wanted_changes(webhook, upto=last, size=AT_ONCE)
        for change in stretch.changes:
            outcome = send_change(webhook, change)
            webhook = note_delivery(webhook=webhook, seq=change.seq, outcome=outcome, by=None)
            if webhook.seq != change.seq or not webhook.is_active or time.monotonic() >= until:
                let_go(webhook=webhook, reached=0, by=None)
                return
        if not stretch.has_more:
            let_go(webhook=webhook, reached=last, by=None)
            return
    let_go(webhook=webhook, reached=0, by=None)


def _send(webhook: Webhook, message_id: str, body: bytes) -> Outcome:
    now = timezone.now()
    headers = signed(webhook.secrets_at(now), message_id, int(now.timestamp()), body)
    return post(webhook.url, body, {**headers, "Content-Type": "application/json", "User-Agent": "newsannot"})
