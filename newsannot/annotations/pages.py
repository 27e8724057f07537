"""The API's answers about one kind of annotation: a page of a layer, or one record of it."""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of, signed_in
from newsannot.accounts.models import Scope
from newsannot.annotations.access import reading_for
from newsannot.annotations.kinds import Kind
from newsannot.annotations.layers import LAYERS, in_layer
from newsannot.annotations.outward import read_outward
from newsannot.annotations.serializers import present, present_working
from newsannot.core.filters import Filter, among, conditions
from newsannot.core.http import conditional, layer_asked
from newsannot.core.layers import Audience, Layer
from newsannot.core.paging import NONE_BESIDES, PARAMETERS, Counts, page_of
from newsannot.core.requests import require_scope

PARENT_ID = '"annotations_annotation"."id"'
READ = (Scope.READ_CURATED.value, Scope.WRITE_ANNOTATIONS.value)


def page_of_kind(
    request: Request,
    kind: Kind,
    filters: Sequence[Filter],
    *,
    related: Collection[str] = (),
    counts: Counts = NONE_BESIDES,
) -> Response:
    """A page of the annotations of a kind. `related` names the filters that look at other records.

    Those are asked of one related record together: `issuer` and `purpose` of the same threat. `counts` are what may be
    counted besides records.
    """
    asked = conditions(request, filters, besides={*PARAMETERS, "layer"})
    rows = narrowed(_rows(request, kind), kind, asked, related)
    read = partial(read_outward, kind, audience=audience_of(request))
    body = page_of(request, rows, read, present, id_of=lambda one: one.pk, column=PARENT_ID, counts=counts)
    return conditional(request, body)


def page_of_reading(request: Request, kind: Kind, reading_id: int) -> Response:
    """A page of the standing annotations of a kind in a reading that the person may see."""
    conditions(request, (), besides=PARAMETERS)
    reading = reading_for(signed_in(request), reading_id)
    rows = kind.model._default_manager.filter(reading=reading, kind=kind.name, deleted_at=None)
    read = partial(read_outward, kind, audience=Audience.STAFF)
    body = page_of(request, rows, read, present_working, id_of=lambda one: one.pk, column=PARENT_ID)
    return conditional(request, body)


def one_of_kind(request: Request, kind: Kind, public_id: UUID) -> Response:
    """One annotation of a kind, in the layer asked for."""
    conditions(request, (), besides={"layer"})
    rows = _rows(request, kind).filter(public_id=public_id)
    found = read_outward(kind, rows, audience=audience_of(request))
    if not found:
        raise Http404(f"There is no such {kind.label.lower()}, or it is not published.")
    return conditional(request, present(found)[0])


def _rows(request: Request, kind: Kind) -> QuerySet[Any]:
    layer = layer_asked(request, LAYERS)
    require_scope(request, Scope.READ_CURATED if layer is Layer.PUBLISHED else Scope.WRITE_ANNOTATIONS)
    return in_layer(kind, layer, signed_in(request), audience_of(request))


def narrowed(rows: QuerySet[Any], kind: Kind, asked: Mapping[str, Q], related: Collection[str]) -> QuerySet[Any]:
    """The rows of a kind that meet all conditions, those by `related` filters of one related record together."""
    rows = rows.filter(*(condition for name, condition in asked.items() if name not in related))
    elsewhere = [condition for name, condition in asked.items() if name in related]
    if elsewhere:
        matching = kind.model._default_manager.filter(*elsewhere).order_by()
        rows = rows.filter(among(matching.values("pk")))
    return rows
