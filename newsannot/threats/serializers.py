"""What the API gives out of threats."""

from collections.abc import Mapping, Sequence
from typing import Any

from rest_framework import serializers

from newsannot.actors.serializers import ActorNamedOut
from newsannot.annotations.outward import Outward
from newsannot.annotations.serializers import (
    ActorNamedIn,
    ArticleNamedOut,
    CommonIn,
    SpanIn,
    SpanOut,
    WorkingOut,
)
from newsannot.core.describing import page
from newsannot.core.errors import RuleBroken
from newsannot.threats.models import OUTCOMES, StepKind
from newsannot.threats.queries import Course, Taken, episodes_of

PLOVER_EVENT = "THREATEN"


class ThreatPartsOut(serializers.Serializer[Any]):
    """The evidence by role."""

    reference = SpanOut(many=True, help_text="Words that refer to the threat.")
    condition = SpanOut(many=True, help_text="What sets it off.")
    demand = SpanOut(many=True, help_text="What is to be done or undone.")
    consequence = SpanOut(many=True, help_text="What is threatened.")
    deadline = SpanOut(many=True, help_text="By when.")


class PloverOut(serializers.Serializer[Any]):
    """The threat in PLOVER."""

    event = serializers.ChoiceField([PLOVER_EVENT])
    mode = serializers.CharField(allow_null=True, help_text="A code of `plover-mode`.")
    contexts = serializers.ListField(child=serializers.CharField(), help_text="Codes of `plover-context`.")


class ThreatOut(serializers.Serializer[Any]):
    """Somebody threatens somebody. One record for an article, however often the article repeats it."""

    id = serializers.UUIDField()
    article = ArticleNamedOut()
    issuer = ActorNamedOut(allow_null=True)
    on_behalf_of = ActorNamedOut(allow_null=True)
    harm_targets = ActorNamedOut(many=True, help_text="Who would be hit.")
    influence_targets = ActorNamedOut(many=True, help_text="Whose decision it is to shape.")
    purpose = serializers.CharField(allow_null=True, help_text="A code of `threat-purpose`.")
    consequence = serializers.CharField(allow_null=True, help_text="A code of `threat-consequence`.")
    condition_kind = serializers.CharField(allow_null=True, help_text="A code of `condition-kind`.")
    deadline = serializers.CharField(allow_null=True, help_text="EDTF")
    demand_kind = serializers.CharField(allow_null=True, help_text="A code of `demand-kind`.")
    explicitness = serializers.CharField(allow_null=True, help_text="A code of `explicitness`.")
    nuclear_signal = serializers.CharField(allow_null=True, help_text="A code of `nuclear-signal`.")
    plover = PloverOut()
    cameo = serializers.CharField(allow_null=True, help_text="A code of `cameo`.")
    mid_action = serializers.CharField(allow_null=True, help_text="A code of `mid`.")
    parts = ThreatPartsOut()
    statements = serializers.ListField(child=serializers.UUIDField(), help_text="The statements that express it.")
    primary_statement = serializers.UUIDField(allow_null=True)
    episode = serializers.IntegerField(
        allow_null=True, help_text="The threat over time that this is one report of; null while nobody has grouped it."
    )
    credibility = serializers.CharField(
        allow_null=True, help_text="Of the claim; a code of `admiralty-credibility`, 6 being *cannot be judged*."
    )
    certainty = serializers.CharField(allow_null=True, help_text="The coder's; a code of `certainty`.")
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class ThreatWorkOut(ThreatOut, WorkingOut):
    """A threat for those who work on it."""


ThreatPage = page(ThreatOut, "ThreatPage")
ThreatWorkPage = page(ThreatWorkOut, "ThreatWorkPage")


class EpisodeWordingOut(serializers.Serializer[Any]):
    """The words that stand for an episode: those of one of its threats, within its excerpt limit."""

    threat = serializers.UUIDField()
    text = serializers.CharField(help_text="Its primary statement's content, or its parts; pieces with an ellipsis.")


