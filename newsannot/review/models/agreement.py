"""Figures of how far analysts agree, as the worker last made them, and the things these were counted from."""

from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from newsannot.articles.models import Article, Revision
from newsannot.review.models.assignment import Batch

STALLED_AFTER = timedelta(minutes=5)
"""A report that nobody has worked on for so long is not being made any more."""


class ReportState(models.TextChoices):
    """Whether a report's figures are being made."""

    WAITING = "waiting", "Waiting for the worker"
    RUNNING = "running", "Being computed"
    DONE = "done", "Computed"
    FAILED = "failed", "Failed"


class AgreementReport(models.Model):
    """How far analysts agree: in a batch, on an article, or (neither) in all but trainings.

    `basis` is what it was made of: reading id → its version then; what it lacks or has otherwise has changed since.
    `figures` has under `actors` who each actor named counted as. The figures stand until others are made.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, null=True, related_name="+")
    article = models.ForeignKey(Article, on_delete=models.CASCADE, null=True, related_name="+")
    state = models.CharField(max_length=16, choices=ReportState, default=ReportState.WAITING)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    touched_at = models.DateTimeField(auto_now=True, help_text="When it was asked for, or last worked on.")
    done = models.PositiveIntegerField(default=0, help_text="Texts counted so far.")
    total = models.PositiveIntegerField(default=0)
    made_at = models.DateTimeField(null=True)
    basis = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "article"], nulls_distinct=False, name="agreement_once_a_scope"),
            models.CheckConstraint(condition=Q(batch=None) | Q(article=None), name="agreement_of_one_scope"),
        ]

    def __str__(self) -> str:
        return f"agreement in {self.batch_id or 'all batches'}, article {self.article_id or 'any'}"

    def is_under_way(self, at: datetime) -> bool:
        """Whether figures are being made, or waited for."""
        is_asked = self.state in {ReportState.WAITING, ReportState.RUNNING}
        return is_asked and at - self.touched_at < STALLED_AFTER


class AgreementCase(models.Model):
    """One thing that readings of a text tell of, side by side: what the figures of a report count.

    `told` gives by reader's id the record (`key`), its borders by role (`parts`, code points) and its values by field
    (`claim`, as they are compared; what is left open is not there). `readers` are all who read the text under this
    codebook version; `differing` names what two of them have otherwise: "" the thing itself, "role:…", "field:…".
    """

    report = models.ForeignKey(AgreementReport, on_delete=models.CASCADE, related_name="cases", db_index=False)
    codebook = models.PositiveIntegerField(help_text="The number of the codebook's version.")
    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="+")
    completed_on = models.DateField(help_text="When the last of the readings was handed in (UTC).")
    kind = models.CharField(max_length=16)
    start = models.PositiveIntegerField(null=True, help_text="Where it begins, in code points.")
    words = models.CharField(max_length=200)
    readers = ArrayField(models.BigIntegerField())
    told = models.JSONField()
    differing = ArrayField(models.CharField(max_length=40))

    class Meta:
        indexes = [models.Index(fields=["report", "codebook", "kind", "id"], name="case_of_report")]

    def __str__(self) -> str:
        return f"{self.kind} at {self.start} of revision {self.revision_id}"


class Divergence(models.Model):
    """How many things the readings handed in of a text tell of, and in how many of these they differ.

    The worker keeps it up to date: `basis` says which readings it compared, and when each was handed in.
    """

    revision = models.OneToOneField(Revision, on_delete=models.CASCADE, primary_key=True, related_name="divergence")
    basis = models.TextField()
    things = models.PositiveIntegerField()
    differing = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.differing} of {self.things} in revision {self.revision_id}"
