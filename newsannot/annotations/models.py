"""Readings, annotations, spans and mentions: what is true of every claim about a text.

Truth is in the database: the triggers here refuse a span that is not the text, a write to a closed reading, a code the
reading's codebook does not have and a record without its evidence, whoever sends the SQL.
"""

import uuid

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.db.models.functions import Coalesce, Left

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.articles.models import Article, Revision, int_range
from newsannot.codebook.models import CodebookVersion
from newsannot.core.errors import name_fields
from newsannot.core.filters import not_among
from newsannot.core.history import never_truncated, tracked
from newsannot.core.layers import Audience


class ReadingState(models.TextChoices):
    """Where a reading stands. Analysts': open, submitted, returned, accepted; curated: open, published, withdrawn."""

    OPEN = "open", "Open"
    SUBMITTED = "submitted", "Submitted"
    RETURNED = "returned", "Returned"
    ACCEPTED = "accepted", "Accepted"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


ANALYST_STATES = (ReadingState.OPEN, ReadingState.SUBMITTED, ReadingState.RETURNED, ReadingState.ACCEPTED)
CURATED_STATES = (ReadingState.OPEN, ReadingState.PUBLISHED, ReadingState.WITHDRAWN)
EDITABLE_STATES = (ReadingState.OPEN, ReadingState.RETURNED, ReadingState.WITHDRAWN)


class ReadingQuerySet(models.QuerySet["Reading"]):
    """Readings, narrowed by who may see and change them."""

    def visible_to(self, user: User) -> "ReadingQuerySet":
        """One's own; editors also see what was handed in, and the curated readings."""
        if not user.is_analyst:
            return self.none()
        own = Q(reader=user)
        if user.is_editor:
            return self.filter(own | Q(reader=None) | ~Q(state=ReadingState.OPEN))
        return self.filter(own)

    def changeable_by(self, user: User) -> "ReadingQuerySet":
        """One's own; editors also the curated readings. The state is another matter."""
        own = Q(reader=user)
        return self.filter(own | Q(reader=None)) if user.is_editor else self.filter(own)

    def curated(self) -> "ReadingQuerySet":
        """The editors' readings."""
        return self.filter(reader=None)


def publication_guard(reading: str, *, on: pgtrigger.Operation, when: pgtrigger.Q) -> pgtrigger.Trigger:
    """Deferred trigger: at COMMIT records are published in a published reading only."""
    return pgtrigger.Trigger(
        name="published_together",
        when=pgtrigger.After,
        operation=on,
        timing=pgtrigger.Deferred,
        condition=when,
        func=f"""
            IF EXISTS (
                SELECT FROM annotations_reading r JOIN annotations_annotation a ON a.reading_id = r.id
                WHERE r.id = {reading} AND r.state <> 'published' AND a.is_published
            ) THEN
                RAISE EXCEPTION 'records are published in a published reading only'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'published_together';
            END IF;
            RETURN NULL;
        """,
    )


