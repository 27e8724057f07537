"""What engines proposed for a revision, what people made of it, and who wants to see it.

A proposal is known by its fingerprint, which tells kind and words: a verdict on it holds whichever engine proposes the
same again; a rejection also when the borders have moved.
"""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from newsannot.annotations.models import Annotation, Reading, closed_reading_guard
from newsannot.articles.models import Revision
from newsannot.core.history import never_truncated


class Drafting(models.Model):
    """All that one version of an engine proposes for a revision. Append-only.

    `suggestions` is a list of `{fingerprint, kind, parts: {role: [[start, end], …]}, values, reason, rule, score}`, in
    the order of the text; offsets are code points, actors in `values` are named by id.
    """

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="draftings")
    engine = models.CharField(max_length=40)
    engine_version = models.CharField(max_length=40)
    suggestions = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "engine", "engine_version"], name="drafting_once_a_version")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.engine_version} on revision {self.revision_id}"


class Decision(models.TextChoices):
    """What somebody made of a suggestion."""

    ACCEPTED = "accepted", "Accepted"
    CORRECTED = "corrected", "Accepted to be corrected"
    REJECTED = "rejected", "Rejected"


class Verdict(models.Model):
    """What the reader of a reading made of a suggestion; only taking a rejection back ever changes it.

    One that was accepted is settled as long as its annotation stands, under whichever kind; one rejected, until that is
    taken back.
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="verdicts")
    drafting = models.ForeignKey(Drafting, on_delete=models.PROTECT, related_name="verdicts")
    fingerprint = models.CharField(max_length=32)
    decision = models.CharField(max_length=16, choices=Decision)
    annotation = models.ForeignKey(
        Annotation, on_delete=models.PROTECT, null=True, blank=True, related_name="suggestion_verdicts"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    taken_back_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=Decision.values), name="verdict_decision_known"),
            models.CheckConstraint(
                condition=Q(decision=Decision.REJECTED, annotation=None)
                | (~Q(decision=Decision.REJECTED) & Q(annotation__isnull=False, taken_back_at=None)),
                name="verdict_annotation_fits",
            ),
            models.UniqueConstraint(
                fields=["reading", "fingerprint"],
                condition=Q(decision=Decision.REJECTED, taken_back_at=None),
                name="verdict_rejected_once",
            ),
        ]
        indexes = [models.Index(fields=["reading", "fingerprint"])]
        triggers = [
            closed_reading_guard("ROW_.reading_id"),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_truncated(),
            pgtrigger.ReadOnly(
                name="fixed", fields=["reading", "drafting", "fingerprint", "decision", "annotation", "by", "at"]
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision} in reading {self.reading_id}"


class SuggestionSetting(models.Model):
    """Whether suggestions are shown in a reading; without a row they are. Hidden, the reading is coded blind."""

    reading = models.OneToOneField(
        Reading, on_delete=models.PROTECT, primary_key=True, related_name="suggestion_setting"
    )
    is_shown = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"suggestions {'shown' if self.is_shown else 'hidden'} in reading {self.reading_id}"
