"""The codebook as editors keep it alive: proposals, drafts, and what is coded under older versions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Max, Q
from procrastinate.contrib.django.models import ProcrastinateJob

from newsannot.accounts.models import User
from newsannot.annotations.access import HEAVY
from newsannot.annotations.models import EDITABLE_STATES, Annotation, Move, Reading
from newsannot.annotations.moving import Coding, movable, outdated, plans
from newsannot.codebook.models import CodebookVersion, Draft, Proposal
from newsannot.core.keyset import Page, number, page_of

PAGE_SIZE = 30
CARRYING = "carry_codebook"
"""The worker's task that moves readings to the newest codebook."""
_REVISION = "reading__revision"
_COUNTED = ("codebook__number", "open_count", "closed_count")


@dataclass(frozen=True, slots=True)
class UnderVersion:
    """How many readings are under a codebook: open ones, and those that stay as they were handed in or published."""

    number: int
    open_count: int
    closed_count: int


@dataclass(frozen=True, slots=True)
class Behind:
    """What is under older codebooks: by version, and of the open readings how many follow and how many ask something.

    `asking` are the curated ones among these, which an editor answers; an analyst answers their own.
    """

    versions: Sequence[UnderVersion]
    follow_count: int
    ask_count: int
    asking: Sequence[Reading]


@dataclass(frozen=True, slots=True)
class LastRun:
    """What somebody moved at once last and has not undone: by its name, and how many readings."""

    run: UUID
    count: int


@dataclass(frozen=True, slots=True)
class OldRecord:
    """A record coded under an older codebook, and what would become of each of its codes that mean something else."""

    annotation: Annotation
    codings: Sequence[Coding]


def open_proposals(query: Mapping[str, str]) -> Page[Proposal]:
    """Proposals that wait for an answer, the oldest first; one query."""
    waiting = Proposal.objects.filter(state=Proposal.State.OPEN).select_related("by", "scheme")
    return page_of(waiting, [("pk", number)], query, size=PAGE_SIZE)


def open_drafts() -> list[Draft]:
    """Drafts in the making, with how many edits they have."""
    drafts = Draft.objects.filter(closed_at=None).select_related("scheme", "by")
    return list(drafts.annotate(edit_count=Count("edits")))


def behind(newest: CodebookVersion) -> Behind:
    """What is under older codebooks than the newest."""
    is_open = Q(state__in=EDITABLE_STATES)
    counted = Reading.objects.filter(codebook__number__lt=newest.number).order_by().values("codebook__number")
    rows = counted.annotate(open_count=Count("pk", filter=is_open), closed_count=Count("pk", filter=~is_open))
    readings = movable(newest).select_related("revision__article__source").defer(*(f"revision__{c}" for c in HEAVY))
    found = plans(readings, newest).values()
    asking = [one.reading for one in found if one.questions]
    return Behind(
        [UnderVersion(*row) for row in rows.order_by("-codebook__number").values_list(*_COUNTED)],
        follow_count=len(found) - len(asking),
        ask_count=len(asking),
        asking=[one for one in asking if one.is_curated][:PAGE_SIZE],
    )


@dataclass(frozen=True, slots=True)
class Carrying:
    """What the worker is moving: the run's name, how many readings it has moved, and of how many."""

    run: UUID
    done: int
    total: int


def carrying() -> Carrying | None:
    """What the worker moves, or is asked to; one query, or two."""
    jobs = ProcrastinateJob.objects.filter(task_name=CARRYING, status__in=["todo", "doing"])
    args: Mapping[str, Any] | None = jobs.order_by("-pk").values_list("args", flat=True).first()
    if args is None:
        return None
    run = UUID(args["run"])
    return Carrying(run, Move.objects.filter(run=run).count(), args["total"])


def last_run(user: User) -> LastRun | None:
    """What a person moved at once last, unless it was undone."""
    runs = Move.objects.filter(by=user, undone_at=None).order_by().values("run")
    found = runs.annotate(count=Count("pk"), last=Max("pk")).order_by("-last").first()
    return LastRun(found["run"], found["count"]) if found else None


def old_records(
    user: User, newest: CodebookVersion, scheme: str, query: Mapping[str, str]
) -> tuple[Page[Annotation], list[OldRecord]]:
    """Records a person may see that hold a code the newest codebook means otherwise, of one scheme or of any."""
    rows: Any = (
        outdated(newest, scheme)
        .visible_to(user)
        .select_related(f"{_REVISION}__article__source", "reading__codebook", "reading__reader")
        .defer(*(f"{_REVISION}__{column}" for column in HEAVY))
    )
    page: Page[Annotation] = page_of(rows, [("pk", number)], query, size=PAGE_SIZE)
    found = plans({row.reading_id: row.reading for row in page.rows}.values(), newest)
    return page, [
        OldRecord(row, [one for one in found[row.reading_id].codings if one.annotation == row.pk]) for row in page.rows
    ]
