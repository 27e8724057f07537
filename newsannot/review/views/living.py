"""The editors' pages of the living codebook: proposals, drafts, what is coded under older versions."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.codebook.models import CodebookVersion, Proposal
from newsannot.codebook.queries import current_guidelines, schemes_of
from newsannot.core.errors import RuleBroken
from newsannot.review.living import AT_ONCE, answer_proposal, carry_over, have_carried, undo_carrying
from newsannot.review.queries.living import behind, carrying, last_run, old_records, open_drafts, open_proposals
from newsannot.workbench.views.answers import is_part


def _newest() -> CodebookVersion:
    newest = CodebookVersion.objects.first()
    if newest is None:
        raise Http404("No code lists are loaded yet; an administrator runs: manage.py load_codebook")
    return newest


@require_safe
@role_required(Role.EDITOR)
def codebook(request: HttpRequest) -> HttpResponse:
    """Proposals that wait, drafts in the making, and how much is under older codebooks.

    To htmx, which asks while the worker moves readings, how far that is.
    """
    if is_part(request):
        moving = carrying()
        part = "review/codebook.html#carrying"
        return render(request, part, {"carrying": moving}) if moving else HttpResponseClientRefresh()
    response = _overview(request)
    response["Vary"] = "HX-Request, Cookie"
    return response


def _overview(request: HttpRequest, *, refusal: RuleBroken | None = None, proposal_id: int = 0) -> HttpResponse:
    newest, query = _newest(), request.GET.dict()
    page = open_proposals(query)
    context = {
        "newest": newest,
        "proposals": page.rows,
        "refused": proposal_id,
        "answer": request.POST.get("answer", ""),
        "problems": [text for texts in refusal.problems.values() for text in texts] if refusal else [],
        "drafts": open_drafts(),
        "chapters": current_guidelines(),
        "behind": behind(newest),
        "carrying": carrying(),
        "last_run": last_run(signed_in(request)),
        **page.links(query),
    }
    return render(request, "review/codebook.html", context, status=422 if refusal else 200)


@require_POST
@role_required(Role.EDITOR)
def decide(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Accept a proposal (`accept`), and go where it is made so, or decline it with a reason."""
    proposal = get_object_or_404(Proposal.objects.select_related("scheme"), pk=proposal_id)
    is_accepted = "accept" in request.POST
    try:
        decided = answer_proposal(
            proposal=proposal, is_accepted=is_accepted, answer=request.POST.get("answer", ""), by=signed_in(request)
        )
    except RuleBroken as refusal:
        return _overview(request, refusal=refusal, proposal_id=proposal.pk)
    if not is_accepted:
        messages.success(request, f"Declined; {decided.by.label} is told why.")
        return redirect("review:codebook")
    messages.success(request, f"Accepted; {decided.by.label} is told. Make the change here.")
    if decided.scheme:
        return redirect(f"{reverse('review:draft', args=[decided.scheme.key])}#code-{decided.code}")
    return redirect("review:chapter", decided.guideline)


@require_POST
@role_required(Role.EDITOR)
def carry(request: HttpRequest) -> HttpResponse:
    """Move every open reading in which nothing is a question to the newest codebook; many, by the worker."""
    waiting, by = behind(_newest()).follow_count, signed_in(request)
    if waiting > AT_ONCE:
        try:
            have_carried(total=waiting, by=by)
        except RuleBroken as refusal:
            return _overview(request, refusal=refusal)
        return redirect("review:codebook")
    count = len(carry_over(by=by).moves)
    messages.success(request, f"{count} reading{'s' * (count != 1)} moved to codebook {_newest().number}.")
    return redirect("review:codebook")


@require_POST
@role_required(Role.EDITOR)
def undo(request: HttpRequest, run: UUID) -> HttpResponse:
    """Undo what one moved at once."""
    try:
        back, left = undo_carrying(run=run, by=signed_in(request))
    except RuleBroken as refusal:
        return _overview(request, refusal=refusal)
    stayed = f" {left} stay{'s' * (left == 1)}: changed since." if left else ""
    messages.success(request, f"{back} reading{'s' * (back != 1)} put back.{stayed}")
    return redirect("review:codebook")


@require_safe
@role_required(Role.EDITOR)
def older(request: HttpRequest) -> HttpResponse:
    """Records that hold a code the newest codebook means otherwise, with what each would become."""
    newest, query = _newest(), request.GET.dict()
    schemes = schemes_of(newest.pk)
    scheme = query.get("scheme", "")
    if scheme and scheme not in schemes:
        raise Http404("There is no such code list.")
    page, records = old_records(signed_in(request), newest, scheme, query)
    context = {
        "newest": newest,
        "records": records,
        "scheme": schemes.get(scheme),
        **page.links(query),
    }
    return render(request, "review/older.html", context)
