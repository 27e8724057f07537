"""What a person is told: the inbox, and what became of their work."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.views.decorators.http import require_POST, require_safe

from newsannot.accounts.access import role_required, signed_in
from newsannot.accounts.actions import choose_digest
from newsannot.accounts.models import Role, User
from newsannot.review.access import notice_for
from newsannot.review.models import Notice, NoticeSort
from newsannot.review.notices import open_notice, read_everything
from newsannot.review.queries.inbox import Waiting, news_page, ruled_readings, waiting_for
from newsannot.review.queries.rulings import own_reading, rulings_page
from newsannot.review.views.talking import address_of
from newsannot.threats.queries import deadlines_waiting
from newsannot.workbench.views.answers import SeeOther, place_of


def waiting(request: HttpRequest) -> dict[str, object]:
    """For the top bar and the tabs of review: how much is unread or past its deadline; asked only where it is shown."""
    user = getattr(request, "user", None)
    if not isinstance(user, User) or not user.is_analyst:
        return {}
    return {
        "waiting": SimpleLazyObject(lambda: _waiting_once(request, user)),
        "deadlines_waiting": SimpleLazyObject(deadlines_waiting),
    }


def _waiting_once(request: HttpRequest, user: User) -> Waiting:
    """Asked once a request, however many templates of it show it."""
    found: Waiting | None = getattr(request, "_waiting", None)
    if found is None:
        found = waiting_for(user)
        request._waiting = found  # type: ignore[attr-defined]  # noqa: SLF001 - our own mark on the request
    return found


@require_safe
@role_required(Role.ANALYST)
def inbox(request: HttpRequest) -> HttpResponse:
    """Rulings not read yet, by reading; then comments and returned readings, newest first, page by page."""
    user, query = signed_in(request), request.GET.dict()
    page, news = news_page(user, query)
    is_first = "after" not in query and "before" not in query
    context = {
        "ruled": ruled_readings(user) if is_first else (),
        "news": news,
        "is_mail_sent": settings.IS_MAIL_SENT,
        **page.links(query),
    }
    return render(request, "review/inbox.html", context)


@require_POST
@role_required(Role.ANALYST)
def open_one(request: HttpRequest, notice_id: int) -> HttpResponse:
    """Mark a notice read, and go to what it is about."""
    notice = notice_for(signed_in(request), notice_id)
    open_notice(notice=notice, by=signed_in(request))
    return SeeOther(_place(notice))


def _place(notice: Notice) -> str:
    comment, reading, proposal = notice.comment, notice.reading, notice.proposal
    if proposal is not None and notice.sort == NoticeSort.PROPOSED:
        return f"{reverse('review:codebook')}#proposal-{proposal.pk}"
    if proposal is not None:
        name = "codebook:scheme" if proposal.scheme else "codebook:guidelines"
        return reverse(name, args=[proposal.scheme.key if proposal.scheme else proposal.guideline])
    if comment is None:
        assert reading is not None  # noqa: S101 - notice_of_one_thing
        is_ruling = notice.sort == NoticeSort.RULING
        return f"{reverse('review:rulings')}?reading={reading.pk}" if is_ruling else place_of(reading)
    record = comment.annotation
    if record is None or record.deleted_at:
        return f"{address_of(comment.about)}#comment-{comment.pk}"
    return f"{place_of(record.reading, record.pk)}#comment-{comment.pk}"


@require_POST
@role_required(Role.ANALYST)
def read_all(request: HttpRequest) -> HttpResponse:
    """Mark everything read."""
    count = read_everything(by=signed_in(request))
    messages.success(request, f"{count} marked read." if count else "Nothing was unread.")
    return redirect("review:inbox")


@require_POST
@role_required(Role.ANALYST)
def digest(request: HttpRequest) -> HttpResponse:
    """Whether one is sent a mail a day while something is unread."""
    choose_digest(wanted=request.POST.get("wanted") == "1", by=signed_in(request))
    return redirect("review:inbox")


@require_safe
@role_required(Role.ANALYST)
def rulings(request: HttpRequest) -> HttpResponse:
    """What became of one's work: each ruling on it, newest first."""
    user, query = signed_in(request), request.GET.dict()
    page, shown = rulings_page(user, query)
    context = {
        "rulings": shown,
        "reading": own_reading(user, query.get("reading", "")),
        "is_otherwise": bool(query.get("otherwise")),
        **page.links(query),
    }
    return render(request, "review/rulings.html", context)
