"""Threats: somebody threatens somebody with something, if …"""

from typing import Any

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

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
    threat_compellent_has_demand="demand_kind",
    threat_has_evidence="statements",
    threat_has_primary="primary_statement",
    occurrence_threat_id_key="threats",
    occurrence_curated="threats",
    evidence_curated="evidence",
    episode_step_one_outcome="kind",
    episode_not_merged_into_itself="into",
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


# --- The same threat over time -------------------------------------------------------------------


class StepKind(models.TextChoices):
    """What happened to a threat; the last four are outcomes, and close it."""

    ISSUED = "issued", "Issued"
    REITERATED = "reiterated", "Reiterated"
    ESCALATED = "escalated", "Escalated"
    SOFTENED = "softened", "Softened"
    COMPLIED = "complied", "Complied with"
    CARRIED_OUT = "carried_out", "Carried out"
    WITHDRAWN = "withdrawn", "Withdrawn"
    LAPSED = "lapsed", "Lapsed"


OUTCOMES = (StepKind.COMPLIED, StepKind.CARRIED_OUT, StepKind.WITHDRAWN, StepKind.LAPSED)
TOLD = (StepKind.ISSUED, StepKind.REITERATED)
"""Steps that say no more than that the threat was made; the earliest of them issued it."""
CURATED = """
    IF NOT EXISTS (
        SELECT FROM annotations_annotation a JOIN annotations_reading g ON g.id = a.reading_id
        WHERE a.id = NEW.{column} AND g.reader_id IS NULL
    ) THEN
        RAISE EXCEPTION 'only curated records {verb} an episode'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{name}_curated';
    END IF;
    RETURN NEW;
"""


def curated_guard(name: str, *, column: str, verb: str) -> pgtrigger.Trigger:
    """Trigger that lets nothing but curated records be linked to episodes: analysts' readings stay blind."""
    return pgtrigger.Trigger(
        name="curated",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update,
        func=CURATED.format(name=name, column=column, verb=verb),
    )


class EpisodeQuerySet(models.QuerySet["Episode"]):
    """Episodes, narrowed."""

    def made_of(self, threats: "models.QuerySet[Any]") -> "EpisodeQuerySet":
        """Those that one of the threats is of."""
        return self.filter(Exists(Occurrence.objects.filter(episode=OuterRef("pk"), threat__in=threats)))


@tracked("episode_events")
class Episode(models.Model):
    """One threat over time and articles. `Occurrence` says which curated threats are of it, steps what became of it.

    No wording is typed: that of `canonical`, one of its threats, stands for it. One that was merged is empty and says
    into which.
    """

    issuer = models.ForeignKey(Actor, on_delete=models.PROTECT, null=True, blank=True, related_name="episodes")
    canonical = models.ForeignKey(Threat, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(merged_into=F("id")), name="episode_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return f"episode {self.pk}"


@tracked("occurrence_events")
class Occurrence(models.Model):
    """A curated threat is of an episode; each at most of one. The threat itself does not change by it."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="occurrences")
    threat = models.OneToOneField(Threat, on_delete=models.CASCADE, related_name="occurrence")

    class Meta:
        ordering = ["id"]
        triggers = [curated_guard("occurrence", column="threat_id", verb="are of")]

    def __str__(self) -> str:
        return f"threat {self.threat_id} of episode {self.episode_id}"


@tracked("step_events")
class EpisodeStep(models.Model):
    """What happened to the threat on a day, as its evidence says; an outcome of which no text tells has a note."""

    episode = models.ForeignKey(Episode, on_delete=models.PROTECT, related_name="steps")
    kind = models.CharField(max_length=16, choices=StepKind)
    happened_on = models.CharField(max_length=40, blank=True, help_text="EDTF; empty while nobody knows.")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=StepKind.values), name="episode_step_kind_known"),
            models.UniqueConstraint(
                fields=["episode"], condition=Q(kind__in=OUTCOMES), name="episode_step_one_outcome"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.happened_on}"

    @property
    def is_outcome(self) -> bool:
        """Whether it closes the episode."""
        return self.kind in OUTCOMES


@tracked("evidence_events")
class StepEvidence(models.Model):
    """A curated record whose words say that a step was taken."""

    step = models.ForeignKey(EpisodeStep, on_delete=models.PROTECT, related_name="evidence")
    annotation = models.ForeignKey(Annotation, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["step", "annotation"], name="step_evidence_once")]
        triggers = [curated_guard("evidence", column="annotation_id", verb="are evidence in")]

    def __str__(self) -> str:
        return f"annotation {self.annotation_id} for step {self.step_id}"


@tracked("deadline_events")
class Deadline(models.Model):
    """The deadline of a published threat: the last day it may be met, and the day from which editors are asked.

    A trigger on publication makes it. It is settled by an outcome of the threat's episode, or a turn taken after it.
    """

    threat = models.OneToOneField(Threat, on_delete=models.CASCADE, primary_key=True, related_name="falling")
    falls_on = models.DateField()
    ask_on = models.DateField()
    is_settled = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["ask_on", "threat"], condition=Q(is_settled=False), name="deadline_unsettled"),
            models.Index(fields=["falls_on", "threat"], name="deadline_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.falls_on}"


class Ongoing(models.Model):
    """An episode that is open to somebody: it has no outcome, or one that not everybody may see.

    Triggers keep it, so that the few that are open are found by an index; whether one is open to who asks, its steps
    say.
    """

    episode = models.OneToOneField(Episode, on_delete=models.CASCADE, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return f"episode {self.episode_id}"


class Outline(models.Model):
    """What a published threat is compared by: on whose part it is made, and its day.

    A trigger makes it due, on publication or when its statement is put to an utterance; the worker fills it. The day is
    the first that the primary statement's `said_on` may be, or else the article's.
    """

    threat = models.OneToOneField(Threat, on_delete=models.CASCADE, primary_key=True, related_name="+")
    issuer = models.ForeignKey(Actor, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    on_behalf_of = models.ForeignKey(Actor, on_delete=models.CASCADE, null=True, related_name="+", db_index=False)
    day = models.DateField(null=True)
    is_due = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["issuer", "day"], name="outline_by_issuer"),
            models.Index(fields=["on_behalf_of", "day"], name="outline_by_principal"),
            models.Index(fields=["threat"], condition=Q(is_due=True), name="outline_due"),
        ]

    def __str__(self) -> str:
        return f"threat {self.threat_id} on {self.day}"


class Verdict(models.TextChoices):
    """What an editor said of two threats that are alike."""

    SAME = "same", "The same threat"
    APART = "apart", "Not the same"


@tracked("kinship_events")
class Kinship(models.Model):
    """Two published threats that may be one over time, the earlier marked first; a verdict is remembered."""

    first = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey(Threat, on_delete=models.CASCADE, related_name="+")
    score = models.FloatField(help_text="From 0 to 1: how alike they are.")
    verdict = models.CharField(max_length=8, choices=Verdict, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="kinship_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="kinship_in_order"),
            models.CheckConstraint(condition=Q(verdict__in=["", *Verdict.values]), name="kinship_verdict_known"),
        ]
        indexes = [models.Index(F("score").desc(), F("id").desc(), condition=Q(verdict=""), name="kinship_open")]

    def __str__(self) -> str:
        return f"{self.first_id} and {self.second_id}: {self.score:.2f}"
