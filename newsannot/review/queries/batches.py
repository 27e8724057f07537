"""How batches stand: all of them, and one with its articles and its people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Aggregate, Avg, Count, IntegerField, Min, Q
from django.db.models.functions import Cast, Floor
from django.utils import timezone

from newsannot.accounts.models import User
from newsannot.annotations.models import ReadingState
from newsannot.articles.models import Revision
from newsannot.core.keyset import Page, number, page_of
from newsannot.review.models import Assignment, Batch

PAGE_SIZE = 50
NOT_SHOWN = ("text", "raw", "search", "block_starts")


@dataclass(frozen=True, slots=True)
class Progress:
    """How many assignments there are, in the pool, begun (open or returned), handed in, and late.

    `due_at` is when the first of those not handed in is due.
    """

    total: int
    in_pool: int
    begun: int
    done: int
    late: int
    due_at: datetime | None = None

    @property
    def is_begun(self) -> bool:
        """Whether anybody has done anything."""
        return bool(self.begun or self.done)


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch as the list shows it."""

    batch: Batch
    progress: Progress


@dataclass(frozen=True, slots=True)
class Share:
    """What one person has of a batch; `score` is the mean of a training, in percent."""

    analyst: User
    progress: Progress
    score: int | None


@dataclass(frozen=True, slots=True)
class ArticleRow:
    """An article of a batch, slot by slot."""

    revision: Revision
    slots: Sequence[Assignment]


def _counts() -> Mapping[str, Aggregate]:
    """The numbers of a `Progress`, counted over assignments."""
    begun = Q(reading__state__in=[ReadingState.OPEN, ReadingState.RETURNED])
    return {
        "total": Count("pk"),
        "in_pool": Count("pk", filter=Q(analyst=None)),
        "begun": Count("pk", filter=begun),
        "done": Count("pk", filter=Q(reading__state__in=[ReadingState.SUBMITTED, ReadingState.ACCEPTED])),
        "late": Count("pk", filter=Q(due_at__lt=timezone.now()) & (begun | Q(reading=None))),
        "first_due": Min("due_at", filter=begun | Q(reading=None)),
    }


def _progress(row: Mapping[str, Any]) -> Progress:
    counts = {name: row[name] for name in ("total", "in_pool", "begun", "done", "late")}
    return Progress(**counts, due_at=row["first_due"])


def batches_page(query: Mapping[str, str]) -> tuple[Page[Batch], list[BatchRow]]:
    """A page of batches, the newest first, with how far they are; two queries, however many."""
    page = page_of(Batch.objects.all(), (("id", number),), query, size=PAGE_SIZE, is_descending=True)
    counted = Assignment.objects.filter(batch__in=page.rows).order_by().values("batch").annotate(**_counts())
    known = {row["batch"]: _progress(row) for row in counted}
    return page, [BatchRow(batch, known.get(batch.pk, Progress(0, 0, 0, 0, 0))) for batch in page.rows]


def progress_of(batch: Batch) -> Progress:
    """How far a batch is; one query."""
    return _progress(Assignment.objects.filter(batch=batch).aggregate(**_counts()))


def shares_of(batch: Batch) -> list[Share]:
    """What each person has of a batch, by name; two queries."""
    theirs = Assignment.objects.filter(batch=batch, analyst__isnull=False).order_by()
    rows = list(theirs.values("analyst").annotate(**_counts(), score=Cast(Floor(Avg("score")), IntegerField())))
    people = User.objects.in_bulk([row["analyst"] for row in rows])
    shares = [Share(people[row["analyst"]], _progress(row), row["score"]) for row in rows]
    return sorted(shares, key=lambda share: share.analyst.label.casefold())


def articles_page(batch: Batch, query: Mapping[str, str]) -> tuple[Page[Revision], list[ArticleRow]]:
    """A page of a batch's articles, the newest first, each with its slots; two queries, however many."""
    revisions = Revision.objects.filter(pk__in=batch.assignments.order_by().values("revision"))
    page = page_of(
        revisions.select_related("article__source").defer(*NOT_SHOWN),
        (("id", number),),
        query,
        size=PAGE_SIZE,
        is_descending=True,
    )
    slots = batch.assignments.filter(revision__in=page.rows).select_related("analyst", "reading").order_by("slot")
    of: dict[int, list[Assignment]] = {}
    for slot in slots:
        of.setdefault(slot.revision_id, []).append(slot)
    return page, [ArticleRow(revision, of[revision.pk]) for revision in page.rows]