class EpisodeEvidenceOut(serializers.Serializer[Any]):
    """A published record whose words say that a step was taken; `threats/{id}/` and the like give its spans."""

    kind = serializers.CharField(help_text="threat, statement or mention")
    id = serializers.UUIDField()
    article = ArticleNamedOut()
    text = serializers.CharField(help_text="Its words, within the excerpt limit.")


class EpisodeStepOut(serializers.Serializer[Any]):
    """What happened to the threat on a day."""

    id = serializers.IntegerField()
    kind = serializers.ChoiceField(StepKind.choices)
    happened_on = serializers.CharField(allow_null=True, help_text="EDTF")
    note = serializers.CharField(
        allow_null=True, help_text="The editors', where no text says so or more is to be said."
    )
    evidence = EpisodeEvidenceOut(many=True)


class EpisodeOutcomeOut(serializers.Serializer[Any]):
    """What closed an episode."""

    kind = serializers.ChoiceField([(one.value, one.label) for one in OUTCOMES])
    happened_on = serializers.CharField(allow_null=True, help_text="EDTF")


class EpisodeOut(serializers.Serializer[Any]):
    """One threat over time, however many articles tell of it."""

    id = serializers.IntegerField()
    issuer = ActorNamedOut(allow_null=True)
    targets = ActorNamedOut(many=True, help_text="Who would be hit, and whose decision it is to shape, in its threats.")
    wording = EpisodeWordingOut(allow_null=True)
    deadline = serializers.CharField(allow_null=True, help_text="EDTF; of its threats the one that falls last.")
    state = serializers.CharField(help_text="`open`, or `closed` once an outcome is known.")
    outcome = EpisodeOutcomeOut(allow_null=True)
    steps = EpisodeStepOut(many=True, help_text="In the order of time.")
    threats = serializers.IntegerField(help_text="How many threats are of it; `threats/?episode=ID` lists them.")
    merged_into = serializers.IntegerField(
        allow_null=True, help_text="The episode to use instead, when this one was merged."
    )
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


EpisodePage = page(EpisodeOut, "EpisodePage")


class ThreatPartsIn(serializers.Serializer[Any]):
    """The evidence by role."""

    reference = SpanIn(many=True, required=False)
    condition = SpanIn(many=True, required=False)
    demand = SpanIn(many=True, required=False)
    consequence = SpanIn(many=True, required=False)
    deadline = SpanIn(many=True, required=False)


class PloverIn(serializers.Serializer[Any]):
    """The threat in PLOVER."""

    event = serializers.ChoiceField([PLOVER_EVENT], required=False)
    mode = serializers.CharField(required=False, allow_null=True, help_text="A code of `plover-mode`.")
    contexts = serializers.ListField(
        child=serializers.CharField(), required=False, help_text="Codes of `plover-context`."
    )


class ThreatIn(CommonIn):
    """A threat to mark, or what of it to change. It needs a span or a statement; a compellent one, a demand."""

    parts = ThreatPartsIn(required=False)
    issuer = ActorNamedIn(required=False)
    on_behalf_of = ActorNamedIn(required=False)
    harm_targets = serializers.ListField(child=ActorNamedIn(), required=False)
    influence_targets = serializers.ListField(child=ActorNamedIn(), required=False)
    purpose = serializers.CharField(required=False, allow_null=True, help_text="A code of `threat-purpose`.")
    consequence = serializers.CharField(required=False, allow_null=True, help_text="A code of `threat-consequence`.")
    condition_kind = serializers.CharField(required=False, allow_null=True, help_text="A code of `condition-kind`.")
    deadline = serializers.CharField(required=False, allow_null=True, max_length=40, help_text="EDTF")
    demand_kind = serializers.CharField(required=False, allow_null=True, help_text="A code of `demand-kind`.")
    explicitness = serializers.CharField(required=False, allow_null=True, help_text="A code of `explicitness`.")
    nuclear_signal = serializers.CharField(required=False, allow_null=True, help_text="A code of `nuclear-signal`.")
    plover = PloverIn(required=False, help_text="`plover_mode` and `plover_contexts` are understood too.")
    cameo = serializers.CharField(required=False, allow_null=True, help_text="A code of `cameo`.")
    mid_action = serializers.CharField(required=False, allow_null=True, help_text="A code of `mid`.")
    statements = serializers.ListField(
        child=serializers.UUIDField(), required=False, help_text="Statements of the same reading."
    )
    primary_statement = serializers.UUIDField(
        required=False, allow_null=True, help_text="One of `statements`; the first, when none is named."
    )
    credibility = serializers.CharField(required=False, allow_null=True, help_text="A code of `admiralty-credibility`.")


