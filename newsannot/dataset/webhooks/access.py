"""Webhooks are their owner's alone."""

from django.shortcuts import get_object_or_404

from newsannot.accounts.models import User
from newsannot.dataset.webhooks.models import Webhook


def own_webhook(user: User, webhook_id: int) -> Webhook:
    """One of the person's own webhooks; 404 for any other."""
    return get_object_or_404(Webhook, pk=webhook_id, user=user, deleted_at=None)
