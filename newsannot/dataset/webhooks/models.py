"""Who wants to be sent the changes of the feed, and what became of each that was sent."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone

from newsannot.core.history import never_truncated


class WebhookQuerySet(models.QuerySet["Webhook"]):
    """Webhooks, narrowed."""

    def standing(self) -> "WebhookQuerySet":
        """Those not deleted."""
        return self.filter(deleted_at=None)


class Webhook(models.Model):
    """An address that is sent each change of some kinds and actions, in their order; deleted softly, for its log.

    `seq` is the change up to which all is delivered or not wanted. `due_at` is the moment from which it may be sent the
    next: while somebody sends, the end of their lease; after a failure, the end of the pause.
    The secret is kept as it is, since every message is signed with it.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="webhooks")
    url = models.CharField(max_length=500)
    secret = models.CharField(max_length=80)
    former_secret = models.CharField(max_length=80, blank=True)
    former_until = models.DateTimeField(null=True, blank=True, help_text="Until then the former secret signs too.")
    kinds = ArrayField(models.CharField(max_length=16))
    actions = ArrayField(models.CharField(max_length=16))
    is_active = models.BooleanField(default=True)
    seq = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    failed_count = models.PositiveIntegerField(default=0, help_text="Failures in a row.")
    is_ping_wanted = models.BooleanField(default=False)
    stopped_because = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[models.Manager["Webhook"]] = WebhookQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(seq__gte=0), name="webhook_seq_from_zero"),
            models.CheckConstraint(condition=Q(stopped_because="") | Q(is_active=False), name="webhook_stopped_is_off"),
            models.CheckConstraint(condition=Q(deleted_at=None) | Q(is_active=False), name="webhook_deleted_is_off"),
            models.UniqueConstraint(
                fields=["user", "url"], condition=Q(deleted_at=None), name="webhook_once_an_address"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(deleted_at=None), name="webhook_due")]

    def __str__(self) -> str:
        return f"webhook {self.pk} to {self.url}"

    def secrets_at(self, now: datetime) -> list[str]:
        """The secrets that sign a message now, the newest first."""
        is_known = self.former_until is not None and now < self.former_until
        return [self.secret, self.former_secret] if is_known else [self.secret]


class Delivery(models.Model):
    """One attempt to send one change; append-only. What was sent is made again from the change. A test has no `seq`."""

    webhook = models.ForeignKey(Webhook, on_delete=models.PROTECT, related_name="deliveries", db_index=False)
    seq = models.BigIntegerField(null=True)
    attempt = models.PositiveIntegerField(default=1)
    status = models.PositiveSmallIntegerField(null=True)
    error = models.CharField(max_length=300, blank=True)
    duration_ms = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["webhook", "-id"], name="delivery_of_webhook")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.seq or 'test'} to {self.webhook_id}: {self.status or self.error}"

    @property
    def is_delivered(self) -> bool:
        """Whether the receiver has it."""
        return not self.error
