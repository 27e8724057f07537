"""Publishing and withdrawing, from the editors' page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.access import reading_for
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.core.errors import RuleBroken
from newsannot.dataset.access import revision_to_publish
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.review.views.readings import review_page


@require_POST
@role_required(Role.ANALYST)
def publish(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Publish the curated reading of a revision."""
    revision = revision_to_publish(signed_in(request), revision_id)
    try:
        reading = publish_reading(revision=revision, by=signed_in(request))
    except RuleBroken as refusal:
        return _refused(request, revision, refusal)
    messages.success(request, "Published: it can be read through the API now.")
    return redirect("review:reading", reading.pk)


@require_POST
@role_required(Role.ANALYST)
def withdraw(request: HttpRequest, revision_id: int) -> HttpResponse:
    """Withdraw the published reading of a revision."""
    revision = revision_to_publish(signed_in(request), revision_id)
    reason = request.POST.get("reason", "")
    try:
        reading = withdraw_reading(revision=revision, reason=reason, by=signed_in(request))
    except RuleBroken as refusal:
        return _refused(request, revision, refusal, sent=reason)
    messages.success(request, "Withdrawn: it is no longer given out, and can be corrected.")
    return redirect("review:reading", reading.pk)


def _refused(request: HttpRequest, revision: Revision, refusal: RuleBroken, *, sent: str = "") -> HttpResponse:
    """The page of the curated reading as it stands now, or, when there is none, a page with the refusal alone."""
    curated = Reading.objects.curated().filter(revision=revision.pk).values_list("pk", flat=True).first()
    if curated is None:
        context = {"article": revision.article, "problems": refusal.problems}
        return render(request, "review/refused.html", context, status=422)
    standing = reading_for(signed_in(request), curated)
    return review_page(request, standing, problems=refusal.problems, sent=sent, status=422)
