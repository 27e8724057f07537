"""What the pages of webhooks show, and what a webhook is sent next."""

from collections.abc import Mapping

from django.db.models import Max, Q

from newsannot.accounts.models import User
from newsannot.core.keyset import Page, number, page_of
from newsannot.dataset.models import Change
from newsannot.dataset.queries import Stretch, changes_after
from newsannot.dataset.webhooks.models import Delivery, Webhook

PAGE_SIZE = 30


def webhooks_of(user: User) -> list[Webhook]:
    """A person's webhooks, the newest first."""
    return list(Webhook.objects.filter(user=user, deleted_at=None).order_by("-pk"))


def deliveries_of(webhook: Webhook, query: Mapping[str, str]) -> Page[Delivery]:
    """A page of what was sent, the last first."""
    sent = Delivery.objects.filter(webhook=webhook)
    return page_of(sent, [("pk", number)], query, size=PAGE_SIZE, is_descending=True)


def last_seq() -> int:
    """The number of the last change; 0 when there is none."""
    return Change.objects.aggregate(last=Max("seq"))["last"] or 0


def wanted_changes(webhook: Webhook, *, upto: int, size: int) -> Stretch:
    """The next changes that a webhook is sent, none beyond `upto`."""
    wanted = Q(kind__in=webhook.kinds, action__in=webhook.actions)
    return changes_after(Q(seq__gt=webhook.seq, seq__lte=upto) & wanted, size)
