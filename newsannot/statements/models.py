"""Statements: somebody is reported to say something."""

import pgtrigger
from django.db import models
from django.db.models import F, Func, Q

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
