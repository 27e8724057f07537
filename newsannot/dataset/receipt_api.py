"""The receipts of statements and threats, over the API."""

from typing import Any
from uuid import UUID

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from newsannot.accounts.access import audience_of, signed_in
from newsannot.accounts.models import Scope
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.layers import in_layer
from newsannot.annotations.outward import read_outward
from newsannot.core.describing import described
from newsannot.core.filters import conditions
from newsannot.core.http import conditional, endpoint
from newsannot.core.layers import Layer
from newsannot.dataset.receipts import ReceiptOut, receipt_of


def _receipt_of(name: str) -> Any:
    """The view of the receipts of a kind."""

    @described(
        method="GET",
        tag=f"{name}s",
        operation=f"read_receipt_of_{name}",
        summary=f"Read the receipt of a {name}",
        details="Where every value comes from: revision and hash, evidence, who marked it, under which codebook, what "
        "was proposed and not taken, who ruled and why, and every change of the feed that tells of it.",
        answer=ReceiptOut,
        refusals=["query", "not-found"],
    )
    @endpoint(GET=Scope.READ_CURATED.value)
    def receipt(request: Request, public_id: UUID) -> Response:
        """One receipt."""
        conditions(request, ())
        kind, user, audience = kind_named(name), signed_in(request), audience_of(request)
        rows = in_layer(kind, Layer.PUBLISHED, user, audience).filter(public_id=public_id)
        found = read_outward(kind, rows, audience=audience)
        if not found:
            raise Http404(f"There is no such {name}, or it is not published.")
        return conditional(request, receipt_of(kind, found[0], with_names=user.is_editor))

    return receipt


RECEIPTS = {name: _receipt_of(name) for name in ("statement", "threat", "mention")}
