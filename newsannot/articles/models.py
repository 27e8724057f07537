"""What is annotated. A revision's text never changes; offsets into it are code points, 0-based and half-open."""

from datetime import timedelta

import pgtrigger
from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import ExpressionWrapper, F, Func, Q, Value
from django.db.models.functions import Now

from newsannot.core.history import never_truncated

INT4RANGE = "int4range"


def int_range(start: str = "start", end: str = "end") -> Func:
    """The SQL range of two columns, half-open."""
    return Func(F(start), F(end), Value("[)"), function=INT4RANGE)


class Reliability(models.TextChoices):
    """Reliability of a source [Admiralty code, AJP-2.1]. F is *cannot be judged*, not the bottom of a scale."""

    A = "A", "A – completely reliable"
    B = "B", "B – usually reliable"
    C = "C", "C – fairly reliable"
    D = "D", "D – not usually reliable"
    E = "E", "E – unreliable"
    F = "F", "F – cannot be judged"


LONGEST_EMBARGO = 100 * 366 * 24
"""Hours; more would count back beyond all calendars."""


class Source(models.Model):
    """Who published an article, and what may be given out of it."""

    name = models.CharField(max_length=200)
    domain = models.CharField(max_length=253, unique=True)
    country = models.CharField(max_length=3, blank=True, help_text="ISO 3166-1 alpha-3")
    language = models.CharField(max_length=35, blank=True, help_text="BCP 47")
    reliability = models.CharField(max_length=1, choices=Reliability, null=True, blank=True)  # noqa: DJ001 - null: not rated
    licence = models.CharField(max_length=120, blank=True)
    excerpt_limit = models.PositiveIntegerField(
        null=True, blank=True, help_text="Characters of a record's words that readers get; empty: no limit."
    )
    embargo_hours = models.PositiveIntegerField(
        default=0,
        validators=[MaxValueValidator(LONGEST_EMBARGO)],
        help_text="Nothing of an article is given out to readers so long after it was published.",
    )
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reliability__isnull=True) | Q(reliability__in=Reliability.values),
                name="source_reliability_known",
            ),
            models.CheckConstraint(
                condition=Q(embargo_hours__lte=LONGEST_EMBARGO), name="source_embargo_within_calendars"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(embargo_hours__gt=0), name="source_with_embargo")]

    def __str__(self) -> str:
        return self.name


class ArticleState(models.TextChoices):
    """Whether work on an article is wanted."""

    READY = "ready", "Ready"
    ARCHIVED = "archived", "Archived"


class ArticleQuerySet(models.QuerySet["Article"]):
    """Articles, narrowed."""

    def embargoed(self) -> "ArticleQuerySet":
        """Those within the embargo of their source: nothing of them is given out to readers yet."""
        hours = ExpressionWrapper(F("source__embargo_hours") * Value(timedelta(hours=1)), models.DurationField())
        return self.filter(source__embargo_hours__gt=0, published_at__gt=Now() - hours).order_by()


class Article(models.Model):
    """A news article; its words are in its revisions."""

    source = models.ForeignKey(Source, on_delete=models.PROTECT, related_name="articles")
    url = models.URLField(max_length=2000, unique=True, null=True, blank=True)
    text_sha256 = models.CharField(
        max_length=64, unique=True, null=True, blank=True, help_text="Of the text it was taken in with."
    )
    title = models.CharField(max_length=500)
    byline = models.CharField(max_length=300, blank=True)
    published_at = models.DateTimeField(null=True, blank=True)
    language = models.CharField(max_length=35, default="und", help_text="BCP 47")
    genre = models.CharField(max_length=40, blank=True)
    retrieved_at = models.DateTimeField()
    state = models.CharField(max_length=16, choices=ArticleState, default=ArticleState.READY)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ArticleQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["source", "id"]),
            models.Index(fields=["source", "published_at"]),
            models.Index(fields=["language", "id"]),
            models.Index(fields=["published_at", "id"]),
            GinIndex(Func(F("title"), function="search_vector"), name="article_title_search"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def current_revision(self) -> "Revision":
        """The newest text; raises Revision.DoesNotExist for an article without one."""
        return self.revisions.latest("number")


class Revision(models.Model):
    """An article's canonical text as it was retrieved once. Immutable."""

    article = models.ForeignKey(Article, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(default=1)
    text = models.TextField()
    length = models.PositiveIntegerField(help_text="Code points in the text.")
    block_starts = ArrayField(models.PositiveIntegerField(), help_text="Code point offset of each line of the text.")
    sha256 = models.CharField(max_length=64, db_index=True)
    retrieved_at = models.DateTimeField()
    raw = models.BinaryField(null=True, blank=True)
    raw_type = models.CharField(max_length=80, blank=True)
    extractor = models.CharField(max_length=80, blank=True)
    extractor_version = models.CharField(max_length=40, blank=True)
    search = models.GeneratedField(
        expression=Func(F("text"), function="search_vector"),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    class Meta:
        ordering = ["article_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_unique"),
            models.CheckConstraint(condition=~Q(text=""), name="revision_text_not_empty"),
            models.CheckConstraint(
                condition=Q(length=Func(F("text"), function="char_length", output_field=models.IntegerField())),
                name="revision_length_right",
            ),
        ]
        indexes = [GinIndex(fields=["search"], name="revision_search")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            never_truncated(),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.article_id}"


class ZoneKind(models.TextChoices):
    """Which part of an article a zone is."""

    HEADLINE = "headline", "Headline"
    SUMMARY = "summary", "Summary"
    HEADING = "heading", "Heading"
    BODY = "body", "Body"
    CAPTION = "caption", "Caption"
    BOILERPLATE = "boilerplate", "Boilerplate"


class Zone(models.Model):
    """A stretch of a revision; zones never overlap. Boilerplate is marked, never deleted, and cannot be coded."""

    revision = models.ForeignKey(Revision, on_delete=models.CASCADE, related_name="zones")
    kind = models.CharField(max_length=16, choices=ZoneKind)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    is_codable = models.BooleanField(default=True)

    class Meta:
        ordering = ["revision_id", "start"]
        constraints = [
            models.CheckConstraint(condition=Q(start__lt=F("end")), name="zone_not_empty"),
            models.CheckConstraint(condition=Q(kind__in=ZoneKind.values), name="zone_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=ZoneKind.BOILERPLATE) | Q(is_codable=False), name="zone_boilerplate_not_codable"
            ),
            ExclusionConstraint(
                name="zones_never_overlap",
                expressions=[(F("revision"), RangeOperators.EQUAL), (int_range(), RangeOperators.OVERLAPS)],
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="within_text",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NEW."end" > (SELECT length FROM articles_revision WHERE id = NEW.revision_id) THEN
                        RAISE EXCEPTION 'zone leaves the text' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.start}–{self.end}"
