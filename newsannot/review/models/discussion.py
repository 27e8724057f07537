"""What people say about records and rulings, and who is told of what."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, Move, Reading, Transition
from newsannot.codebook.models import Proposal
from newsannot.core.history import never_truncated, tracked
from newsannot.review.models.adjudication import Ruling


@tracked()
class Comment(models.Model):
    """What somebody says about a record, some words of it, or a ruling. One without `parent` begins a thread.

    Deleting is soft, and every wording is kept in its history. A thread is resolved at its first comment.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.PROTECT, null=True, related_name="comments")
    ruling = models.ForeignKey(Ruling, on_delete=models.PROTECT, null=True, related_name="comments")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="replies")
    start = models.IntegerField(null=True, help_text="Where the words it is about begin, in code points of the text.")
    end = models.IntegerField(null=True)
    quote = models.TextField(blank=True, help_text="The words it is about, when it is not about the whole record.")
    body = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    edited_at = models.DateTimeField(null=True, blank=True)
    deleted_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(annotation=None, ruling__isnull=False) | Q(annotation__isnull=False, ruling=None),
                name="comment_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(start=None, end=None, quote="")
                | (Q(annotation__isnull=False, start__gte=0, end__gt=models.F("start")) & ~Q(quote="")),
                name="comment_on_words_of_a_record",
            ),
            models.CheckConstraint(
                condition=Q(resolved_by=None, resolved_at=None)
                | Q(parent=None, resolved_by__isnull=False, resolved_at__isnull=False),
                name="comment_resolved_at_its_start",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="comment_says_something"),
        ]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def about(self) -> "Annotation | Ruling":
        """The record or the ruling it is about."""
        found = self.annotation or self.ruling
        assert found is not None  # noqa: S101 - comment_about_one_thing
        return found


class NoticeSort(models.TextChoices):
    """Why somebody is told of something."""

    RULING = "ruling", "Ruling"
    MENTION = "mention", "Mention"
    REPLY = "reply", "Comment"
    RETURNED = "returned", "Returned"
    PROPOSED = "proposed", "Proposed"
    PROPOSAL = "proposal", "Proposal"
    MOVED = "moved", "Moved"


class NoticeQuerySet(models.QuerySet["Notice"]):
    """Notices, narrowed."""

    def shown_to(self, user: User) -> "NoticeQuerySet":
        """Those of a person, about what they may see: no ruling undone or overtaken, no comment deleted."""
        later = Ruling.objects.in_force().filter(dispute=OuterRef("ruling__dispute"), pk__gt=OuterRef("ruling"))
        found = self.filter(person=user, comment__deleted_at=None, ruling__step__undone_at=None).filter(~Exists(later))
        if user.is_editor:
            return found
        return found.filter(Q(comment__annotation=None) | Q(comment__annotation__reading__reader=user))

    def unread(self) -> "NoticeQuerySet":
        """Those not opened yet."""
        return self.filter(read_at=None)

    def rulings(self) -> "NoticeQuerySet":
        """Those of rulings."""
        return self.filter(sort=NoticeSort.RULING)

    def talk(self) -> "NoticeQuerySet":
        """All but those of rulings."""
        return self.exclude(sort=NoticeSort.RULING)


class Notice(models.Model):
    """Something a person is told, once: a ruling on what they said, a comment, a reading of theirs given back or moved.

    Of a ruling it keeps what they `said` (as the dispute's choices write it), in which `reading` and, where they have
    it, in which record.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    sort = models.CharField(max_length=16, choices=NoticeSort)
    ruling = models.ForeignKey(Ruling, on_delete=models.CASCADE, null=True, related_name="notices")
    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, null=True, related_name="notices")
    transition = models.ForeignKey(Transition, on_delete=models.CASCADE, null=True, related_name="+")
    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, null=True, related_name="+")
    move = models.ForeignKey(Move, on_delete=models.CASCADE, null=True, related_name="+")
    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, null=True, related_name="notices")
    said = models.JSONField(null=True)
    is_otherwise = models.BooleanField(default=False, help_text="It was ruled otherwise than they said.")
    at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort="ruling", ruling__isnull=False, reading__isnull=False, comment=None, transition=None)
                | Q(sort__in=["mention", "reply"], comment__isnull=False, ruling=None, transition=None)
                | Q(sort="returned", transition__isnull=False, reading__isnull=False, ruling=None, comment=None)
                | Q(
                    sort__in=["proposed", "proposal"],
                    proposal__isnull=False,
                    reading=None,
                    ruling=None,
                    comment=None,
                    transition=None,
                )
                | Q(
                    sort="moved", move__isnull=False, reading__isnull=False, ruling=None, comment=None, transition=None
                ),
                name="notice_of_one_thing",
            ),
            models.UniqueConstraint(fields=["person", "ruling"], name="notice_once_a_ruling"),
            models.UniqueConstraint(fields=["person", "comment"], name="notice_once_a_comment"),
            models.UniqueConstraint(fields=["person", "transition"], name="notice_once_a_return"),
            models.UniqueConstraint(fields=["person", "proposal"], name="notice_once_a_proposal"),
            models.UniqueConstraint(fields=["person", "move"], name="notice_once_a_move"),
        ]
        indexes = [
            models.Index(fields=["person", "sort", "id"], name="notice_of_person"),
            models.Index(fields=["person"], condition=Q(read_at=None), name="notice_unread"),
        ]

    def __str__(self) -> str:
        return f"{self.sort} for {self.person_id}"
