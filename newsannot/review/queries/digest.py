"""What the daily mail says: titles and counts, never the words of an article or of a comment."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from newsannot.accounts.models import User
from newsannot.annotations.access import HEAVY
from newsannot.annotations.models import Annotation
from newsannot.articles.models import Article
from newsannot.review.models import Notice, NoticeSort

MOST_LINES = 30
LONGEST_TITLE = 120
_DEEDS = {
    NoticeSort.RULING: ("ruling on your reading", "rulings on your reading"),
    NoticeSort.MENTION: ("comment that names you", "comments that name you"),
    NoticeSort.REPLY: ("comment", "comments"),
    NoticeSort.RETURNED: ("reading returned to you", "readings returned to you"),
    NoticeSort.PROPOSED: ("proposal to change the codebook", "proposals to change the codebook"),
    NoticeSort.PROPOSAL: ("proposal of yours decided", "proposals of yours decided"),
    NoticeSort.MOVED: ("reading of yours moved to a newer codebook", "moves of your reading to a newer codebook"),
}


@dataclass(frozen=True, slots=True)
class Digest:
    """What is new and unread for somebody: the notices it tells of, and a line for each article and sort."""

    person: User
    notices: tuple[int, ...]
    lines: tuple[str, ...]


def digests() -> Iterator[Digest]:
    """What each person with a mail address, who wants it, has not read and was not mailed yet."""
    waiting = Notice.objects.unread().filter(mailed_at=None).values("person")
    people = User.objects.filter(pk__in=waiting, is_active=True, wants_digest=True).exclude(email="")
    for person in people.order_by("pk").iterator():
        digest = digest_for(person)
        if digest.notices:
            yield digest


def digest_for(person: User) -> Digest:
    """What is new and unread for one person, by article; one query."""
    paths = ("reading__revision", "comment__annotation__reading__revision")
    ruled = "comment__ruling__dispute__curated__reading__revision"
    joins = (*paths, ruled)
    rows = Notice.objects.shown_to(person).unread().filter(mailed_at=None).order_by("pk")
    rows = rows.select_related("proposal__scheme", *(f"{join}__article" for join in joins))
    notices = list(rows.defer(*(f"{join}__{column}" for join in joins for column in HEAVY)))
    counts = Counter((title_of(notice), NoticeSort(notice.sort)) for notice in notices)
    lines = [f"{count} {_DEEDS[sort][count > 1]}: {_short(title)}" for (title, sort), count in counts.items()]
    if len(lines) > MOST_LINES:
        lines = [*lines[:MOST_LINES], f"and {len(lines) - MOST_LINES} more"]
    return Digest(person, tuple(notice.pk for notice in notices), tuple(lines))


def title_of(notice: Notice) -> str:
    """The title of the article that a notice is about, or the code."""
    return notice.proposal.subject if notice.proposal else article_of(notice).title


def article_of(notice: Notice) -> Article:
    """The article that a notice is about, if it is about one."""
    if notice.comment is None:
        reading = notice.reading
    else:
        about = notice.comment.about
        reading = about.reading if isinstance(about, Annotation) else about.dispute.curated.reading
    assert reading is not None  # noqa: S101 - notice_of_one_thing
    return reading.revision.article


def _short(title: str) -> str:
    """A title on one line."""
    words = " ".join(title.split())
    return words if len(words) <= LONGEST_TITLE else f"{words[: LONGEST_TITLE - 1]}…"
