"""Gathering threats under their episode, telling its steps, and deciding what is proposed. Editors' writes."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date

from django.db.models import Q
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.checks import NUL, date_problem
from newsannot.annotations.models import Annotation, ReadingState
from newsannot.core.errors import RuleBroken, Stale
from newsannot.core.history import action
from newsannot.threats import timeline
from newsannot.threats.access import gatherable
from newsannot.threats.models import (
    OUTCOMES,
    Deadline,
    Episode,
    EpisodeStep,
    Kinship,
    Occurrence,
    StepEvidence,
    StepKind,
    Threat,
    Verdict,
)

LONGEST_NOTE = 500


@action
def gather_threats(*, threats: Collection[Threat], by: User) -> Episode:
    """Make an episode of threats that no other has, with a step for each of their days; the first stands for it.

    Raises RuleBroken when there is none, one is not a standing curated one, or belongs to an episode already.
    """
    return _gather(_hold_threats(threats), by)


@action
def add_threats(*, episode: Episode, threats: Collection[Threat], version: int, by: User) -> Episode:
    """Put threats that belong to no episode to one. Raises RuleBroken as gathering does, Stale by its version."""
    standing = _hold(episode, version)
    _take_in(standing, _hold_threats(threats), by)
    return _changed(standing)


@action
def take_out_threats(*, episode: Episode, threats: Collection[Threat], version: int, by: User) -> Episode:
    """Take threats out of an episode, with what they tell; that they were told apart is remembered."""
    standing = _hold(episode, version)
    taken = _of(standing, threats)
    Occurrence.objects.filter(episode=standing, threat__in=taken).delete()
    timeline.forget(standing, taken)
    timeline.settle(taken)
    _tell_apart(standing, taken, by)
    return _with_canonical(standing)


@action
def split_episode(*, episode: Episode, threats: Collection[Threat], version: int, by: User) -> Episode:
    """Make another episode of some of the threats of one, with the steps they tell; answers the new one.

    Raises RuleBroken when none or all of them would go. That they were told apart is remembered.
    """
    standing = _hold(episode, version)
    taken = _of(standing, threats)
    if len(taken) == standing.occurrences.count():
        raise RuleBroken("All of them cannot be split off: nothing would be left.", field="threats")
    first = Threat.objects.get(pk=taken[0])
    made = Episode.objects.create(issuer=first.issuer, canonical=first)
    Occurrence.objects.filter(episode=standing, threat__in=taken).update(episode=made)
    timeline.part(standing, made, taken)
    timeline.settle([*taken, *_members(standing)])
    _tell_apart(standing, taken, by)
    _with_canonical(standing)
    return made


@action
def merge_episodes(*, episode: Episode, into: Episode, version: int, by: User) -> Episode:
    """Put all threats and steps of an episode to another, which it says from then on; answers the other.

    Raises RuleBroken when it is the same, either was merged already, or both have an outcome and not the same. Locks
    both, in order.
    """
    return _merge(episode, into, version, by)


@action
def change_episode(*, episode: Episode, version: int, issuer: Actor | None, canonical: int, by: User) -> Episode:
    """Say who threatens, and which of its threats has the words that stand for it."""
    standing = _hold(episode, version)
    if not standing.occurrences.filter(threat=canonical).exists():
        raise RuleBroken("Choose one of its threats.", field="canonical")
    standing.issuer, standing.canonical_id = issuer, canonical
    return _changed(standing)


# --- Steps ---------------------------------------------------------------------------------------


@action
def record_step(
    *,
    episode: Episode,
    version: int,
    kind: str,
    happened_on: str,
    note: str,
    evidence: Collection[Annotation],
    by: User,
) -> EpisodeStep:
    """Record what happened to a threat, when (EDTF), and the curated records that say so.

    A threat of no episode that is evidence of its being made is of this episode from then on. Raises RuleBroken by
    field: without evidence, unless an outcome is explained by a note, and when the episode has an outcome already.
    """
    standing = _hold(episode, version)
    _check_step(kind, happened_on, note)
    if not evidence and not (kind in OUTCOMES and note):
        raise RuleBroken("Choose what says so; an outcome of which no text tells needs a note.", field="evidence")
    if kind in OUTCOMES and standing.steps.filter(kind__in=OUTCOMES).exists():
        raise RuleBroken("It has an outcome already; change or delete that one.", field="kind")
    records = _hold_evidence(evidence)
    step = EpisodeStep.objects.create(episode=standing, kind=kind, happened_on=happened_on, note=note)
    StepEvidence.objects.bulk_create([StepEvidence(step=step, annotation=one) for one in records])
    if kind not in OUTCOMES:
        _belong(standing, records, by)
    timeline.arrange(standing)
    timeline.settle(_members(standing))
    _changed(standing)
    step.refresh_from_db()
    return step


@action
def change_step(
    *,
    step: EpisodeStep,
    version: int,
    kind: str,
    happened_on: str,
    note: str,
    evidence: Collection[Annotation],
    by: User,
) -> EpisodeStep:
    """Say otherwise what happened, when, or which curated records say so; `version` is the episode's.

    Raises RuleBroken by field, as recording does. What says so already may have been withdrawn since.
    """
    standing = _hold(step.episode, version)
    _check_step(kind, happened_on, note)
    if not evidence and not (kind in OUTCOMES and note):
        raise RuleBroken("Choose what says so; an outcome of which no text tells needs a note.", field="evidence")
    if kind in OUTCOMES and standing.steps.exclude(pk=step.pk).filter(kind__in=OUTCOMES).exists():
        raise RuleBroken("It has an outcome already; change or delete that one.", field="kind")
    said = set(step.evidence.values_list("annotation", flat=True))
    fresh = _hold_evidence([one for one in evidence if one.pk not in said])
    standing.steps.filter(pk=step.pk).update(kind=kind, happened_on=happened_on, note=note)
    step.evidence.exclude(annotation__in=evidence).delete()
    StepEvidence.objects.bulk_create([StepEvidence(step=step, annotation=one) for one in fresh])
    if kind not in OUTCOMES:
        _belong(standing, evidence, by)
    timeline.arrange(standing)
    timeline.settle(_members(standing))
    _changed(standing)
    step.refresh_from_db()
    return step


@action
def delete_step(*, step: EpisodeStep, version: int, by: User) -> Episode:
    """Take a step out of an episode; its threats stay. `version` is the episode's."""
    standing = _hold(step.episode, version)
    StepEvidence.objects.filter(step=step).delete()
    standing.steps.filter(pk=step.pk).delete()
    timeline.arrange(standing)
    timeline.settle(_members(standing))
    return _changed(standing)


