"""What editors did to many readings or assignments at once, kept so that it can be undone whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from newsannot.review.models.assignment import Batch


class DeedSort(models.TextChoices):
    """What is done to many at once."""

    ACCEPT = "accept", "Accept"
    RETURN = "return", "Return"
    DUE = "due", "Set the due date of"
    GIVE = "give", "Hand over"
    RELEASE = "release", "Take back"


TO_READINGS = (DeedSort.ACCEPT, DeedSort.RETURN)
TO_ASSIGNMENTS = (DeedSort.DUE, DeedSort.GIVE, DeedSort.RELEASE)


class BulkDeed(models.Model):
    """Readings accepted or returned together, or assignments of a batch changed together.

    `readings` has of each its `id`, the `version` it had afterwards, and when it had been handed in (`submitted_at`).
    `assignments` has of each its `id`, what it `was` and what it `is` since (`analyst`, `due_at` and more), and the
    `lapse` that tells its analyst, if it was taken from one.
    """

    sort = models.CharField(max_length=16, choices=DeedSort)
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, null=True, related_name="deeds")
    comment = models.TextField(blank=True, help_text="What analysts were told, or what it was changed to.")
    readings = models.JSONField(default=list)
    assignments = models.JSONField(default=list)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(undone_by=None, undone_at=None) | Q(undone_by__isnull=False, undone_at__isnull=False),
                name="bulk_undone_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(sort__in=TO_READINGS, batch=None) | Q(sort__in=TO_ASSIGNMENTS, batch__isnull=False),
                name="bulk_of_a_batch_when_assigning",
            ),
        ]

    def __str__(self) -> str:
        count = len(self.assignments if self.batch_id else self.readings)
        things = f"{count:,} {'assignment' if self.batch_id else 'reading'}{'s' * (count != 1)}"
        return {
            DeedSort.ACCEPT: f"{things} accepted",
            DeedSort.RETURN: f"{things} returned",
            DeedSort.DUE: f"{things} {self.comment}",
            DeedSort.GIVE: f"{things} handed to {self.comment}",
            DeedSort.RELEASE: f"{things} taken back",
        }[DeedSort(self.sort)]
