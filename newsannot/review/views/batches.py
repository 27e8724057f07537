"""The editors' pages of batches: how they stand, a new one looked at before it is made, undoing and closing."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.core.errors import RuleBroken
from newsannot.review.access import assignment_to_manage, batch_for
from newsannot.review.assigning import close_batch, delete_batch, give, make_batch, release
from newsannot.review.forms import BatchForm
from newsannot.review.models import Batch
from newsannot.review.queries.batches import articles_page, batches_page, progress_of, shares_of
from newsannot.review.queries.planning import Plan, analysts_to_choose, plan_batch


@require_safe
@role_required(Role.EDITOR)
def batches(request: HttpRequest) -> HttpResponse:
    """All batches, the newest first, with how far they are."""
    page, rows = batches_page(request.GET.dict())
    return render(request, "review/batches.html", {"rows": rows, **page.links(request.GET.dict())})


@require_http_methods(["GET", "HEAD", "POST"])
@role_required(Role.EDITOR)
def new_batch(request: HttpRequest) -> HttpResponse:
    """The form of a batch; posted to, it shows who would get how much, and with `seal` makes what was shown."""
    if request.method != "POST":
        return _form_page(request, BatchForm())
    form = BatchForm(request.POST)
    if not form.is_valid():
        return _form_page(request, form, status=422)
    wish, seal = form.wish(), request.POST.get("seal", "")
    try:
        if "make" not in request.POST:
            return _form_page(request, form, plan=plan_batch(wish))
        batch = make_batch(wish=wish, seal=seal, by=signed_in(request))
    except RuleBroken as refusal:
        form.show_refusal(refusal.problems)
        return _form_page(request, form, status=422)
    messages.success(request, f"“{batch}” is made.")
    return redirect("review:batch", batch.pk)


def _form_page(request: HttpRequest, form: BatchForm, *, plan: Plan | None = None, status: int = 200) -> HttpResponse:
    context: dict[str, object] = {"form": form, "plan": plan}
    if plan:
        per_article = form.cleaned_data["analysts_per_article"]
        context |= {"article_count": len(plan.revisions), "reading_count": len(plan.revisions) * per_article}
    return render(request, "review/new_batch.html", context, status=status)


@require_safe
@role_required(Role.ANALYST)
def batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """One batch: its people, and its articles with who reads each."""
    return _batch_page(request, batch_for(signed_in(request), batch_id))


def _batch_page(request: HttpRequest, shown: Batch, *, refusal: RuleBroken | None = None) -> HttpResponse:
    page, rows = articles_page(shown, request.GET.dict())
    context = {
        "batch": shown,
        "progress": progress_of(shown),
        "shares": shares_of(shown),
        "rows": rows,
        "people": analysts_to_choose(),
        "slots": range(1, shown.analysts_per_article + 1),
        "problems": [text for texts in refusal.problems.values() for text in texts] if refusal else [],
        **page.links(request.GET.dict()),
    }
    return render(request, "review/batch.html", context, status=422 if refusal else 200)


@require_POST
@role_required(Role.ANALYST)
def delete(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Undo a batch for which nobody has done anything."""
    shown = batch_for(signed_in(request), batch_id)
    try:
        delete_batch(batch=shown, by=signed_in(request))
    except RuleBroken as refusal:
        return _batch_page(request, shown, refusal=refusal)
    messages.success(request, f"“{shown}” is undone; nobody had begun.")
    return redirect("review:batches")


@require_POST
@role_required(Role.ANALYST)
def close(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Give nothing more out of a batch (`closed` is 1), or go on (0)."""
    shown = batch_for(signed_in(request), batch_id)
    is_closed = request.POST.get("closed") == "1"
    try:
        close_batch(batch=shown, is_closed=is_closed, by=signed_in(request))
    except RuleBroken as refusal:
        return _batch_page(request, shown, refusal=refusal)
    messages.success(
        request, f"“{shown}” is {'closed: nothing more is given out of it' if is_closed else 'open again'}."
    )
    return redirect("review:batch", shown.pk)


@require_POST
@role_required(Role.ANALYST)
def take_back(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Take an assignment back into the pool."""
    assignment = assignment_to_manage(signed_in(request), assignment_id)
    try:
        release(assignment=assignment, by=signed_in(request))
    except RuleBroken as refusal:
        return _batch_page(request, assignment.batch, refusal=refusal)
    messages.success(request, "Taken back: it is in the pool. What was marked stays its analyst’s.")
    return redirect("review:batch", assignment.batch_id)


@require_POST
@role_required(Role.ANALYST)
def give_to(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Hand a free slot to the analyst whose username is sent."""
    assignment = assignment_to_manage(signed_in(request), assignment_id)
    sent = request.POST.get("analyst", "").strip()
    try:
        to = next((one for one in analysts_to_choose() if one.username == sent), None)
        if to is None:
            raise RuleBroken(f"There is no analyst called “{sent}”." if sent else "Say to whom.", field="analyst")
        give(assignment=assignment, to=to, by=signed_in(request))
    except RuleBroken as refusal:
        return _batch_page(request, assignment.batch, refusal=refusal)
    messages.success(request, f"Given to {to.label}.")
    return redirect("review:batch", assignment.batch_id)
