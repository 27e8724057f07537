"""What people have done and how they agree with others: for editors of everybody, for an analyst of themselves."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from django.db.models import Avg, Count, DurationField, ExpressionWrapper, F, Q, QuerySet
from django.utils import timezone

from newsannot.accounts.models import Role, User
from newsannot.annotations.kinds import all_kinds
from newsannot.annotations.models import Reading, ReadingState
from newsannot.review.access import Scope
from newsannot.review.models import AgreementReport, Assignment, Notice, NoticeSort, Ruling
from newsannot.review.queries.comparing import HANDED_IN
from newsannot.review.queries.figures import FOLLOWED, Cell, report_of

ENOUGH_TEXTS = 5
"""Of fewer texts an analyst is shown no agreement: it would tell of a single one what another said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFigures:
    """What a person has handed in, has at hand, what came back to them, and what became of it.

    `in_week` and `in_month` are the last 7 and 28 days; `days` is the mean from the first look to handing in;
    `agreement` the records found alike with others, by kind, as last computed (None: not computed, or too few texts);
    `ruled` rulings concern them, `otherwise` of these they had said something else.
    """

    person: User
    in_week: int = 0
    in_month: int = 0
    handed_in: int = 0
    accepted: int = 0
    open: int = 0
    late: int = 0
    returned: int = 0
    days: float | None = None
    agreement: Sequence[Cell | None] = ()
    ruled: int = 0
    otherwise: int = 0

    @property
    def otherwise_percent(self) -> int | None:
        """The share of rulings that went against them."""
        return round(100 * self.otherwise / self.ruled) if self.ruled else None


@dataclass(frozen=True, slots=True)
class People:
    """The figures of people by name, and as of when their agreement is."""

    figures: Sequence[PersonFigures]
    made_at: datetime | None
    kinds: Sequence[Any]


def people_figures() -> People:
    """Everybody who has read anything, or is there to; six queries, however many."""
    people = User.objects.filter(Q(role=Role.ANALYST, is_active=True) | Q(readings__isnull=False)).distinct()
    return _people(people, least_texts=1)


def own_figures(user: User) -> People:
    """A person's own figures, and nothing of anybody else's."""
    return _people(User.objects.filter(pk=user.pk), least_texts=ENOUGH_TEXTS)


def _people(people: QuerySet[User], *, least_texts: int) -> People:
    now, found = timezone.now(), {person.pk: person for person in people}
    report = report_of(Scope())
    work, late, returned, ruled = (
        _work(list(found), now),
        _late(list(found), now),
        _returned(list(found)),
        _ruled(list(found)),
    )
    agreement = _agreement(report, list(found), least_texts)
    figures = [
        PersonFigures(
            person=person,
            late=late.get(pk, 0),
            returned=returned.get(pk, 0),
            agreement=agreement.get(pk, [None] * len(list(all_kinds()))),
            **work.get(pk, {}),
            **ruled.get(pk, {}),
        )
        for pk, person in found.items()
    ]
    figures.sort(key=lambda one: one.person.label.casefold())
    return People(figures, report.made_at if report else None, list(all_kinds()))


def _work(people: Sequence[int], now: datetime) -> dict[int, dict[str, Any]]:
    handed_in = Q(state__in=HANDED_IN)
    took = ExpressionWrapper(F("submitted_at") - F("opened_at"), output_field=DurationField())
    rows = (
        Reading.objects.filter(reader__in=people)
        .order_by()
        .values("reader")
        .annotate(
            in_week=Count("pk", filter=handed_in & Q(submitted_at__gte=now - timedelta(days=7))),
            in_month=Count("pk", filter=handed_in & Q(submitted_at__gte=now - timedelta(days=28))),
            handed_in=Count("pk", filter=handed_in),
            accepted=Count("pk", filter=Q(state=ReadingState.ACCEPTED)),
            open=Count("pk", filter=Q(state__in=[ReadingState.OPEN, ReadingState.RETURNED])),
            took=Avg(took, filter=handed_in),
        )
    )
    counts = ("in_week", "in_month", "handed_in", "accepted", "open")
    return {
        row["reader"]: {name: row[name] for name in counts} | {"days": _days(row["took"])}
        for row in cast("list[dict[str, Any]]", list(rows))
    }


def _days(took: timedelta | None) -> float | None:
    return took.total_seconds() / 86_400 if took is not None else None


def _late(people: Sequence[int], now: datetime) -> dict[int, int]:
    late = Assignment.objects.unfinished().filter(analyst__in=people, due_at__lt=now).order_by()
    return dict(late.values_list("analyst").annotate(Count("pk")))


def _returned(people: Sequence[int]) -> dict[int, int]:
    """How often each was told that something was given back to them; what was undone is not told any more."""
    told = Notice.objects.filter(person__in=people, sort=NoticeSort.RETURNED).order_by()
    return dict(told.values_list("person").annotate(Count("pk")))


def _ruled(people: Sequence[int]) -> dict[int, dict[str, int]]:
    told = Notice.objects.rulings().filter(person__in=people, ruling__in=Ruling.objects.standing()).order_by()
    rows = told.values("person").annotate(ruled=Count("pk"), otherwise=Count("pk", filter=Q(is_otherwise=True)))
    return {row["person"]: {"ruled": row["ruled"], "otherwise": row["otherwise"]} for row in rows}


def _agreement(report: AgreementReport | None, people: Sequence[int], least_texts: int) -> dict[int, list[Cell | None]]:
    """By person and kind, the records found alike with the others, under the newest codebook version compared."""
    versions: Sequence[Mapping[str, Any]] = report.figures.get("versions", []) if report else []
    kinds, found = [kind.name for kind in all_kinds()], dict[int, list[Cell | None]]()
    for row in versions[0]["rows"] if versions else ():
        if row["measure"] == FOLLOWED and len(row["group"]) == 1 and row["texts"] >= least_texts:
            person = row["group"][0]
            if person in people:
                told = {name: row[name] for name in ("measure", "value", "low", "high", "count", "texts")}
                link = urlencode({"codebook": versions[0]["codebook"], "kind": row["kind"], "group": person})
                found.setdefault(person, [None] * len(kinds))[kinds.index(row["kind"])] = Cell(**told, link=link)
    return found