class Reading(models.Model):
    """One person's pass over one revision; the curated reading, the editors', has no reader."""

    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="readings"
    )
    state = models.CharField(max_length=16, choices=ReadingState, default=ReadingState.OPEN)
    codebook = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    nothing_found = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1, help_text="Grows with every change of anything in the reading.")
    opened_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True, help_text="Accepted, published or withdrawn.")
    updated_at = models.DateTimeField(auto_now=True)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["revision"], condition=Q(reader=None), name="reading_one_curated_per_revision"
            ),
            models.UniqueConstraint(fields=["revision", "reader"], name="reading_one_per_reader"),
            models.CheckConstraint(
                condition=Q(reader=None, state__in=CURATED_STATES) | Q(reader__isnull=False, state__in=ANALYST_STATES),
                name="reading_state_fits_kind",
            ),
        ]
        indexes = [models.Index(fields=["state", "submitted_at"]), models.Index(fields=["reader", "state"])]
        triggers = [
            pgtrigger.FSM(
                name="state_moves",
                field="state",
                transitions=[
                    ("open", "submitted"),
                    ("returned", "submitted"),
                    ("submitted", "returned"),
                    ("submitted", "accepted"),
                    ("accepted", "returned"),
                    ("open", "published"),
                    ("withdrawn", "published"),
                    ("published", "withdrawn"),
                ],
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_truncated(),
            pgtrigger.ReadOnly(name="fixed", fields=["revision", "reader"]),
            publication_guard("NEW.id", on=pgtrigger.Update, when=pgtrigger.Q(old__state="published")),
            pgtrigger.Trigger(
                name="codes_follow",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition('OLD."codebook_id" IS DISTINCT FROM NEW."codebook_id"'),
                func="PERFORM reading_codes_must_exist(NEW.id, NULL); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"reading {self.pk} of revision {self.revision_id}"

    @property
    def is_curated(self) -> bool:
        """Whether this is the editors' reading."""
        return self.reader_id is None

    @property
    def is_editable(self) -> bool:
        """Whether its state lets anything in it change."""
        return self.state in EDITABLE_STATES


class Transition(models.Model):
    """A reading's change of state, with the comment given. Append-only."""

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="transitions")
    state = models.CharField(max_length=16, choices=ReadingState)
    comment = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.state} at {self.at}"


class Move(models.Model):
    """That a reading went on to another codebook; `together` names the steps that rewrote its records, if any.

    `run` is shared by readings moved at once. Undone, the reading is back under the codebook before.
    """

    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="moves")
    before = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    after = models.ForeignKey(CodebookVersion, on_delete=models.PROTECT, related_name="+")
    together = models.UUIDField(null=True, unique=True)
    run = models.UUIDField(default=uuid.uuid4, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        triggers = [pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete), never_truncated()]

    def __str__(self) -> str:
        return f"reading {self.reading_id} from {self.before} to {self.after}"


def closed_reading_guard(reading_of: str, *, besides: str = "FALSE") -> pgtrigger.Trigger:
    """Trigger that refuses a write while the reading is closed.

    `reading_of` is SQL giving the reading's id from `ROW_` (NEW, or OLD on delete); `besides`, SQL for writes let
    through.
    """
    new, old = reading_of.replace("ROW_", "NEW"), reading_of.replace("ROW_", "OLD")
    return pgtrigger.Trigger(
        name="reading_open",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        func=f"""
            IF TG_OP = 'DELETE' THEN
                PERFORM reading_must_be_open({old});
                RETURN OLD;
            END IF;
            IF TG_OP = 'INSERT' OR NOT ({besides}) THEN
                PERFORM reading_must_be_open({new});
            END IF;
            RETURN NEW;
        """,
    )


OF_ANNOTATION = "(SELECT reading_id FROM annotations_annotation WHERE id = ROW_.{column})"
OF_CHILD = OF_ANNOTATION.format(column="annotation_ptr_id")


def codes_guard(reading_of: str = OF_CHILD, /, **schemes: str) -> pgtrigger.Trigger:
    """Trigger that refuses a code which the reading's codebook version lacks: column → scheme key."""
    reading = reading_of.replace("ROW_", "NEW")
    pairs = ", ".join(f"'{scheme}', NEW.{column}" for column, scheme in schemes.items())
    said = ", ".join(f"NEW.{column}" for column in schemes)
    return pgtrigger.Trigger(
        name="codes_known",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=f"""
            IF translate(concat({said}), '{{}}', '') <> '' THEN
                PERFORM codes_must_exist({reading}, jsonb_build_object({pairs}));
            END IF;
            RETURN NEW;
        """,
    )


