"""Code lists and guidelines. A version, once made, never changes; a new one is added beside it.

What is to change is a draft until it is put in force: edits on top of the version they were begun from.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from newsannot.core.errors import name_fields
from newsannot.core.history import never_truncated

name_fields(
    draft_one_open="draft", edit_known="sort", proposal_about_one_thing="scheme", proposal_decided_whole="state"
)


def kept_for_good() -> list[pgtrigger.Trigger]:
    """Triggers of a table whose rows are only ever added."""
    return [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete), never_truncated()]


class Scheme(models.Model):
    """A named list of codes, such as `plover-mode`."""

    key = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120, help_text="As its newest version has it.")

    class Meta:
        ordering = ["key"]

    def __str__(self) -> str:
        return self.name


class SchemeVersion(models.Model):
    """A scheme as one file, or an editor's draft, said it was."""

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120, help_text="What the list is called from then on.")
    version = models.CharField(max_length=40, help_text="The source's own version, such as 0.8.")
    source = models.TextField(blank=True)
    licence = models.CharField(max_length=120, blank=True)
    description = models.TextField(blank=True)
    sha256 = models.CharField(max_length=64, blank=True, help_text="Of the file it was read from; empty: edited here.")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme", "number"], name="scheme_version_number_unique")]
        ordering = ["scheme_id", "number"]
        triggers = kept_for_good()

    def __str__(self) -> str:
        return f"{self.scheme} v{self.number}"

    @property
    def is_edited_here(self) -> bool:
        """Whether an editor put it in force, not a file."""
        return not self.sha256


class Code(models.Model):
    """One value of a scheme, with its definition. Annotations hold `code`, never this row's id."""

    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="codes")
    code = models.CharField(max_length=40)
    label = models.CharField(max_length=160)
    definition = models.TextField(blank=True)
    example = models.TextField(blank=True)
    parent = models.CharField(max_length=40, blank=True)
    position = models.PositiveIntegerField()
    extra = models.JSONField(default=dict, blank=True)
    retired_in = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scheme_version", "code"], name="code_unique_in_version")]
        ordering = ["scheme_version_id", "position"]
        triggers = kept_for_good()

    def __str__(self) -> str:
        return self.label


class BecameSort(models.TextChoices):
    """What became of a code in the version after."""

    RENAMED = "renamed", "Renamed"
    MERGED = "merged", "Merged"
    SPLIT = "split", "Split"
    RETIRED = "retired", "Retired"


class Became(models.Model):
    """What became of a code of the version before: one row for each code it turned into, none (`new` empty) if retired.

    A code without a row means in this version what it meant before. Append-only.
    """

    scheme_version = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="became")
    sort = models.CharField(max_length=16, choices=BecameSort)
    old = models.CharField(max_length=40)
    new = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme_version", "old", "new"], name="became_once"),
            models.CheckConstraint(
                condition=Q(sort="retired", new="") | (Q(sort__in=["renamed", "merged", "split"]) & ~Q(new="")),
                name="became_something_unless_retired",
            ),
        ]
        ordering = ["scheme_version_id", "id"]
        triggers = kept_for_good()

    def __str__(self) -> str:
        return f"{self.old} → {self.new or 'nothing'}"


class CodebookVersion(models.Model):
    """All schemes as they stood together; every reading is stamped with one."""

    number = models.PositiveIntegerField(unique=True)
    schemes = models.ManyToManyField(SchemeVersion, related_name="codebooks")
    reason = models.TextField(blank=True, help_text="Why it differs from the one before.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: loaded."
    )
    created_at = models.DateTimeField(auto_now_add=True, help_text="In force from then on.")

    class Meta:
        ordering = ["-number"]
        get_latest_by = "number"
        triggers = kept_for_good()

    def __str__(self) -> str:
        return f"Codebook {self.number}"