def unfold_plover(sent: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is sent, with the fields that `plover` groups in its place."""
    if "plover" not in sent:
        return sent
    plover = sent["plover"]
    known = {"mode": "plover_mode", "contexts": "plover_contexts"}
    if not isinstance(plover, dict) or plover.keys() - {*known, "event"}:
        raise RuleBroken('Send {"mode": …, "contexts": […]}.', field="plover")
    if plover.get("event", PLOVER_EVENT) != PLOVER_EVENT:
        raise RuleBroken(f"A threat is the event {PLOVER_EVENT}.", field="plover")
    rest = {name: value for name, value in sent.items() if name != "plover"}
    return rest | {field: plover[name] for name, field in known.items() if name in plover}


def present_threats(threats: Sequence[Outward]) -> list[dict[str, Any]]:
    """Threats as ThreatOut says; one query for their episodes."""
    episodes = episodes_of(one.pk for one in threats)
    return [_present(one, episodes.get(one.pk)) for one in threats]


def _present(one: Outward, episode: int | None) -> dict[str, Any]:
    claim = one.claim
    return {
        "id": one.public_id,
        "article": one.article,
        "issuer": claim["issuer"],
        "on_behalf_of": claim["on_behalf_of"],
        "harm_targets": claim["harm_targets"],
        "influence_targets": claim["influence_targets"],
        "purpose": claim["purpose"],
        "consequence": claim["consequence"],
        "condition_kind": claim["condition_kind"],
        "deadline": claim["deadline"],
        "demand_kind": claim["demand_kind"],
        "explicitness": claim["explicitness"],
        "nuclear_signal": claim["nuclear_signal"],
        "plover": {"event": PLOVER_EVENT, "mode": claim["plover_mode"], "contexts": claim["plover_contexts"]},
        "cameo": claim["cameo"],
        "mid_action": claim["mid_action"],
        "parts": one.parts,
        "statements": claim["statements"],
        "primary_statement": claim["primary_statement"],
        "episode": episode,
        "credibility": claim["credibility"],
        "certainty": claim["certainty"],
        "version": one.version,
        "updated_at": one.updated_at,
    }


def present_episodes(episodes: Sequence[Course]) -> list[dict[str, Any]]:
    """Episodes as EpisodeOut says."""
    return [
        {
            "id": one.episode.pk,
            "issuer": one.issuer
            and {
                "id": one.issuer.pk,
                "name": one.issuer.name,
                "kind": one.issuer.kind,
                "wikidata_id": one.issuer.wikidata_id,
            },
            "targets": list(one.targets),
            "wording": one.leading and {"threat": one.leading.record.public_id, "text": one.leading.words},
            "deadline": one.deadline and one.deadline.threat.deadline,
            "state": "closed" if one.outcome else "open",
            "outcome": one.outcome and {"kind": one.outcome.kind, "happened_on": one.outcome.happened_on or None},
            "steps": [_present_step(taken) for taken in one.steps],
            "threats": one.count,
            "merged_into": one.episode.merged_into_id,
            "version": one.episode.version,
            "updated_at": one.episode.updated_at,
        }
        for one in episodes
    ]


def _present_step(taken: Taken) -> dict[str, Any]:
    step = taken.step
    return {
        "id": step.pk,
        "kind": step.kind,
        "happened_on": step.happened_on or None,
        "note": step.note or None,
        "evidence": [
            {"kind": one.record.kind, "id": one.record.public_id, "article": one.record.article, "text": one.words}
            for one in taken.evidence
        ],
    }
