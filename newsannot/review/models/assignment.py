"""Batches of articles and who is to read them: the pool, the work held for a while, and what was given back.

An assignment is a slot: the first to the nth reader of a revision in a batch; in the pool it is nobody's yet. Truth is
in the database: it counts the slots, lets nobody have a revision twice, and puts the reading of its analyst, and no
other, beside an assignment.
"""

from datetime import datetime, timedelta

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.articles.models import Revision
from newsannot.core.errors import name_fields
from newsannot.core.history import never_truncated

MOST_READERS = 20
"""The most analysts for one article."""
LONGEST_LEASE = 90 * 24
"""Hours."""
name_fields(
    assignment_once_a_person="analyst",
    assignment_slot_once="slot",
    assignment_slot_known="slot",
    assignment_begun="batch",
)


class Batch(models.Model):
    """Articles to be read by `analysts_per_article` people each, under the same conditions."""

    name = models.CharField(max_length=120, unique=True)
    note = models.TextField(blank=True, max_length=4000, help_text="What to mind; its analysts see it beside the text.")
    analysts_per_article = models.PositiveSmallIntegerField(default=2)
    maximum_share = models.PositiveSmallIntegerField(default=100, help_text="Percent of the batch one person may have.")
    due_at = models.DateTimeField(null=True, blank=True)
    lease_hours = models.PositiveSmallIntegerField(
        default=24, help_text="Work taken from the pool returns there so long after it was last worked on."
    )
    is_pool = models.BooleanField(default=False, help_text="Taken by the analysts one by one, not given to them.")
    hides_suggestions = models.BooleanField(default=False, help_text="Suggestions are hidden: coded blind.")
    is_training = models.BooleanField(default=False, help_text="Readings are compared with the curated ones.")
    pass_mark = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Percent; of a training only.")
    requires = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="leads_to", help_text="A training."
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Nothing more is given out of it.")

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(analysts_per_article__gte=1, analysts_per_article__lte=MOST_READERS),
                name="batch_readers_within_reason",
            ),
            models.CheckConstraint(
                condition=Q(maximum_share__gte=1, maximum_share__lte=100), name="batch_share_is_percent"
            ),
            models.CheckConstraint(
                condition=Q(lease_hours__gte=1, lease_hours__lte=LONGEST_LEASE), name="batch_lease_within_reason"
            ),
            models.CheckConstraint(
                condition=Q(is_training=False, pass_mark=None)
                | Q(is_training=True, requires=None, pass_mark__isnull=False, pass_mark__gte=0, pass_mark__lte=100),
                name="batch_training_has_pass_mark",
            ),
        ]
        triggers = [
            pgtrigger.ReadOnly(
                name="fixed", fields=["analysts_per_article", "is_training", "hides_suggestions", "created_by"]
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def lease(self) -> timedelta:
        """How long work stays with who took it from the pool, from when it was last worked on."""
        return timedelta(hours=self.lease_hours)

    @property
    def is_closed(self) -> bool:
        """Whether nothing more is given out of it."""
        return self.closed_at is not None


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    """Assignments, narrowed."""

    def of(self, user: User) -> "AssignmentQuerySet":
        """A person's."""
        return self.filter(analyst=user)

    def in_pool(self) -> "AssignmentQuerySet":
        """Those that wait for somebody to take them."""
        return self.filter(analyst=None, batch__closed_at=None)

    def unfinished(self) -> "AssignmentQuerySet":
        """Those of which the reading is not begun, open or returned."""
        return self.filter(
            Q(reading=None) | Q(reading__state__in=[ReadingState.OPEN, ReadingState.RETURNED]), analyst__isnull=False
        )

    def abandoned(self, at: datetime) -> "AssignmentQuerySet":
        """Those taken from the pool of which the lease has ended by then, counted from the last work on them."""
        lease = models.ExpressionWrapper(
            F("batch__lease_hours") * timedelta(hours=1), output_field=models.DurationField()
        )
        return self.filter(
            Q(reading=None) | Q(reading__state=ReadingState.OPEN, reading__updated_at__lt=at - lease),
            leased_until__lt=at,
        )


class Assignment(models.Model):
    """That somebody is to read a revision: a slot of a batch.

    In the pool it has no analyst. `leased_until` is set for what was taken from there; work on the reading puts it off.
    The database sets `reading`, whatever was sent: that of the analyst and the revision, once there is one.
    """

    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="assignments")
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="assignments")
    slot = models.PositiveSmallIntegerField(help_text="Which of the readers of the article, from 1.")
    analyst = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    due_at = models.DateTimeField(null=True, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    reading = models.ForeignKey(
        Reading, on_delete=models.PROTECT, null=True, blank=True, editable=False, related_name="assignments"
    )
    score = models.PositiveSmallIntegerField(
        null=True, blank=True, editable=False, help_text="Percent of the gold records found, when first compared."
    )

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["revision", "analyst"], name="assignment_once_a_person"),
            models.UniqueConstraint(fields=["batch", "revision", "slot"], name="assignment_slot_once"),
            models.CheckConstraint(
                condition=Q(analyst__isnull=False) | Q(leased_until=None, score=None), name="assignment_pool_is_nobodys"
            ),
            models.CheckConstraint(
                condition=Q(score=None) | Q(score__gte=0, score__lte=100), name="assignment_score_is_percent"
            ),
        ]
        indexes = [
            models.Index(fields=["analyst", "due_at"], name="assignment_of_person"),
            models.Index(F("due_at").asc(nulls_last=True), "id", condition=Q(analyst=None), name="assignment_in_pool"),
            models.Index(fields=["leased_until"], condition=Q(leased_until__isnull=False), name="assignment_leased"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="slot_known",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                func="""
                    IF NEW.slot NOT BETWEEN 1 AND
                        (SELECT analysts_per_article FROM review_batch WHERE id = NEW.batch_id) THEN
                        RAISE EXCEPTION 'an article of this batch has fewer readers'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_slot_known';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="leads_to_own_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.reading_id := (SELECT id FROM annotations_reading
                        WHERE revision_id = NEW.revision_id AND reader_id = NEW.analyst_id);
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="kept_once_begun",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__reading__isnull=False),
                func="""
                    RAISE EXCEPTION 'somebody has begun to read for this batch'
                        USING ERRCODE = 'check_violation', CONSTRAINT = 'assignment_begun';
                """,
            ),
            pgtrigger.ReadOnly(name="fixed", fields=["batch", "revision", "slot"]),
        ]

    def __str__(self) -> str:
        return f"slot {self.slot} of revision {self.revision_id} in batch {self.batch_id}"

    @property
    def state(self) -> str:
        """`pool`, `new` (not begun), or the state of the reading it led to."""
        if self.analyst_id is None:
            return "pool"
        return self.reading.state if self.reading else "new"

    @property
    def state_label(self) -> str:
        """The state in words."""
        if self.reading and self.analyst_id:
            return self.reading.get_state_display()
        return "Not begun" if self.analyst_id else "In the pool"

    @property
    def is_done(self) -> bool:
        """Whether the reading was handed in."""
        return self.state in {ReadingState.SUBMITTED, ReadingState.ACCEPTED}

    @property
    def held_until(self) -> datetime | None:
        """When the lease ends if nobody works on it; None when there is no lease."""
        if self.leased_until is None or (self.reading and self.reading.state != ReadingState.OPEN):
            return None
        last = self.reading.updated_at + self.batch.lease if self.reading else self.leased_until
        return max(last, self.leased_until)


class Lapse(models.Model):
    """That an assignment was taken back from somebody: its lease ended, or an editor did it.

    The reading, if there is one, stays theirs as it is; they are told, and may take the assignment again while it is
    free.
    """

    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="lapses")
    analyst = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["analyst", "assignment"])]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update), never_truncated()]

    def __str__(self) -> str:
        return f"assignment {self.assignment_id} taken back at {self.at}"