@action
def postpone_deadline(*, deadline: Deadline, ask_on: date | None, by: User) -> Deadline:
    """Ask again on a later day what became of a threat whose deadline has passed. Raises RuleBroken for another."""
    held = Deadline.objects.select_for_update().get(pk=deadline.pk)
    if ask_on is None or ask_on <= timezone.now().date():
        raise RuleBroken("Name a day that is still to come, such as 2030-01-31.", field="ask_on")
    held.ask_on = ask_on
    held.save(update_fields=["ask_on"])
    return held


# --- What is proposed ----------------------------------------------------------------------------


@action
def hold_same(*, kinship: Kinship, by: User) -> Episode:
    """Two threats are one: gather them, or put one to the other's episode, or merge the two.

    Raises RuleBroken when the question was decided meanwhile.
    """
    held = _hold_question(kinship)
    pair = _hold_threats([held.first, held.second], is_free=False)
    first, second = (_episode_of(one) for one in pair)
    if first and second:
        episode = first if first == second else _merge(second, first, second.version, by)
    elif first or second:
        episode = _hold(first or second or Episode())
        _take_in(episode, [pair[1] if first else pair[0]], by)
        episode = _changed(episode)
    else:
        episode = _gather(pair, by)
    _decide(Kinship.objects.filter(pk=held.pk), Verdict.SAME, by)
    return episode


