"""What editors did to many readings at once, kept so that it can be undone whole."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class DeedSort(models.TextChoices):
    """What is done to many readings at once."""

    ACCEPT = "accept", "Accept"
    RETURN = "return", "Return"


class BulkDeed(models.Model):
    """Readings accepted or returned together.

    `readings` has of each its `id`, the `version` it had afterwards, and when it had been handed in (`submitted_at`).
    """

    sort = models.CharField(max_length=16, choices=DeedSort)
    comment = models.TextField(blank=True)
    readings = models.JSONField()
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
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_sort_display()}: {len(self.readings)} readings"
