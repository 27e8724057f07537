"""What the API gives out of statements."""

from collections.abc import Sequence
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
from newsannot.statements.models import Basis
from newsannot.statements.queries import Said, threats_of, utterances_of


class StatementPartsOut(serializers.Serializer[Any]):
    """The evidence by role. A quotation split by its cue has two pieces of content."""

    source = SpanOut(many=True, help_text="The words that name the speaker; at most one.")  # type: ignore[assignment]
    cue = SpanOut(many=True, help_text="The words that report; at most one.")
    content = SpanOut(many=True, help_text="What is said, with its quotation marks.")


class StatementOut(serializers.Serializer[Any]):
    """Somebody is reported to say something."""

    id = serializers.UUIDField()
    article = ArticleNamedOut()
    speaker = ActorNamedOut(allow_null=True)
    on_behalf_of = ActorNamedOut(allow_null=True)
    addressees = ActorNamedOut(many=True)
    mode = serializers.CharField(allow_null=True, help_text="A code of `quotation-mode`.")
    attribution_type = serializers.CharField(allow_null=True, help_text="A code of `attribution-type`.")
    speech_act = serializers.CharField(allow_null=True, help_text="A code of `speech-act`.")
    negated = serializers.BooleanField(help_text="They are said *not* to have said it.")
    venue = serializers.CharField(allow_null=True)
    said_on = serializers.CharField(
        allow_null=True, help_text="EDTF: 2025-09-05, 2025-09, 2025?, 2025-09-05/2025-09-08."
    )
    said_on_basis = serializers.ChoiceField(Basis.choices, allow_null=True)
    credibility = serializers.CharField(
        allow_null=True, help_text="Of the claim; a code of `admiralty-credibility`, 6 being *cannot be judged*."
    )
    certainty = serializers.CharField(allow_null=True, help_text="The coder's; a code of `certainty`.")
    parts = StatementPartsOut()
    parent = serializers.UUIDField(  # type: ignore[assignment]
        allow_null=True, help_text="The statement that reports this one."
    )
    threats = serializers.ListField(child=serializers.UUIDField(), help_text="The threats it expresses.")
    utterance = serializers.IntegerField(
        allow_null=True, help_text="The act of saying it is one report of; null while nobody has grouped it."
    )
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class StatementWorkOut(StatementOut, WorkingOut):
    """A statement for those who work on it."""


StatementPage = page(StatementOut, "StatementPage")
StatementWorkPage = page(StatementWorkOut, "StatementWorkPage")


class UtteranceWordingOut(serializers.Serializer[Any]):
    """The wording that stands for an utterance: the content of one of its statements, within its excerpt limit."""

    statement = serializers.UUIDField()
    text = serializers.CharField(help_text="The pieces of its content, with an ellipsis between them.")


class UtteranceOut(serializers.Serializer[Any]):
    """One act of saying, however many statements report it."""

    id = serializers.IntegerField()
    speaker = ActorNamedOut(allow_null=True)
    said_on = serializers.CharField(allow_null=True, help_text="EDTF")
    venue = serializers.CharField(allow_null=True)
    wording = UtteranceWordingOut(allow_null=True)
    attestations = serializers.IntegerField(
        help_text="How many statements report it; `statements/?utterance=ID` lists them."
    )
    merged_into = serializers.IntegerField(
        allow_null=True, help_text="The utterance to use instead, when this one was merged."
    )
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


UtterancePage = page(UtteranceOut, "UtterancePage")


class StatementPartsIn(serializers.Serializer[Any]):
    """The evidence by role."""

    source = SpanIn(many=True, required=False)  # type: ignore[assignment]
    cue = SpanIn(many=True, required=False)
    content = SpanIn(many=True, required=False)


class StatementIn(CommonIn):
    """A statement to mark, or what of it to change."""

    parts = StatementPartsIn(required=False)
    speaker = ActorNamedIn(required=False)
    on_behalf_of = ActorNamedIn(required=False)
    addressees = serializers.ListField(child=ActorNamedIn(), required=False)
    mode = serializers.CharField(required=False, allow_null=True, help_text="A code of `quotation-mode`.")
    attribution_type = serializers.CharField(required=False, allow_null=True, help_text="A code of `attribution-type`.")
    speech_act = serializers.CharField(required=False, allow_null=True, help_text="A code of `speech-act`.")
    negated = serializers.BooleanField(required=False)
    venue = serializers.CharField(required=False, allow_null=True, max_length=200)
    said_on = serializers.CharField(required=False, allow_null=True, max_length=40, help_text="EDTF; needs its basis.")
    said_on_basis = serializers.ChoiceField(Basis.choices, required=False, allow_null=True)
    credibility = serializers.CharField(required=False, allow_null=True, help_text="A code of `admiralty-credibility`.")
    parent = serializers.UUIDField(  # type: ignore[assignment]
        required=False, allow_null=True, help_text="A statement of the same reading."
    )


def present_statements(statements: Sequence[Outward]) -> list[dict[str, Any]]:
    """Statements as StatementOut says; one query for their threats, one for their utterances."""
    threats = threats_of(one.pk for one in statements)
    utterances = utterances_of(one.pk for one in statements)
    return [
        {
            "id": one.public_id,
            "article": one.article,
            "speaker": one.claim["speaker"],
            "on_behalf_of": one.claim["on_behalf_of"],
            "addressees": one.claim["addressees"],
            "mode": one.claim["mode"],
            "attribution_type": one.claim["attribution_type"],
            "speech_act": one.claim["speech_act"],
            "negated": one.claim["negated"],
            "venue": one.claim["venue"],
            "said_on": one.claim["said_on"],
            "said_on_basis": one.claim["said_on_basis"],
            "credibility": one.claim["credibility"],
            "certainty": one.claim["certainty"],
            "parts": one.parts,
            "parent": one.claim["parent"],
            "threats": threats.get(one.pk, []),
            "utterance": utterances.get(one.pk),
            "version": one.version,
            "updated_at": one.updated_at,
        }
        for one in statements
    ]


def present_utterances(utterances: Sequence[Said]) -> list[dict[str, Any]]:
    """Utterances as UtteranceOut says."""
    return [
        {
            "id": one.utterance.pk,
            "speaker": one.speaker
            and {
                "id": one.speaker.pk,
                "name": one.speaker.name,
                "kind": one.speaker.kind,
                "wikidata_id": one.speaker.wikidata_id,
            },
            "said_on": one.utterance.said_on or None,
            "venue": one.utterance.venue or None,
            "wording": one.leading and {"statement": one.leading.statement.public_id, "text": one.leading.words},
            "attestations": one.count,
            "merged_into": one.utterance.merged_into_id,
            "version": one.utterance.version,
            "updated_at": one.utterance.updated_at,
        }
        for one in utterances
    ]