class GuidelineQuerySet(models.QuerySet["Guideline"]):
    """Versions of chapters, narrowed."""

    def reworded(self) -> "GuidelineQuerySet":
        """Those that say something else than the one before, or nothing any more: not merely moved."""
        before = self.model.objects.filter(key=OuterRef("key"), number=OuterRef("number") - 1)
        later = self.filter(number__gt=1).annotate(before=Subquery(before.values("text")[:1]))
        return later.exclude(before=F("text"), is_withdrawn=False)


class Guideline(models.Model):
    """Instructions for coders, in Markdown; a new text, place or withdrawal is a new number."""

    key = models.SlugField(max_length=40)
    number = models.PositiveIntegerField()
    title = models.CharField(max_length=160)
    text = models.TextField()
    position = models.PositiveIntegerField(default=0)
    is_withdrawn = models.BooleanField(default=False, help_text="From this version on it is not read any more.")
    reason = models.TextField(blank=True, help_text="Why it differs from the one before.")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", help_text="None: loaded."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GuidelineQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "number"], name="guideline_number_unique")]
        ordering = ["position", "key", "-number"]
        triggers = kept_for_good()

    def __str__(self) -> str:
        return f"{self.title} v{self.number}"


class Draft(models.Model):
    """A version of a scheme in the making; a scheme has one open draft at most.

    `version` grows with every edit, so that one made on a draft that has moved on is refused. Closed with a `result` it
    was put in force, closed without one it was discarded.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="drafts")
    base = models.ForeignKey(SchemeVersion, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    result = models.OneToOneField(
        SchemeVersion, on_delete=models.PROTECT, null=True, blank=True, related_name="draft", editable=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme"], condition=Q(closed_at=None), name="draft_one_open"),
            models.CheckConstraint(
                condition=Q(result=None) | Q(closed_at__isnull=False), name="draft_with_result_is_closed"
            ),
        ]
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"draft of {self.scheme}"


class Proposal(models.Model):
    """What somebody would have changed in a code list, one code of it, or a chapter; editors accept or decline it."""

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", "Open"
        ACCEPTED = "accepted", "Accepted"
        DECLINED = "declined", "Declined"

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, null=True, blank=True, related_name="proposals")
    code = models.CharField(max_length=40, blank=True, help_text="Empty: the list as a whole, or a new code.")
    guideline = models.SlugField(max_length=40, blank=True, help_text="The key of a chapter.")
    text = models.TextField()
    state = models.CharField(max_length=16, choices=State, default=State.OPEN)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    answer = models.TextField(blank=True, help_text="Why it was declined, or what was made of it.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    draft = models.ForeignKey(
        Draft, on_delete=models.PROTECT, null=True, related_name="proposals", help_text="The draft that took it up."
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scheme__isnull=False, guideline="") | (Q(scheme=None, code="") & ~Q(guideline="")),
                name="proposal_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_by=None, decided_at=None, answer="")
                | Q(state="accepted", decided_by__isnull=False, decided_at__isnull=False)
                | (Q(state="declined", decided_by__isnull=False, decided_at__isnull=False) & ~Q(answer="")),
                name="proposal_decided_whole",
            ),
            models.CheckConstraint(condition=~Q(text=""), name="proposal_says_something"),
        ]
        indexes = [models.Index(fields=["state", "id"], name="proposal_queue")]
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

    @property
    def subject(self) -> str:
        """What it is about, by key: `threat-consequence: force`, or a chapter."""
        return ": ".join(filter(None, [self.scheme.key if self.scheme else self.guideline, self.code]))


class Edit(models.Model):
    """One change of a draft; `rules/editing` says what `says` holds for each sort."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="edits")
    sort = models.CharField(max_length=16)
    codes = ArrayField(models.CharField(max_length=40), help_text="The codes it takes; none for a new one.")
    says = models.JSONField(default=list, help_text="The entries that come of it.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sort__in=["add", "change", "retire", "merge", "split", "move"]), name="edit_known"
            )
        ]
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.sort} {', '.join(self.codes)}"
