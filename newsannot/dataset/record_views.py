"""The pages of published records: what each says, and where every value of it comes from."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.kinds import kind_named
from newsannot.dataset.record_pages import record_page


@require_safe
@role_required(Role.READER)
def record(request: HttpRequest, kind: str, public_id: UUID) -> HttpResponse:
    """One record with its receipt and its versions."""
    page = record_page(kind_named(kind), public_id, signed_in(request), request.GET.dict())
    return render(request, "dataset/record.html", {"page": page, **page.links})
