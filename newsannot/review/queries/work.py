"""One's own work: what is due, what was taken back, what waits in the pool."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.review.models import Assignment, Lapse

MOST_SHOWN = 200
_HEAVY = tuple(f"revision__{column}" for column in ("text", "raw", "search", "block_starts"))


@dataclass(frozen=True, slots=True)
class Lapsed:
    """Something taken back from a person that they have not handed in; `is_free`: they may take it again."""

    lapse: Lapse
    is_free: bool

    @property
    def assignment(self) -> Assignment:
        """What was taken back."""
        return self.lapse.assignment


@dataclass(frozen=True, slots=True)
class Work:
    """What a person has to do, what lapsed, and the trainings they have handed in."""

    due: Sequence[Assignment]
    lapsed: Sequence[Lapsed]
    trained: Sequence[Assignment]


def work_of(user: User) -> Work:
    """A person's work, what is due first before the rest; three queries, however much there is."""
    mine = Assignment.objects.of(user).select_related("batch", "reading", "revision__article__source").defer(*_HEAVY)
    by_due = mine.unfinished().order_by(F("due_at").asc(nulls_last=True), "pk")
    trained = mine.filter(batch__is_training=True, reading__state__in=[ReadingState.SUBMITTED, ReadingState.ACCEPTED])
    return Work(
        due=list(by_due[:MOST_SHOWN]),
        lapsed=lapsed_of(user),
        trained=list(trained.order_by("-pk")[:MOST_SHOWN]),
    )


def lapsed_of(user: User, *, revision: int | None = None) -> list[Lapsed]:
    """What was taken back from a person and is neither theirs again nor handed in, the last first; one query."""
    again = Assignment.objects.filter(analyst=user, revision=OuterRef("assignment__revision"))
    handed_in = Reading.objects.filter(reader=user, revision=OuterRef("assignment__revision")).exclude(
        state=ReadingState.OPEN
    )
    free = Assignment.objects.in_pool().filter(
        batch=OuterRef("assignment__batch"), revision=OuterRef("assignment__revision")
    )
    lapses = Lapse.objects.filter(~Exists(again), ~Exists(handed_in), analyst=user).annotate(is_free=Exists(free))
    if revision is not None:
        lapses = lapses.filter(assignment__revision=revision)
    rows = lapses.select_related("assignment__batch", "assignment__revision__article__source")
    newest = rows.defer(*(f"assignment__{column}" for column in _HEAVY)).order_by("pk")[:MOST_SHOWN]
    last = {lapse.assignment.revision_id: Lapsed(lapse, lapse.is_free) for lapse in newest}
    return list(last.values())[::-1]


def articles_assigned_to(user: User) -> QuerySet[Any, Any]:
    """The ids of the articles somebody has still to read."""
    return Assignment.objects.of(user).unfinished().order_by().values("revision__article")


def assigned_among(user: User, articles: Iterable[int]) -> Mapping[int, Assignment]:
    """The unfinished assignments of a person among articles, by article; one query."""
    mine = Assignment.objects.of(user).unfinished().filter(revision__article__in=list(articles))
    return {row.revision.article_id: row for row in mine.select_related("revision").defer(*_HEAVY)}


def assignment_behind(reading: Reading) -> Assignment | None:
    """The assignment that led to a reading, with its batch."""
    return Assignment.objects.filter(reading=reading.pk).select_related("batch").first()


def is_coded_blind(reading_id: int) -> bool:
    """Whether a reading is, or was, of a batch that hides suggestions."""
    blind = Assignment.objects.filter(batch__hides_suggestions=True)
    lapsed = Lapse.objects.filter(
        assignment__batch__hides_suggestions=True,
        assignment__revision=OuterRef("revision"),
        analyst=OuterRef("reader"),
    )
    theirs = Reading.objects.filter(pk=reading_id)
    return blind.filter(reading=reading_id).exists() or theirs.filter(Exists(lapsed)).exists()
