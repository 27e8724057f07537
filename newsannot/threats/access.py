"""From a person and a key to an episode, a question or records: unseen is 404, seen but not permitted is 403."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, AnnotationQuerySet, ReadingState
from newsannot.core.layers import Audience
from newsannot.core.numbers import numbers_in
from newsannot.threats.models import Deadline, Episode, EpisodeStep, Kinship, StepEvidence, Threat


def all_threats() -> QuerySet[Threat]:
    """Every threat, as a queryset of its own model."""
    rows: Any = Threat._default_manager.all()
    threats: QuerySet[Threat] = rows
    return threats


def gatherable() -> QuerySet[Threat]:
    """The threats that episodes are made of: those standing in a curated reading, published or open."""
    states = [ReadingState.OPEN, ReadingState.PUBLISHED]
    return all_threats().filter(reading__reader=None, reading__state__in=states, deleted_at=None)


def threats_given_out(audience: Audience) -> QuerySet[Threat]:
    """The published threats; for readers, without those within an embargo."""
    rows: Any = all_threats()
    given: QuerySet[Threat] = rows.given_out(audience)
    return given


def threats_seen_by(user: User) -> QuerySet[Threat]:
    """The curated threats a person may see: editors all that stand, everybody else what is published."""
    if user.is_editor:
        return all_threats().filter(reading__reader=None, deleted_at=None)
    return threats_given_out(Audience.STAFF)


def records_seen_by(user: User) -> AnnotationQuerySet:
    """The curated records of any kind that a person may see, as they may see threats."""
    if user.is_editor:
        return Annotation.objects.standing().filter(reading__reader=None)
    return Annotation.objects.published()


def records_given_out(audience: Audience) -> AnnotationQuerySet:
    """The published records of any kind; for readers, without those within an embargo."""
    return Annotation.objects.all().given_out(audience)


def steps_told(records: QuerySet[Annotation]) -> QuerySet[EpisodeStep]:
    """The steps that may be seen with these records: one of them is its evidence, or it rests on a note alone."""
    evidence = StepEvidence.objects.filter(step=OuterRef("pk"))
    return EpisodeStep.objects.filter(Exists(evidence.filter(annotation__in=records)) | ~Exists(evidence))


def episode_to_see(user: User, pk: int) -> Episode:
    """An episode that a published threat is of; editors see all."""
    rows = Episode.objects.select_related("issuer", "merged_into")
    if not user.is_editor:
        rows = rows.made_of(all_threats().filter(is_published=True))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such episode, or nothing published is of it.")
    return found


def step_to_change(episode: Episode, pk: int) -> EpisodeStep:
    """A step of an episode."""
    found = episode.steps.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such step.")
    return found


def question_to_decide(pk: int) -> Kinship:
    """A proposal, for editors."""
    found = Kinship.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such proposal.")
    return found


def deadline_to_settle(pk: int) -> Deadline:
    """The deadline of a published threat, for editors; by the threat's id."""
    found = Deadline.objects.filter(pk=pk, threat__is_published=True).first()
    if found is None:
        raise Http404("There is no such deadline.")
    return found


def threats_named(sent: Sequence[str]) -> list[Threat]:
    """The threats that a form names by id; ids that are none, or of nothing, are left to the actions to miss."""
    return list(all_threats().filter(pk__in=numbers_in(sent)))


def records_named(sent: Sequence[str]) -> list[Annotation]:
    """The records that a form names by id, likewise."""
    return list(Annotation.objects.filter(pk__in=numbers_in(sent)))