def evidence_guard(annotation: str = "NEW.annotation_ptr_id") -> pgtrigger.Trigger:
    """Deferred trigger: at COMMIT the record must hold what its kind demands (`<kind>_must_hold` in SQL)."""
    return pgtrigger.Trigger(
        name="record_holds",
        when=pgtrigger.After,
        operation=pgtrigger.Insert | pgtrigger.Update,
        timing=pgtrigger.Deferred,
        func=f"PERFORM annotation_must_hold({annotation}); RETURN NULL;",
    )


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    """Annotations, narrowed."""

    def standing(self) -> "AnnotationQuerySet":
        """Those not deleted."""
        return self.filter(deleted_at=None)

    def deleted(self) -> "AnnotationQuerySet":
        """Those in the bin; what stands under another kind is not."""
        line = Coalesce("relabelling__first", "pk")
        under_another = Relabelling.objects.filter(first=OuterRef("line"), annotation__deleted_at=None)
        under_the_first = Annotation.objects.filter(pk=OuterRef("line"), deleted_at=None)
        lying = self.filter(deleted_at__isnull=False).alias(line=line)
        return lying.filter(~Exists(under_another), ~Exists(under_the_first))

    def published(self) -> "AnnotationQuerySet":
        """Those of a published reading."""
        return self.filter(is_published=True)

    def given_out(self, audience: Audience) -> "AnnotationQuerySet":
        """Those published; for readers, without the articles within an embargo."""
        if audience is Audience.STAFF:
            return self.published()
        published = Reading.objects.curated().filter(state=ReadingState.PUBLISHED).order_by()
        held_back = published.filter(revision__article__in=Article.objects.embargoed())
        return self.published().filter(not_among("reading_id", held_back.values("pk")))

    def visible_to(self, user: User) -> "AnnotationQuerySet":
        """Those in readings the user may see."""
        return self.filter(reading__in=Reading.objects.visible_to(user))


PUBLICATION_ALONE = """
    NEW.is_published IS DISTINCT FROM OLD.is_published
    AND to_jsonb(NEW) - '{is_published,updated_at}'::text[] = to_jsonb(OLD) - '{is_published,updated_at}'::text[]
"""


