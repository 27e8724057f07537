"""The steps of an episode as its threats come and go. No writes by themselves: actions call these, with locks taken."""

from collections.abc import Collection, Iterable

from django.db.models import Q

from newsannot.annotations.models import Annotation
from newsannot.core.rows import ask
from newsannot.threats.models import (
    OUTCOMES,
    TOLD,
    Episode,
    EpisodeStep,
    Expression,
    StepEvidence,
    StepKind,
    Threat,
)

_SETTLE = """
    UPDATE threats_deadline d SET is_settled = e.is_settled
    FROM (
        SELECT d.threat_id, EXISTS (
            SELECT FROM threats_episodestep s WHERE s.episode_id = c.episode_id AND (
                s.kind = ANY(%(outcomes)s)
                OR s.kind = ANY(%(turns)s) AND public.edtf_first_day(s.happened_on) > d.falls_on::text)
        ) AS is_settled
        FROM threats_deadline d LEFT JOIN threats_occurrence c ON c.threat_id = d.threat_id
        WHERE d.threat_id = ANY(%(threats)s)
    ) e
    WHERE d.threat_id = e.threat_id AND d.is_settled <> e.is_settled
"""


def tell(episode: Episode, threats: Collection[Threat]) -> None:
    """Put threats into the timeline, each on its day: evidence of the step taken then, or a step of its own."""
    days = days_of(threats)
    for one in sorted(threats, key=lambda threat: _at(days[threat.pk], threat.pk)):
        day = days[one.pk]
        step = episode.steps.exclude(kind__in=OUTCOMES).filter(happened_on=day).order_by("pk").first()
        if step is None:
            step = EpisodeStep.objects.create(episode=episode, kind=StepKind.REITERATED, happened_on=day)
        StepEvidence.objects.get_or_create(step=step, annotation_id=one.pk)
    arrange(episode)


def days_of(threats: Iterable[Threat]) -> dict[int, str]:
    """The day (EDTF) on which each threat was made: of its primary statement, else its article's; empty: unknown."""
    pks = [one.pk for one in threats]
    articles = Annotation.objects.filter(pk__in=pks).order_by()
    published = articles.values_list("pk", "reading__revision__article__published_at")
    said = dict(Expression.objects.filter(threat__in=pks, is_primary=True).values_list("threat", "statement__said_on"))
    return {pk: said.get(pk) or (at.date().isoformat() if at else "") for pk, at in published}


def arrange(episode: Episode) -> None:
    """The earliest step that tells of the threat issued it, those after it reiterate it."""
    told = sorted(episode.steps.filter(kind__in=TOLD), key=lambda step: _at(step.happened_on, step.pk))
    for step in told[1:]:
        _become(step, StepKind.REITERATED)
    if told:
        _become(told[0], StepKind.ISSUED)


def forget(episode: Episode, threats: Collection[int]) -> None:
    """Take threats out of the timeline; a step that loses all its evidence by it goes, unless it has a note."""
    lost = StepEvidence.objects.filter(step__episode=episode, annotation__in=threats)
    steps = list(lost.values_list("step", flat=True))
    lost.delete()
    episode.steps.filter(pk__in=steps, evidence=None, note="").delete()
    arrange(episode)


def part(episode: Episode, into: Episode, threats: Collection[int]) -> None:
    """Move what threats are evidence of to another episode; a step with other evidence too is told in both."""
    for step in episode.steps.filter(evidence__annotation__in=threats).distinct():
        if step.evidence.exclude(annotation__in=threats).exists():
            about = {"kind": step.kind, "happened_on": step.happened_on, "note": step.note}
            twin = EpisodeStep.objects.create(episode=into, **about)
            step.evidence.filter(annotation__in=threats).update(step=twin)
        else:
            EpisodeStep.objects.filter(pk=step.pk).update(episode=into)
    arrange(episode)
    arrange(into)


def join(episode: Episode, into: Episode) -> None:
    """Move all steps of an episode to another; those that say the same of one day become one."""
    for step in episode.steps.order_by("pk"):
        alike = Q(kind__in=TOLD) if step.kind in TOLD else Q(kind=step.kind)
        twin = into.steps.filter(alike, happened_on=step.happened_on, note=step.note).order_by("pk").first()
        if twin is None:
            EpisodeStep.objects.filter(pk=step.pk).update(episode=into)
            continue
        has = twin.evidence.order_by().values("annotation")
        step.evidence.filter(annotation__in=has).delete()
        step.evidence.update(step=twin)
        step.delete()
    arrange(into)


def settle(threats: Iterable[int]) -> None:
    """Say of the threats' deadlines whether they are settled: by an outcome, or by a turn taken after they fell."""
    ask(
        _SETTLE,
        {
            "outcomes": [kind.value for kind in OUTCOMES],
            "turns": [StepKind.ESCALATED.value, StepKind.SOFTENED.value],
            "threats": list(threats),
        },
    )


def _become(step: EpisodeStep, kind: StepKind) -> None:
    if step.kind != kind:
        EpisodeStep.objects.filter(pk=step.pk).update(kind=kind)


def _at(day: str, pk: int) -> tuple[bool, str, int]:
    """Where something on a day lies in time: what is half known before its days, what is unknown last."""
    return (not day, day, pk)
