"""The feed of changes, and what is to be looked at again for it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from newsannot.annotations.models import Reading
from newsannot.core.history import never_truncated
from newsannot.dataset.webhooks import models as webhook_models  # noqa: F401 - where Django finds them


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


class ImportState(models.TextChoices):
    """How far an import is."""

    WAITING = "waiting", "Waiting"
    RUNNING = "running", "Being read"
    CHECKED = "checked", "Checked"
    DONE = "done", "Done"
    FAILED = "failed", "Failed"


class ImportJob(models.Model):
    """Files somebody wants brought in: first tried (`is_trial`), then, with the mapping they chose, brought in.

    `foreign` counts what the files call things, `mapping` says what of ours that is; `problems` are pairs of place and
    reason, `brought` readings with how many records are new in them and how many stood there already.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="imports")
    format = models.CharField(max_length=20, blank=True, help_text="Empty until it is told.")
    source = models.CharField(max_length=200, blank=True)
    language = models.CharField(max_length=35, default="und")
    mapping = models.JSONField(default=dict)
    foreign = models.JSONField(default=dict)
    is_trial = models.BooleanField(default=True)
    state = models.CharField(max_length=16, choices=ImportState, default=ImportState.WAITING)
    done = models.PositiveIntegerField(default=0, help_text="Texts read in this run.")
    text_count = models.PositiveIntegerField(default=0)
    new_count = models.PositiveIntegerField(default=0)
    standing_count = models.PositiveIntegerField(default=0)
    problem_count = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list)
    brought = models.JSONField(default=list)
    problem = models.TextField(blank=True, help_text="Why it failed as a whole.")
    asked_at = models.DateTimeField(auto_now_add=True)
    touched_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"import {self.pk}"

    @property
    def is_under_way(self) -> bool:
        """Whether the worker has still to end what it was asked for."""
        return self.state in {ImportState.WAITING, ImportState.RUNNING}


class ImportFile(models.Model):
    """A file that was sent, as it was called; kept in pieces until it is brought in. `size` in bytes."""

    job = models.ForeignKey(ImportJob, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name


class ImportPiece(models.Model):
    """A stretch of such a file's bytes; kept here, so that web servers and workers need no disk in common."""

    file = models.ForeignKey(ImportFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["file_id", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="import_piece_unique")]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"


class ReleaseState(models.TextChoices):
    """How far a release is."""

    MAKING = "making", "Being made"
    READY = "ready", "Ready"
    FAILED = "failed", "Failed"


WRITES = pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete


def fixed_once_ready(release: str, *, on: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Trigger that refuses a write while the release is ready, whose id is SQL over `ROW_` (NEW, or OLD on delete)."""
    new, old = release.replace("ROW_", "NEW"), release.replace("ROW_", "OLD")
    return pgtrigger.Trigger(
        name="fixed_once_ready",
        when=pgtrigger.Before,
        operation=on,
        declare=[("of_release", "BIGINT")],
        func=f"""
            IF TG_OP = 'DELETE' THEN
                of_release := {old};
            ELSE
                of_release := {new};
            END IF;
            IF EXISTS (SELECT FROM dataset_release WHERE id = of_release AND state = 'ready') THEN
                RAISE EXCEPTION 'a release stays as it is'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'release_fixed';
            END IF;
            IF TG_OP = 'DELETE' THEN
                RETURN OLD;
            END IF;
            RETURN NEW;
        """,
    )


class Release(models.Model):
    """The published record as the feed tells it up to `seq`, named and kept for good with its files.

    `done` of `total` changes are looked through while the worker makes it.
    """

    name = models.SlugField(max_length=60, unique=True)
    publisher = models.CharField(max_length=200, help_text="Who is to be cited.")
    licence = models.CharField(max_length=120, help_text="Of the annotations; texts stay with their sources.")
    notes = models.TextField(blank=True)
    seq = models.BigIntegerField()
    state = models.CharField(max_length=16, choices=ReleaseState, default=ReleaseState.MAKING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=ReleaseState.values), name="release_state_known"),
            models.CheckConstraint(condition=Q(name__regex=r"^[a-z0-9][a-z0-9._-]*$"), name="release_name_shaped"),
            models.CheckConstraint(
                condition=Q(state=ReleaseState.READY, finished_at__isnull=False) | ~Q(state=ReleaseState.READY),
                name="release_ready_since",
            ),
        ]
        triggers = [
            fixed_once_ready("ROW_.id", on=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return self.name


class ReleaseFile(models.Model):
    """A file of a release; `size` in bytes, `records` where it has a line or a row for each."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=80)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    records = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["release", "name"], name="release_file_unique")]
        triggers = [
            fixed_once_ready("ROW_.release_id", on=WRITES),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return self.name


class ReleasePiece(models.Model):
    """A stretch of a file's bytes; kept here, so that web servers and workers need no disk in common."""

    file = models.ForeignKey(ReleaseFile, on_delete=models.CASCADE, related_name="pieces")
    number = models.PositiveIntegerField()
    data = models.BinaryField()

    class Meta:
        ordering = ["file_id", "number"]
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="release_piece_unique")]
        triggers = [
            fixed_once_ready("(SELECT release_id FROM dataset_releasefile WHERE id = ROW_.file_id)", on=WRITES),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.file_id}: {self.number}"
