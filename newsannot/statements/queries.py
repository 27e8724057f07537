"""Reads over statements."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from newsannot.annotations.models import Span
from newsannot.core.filters import among, matches, words_in
from newsannot.statements.models import Statement


def threats_of(statement_ids: Iterable[int]) -> dict[int, list[UUID]]:
    """The public ids of the standing threats that each statement expresses. One query.

    Threats are a room above; only their relation is named here.
    """
    statements: QuerySet[Any] = Statement.objects.all()
    rows = statements.filter(pk__in=list(statement_ids), threats__deleted_at=None, threats__isnull=False)
    found: dict[int, list[UUID]] = {}
    for pk, threat in rows.order_by("pk", "threats__pk").values_list("pk", "threats__public_id"):
        found.setdefault(pk, []).append(threat)
    return found


def saying(values: list[Any]) -> Q:
    """Statements in whose content every word of a text occurs, whichever piece of a split quotation it stands in."""
    asked = Q()
    for word in words_in(values[0]):
        spans = Span.objects.filter(matches("exact", word), role="content").order_by()
        asked &= among(spans.values("annotation_id"))
    return asked
