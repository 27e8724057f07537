"""Pages of the editors: the queue, a reading under review, and the decisions about it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.core.errors import RuleBroken
from newsannot.review.access import reading_to_accept, reading_to_review
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.queries.claims import claims_of, corrected_in, history_of
from newsannot.review.queries.progress import handed_in_count
from newsannot.review.queries.queue import (
    FILTERS,
    ORDERS,
    SHELVES,
    Shelf,
    neighbours,
    order_named,
    queue_page,
    readers_on,
    shelf_counts,
    shelf_named,
)
from newsannot.review.rules.words import accepted_in_words, returned_in_words
from newsannot.review.views.talking import talks_html
from newsannot.workbench.queries.text import marks_in, page_blocks
from newsannot.workbench.rules import text_html

Problems = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the person may decide about a reading as it stands."""

    accept: bool
    give_back: bool
    publish: bool
    withdraw: bool
    is_own: bool


@require_safe
@role_required(Role.EDITOR)
def queue(request: HttpRequest) -> HttpResponse:
    """The readings of a tab in one state, page by page; those submitted, the oldest first, unless asked otherwise."""
    shelf = shelf_named(request.GET.get("tab", ""), request.GET.get("state", ""))
    page, rows = queue_page(shelf, request.GET.dict())
    counts = shelf_counts()
    context = {
        "shelf": shelf,
        "rows": rows,
        "shelves": [(one, counts[one.tab, one.state], one is shelf) for one in SHELVES if one.tab == shelf.tab],
        **_choices(request.GET.dict(), shelf),
        **page.links(request.GET.dict()),
    }
    return render(request, "review/queue.html", context)


def _choices(query: Mapping[str, str], shelf: Shelf) -> dict[str, object]:
    """How the analysts' readings can be ordered and narrowed, and how they are."""
    if shelf.tab != "readings":
        return {}
    is_chosen = query.get("choose") == "all"
    is_narrowed = bool(query.get("only") or query.get("analyst"))
    kept = {name: value for name, value in query.items() if name != "choose"}
    order, only = order_named(query.get("order", "")), query.get("only", "")
    return {
        "can_choose": shelf.state == ReadingState.SUBMITTED,
        "is_chosen": is_chosen,
        "is_narrowed": is_narrowed,
        "choose_url": f"?{urlencode(kept if is_chosen else {**kept, 'choose': 'all'})}",
        "orders": [("", "Age", order is None), *((one.name, one.label, one is order) for one in ORDERS)],
        "filters": [(name, label, name == only) for name, label in FILTERS.items()],
        "analysts": [(pk, label, str(pk) == query.get("analyst")) for pk, label in readers_on(shelf)],
    }


@require_safe
@role_required(Role.ANALYST)
def reading(request: HttpRequest, reading_id: int) -> HttpResponse:
    """One reading, its text beside its records, and what can be decided about it."""
    return review_page(request, reading_to_review(signed_in(request), reading_id))


def review_page(
    request: HttpRequest, shown: Reading, *, problems: Problems | None = None, sent: str = "", status: int = 200
) -> HttpResponse:
    """The page of a reading; `problems` is what was refused, by field, and `sent` the words sent with it."""
    marks, claims = marks_in(shown.pk), claims_of(shown)
    blocks = page_blocks(shown.revision_id)
    curated = shown if shown.is_curated else Reading.objects.curated().filter(revision=shown.revision_id).first()
    context = {
        "reading": shown,
        "article": shown.revision.article,
        "text": mark_safe(text_html(blocks, marks, shown.version)),  # noqa: S308 - escaped block by block
        "claims": claims,
        "talks": talks_html(request, shown),
        "incomplete": [claim for claim in claims if claim.missing],
        "history": history_of(shown),
        "curated": curated,
        "may": decisions(signed_in(request), shown, curated),
        "neighbours": neighbours(shown),
        "compared_count": handed_in_count(shown.revision_id),
        "problems": problems or {},
        "sent": sent,
    }
    return render(request, "review/reading.html", context, status=status)


def decisions(user: User, shown: Reading, curated: Reading | None) -> Decisions:
    """What the person may decide about a reading; the actions refuse the rest."""
    state, is_own = shown.state, shown.reader_id == user.pk
    is_published = curated is not None and curated.state == ReadingState.PUBLISHED
    return Decisions(
        accept=state == ReadingState.SUBMITTED and not is_own and not is_published,
        give_back=state == ReadingState.SUBMITTED or (state == ReadingState.ACCEPTED and not is_published),
        publish=shown.is_curated and state in {ReadingState.OPEN, ReadingState.WITHDRAWN},
        withdraw=shown.is_curated and state == ReadingState.PUBLISHED,
        is_own=is_own,
    )


@require_POST
@role_required(Role.ANALYST)
def accept(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Accept a reading into the curated one."""
    shown = reading_to_accept(signed_in(request), reading_id)
    try:
        curated = accept_reading(reading=shown, by=signed_in(request))
    except RuleBroken as refusal:
        return _refused(request, shown, refusal)
    messages.success(request, accepted_in_words(corrected_in(curated, of=shown)))
    return redirect("review:reading", shown.pk)


@require_POST
@role_required(Role.ANALYST)
def give_back(request: HttpRequest, reading_id: int) -> HttpResponse:
    """Return a reading to its analyst with a comment."""
    shown = reading_to_review(signed_in(request), reading_id)
    comment = request.POST.get("comment", "")
    try:
        returned = return_reading(reading=shown, comment=comment, by=signed_in(request))
    except RuleBroken as refusal:
        return _refused(request, shown, refusal, sent=comment)
    to = shown.reader.label if shown.reader else "its analyst"
    messages.success(request, returned_in_words(to, returned.curated.taken, returned.curated.kept))
    return redirect("review:reading", shown.pk)


def _refused(request: HttpRequest, shown: Reading, refusal: RuleBroken, *, sent: str = "") -> HttpResponse:
    """The page as it stands now, with what was refused."""
    standing = reading_to_review(signed_in(request), shown.pk)
    return review_page(request, standing, problems=refusal.problems, sent=sent, status=422)
