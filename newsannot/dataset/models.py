"""The feed of changes, and what is to be looked at again for it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from newsannot.annotations.models import Reading
from newsannot.core.history import never_truncated


class ChangeAction(models.TextChoices):
    """What became of a record."""

    PUBLISH = "publish", "Published"
    AMEND = "amend", "Amended"
    WITHDRAW = "withdraw", "Withdrawn"
    MERGE = "merge", "Merged"


class Change(models.Model):
    """One step of the published record. Append-only; `seq` counts from 1 without gaps, in the order of commits.

    `record` is the id it is given out by, `snapshot` the record from then on as canonical JSON: the bytes of its UTF-8
    are what `sha256` is of. A withdrawal has none, and so no words of the record.
    """

    seq = models.BigIntegerField(primary_key=True)
    kind = models.CharField(max_length=16)
    record = models.CharField(max_length=36)
    version = models.PositiveIntegerField(help_text="The record's.")
    action = models.CharField(max_length=16, choices=ChangeAction)
    snapshot = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["seq"]
        constraints = [
            models.CheckConstraint(condition=Q(action__in=ChangeAction.values), name="change_action_known"),
            models.CheckConstraint(
                condition=Q(action=ChangeAction.WITHDRAW, snapshot="", sha256="")
                | ~Q(action=ChangeAction.WITHDRAW) & ~Q(snapshot="") & ~Q(sha256=""),
                name="change_withdrawal_is_empty",
            ),
        ]
        indexes = [models.Index(F("record"), F("seq").desc(), name="change_of_record")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
            pgtrigger.Trigger(
                name="next_in_order",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    -- A writer that cannot see the change before its own takes a number that is taken, and fails.
                    IF NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM dataset_change) THEN
                        RAISE EXCEPTION 'changes are numbered without gaps'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'change_next_in_order';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}: {self.action} {self.kind} {self.record}"


class Revisit(models.Model):
    """A published reading whose records are to be held against the feed again; at most one a reading.

    Something that they name was changed, which triggers on actors, articles and sources write down, or an embargo ends.
    """

    reading = models.OneToOneField(Reading, on_delete=models.CASCADE, related_name="+")
    due_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"reading {self.reading_id} at {self.due_at}"


class ExportState(models.TextChoices):
    """How far an export is."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being written"
    DONE = "done", "Ready"
    FAILED = "failed", "Failed"


class Export(models.Model):
    """A file somebody asked for, written by the worker and kept for a while. `done` of `total` texts are written."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="exports")
    format = models.CharField(max_length=20)
    layer = models.CharField(max_length=16)
    kinds = ArrayField(models.CharField(max_length=16), default=list, blank=True)
    query = models.TextField(blank=True, help_text="Filters of the API, as in an address.")
    state = models.CharField(max_length=16, choices=ExportState, default=ExportState.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0, help_text="Bytes.")
    problem = models.TextField(blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"export {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has still to end it."""
        return self.state in {ExportState.WAITING, ExportState.RUNNING}


class ExportPart(models.Model):
    """A piece of the bytes of an export; numbered from 1."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "number"], name="export_part_unique")]

    def __str__(self) -> str:
        return f"part {self.number} of export {self.export_id}"
