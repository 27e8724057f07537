"""The editors' pages of batches: how they stand, a new one looked at before it is made, undoing and closing."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.core.errors import RuleBroken
from newsannot.core.numbers import numbers_in
from newsannot.review.access import assignment_to_manage, batch_for
from newsannot.review.assigning import close_batch, delete_batch, give, make_batch, release
from newsannot.review.changing import change_assignments
from newsannot.review.forms import BatchForm, ChangeForm
from newsannot.review.models import TO_ASSIGNMENTS, Assignment, Batch, DeedSort
from newsannot.review.queries.batches import articles_page, batches_page, progress_of, shares_of
from newsannot.review.queries.changing import MOST, ChangePlan, chosen_of, plan_change
from newsannot.review.queries.planning import Plan, analysts_to_choose, plan_batch, planned_articles

SHOWN_MOST = 100
"""Of more assignments to be changed the first are listed, the rest counted."""


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
        articles = planned_articles(plan)
        context |= {"articles": articles, "published_count": sum(one.is_published for one in articles)}
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
        "is_chosen": request.GET.get("choose") == "all",
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


@require_POST
@role_required(Role.ANALYST)
def change(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Change many assignments: asks to what, shows with `look` what would change, and with `do` changes that."""
    shown = batch_for(signed_in(request), batch_id)
    sort = next((sort for sort in TO_ASSIGNMENTS if sort == request.POST.get("sort")), None)
    if sort is None:
        raise Http404("There is no such change.")
    chosen = chosen_of(shown, request.POST.get("which", ""), _ticked(request))
    if not chosen.exists():
        messages.info(request, "Choose assignments first.")
        return redirect("review:batch", shown.pk)
    is_asked = sort == DeedSort.RELEASE or "look" in request.POST or "do" in request.POST
    form = ChangeForm(sort, analysts_to_choose(), request.POST if is_asked else None)
    if not is_asked or not form.is_valid():
        return _change_page(request, shown, chosen, form, status=422 if is_asked else 200)
    if "do" not in request.POST:
        return _plan_page(request, shown, chosen, form)
    return _changed(request, shown, chosen, form)


def _ticked(request: HttpRequest) -> list[int]:
    return numbers_in(request.POST.getlist("slot")[: max(MOST.values())])


def _changed(request: HttpRequest, shown: Batch, chosen: QuerySet[Assignment], form: ChangeForm) -> HttpResponse:
    seal = request.POST.get("seal", "")
    try:
        deed = change_assignments(batch=shown, change=form.change(), chosen=chosen, seal=seal, by=signed_in(request))
    except RuleBroken as refusal:
        return _plan_page(request, shown, chosen, form, refusal=refusal)
    return redirect("review:deed", deed.pk)


def _plan_page(
    request: HttpRequest,
    shown: Batch,
    chosen: QuerySet[Assignment],
    form: ChangeForm,
    *,
    refusal: RuleBroken | None = None,
) -> HttpResponse:
    wanted, count = form.change(), chosen.count()
    if count > MOST[wanted.sort]:
        refusal = RuleBroken(f"At most {MOST[wanted.sort]:,} at once; these are {count:,}.", field="which")
        return _change_page(request, shown, chosen, form, refusal=refusal, status=422)
    plan = plan_change(shown, wanted, chosen)
    return _change_page(request, shown, chosen, form, plan=plan, refusal=refusal, status=422 if refusal else 200)


def _change_page(
    request: HttpRequest,
    shown: Batch,
    chosen: QuerySet[Assignment],
    form: ChangeForm,
    *,
    plan: ChangePlan | None = None,
    refusal: RuleBroken | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "batch": shown,
        "form": form,
        "plan": plan,
        "count": chosen.count(),
        "which": request.POST.get("which", ""),
        "ticked": _ticked(request),
        "shown_most": SHOWN_MOST,
        "problems": [text for texts in refusal.problems.values() for text in texts] if refusal else [],
    }
    return render(request, "review/change.html", context, status=status)
