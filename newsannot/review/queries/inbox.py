"""What a person was told and has not read yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from newsannot.accounts.models import User
from newsannot.annotations.access import HEAVY
from newsannot.annotations.models import Reading
from newsannot.articles.models import Article
from newsannot.core.keyset import Page, number, page_of
from newsannot.core.rows import ask
from newsannot.review.access import hidden_from
from newsannot.review.models import Notice, NoticeSort, Ruling
from newsannot.review.rules.mentions import pieces_of

PAGE_SIZE = 30
MOST_READINGS = 20
"""How many readings with unread rulings are listed; the page of rulings has them all."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much a person has not read (the rulings on one reading count once), and whether they have any ruling."""

    unread: int
    has_rulings: bool


@dataclass(frozen=True, slots=True)
class RuledReading:
    """One's own reading with rulings one has not read: how many, how many of them otherwise than one said."""

    notice: int
    article: Article
    count: int
    otherwise_count: int


@dataclass(frozen=True, slots=True)
class News:
    """A line of the inbox: what happened in words, about what (an article's title, a code), and how it begins."""

    notice: Notice
    who: str
    title: str
    body: str

    @property
    def deed(self) -> str:
        """What they did, before the title of the article."""
        if self.notice.sort == NoticeSort.RETURNED:
            return "returned your reading of"
        if self.notice.move:
            return f"moved to codebook {self.notice.move.after.number} your reading of"
        if self.notice.sort == NoticeSort.PROPOSED:
            return "proposed a change of"
        if self.notice.proposal:
            return f"{self.notice.proposal.state} your proposal on"
        about = "a ruling on" if self.notice.comment and self.notice.comment.ruling_id else "a record of"
        verb = "named you in a comment on" if self.notice.sort == NoticeSort.MENTION else "commented on"
        return f"{verb} {about}"


# What `NoticeQuerySet.shown_to` says, written out: every page asks it.
_WAITING = """
    SELECT (
        SELECT count(*) FILTER (WHERE n.sort <> 'ruling')
             + count(DISTINCT n.reading_id) FILTER (WHERE n.sort = 'ruling')
        FROM review_notice n
        LEFT JOIN review_comment c ON c.id = n.comment_id
        LEFT JOIN annotations_annotation a ON a.id = c.annotation_id
        LEFT JOIN annotations_reading r ON r.id = a.reading_id
        LEFT JOIN review_ruling u ON u.id = n.ruling_id
        LEFT JOIN annotations_step s ON s.id = u.step_id
        WHERE n.person_id = %(person)s AND n.read_at IS NULL AND c.deleted_at IS NULL AND s.undone_at IS NULL
          AND (%(is_editor)s OR a.id IS NULL OR r.reader_id = %(person)s)
          AND NOT EXISTS (
              SELECT FROM review_ruling later LEFT JOIN annotations_step t ON t.id = later.step_id
              WHERE later.dispute_id = u.dispute_id AND later.id > u.id AND t.undone_at IS NULL
          )
    ), EXISTS (SELECT FROM review_notice WHERE person_id = %(person)s AND sort = 'ruling')
"""


def waiting_for(user: User) -> Waiting:
    """What the top bar says; one query, of what is unread alone."""
    with ask(_WAITING, {"person": user.pk, "is_editor": user.is_editor}) as cursor:
        return Waiting(*cursor.fetchone())


def ruled_readings(user: User) -> list[RuledReading]:
    """One's readings with unread rulings, the last ruled first; two queries."""
    unread = Notice.objects.shown_to(user).rulings().unread().order_by().values("reading")
    rows = unread.annotate(
        notice=Max("pk"), count=Count("pk"), otherwise=Count("pk", filter=Q(is_otherwise=True))
    ).order_by("-notice")[:MOST_READINGS]
    found = {row["reading"]: row for row in rows}
    readings = Reading.objects.filter(pk__in=found).select_related("revision__article__source")
    articles = {r.pk: r.revision.article for r in readings.defer(*(f"revision__{column}" for column in HEAVY))}
    return [RuledReading(row["notice"], articles[pk], row["count"], row["otherwise"]) for pk, row in found.items()]


def news_page(user: User, query: Mapping[str, str]) -> tuple[Page[Notice], list[News]]:
    """Comments and returned readings a person was told of, newest first; as many queries for thirty as for one."""
    paths = ["comment__annotation", "comment__ruling__dispute__curated", ""]
    joins = ["__".join(filter(None, [path, "reading__revision"])) for path in paths]
    notices = (
        Notice.objects.shown_to(user)
        .talk()
        .select_related("comment__by", "transition__by", "proposal__by", "proposal__decided_by", "proposal__scheme")
        .select_related("move__by", "move__after", *(f"{join}__article__source" for join in joins))
        .defer(*(f"{join}__{column}" for join in joins for column in HEAVY))
    )
    page = page_of(notices, [("pk", number)], query, size=PAGE_SIZE, is_descending=True)
    return page, _news(page.rows, user)


def _news(notices: Sequence[Notice], user: User) -> list[News]:
    hidden = hidden_from(user, [n.comment.ruling for n in notices if n.comment and n.comment.ruling])
    return [_line(notice, hidden) for notice in notices]


def _line(notice: Notice, hidden: Mapping[int, str]) -> News:
    comment, proposal = notice.comment, notice.proposal
    if proposal is not None and notice.sort == NoticeSort.PROPOSED:
        return News(notice, proposal.by.label, proposal.subject, proposal.text)
    if proposal is not None:
        return News(notice, _label(proposal.decided_by), proposal.subject, proposal.answer or proposal.text)
    if comment is None:
        assert notice.reading  # noqa: S101 - notice_of_one_thing
        title = notice.reading.revision.article.title
        if notice.move:
            return News(notice, notice.move.by.label, title, "")
        assert notice.transition  # noqa: S101 - the same
        return News(notice, _label(notice.transition.by), title, notice.transition.comment)
    about = comment.about
    record = about.dispute.curated if isinstance(about, Ruling) else about
    names = hidden if comment.ruling else {}
    who = "Another analyst" if comment.by_id in names else comment.by.label
    body = "".join(piece.text for piece in pieces_of(comment.body, frozenset(names.values())))
    return News(notice, who, record.reading.revision.article.title, body)


def _label(by: User | None) -> str:
    return by.label if by else "The system"
