"""Reads over threats."""

from typing import Any

from django.db.models import Q

from newsannot.annotations.models import Span
from newsannot.core.filters import among, matches, words_in
from newsannot.threats.models import Expression

ROLES = ("reference", "condition", "demand", "consequence", "deadline")


def threatening(values: list[Any]) -> Q:
    """Threats in whose parts, or in the content of whose statements, every word of a text occurs."""
    asked = Q()
    for word in words_in(values[0]):
        spans = Span.objects.filter(matches("exact", word)).order_by()
        said = spans.filter(role="content").values("annotation_id")
        threats = Expression.objects.filter(statement__in=said).order_by().values("threat_id")
        asked &= among(spans.filter(role__in=ROLES).values("annotation_id")) | among(threats)
    return asked
