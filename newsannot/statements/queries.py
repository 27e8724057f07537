"""Reads over statements."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q

from newsannot.annotations.models import Span
from newsannot.annotations.outward import fetched
from newsannot.core.filters import among, matches, words_in

_THREATS = """
    SELECT e.statement_id, a.public_id FROM threats_expression e JOIN annotations_annotation a ON a.id = e.threat_id
    WHERE e.statement_id = ANY(%s) AND a.deleted_at IS NULL ORDER BY a.id
"""


def threats_of(statement_ids: Iterable[int]) -> dict[int, list[UUID]]:
    """The public ids of the standing threats that each statement expresses. One query.

    Threats are a room above; only their table is named here.
    """
    found: dict[int, list[UUID]] = {}
    for pk, threat in fetched(_THREATS, statement_ids):
        found.setdefault(pk, []).append(threat)
    return found


def saying(values: list[Any]) -> Q:
    """Statements in whose content every word of a text occurs, whichever piece of a split quotation it stands in."""
    asked = Q()
    for word in words_in(values[0]):
        spans = Span.objects.filter(matches("exact", word), role="content").order_by()
        asked &= among(spans.values("annotation_id"))
    return asked
