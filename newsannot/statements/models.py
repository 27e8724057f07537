"""Statements: somebody is reported to say something."""

from typing import Any

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q

from newsannot.actors.models import Actor
from newsannot.annotations.models import (
    OF_ANNOTATION,
    OF_CHILD,
    Annotation,
    closed_reading_guard,
    codes_guard,
    evidence_guard,
)
from newsannot.core.errors import name_fields
from newsannot.core.history import tracked

name_fields(
    statement_parent_acyclic="parent",
    statement_parent_same_reading="parent",
    statement_not_its_own_parent="parent",
    statement_said_on_basis_known="said_on_basis",
    statement_has_content="content",
    attestation_statement_id_key="statements",
    attestation_curated="statements",
    utterance_not_merged_into_itself="into",
)


class Basis(models.TextChoices):
    """Where a date was taken from."""

    TEXT = "text", "The text"
    OUTSIDE = "outside", "Outside knowledge"


@tracked("statement_events")
class Statement(Annotation):
    """Somebody is reported to say something [PolNeAR, PARC 3]. Roles: source (0–1), cue (0–1), content (1–n)."""

    speaker = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    on_behalf_of = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    addressees = models.ManyToManyField(Actor, through="Addressee", related_name="+", blank=True)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="nested")
    mode = models.CharField(max_length=40, blank=True)
    attribution_type = models.CharField(max_length=40, blank=True)
    speech_act = models.CharField(max_length=40, blank=True)
    negated = models.BooleanField(default=False)
    venue = models.CharField(max_length=200, blank=True)
    said_on = models.CharField(max_length=40, blank=True, help_text="EDTF")
    said_on_basis = models.CharField(max_length=16, choices=Basis, blank=True)
    credibility = models.CharField(max_length=40, blank=True)

    class Meta:
        indexes = [
            models.Index(
                Func(F("said_on"), function="public.edtf_first_day"),
                name="statement_said_first",
                condition=Q(said_on__gt=""),
            ),
            models.Index(
                Func(F("said_on"), function="public.edtf_last_day"),
                name="statement_said_last",
                condition=Q(said_on__gt=""),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("annotation_ptr")), name="statement_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=Q(said_on_basis__in=["", *Basis.values]), name="statement_said_on_basis_known"
            ),
        ]
        triggers = [
            closed_reading_guard(OF_CHILD),
            codes_guard(
                mode="quotation-mode",
                attribution_type="attribution-type",
                speech_act="speech-act",
                credibility="admiralty-credibility",
            ),
            pgtrigger.Trigger(
                name="parent_same_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__parent__isnull=False),
                func="""
                    IF (SELECT count(DISTINCT reading_id) FROM annotations_annotation
                        WHERE id IN (NEW.annotation_ptr_id, NEW.parent_id)) <> 1 THEN
                        RAISE EXCEPTION 'a statement and the one it is nested in share a reading'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_parent_same_reading';
                    END IF;
                    IF EXISTS (
                        WITH RECURSIVE above(id) AS (
                            SELECT NEW.parent_id
                            UNION
                            SELECT s.parent_id FROM statements_statement s JOIN above ON s.annotation_ptr_id = above.id
                        )
                        SELECT 1 FROM above WHERE id = NEW.annotation_ptr_id
                    ) THEN
                        RAISE EXCEPTION 'a statement cannot be nested in itself'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'statement_parent_acyclic';
                    END IF;
                    RETURN NEW;
                """,
            ),
            evidence_guard(),
        ]


@tracked()
class Addressee(models.Model):
    """To whom a statement is said."""

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="addressee_links")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["statement", "actor"], name="addressee_unique")]
        triggers = [closed_reading_guard(OF_ANNOTATION.format(column="statement_id"))]

    def __str__(self) -> str:
        return str(self.actor)


# --- The same saying over articles ---------------------------------------------------------------


class UtteranceQuerySet(models.QuerySet["Utterance"]):
    """Utterances, narrowed."""

    def attested_by(self, statements: "models.QuerySet[Any]") -> "UtteranceQuerySet":
        """Those that one of the statements reports."""
        told = Attestation.objects.filter(utterance=OuterRef("pk"), statement__in=statements)
        return self.filter(Exists(told))


@tracked("utterance_events")
class Utterance(models.Model):
    """One act of saying: count these, never reprints. Which curated statements report it, `Attestation` says.

    No wording is typed: that of `canonical`, one of its statements, stands for it. One that was merged is empty and
    says into which.
    """

    speaker = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="utterances")
    said_on = models.CharField(max_length=40, blank=True, help_text="EDTF")
    venue = models.CharField(max_length=200, blank=True)
    canonical = models.ForeignKey(Statement, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = UtteranceQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(merged_into=F("id")),
                name="utterance_not_merged_into_itself",
            )
        ]

    def __str__(self) -> str:
        return f"utterance {self.pk}"


@tracked("attestation_events")
class Attestation(models.Model):
    """A curated statement reports an utterance; each at most one. The statement itself does not change by it."""

    utterance = models.ForeignKey(Utterance, on_delete=models.PROTECT, related_name="attestations")
    statement = models.OneToOneField(Statement, on_delete=models.CASCADE, related_name="attestation")

    class Meta:
        ordering = ["id"]
        triggers = [
            pgtrigger.Trigger(
                name="curated",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF NOT EXISTS (
                        SELECT FROM annotations_annotation a JOIN annotations_reading g ON g.id = a.reading_id
                        WHERE a.id = NEW.statement_id AND g.reader_id IS NULL
                    ) THEN
                        RAISE EXCEPTION 'only curated statements report an utterance'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'attestation_curated';
                    END IF;
                    RETURN NEW;
                """,
            )
        ]

    def __str__(self) -> str:
        return f"statement {self.statement_id} of utterance {self.utterance_id}"


class Wording(models.Model):
    """What a published statement says, as it is compared: its words alone, its speaker, and its day.

    A trigger on publication makes it due; the worker fills it. The day is the first that `said_on` may be, or else the
    article's.
    """

    statement = models.OneToOneField(Statement, on_delete=models.CASCADE, primary_key=True, related_name="+")
    words = models.TextField(blank=True)
    speaker = models.ForeignKey(Actor, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    day = models.DateField(null=True)
    is_due = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["speaker", "day"], name="wording_by_speaker"),
            models.Index(fields=["statement"], condition=Q(is_due=True), name="wording_due"),
        ]

    def __str__(self) -> str:
        return self.words


class Verdict(models.TextChoices):
    """What an editor said of two statements that are worded alike."""

    SAME = "same", "The same saying"
    APART = "apart", "Not the same"


@tracked("likeness_events")
class Likeness(models.Model):
    """Two published statements that may report one saying, the earlier marked first; a verdict is remembered."""

    first = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(help_text="From 0 to 1: how alike the words are.")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="likeness_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="likeness_in_order"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="likeness_verdict_known"),
        ]
        indexes = [models.Index(F("score").desc(), F("id").desc(), condition=Q(verdict=""), name="likeness_open")]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.score:.2f}"
