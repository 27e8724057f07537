"""What people said about records and rulings, in threads, as one person sees it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, Reading, Span
from newsannot.annotations.queries import LINE, line_of, lines_in
from newsannot.core.rows import ask
from newsannot.review.access import hidden_from
from newsannot.review.models import Comment, Ruling
from newsannot.review.rules.mentions import Piece, pieces_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownComment:
    """A comment: who says it (another analyst has no name on a ruling), its words, and whether it is one's own."""

    id: int
    who: str
    body: str
    pieces: Sequence[Piece]
    at: datetime
    edited_at: datetime | None
    is_own: bool
    is_deleted: bool

    @property
    def form(self) -> str:
        """The name of the form that edits it."""
        return f"edit-{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A comment and its replies; `quote` are the words it is about."""

    first: ShownComment
    replies: Sequence[ShownComment]
    quote: str
    resolved_by: str
    resolved_at: datetime | None

    @property
    def form(self) -> str:
        """The name of the form that resolves it or opens it again."""
        return f"thread-{self.first.id}"

    @property
    def reply_form(self) -> str:
        """The name of the form that answers."""
        return f"reply-{self.first.id}"

    @property
    def count(self) -> int:
        """How many comments of it stand."""
        return sum(not one.is_deleted for one in (self.first, *self.replies))


@dataclass(frozen=True, slots=True)
class Talk:
    """The threads about a record or a ruling, those open first; `spans` are the words one may speak about."""

    about: Annotation | Ruling
    threads: Sequence[Thread]
    spans: Sequence[Span] = ()

    @property
    def id(self) -> str:
        """Its place on a page."""
        return f"talk-{'ruling-' if self.is_of_ruling else ''}{self.about.pk}"

    @property
    def is_of_ruling(self) -> bool:
        """Whether it is about a ruling."""
        return isinstance(self.about, Ruling)

    @property
    def readers(self) -> str:
        """Who reads what is said here, in words."""
        if isinstance(self.about, Ruling):
            return "Editors and the analysts concerned read this; analysts have no names for one another."
        reading = self.about.reading
        if reading.is_curated:
            return "Editors read this."
        return "Editors and the analyst read this, once the reading is handed in."

    @property
    def count(self) -> int:
        """How many comments stand."""
        return sum(thread.count for thread in self.threads)

    @property
    def open_count(self) -> int:
        """How many threads are not resolved."""
        return sum(thread.resolved_at is None for thread in self.threads)


def talk_about(about: Annotation | Ruling, user: User, spans: Sequence[Span] | None = None) -> Talk:
    """What is said about a record, of whichever kind it was then, or a ruling; at most five queries."""
    comments = list(_comments().filter(_about(about))) if _is_spoken_of(about) else []
    if not isinstance(about, Annotation):
        return Talk(about, _threads(comments, user, hidden_from(user, [about])))
    words = list(about.spans.order_by("start", "end", "pk")) if spans is None else spans
    return Talk(about, _threads(comments, user), words if len(words) > 1 else ())


def _is_spoken_of(about: Annotation | Ruling) -> bool:
    """Whether anything is said about it at all; mostly nothing is, and every record that is opened asks."""
    sql = _RECORD_SPOKEN_OF if isinstance(about, Annotation) else _RULING_SPOKEN_OF
    with ask(sql, {"annotation": about.pk}) as cursor:
        return bool(cursor.fetchone()[0])


_RECORD_SPOKEN_OF = f"SELECT EXISTS (SELECT FROM review_comment WHERE annotation_id IN ({LINE}))"  # noqa: S608
_RULING_SPOKEN_OF = "SELECT EXISTS (SELECT FROM review_comment WHERE ruling_id = %(annotation)s)"


def _about(about: Annotation | Ruling) -> Q:
    return Q(annotation__in=line_of(about.pk)) if isinstance(about, Annotation) else Q(ruling=about)


def talks_in(reading: Reading, user: User) -> dict[int, Talk]:
    """What is said about each record of a reading, by the record's id, of whichever kind it was then; two queries."""
    lines = {pk: line for line in lines_in(reading.pk) for pk in line}
    found: dict[int, list[Comment]] = {}
    for comment in _comments().filter(annotation__reading=reading):
        about = comment.annotation_id or 0
        for pk in lines.get(about, [about]):
            found.setdefault(pk, []).append(comment)
    talks = {pk: Talk(Annotation(pk=pk, reading=reading), _threads(comments, user)) for pk, comments in found.items()}
    return {pk: talk for pk, talk in talks.items() if talk.threads}


def _comments() -> QuerySet[Comment]:
    return Comment.objects.select_related("by", "resolved_by").order_by("pk")


def _threads(comments: Sequence[Comment], user: User, hidden: dict[int, str] | None = None) -> list[Thread]:
    """Comments, the oldest first, as threads; one that is all deleted is none."""
    names = hidden or {}
    replies: dict[int, list[ShownComment]] = {}
    for comment in comments:
        if comment.parent_id and not comment.deleted_at:
            replies.setdefault(comment.parent_id, []).append(_shown(comment, user, names))
    threads = [
        Thread(
            first=_shown(comment, user, names),
            replies=replies.get(comment.pk, ()),
            quote=comment.quote,
            resolved_by=_name(comment.resolved_by, names) if comment.resolved_by else "",
            resolved_at=comment.resolved_at,
        )
        for comment in comments
        if not comment.parent_id and (not comment.deleted_at or comment.pk in replies)
    ]
    return sorted(threads, key=lambda thread: thread.resolved_at is not None)


def _shown(comment: Comment, user: User, hidden: dict[int, str]) -> ShownComment:
    is_deleted = comment.deleted_at is not None
    body = "" if is_deleted else comment.body
    return ShownComment(
        id=comment.pk,
        who="You" if comment.by_id == user.pk else _name(comment.by, hidden),
        body=body,
        pieces=pieces_of(body, frozenset(hidden.values())),
        at=comment.at,
        edited_at=comment.edited_at,
        is_own=comment.by_id == user.pk and not is_deleted,
        is_deleted=is_deleted,
    )


def _name(person: User, hidden: dict[int, str]) -> str:
    return "Another analyst" if person.pk in hidden else person.label
