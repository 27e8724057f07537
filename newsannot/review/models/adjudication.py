"""What the editors decide between several readings of one revision: what is in dispute, and every ruling on it."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, OuterRef, Q

from newsannot.annotations.models import Annotation, Reading, Step
from newsannot.core.history import never_truncated


class Adjudication(models.Model):
    """Readings of one revision being made one, the curated reading."""

    curated = models.OneToOneField(Reading, on_delete=models.CASCADE, related_name="adjudication")
    strategy = models.CharField(max_length=16, help_text="How what is not unanimous is settled without an editor.")
    merged = models.ManyToManyField(Reading, related_name="+", help_text="The readings compared, as of the last time.")
    merged_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        return f"adjudication of {self.curated_id}"

    def is_older_than(self, reading: Reading) -> bool:
        """Whether the reading was handed in after the readings were compared."""
        return reading.submitted_at is not None and reading.submitted_at > self.merged_at


class DisputeQuerySet(models.QuerySet["Dispute"]):
    """Disputes, narrowed by what became of them."""

    def undecided(self) -> "DisputeQuerySet":
        """Those without a ruling in force, of records that stand; not those whose choices became one."""
        ruled = Ruling.objects.standing().filter(dispute=models.OuterRef("pk"), reopens=False)
        return self.filter(~models.Exists(ruled), curated__deleted_at=None, is_one=False)


class Dispute(models.Model):
    """A field of a curated record, the borders of a role, or its standing, which the readings differ about."""

    curated = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="disputes")
    name = models.CharField(
        max_length=32, blank=True, help_text="Of a field or a role; empty: whether it stands at all."
    )
    is_border = models.BooleanField(default=False, help_text="Of a role: a field may have the same name.")
    choices = models.JSONField(help_text="What the readings say, the most frequent first.")
    is_one = models.BooleanField(
        default=False, help_text="The actors that the choices name were merged since: all say the same by now."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DisputeQuerySet.as_manager()

    class Meta:
        """One dispute for each field and each role of a record."""

        constraints = [models.UniqueConstraint(fields=["curated", "name", "is_border"], name="dispute_once_a_field")]
        indexes = [
            GinIndex(
                fields=["choices"],
                opclasses=["jsonb_path_ops"],
                name="dispute_choices",
                condition=Q(is_border=False),
            )
        ]

    def __str__(self) -> str:
        return f"{'borders of ' if self.is_border else ''}{self.name or 'standing'} of {self.curated_id}"


class RulingQuerySet(models.QuerySet["Ruling"]):
    """Rulings, narrowed by whether they hold."""

    def in_force(self) -> "RulingQuerySet":
        """Those whose change of the record was not undone."""
        return self.filter(Q(step=None) | Q(step__undone_at=None))

    def standing(self) -> "RulingQuerySet":
        """Of each dispute the one that counts."""
        later = Ruling.objects.in_force().filter(dispute=OuterRef("dispute"), pk__gt=OuterRef("pk"))
        return self.in_force().filter(~Exists(later))


class Ruling(models.Model):
    """An editor's decision of a dispute. It holds as long as its step is not undone; the latest one counts."""

    dispute = models.ForeignKey(Dispute, on_delete=models.PROTECT, related_name="rulings")
    value = models.JSONField(null=True, help_text="What was chosen, as the dispute's choices write it.")
    origin = models.ForeignKey(
        Annotation,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text="Whose value it is; null: their own.",
    )
    strategy = models.CharField(max_length=16, blank=True, help_text="The strategy that ruled, when no person did.")
    reopens = models.BooleanField(default=False, help_text="It is asked again: what was decided before holds no more.")
    reason = models.CharField(max_length=40, blank=True)
    note = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    step = models.ForeignKey(Step, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = RulingQuerySet.as_manager()

    class Meta:
        """Rulings are kept; one is taken back by undoing its step."""

        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]

    def __str__(self) -> str:
        return f"ruling {self.pk} on {self.dispute_id}"