@tracked()
class Annotation(models.Model):
    """One claim about the text, evidenced by spans in named roles."""

    public_id = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="annotations")
    kind = models.CharField(max_length=16)
    certainty = models.CharField(max_length=40, blank=True, help_text="The coder's: low, moderate, high.")
    note = models.TextField(blank=True)
    origin = models.CharField(max_length=16, default="person", help_text="person, engine or import")
    engine = models.CharField(max_length=80, blank=True, help_text="Name and version, when an engine drafted it.")
    derived_from = models.ManyToManyField(
        "self", through="Derivation", symmetrical=False, related_name="derivatives", blank=True
    )
    version = models.PositiveIntegerField(default=1)
    is_published = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    updated_at = models.DateTimeField(auto_now=True)
    deleted_at = models.DateTimeField(null=True, blank=True)

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["mention", "statement", "threat"]), name="annotation_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(origin__in=["person", "engine", "import"]), name="annotation_origin_known"
            ),
            models.CheckConstraint(
                condition=Q(is_published=False) | Q(deleted_at=None), name="annotation_published_stands"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "id"], condition=Q(is_published=True), name="annotation_published"),
            models.Index(fields=["kind", "updated_at"], condition=Q(is_published=True), name="annotation_pub_updated"),
            models.Index(
                fields=["reading", "deleted_at", "id"], condition=Q(deleted_at__isnull=False), name="annotation_bin"
            ),
            models.Index(fields=["reading", "kind"], condition=Q(deleted_at=None), name="annotation_tally"),
        ]
        triggers = [
            closed_reading_guard(
                "ROW_.reading_id",
                besides=PUBLICATION_ALONE,
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            never_truncated(),
            pgtrigger.ReadOnly(name="fixed", fields=["public_id", "reading", "kind", "created_by", "created_at"]),
            codes_guard("ROW_.reading_id", certainty="certainty"),
            evidence_guard("NEW.id"),
            pgtrigger.Trigger(
                name="codes_known_again",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                timing=pgtrigger.Deferred,
                condition=pgtrigger.Condition('OLD."deleted_at" IS NOT NULL AND NEW."deleted_at" IS NULL'),
                func="PERFORM reading_codes_must_exist(NEW.reading_id, NEW.id); RETURN NULL;",
            ),
            publication_guard(
                "NEW.reading_id", on=pgtrigger.Insert | pgtrigger.Update, when=pgtrigger.Q(new__is_published=True)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Relabelling(models.Model):
    """That a record took the place of one of another kind, with its words; append-only.

    `first` is the one that was marked to begin with: all that share it are one line, of which one stands at most,
    unless somebody restores another.
    """

    annotation = models.OneToOneField(
        Annotation, on_delete=models.PROTECT, primary_key=True, related_name="relabelling"
    )
    was = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="became")
    first = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        triggers = [
            closed_reading_guard(OF_ANNOTATION.format(column="annotation_id")),
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"{self.annotation_id} was {self.was_id}"


@tracked()
class Derivation(models.Model):
    """A curated annotation rests on an analyst's."""

    curated = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="derivations")
    original = models.ForeignKey(Annotation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["curated", "original"], name="derivation_unique")]
        triggers = [closed_reading_guard(OF_ANNOTATION.format(column="curated_id"))]

    def __str__(self) -> str:
        return f"{self.curated_id} rests on {self.original_id}"


name_fields(
    reading_open="reading",
    published_together="reading",
    codes_known="codes",
    span_is_text="parts",
    span_within_text="parts",
    span_role_known="parts",
    span_codable="parts",
    span_roles_never_overlap="parts",
    mention_has_text="text",
    zone_keeps_annotated_text="zones",
)
ROLES = {
    "mention": ("text",),
    "statement": ("source", "cue", "content"),
    "threat": ("reference", "condition", "demand", "consequence", "deadline"),
}
SINGLE_ROLES = ("text", "source", "cue")
EXCLUSIVE_ROLES = ("source", "cue", "content")
CONTEXT_LENGTH = 32


@tracked()
class Span(models.Model):
    """Evidence: `text[start:end] == exact`, in code points of the reading's revision.

    `prefix` and `suffix` are up to 32 code points around it [W3C TextQuoteSelector]; `reading` is the annotation's,
    set by the database, so that the spans of a block are one index scan.
    """

    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="spans")
    reading = models.ForeignKey(Reading, on_delete=models.PROTECT, related_name="spans", db_index=False)
    role = models.CharField(max_length=16)
    start = models.IntegerField()
    end = models.IntegerField()
    exact = models.TextField()
    prefix = models.CharField(max_length=CONTEXT_LENGTH, blank=True)
    suffix = models.CharField(max_length=CONTEXT_LENGTH, blank=True)

    class Meta:
        ordering = ["start", "end", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(start__gte=0, start__lt=F("end")), name="span_not_empty"),
            models.UniqueConstraint(
                fields=["annotation", "role"], condition=Q(role__in=SINGLE_ROLES), name="span_role_single"
            ),
            ExclusionConstraint(
                name="span_roles_never_overlap",
                expressions=[(F("annotation"), RangeOperators.EQUAL), (int_range(), RangeOperators.OVERLAPS)],
                condition=Q(role__in=EXCLUSIVE_ROLES),
            ),
        ]
        indexes = [
            models.Index(fields=["reading", "start", "end"]),
            models.Index(F("reading"), Left("exact", 60), name="span_named", condition=Q(role="text")),
            GinIndex(
                Func(F("exact"), function="public.search_vector"),
                name="span_search",
                condition=Q(role__in=["content", "reference", "condition", "demand", "consequence", "deadline"]),
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="span_is_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    NEW.reading_id := span_must_hold(NEW.annotation_id, NEW.role, NEW.start, NEW."end", NEW.exact);
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="reading_open",
                when=pgtrigger.Before,
                operation=pgtrigger.Delete,
                func="PERFORM reading_must_be_open(OLD.reading_id); RETURN OLD;",
            ),
            pgtrigger.Trigger(
                name="record_holds",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func="PERFORM annotation_must_hold(OLD.annotation_id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.start}–{self.end}"


@tracked("mention_events")
class Mention(Annotation):
    """These words name this actor. Role: `text` (1)."""

    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="mentions")
    form = models.CharField(max_length=40, blank=True)

    class Meta:
        triggers = [
            closed_reading_guard(OF_CHILD),
            codes_guard(form="mention-form"),
        ]


class Step(models.Model):
    """One undoable change of one annotation: the record before and after (None: it did not stand).

    Steps made by one gesture share `together`: they are undone and done again as one.
    """

    reading = models.ForeignKey(Reading, on_delete=models.CASCADE, related_name="steps", db_index=False)
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="steps")
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField(auto_now_add=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    together = models.UUIDField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["reading", "id"]),
            models.Index(fields=["together"], condition=Q(together__isnull=False), name="step_together"),
        ]

    def __str__(self) -> str:
        return f"step {self.pk}"
