"""What the API takes in of an editor's decisions."""

from typing import Any

from rest_framework import serializers


class ReturnIn(serializers.Serializer[Any]):
    """Why a reading goes back."""

    comment = serializers.CharField(max_length=4000, help_text="What is to be changed; the analyst sees it.")
