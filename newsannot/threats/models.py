"""Threats: somebody threatens somebody with something, if …"""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

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
from newsannot.statements.models import Statement

name_fields(
    threat_compellent_has_demand="demand_kind", threat_has_evidence="statements", threat_has_primary="primary_statement"
)


@tracked("threat_events")
class Threat(Annotation):
    """One threat in an article, however often it repeats it. Roles, each 0–n: reference, condition, demand, …"""

    issuer = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="threats")
    on_behalf_of = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    harm_targets = models.ManyToManyField(Actor, through="HarmTarget", related_name="+", blank=True)
    influence_targets = models.ManyToManyField(Actor, through="InfluenceTarget", related_name="+", blank=True)
    statements = models.ManyToManyField(Statement, through="Expression", related_name="threats", blank=True)
    purpose = models.CharField(max_length=40, blank=True)
    consequence = models.CharField(max_length=40, blank=True)
    demand_kind = models.CharField(max_length=40, blank=True)
    condition_kind = models.CharField(max_length=40, blank=True)
    deadline = models.CharField(max_length=40, blank=True, help_text="EDTF")
    explicitness = models.CharField(max_length=40, blank=True)
    nuclear_signal = models.CharField(max_length=40, blank=True)
    plover_mode = models.CharField(max_length=40, blank=True)
    plover_contexts = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    cameo = models.CharField(max_length=40, blank=True)
    mid_action = models.CharField(max_length=40, blank=True)
    credibility = models.CharField(max_length=40, blank=True)

    class Meta:
        triggers = [
            closed_reading_guard(OF_CHILD),
            codes_guard(
                purpose="threat-purpose",
                consequence="threat-consequence",
                demand_kind="demand-kind",
                condition_kind="condition-kind",
                explicitness="explicitness",
                nuclear_signal="nuclear-signal",
                plover_mode="plover-mode",
                plover_contexts="plover-context",
                cameo="cameo",
                mid_action="mid",
                credibility="admiralty-credibility",
            ),
            evidence_guard(),
        ]


@tracked()
class HarmTarget(models.Model):
    """Who would be hit."""

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="harm_target_links")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["threat", "actor"], name="harm_target_unique")]
        triggers = [closed_reading_guard(OF_ANNOTATION.format(column="threat_id"))]

    def __str__(self) -> str:
        return str(self.actor)


@tracked()
class InfluenceTarget(models.Model):
    """Whose decision the threat is meant to shape."""

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="influence_target_links")
    actor = models.ForeignKey(Actor, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["threat", "actor"], name="influence_target_unique")]
        triggers = [closed_reading_guard(OF_ANNOTATION.format(column="threat_id"))]

    def __str__(self) -> str:
        return str(self.actor)


@tracked()
class Expression(models.Model):
    """A statement, of the same reading, that expresses a threat; one of them is the primary one."""

    threat = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="expressions")
    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="expressions")
    is_primary = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_primary", "id"]
        constraints = [
            models.UniqueConstraint(fields=["threat", "statement"], name="expression_unique"),
            models.UniqueConstraint(fields=["threat"], condition=Q(is_primary=True), name="expression_one_primary"),
        ]
        triggers = [
            closed_reading_guard(OF_ANNOTATION.format(column="threat_id")),
            pgtrigger.Trigger(
                name="same_reading",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func="""
                    IF (SELECT count(DISTINCT reading_id) FROM annotations_annotation
                        WHERE id IN (NEW.threat_id, NEW.statement_id)) <> 1 THEN
                        RAISE EXCEPTION 'a threat and its statements share a reading' USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="record_holds",
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                timing=pgtrigger.Deferred,
                func="PERFORM annotation_must_hold(OLD.threat_id); RETURN NULL;",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.threat_id} expressed by {self.statement_id}"
