"""What the API takes in about publication."""

from typing import Any

from rest_framework import serializers

from newsannot.core.describing import page
from newsannot.dataset.models import ChangeAction


class WithdrawalIn(serializers.Serializer[Any]):
    """Why a published reading is withdrawn."""

    reason = serializers.CharField(required=False, max_length=4000)


class ChangeOut(serializers.Serializer[Any]):
    """One step of the published record."""

    seq = serializers.IntegerField(help_text="From 1, without gaps, in the order in which changes became visible.")
    kind = serializers.ChoiceField(["mention", "statement", "threat", "actor"])
    record = serializers.CharField(help_text="The record's id; an actor's in digits.")
    version = serializers.IntegerField(help_text="The record's.")
    action = serializers.ChoiceField(ChangeAction.choices)
    at = serializers.DateTimeField()
    sha256 = serializers.CharField(
        allow_null=True,
        help_text="Of the snapshot in UTF-8 as canonical JSON: keys sorted, no space between them, letters unescaped.",
    )
    snapshot = serializers.DictField(
        allow_null=True, help_text="The record as it is given out from then on; null once it is withdrawn."
    )


ChangePage = page(ChangeOut, "ChangePage")
