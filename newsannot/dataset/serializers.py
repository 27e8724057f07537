"""What the API takes in about publication."""

from typing import Any

from rest_framework import serializers


class WithdrawalIn(serializers.Serializer[Any]):
    """Why a published reading is withdrawn."""

    reason = serializers.CharField(required=False, max_length=4000)