@action
def hold_apart(*, kinship: Kinship, by: User) -> Kinship:
    """Two threats are different ones; it is not asked again. Raises RuleBroken when that was decided."""
    held = _hold_question(kinship)
    _decide(Kinship.objects.filter(pk=held.pk), Verdict.APART, by)
    return held


@action
def ask_again(*, kinship: Kinship, by: User) -> Kinship:
    """Take back that two threats are different ones; raises RuleBroken when that was not said."""
    held = Kinship.objects.select_for_update().get(pk=kinship.pk)
    if held.verdict != Verdict.APART:
        raise RuleBroken("Nobody said that these are not the same.", field="kinship")
    Kinship.objects.filter(pk=held.pk).update(verdict="", by=by, decided_at=timezone.now())
    return held


# --- What they are made of -----------------------------------------------------------------------


def _hold(episode: Episode, version: int | None = None) -> Episode:
    """The episode under lock, as it was seen; merged ones are not changed."""
    standing = Episode.objects.select_for_update().get(pk=episode.pk)
    if version is not None and standing.version != version:
        raise Stale(standing)
    if standing.merged_into_id:
        raise RuleBroken("This was merged into another; change that one.", field="episode")
    return standing


def _hold_threats(threats: Collection[Threat], *, is_free: bool = True) -> list[Threat]:
    """The threats under lock, the earliest first: all curated, standing and, when `is_free`, of no episode."""
    wanted = {one.pk for one in threats}
    held = list(gatherable().filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",), no_key=True))
    if not wanted or len(held) != len(wanted):
        raise RuleBroken("Choose threats that stand in a curated reading.", field="threats")
    if is_free and Occurrence.objects.filter(threat__in=held).exists():
        raise RuleBroken("One of these belongs to an episode already.", field="threats")
    return held


def _hold_evidence(evidence: Collection[Annotation]) -> list[Annotation]:
    """The records under lock: all curated and standing."""
    wanted = {one.pk for one in evidence}
    standing = Annotation.objects.standing().filter(
        pk__in=wanted, reading__reader=None, reading__state__in=[ReadingState.OPEN, ReadingState.PUBLISHED]
    )
    held = list(standing.order_by("pk").select_for_update(of=("self",), no_key=True))
    if len(held) != len(wanted):
        raise RuleBroken("Choose records that stand in a curated reading.", field="evidence")
    return held


def _hold_question(kinship: Kinship) -> Kinship:
    held = Kinship.objects.select_for_update(of=("self",)).select_related("first", "second").get(pk=kinship.pk)
    if held.verdict:
        raise RuleBroken("Somebody decided this meanwhile.", field="kinship")
    return held


def _check_step(kind: str, happened_on: str, note: str) -> None:
    problems: dict[str, list[str]] = {}
    if kind not in StepKind.values:
        problems["kind"] = [f"Choose one of {', '.join(StepKind.values)}."]
    if not happened_on or len(happened_on) > 40 or NUL.search(happened_on):
        problems["happened_on"] = ["Say when, in at most 40 characters: 2025-09-05, 2025-09, 2025?"]
    elif problem := date_problem(happened_on):
        problems["happened_on"] = [problem]
    if len(note) > LONGEST_NOTE or NUL.search(note):
        problems["note"] = [f"At most {LONGEST_NOTE} characters, all of which can be stored."]
    if problems:
        raise RuleBroken(problems=problems)


def _episode_of(threat: Threat) -> Episode | None:
    return Episode.objects.filter(occurrences__threat=threat).first()


def _members(episode: Episode) -> list[int]:
    return list(episode.occurrences.order_by("threat").values_list("threat", flat=True))


def _gather(threats: Sequence[Threat], by: User) -> Episode:
    days = timeline.days_of(threats)
    first = min(threats, key=lambda one: (not days[one.pk], days[one.pk], one.pk))
    issuer = first.issuer_id or next((one.issuer_id for one in threats if one.issuer_id), None)
    episode = Episode.objects.create(issuer_id=issuer, canonical=first)
    _take_in(episode, threats, by)
    return episode


def _take_in(episode: Episode, threats: Sequence[Threat], by: User) -> None:
    """Put threats to an episode, into its timeline too; questions between its threats are thereby decided."""
    for one in threats:
        Occurrence.objects.create(episode=episode, threat=one)
    timeline.tell(episode, threats)
    timeline.settle(one.pk for one in threats)
    _settle_within(episode, by)


def _belong(episode: Episode, records: Collection[Annotation], by: User) -> None:
    """Put the threats among the records to the episode; one of another's is refused."""
    threats = [one.pk for one in records if one.kind == "threat"]
    taken = dict(Occurrence.objects.filter(threat__in=threats).values_list("threat", "episode"))
    if set(taken.values()) - {episode.pk}:
        raise RuleBroken("One of these threats belongs to another episode; merge the two.", field="evidence")
    for pk in threats:
        if pk not in taken:
            Occurrence.objects.create(episode=episode, threat_id=pk)
    _settle_within(episode, by)


def _settle_within(episode: Episode, by: User) -> None:
    members = _members(episode)
    _decide(Kinship.objects.filter(first__in=members, second__in=members, verdict=""), Verdict.SAME, by)


def _tell_apart(episode: Episode, taken: Sequence[int], by: User) -> None:
    """Remember of every two that were compared, one taken and one left, that they are not the same."""
    left = _members(episode)
    between = Q(first__in=taken, second__in=left) | Q(first__in=left, second__in=taken)
    _decide(Kinship.objects.filter(between), Verdict.APART, by)


def _decide(questions: Iterable[Kinship], verdict: Verdict, by: User) -> None:
    pks = [one.pk for one in questions]
    Kinship.objects.filter(pk__in=pks).update(verdict=verdict, by=by, decided_at=timezone.now())


def _of(episode: Episode, threats: Collection[Threat]) -> list[int]:
    """Those of the threats that belong to the episode, the earliest first; RuleBroken when one does not."""
    wanted = {one.pk for one in threats}
    taken = [pk for pk in _members(episode) if pk in wanted]
    if not taken or len(taken) != len(wanted):
        raise RuleBroken("Choose threats of this episode.", field="threats")
    return taken


def _with_canonical(episode: Episode) -> Episode:
    """The episode changed, with the words of a threat it still has."""
    members = _members(episode)
    if episode.canonical_id not in members:
        episode.canonical_id = members[0] if members else None
    return _changed(episode)


def _merge(episode: Episode, into: Episode, version: int, by: User) -> Episode:
    if episode.pk == into.pk:
        raise RuleBroken("An episode cannot be merged into itself.", field="into")
    pks = [episode.pk, into.pk]
    held = {one.pk: one for one in Episode.objects.filter(pk__in=pks).order_by("pk").select_for_update()}
    gone, standing = held[episode.pk], held[into.pk]
    if gone.version != version:
        raise Stale(gone)
    if gone.merged_into_id or standing.merged_into_id:
        raise RuleBroken("One of the two was merged already.", field="into")
    outcomes = EpisodeStep.objects.filter(episode__in=pks, kind__in=OUTCOMES).order_by("pk")
    if len({(one.kind, one.happened_on, one.note) for one in outcomes}) > 1:
        raise RuleBroken("The two had different outcomes; delete one of them first.", field="into")
    Occurrence.objects.filter(episode=gone).update(episode=standing)
    timeline.join(gone, standing)
    timeline.settle(_members(standing))
    Episode.objects.filter(merged_into=gone).update(merged_into=standing)
    gone.merged_into, gone.canonical = standing, None
    _changed(gone)
    _settle_within(standing, by)
    return _changed(standing) if standing.canonical_id else _with_canonical(standing)


def _changed(episode: Episode) -> Episode:
    episode.version += 1
    episode.save()
    return episode
