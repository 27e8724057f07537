"""One's own work: what is due, the next one from the pool, what was taken back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role
from newsannot.annotations.actions import open_reading
from newsannot.core.errors import RuleBroken
from newsannot.review.access import assignment_to_take_again, own_assignment, training_compared
from newsannot.review.assigning import compare_training, take_again, take_next
from newsannot.review.models import Assignment
from newsannot.review.queries.training import gold_of, result_of
from newsannot.review.queries.work import work_of


@require_safe
@role_required(Role.ANALYST)
def mine(request: HttpRequest) -> HttpResponse:
    """What is due, what was taken back, and the trainings handed in."""
    return _page(request)


def _page(request: HttpRequest, refusal: RuleBroken | None = None) -> HttpResponse:
    context = {
        "work": work_of(signed_in(request)),
        "problems": [text for texts in refusal.problems.values() for text in texts] if refusal else [],
    }
    return render(request, "review/work.html", context, status=422 if refusal else 200)


@require_POST
@role_required(Role.ANALYST)
def take(request: HttpRequest) -> HttpResponse:
    """Take the assignment of the pool that is due first, and begin to read it."""
    try:
        taken = take_next(by=signed_in(request))
    except RuleBroken as refusal:
        return _page(request, refusal)
    return _begin(request, taken)


@require_POST
@role_required(Role.ANALYST)
def resume(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Take what had lapsed again."""
    assignment = assignment_to_take_again(signed_in(request), assignment_id)
    try:
        taken = take_again(assignment=assignment, by=signed_in(request))
    except RuleBroken as refusal:
        return _page(request, refusal)
    messages.success(request, "It is yours again.")
    return _begin(request, taken)


@require_POST
@role_required(Role.ANALYST)
def compare(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Hold one's training text against the curated reading."""
    assignment = own_assignment(signed_in(request), assignment_id)
    try:
        compare_training(assignment=assignment, by=signed_in(request))
    except RuleBroken as refusal:
        return _page(request, refusal)
    return redirect("work:result", assignment.pk)


@require_safe
@role_required(Role.ANALYST)
def result(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """What was to be found in one's training text, what one found of it, and where one said something else."""
    assignment = training_compared(signed_in(request), assignment_id)
    gold = gold_of(assignment)
    if gold is None or assignment.reading is None:
        raise Http404
    found = result_of(assignment.reading, gold)
    counts = [(label, found.count_of(outcome)) for outcome, label in OUTCOMES]
    context = {"assignment": assignment, "article": assignment.revision.article, "result": found, "counts": counts}
    return render(request, "review/result.html", context)


OUTCOMES = (("right", "right"), ("differs", "with differences"), ("missed", "missed"), ("besides", "besides"))


def _begin(request: HttpRequest, taken: Assignment) -> HttpResponse:
    """Open the reading of what was taken, of just the text that was assigned."""
    reading = open_reading(revision=taken.revision, by=signed_in(request))
    return redirect("workbench:reading", reading.pk)
