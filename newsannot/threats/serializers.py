"""What the API gives out of threats."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from newsannot.actors.serializers import ActorNamedOut
from newsannot.annotations.outward import Outward
from newsannot.annotations.serializers import ArticleNamedOut, SpanOut
from newsannot.core.describing import page

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


ThreatPage = page(ThreatOut, "ThreatPage")


def present_threats(threats: Sequence[Outward]) -> list[dict[str, Any]]:
    """Threats as ThreatOut says."""
    return [_present(one) for one in threats]


def _present(one: Outward) -> dict[str, Any]:
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
        "episode": None,
        "credibility": claim["credibility"],
        "certainty": claim["certainty"],
        "version": one.version,
        "updated_at": one.updated_at,
    }
