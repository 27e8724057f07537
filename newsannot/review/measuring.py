"""Asking for figures of agreement, and making them in the worker: reports and the cases behind them.

Loads numpy where figures are made, not before.
"""

import json
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from newsannot.accounts.models import User
from newsannot.articles.models import Article
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.core.wording import first_words
from newsannot.review.models import AgreementCase, AgreementReport, Batch, Divergence, ReportState
from newsannot.review.queries.claims import LEADING_ROLES
from newsannot.review.queries.comparable import Comparable, basis_of, changed_texts, compared_in, not_compared_any_more
from newsannot.review.queries.comparing import side_by_side

if TYPE_CHECKING:
    from newsannot.review.agreement.measures import Group
    from newsannot.review.agreement.texts import Row, TextCount
    from newsannot.review.queries.agreement import LaidOut

TASK = "make_agreement_report"
COLUMNS = (
    *("report_id", "codebook", "revision_id", "completed_on", "kind", "start", "words"),
    *("readers", "told", "differing"),
)
"""What is written of a case."""
TOLD_EVERY = 20
"""Texts between two words about how far it is."""
AT_ONCE = 50
"""Texts asked for together when divergences are renewed."""
WEEKS = timedelta(weeks=26)
"""What was handed in within so long is followed by the week, else by the month."""
MOST_FOR_GAMMA = 100
"""γ takes seconds a text: it is left out where there are more."""


# --- Asking --------------------------------------------------------------------------------------


@action
def ask_for_report(*, batch: Batch | None = None, article: Article | None = None, by: User) -> AgreementReport:
    """Have the worker make the figures of a batch, an article or (neither) all but trainings.

    Raises RuleBroken when they are being made. Locks the report.
    """
    report, _ = AgreementReport.objects.get_or_create(
        batch=batch, article=article, defaults={"asked_by": by, "state": ReportState.DONE}
    )
    report = AgreementReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    if report.is_under_way(timezone.now()):
        raise RuleBroken("These figures are being computed already.", field="report")
    report.state, report.asked_by, report.done, report.total = ReportState.WAITING, by, 0, 0
    report.save(update_fields=["state", "asked_by", "done", "total", "touched_at"])
    key = report.pk
    transaction.on_commit(lambda: _enqueue(key))
    return report


def _enqueue(report: int) -> None:
    lock = f"{TASK} {report}"
    try:
        app.configure_task(TASK, queueing_lock=lock, lock=lock).defer(report=report)
    except AlreadyEnqueued:
        return  # it waits already, and will find the report as it stands


# --- Making --------------------------------------------------------------------------------------


def make_report(report: AgreementReport) -> AgreementReport:
    """Make a report's figures and cases from what is handed in now, telling as it goes how far it is.

    The old ones stand until the new ones are complete. Locks the report at the end.
    """
    from newsannot.review.queries.agreement import kind_shapes, laid_out  # noqa: PLC0415 - loads numpy

    compared = compared_in(report)
    _tell(report, done=0, total=len(compared))
    counts: list[Mapping[Group, TextCount]] = []
    cases: list[AgreementCase] = []
    actors: dict[int, int] = {}
    shapes = kind_shapes()
    for at, laid in enumerate(laid_out(compared), start=1):
        from newsannot.review.agreement.texts import count_text  # noqa: PLC0415 - loads numpy

        counts.append(count_text(laid.coded, shapes))
        cases += _cases(report, laid)
        actors |= laid.actors
        if at % TOLD_EVERY == 0:
            _tell(report, done=at, total=len(compared))
    figures = _figures(compared, counts) | {"actors": actors}
    return _stored(report, basis_of(compared), figures, cases)


def fail_report(report: AgreementReport) -> None:
    """Say that a report's figures could not be made; the old ones stand."""
    AgreementReport.objects.filter(pk=report.pk).update(state=ReportState.FAILED, touched_at=timezone.now())


def _tell(report: AgreementReport, *, done: int, total: int) -> None:
    AgreementReport.objects.filter(pk=report.pk).update(
        state=ReportState.RUNNING, done=done, total=total, touched_at=timezone.now()
    )


@transaction.atomic
def _stored(
    report: AgreementReport, basis: dict[str, str], figures: dict[str, Any], cases: Iterable[AgreementCase]
) -> AgreementReport:
    held = AgreementReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    AgreementCase.objects.filter(report=held).delete()
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {AgreementCase._meta.db_table} ({', '.join(COLUMNS)}) FROM STDIN") as copy,
    ):
        for case in cases:
            copy.write_row([json.dumps(v) if isinstance(v, dict) else v for v in (getattr(case, c) for c in COLUMNS)])
    held.basis, held.figures, held.state, held.made_at = basis, figures, ReportState.DONE, timezone.now()
    held.done = held.total
    held.save()
    return held


def renew_divergences(*, seconds: float) -> int:
    """Compare anew the texts of which something was handed in or returned since; answers how many.

    After so many seconds the rest is left to the next run.
    """
    until, renewed = time.monotonic() + seconds, 0
    not_compared_any_more().delete()
    while changed := changed_texts(AT_ONCE):
        for revision, basis in changed:
            items = side_by_side(revision).items
            counts = {"things": len(items), "differing": sum(one.is_in_dispute for one in items)}
            Divergence.objects.update_or_create(revision_id=revision, defaults={"basis": basis, **counts})
            renewed += 1
            if time.monotonic() > until:
                return renewed
    return renewed


# --- Figures ---------------------------------------------------------------------------------------


def _figures(compared: Sequence[Comparable], counts: Sequence[Mapping["Group", "TextCount"]]) -> dict[str, Any]:
    """The figures of each codebook version, the newest first, as they are kept.

    `versions` has of each its rows (those of all coders, of pairs, and of one coder with the others), `times` what is
    followed over time.
    """
    from newsannot.review.agreement.texts import against_others, agreement, in_short  # noqa: PLC0415 - loads numpy
    from newsannot.review.queries.agreement import kind_shapes  # noqa: PLC0415 - loads numpy

    shapes = kind_shapes()
    by_version = defaultdict[int, list[int]](list)
    for at, one in enumerate(compared):
        by_version[one.codebook].append(at)
    versions, times = [], []
    for codebook in sorted(by_version, reverse=True):
        of = [counts[at] for at in by_version[codebook]]
        found = agreement(of, shapes)
        rows = [*_gammas([compared[at] for at in by_version[codebook]]), *found.rows, *against_others(of, shapes)]
        versions.append({"codebook": codebook, "texts": found.texts, "rows": [_written(row) for row in rows]})
    for (begins, codebook), of_time in sorted(_by_time(compared).items()):
        rows = in_short([counts[at] for at in of_time], shapes)
        times.append({"begins": begins, "codebook": codebook, "rows": [_written(row) for row in rows]})
    return {"versions": versions, "times": times, "is_weekly": _is_weekly(compared)}


def _gammas(compared: Sequence[Comparable]) -> "list[Row]":
    from newsannot.review.agreement.gamma import has_gamma  # noqa: PLC0415 - loads numpy
    from newsannot.review.queries.agreement import mean_gammas  # noqa: PLC0415 - loads numpy

    return mean_gammas(compared) if has_gamma() and len(compared) <= MOST_FOR_GAMMA else []


def _written(row: "Row") -> dict[str, Any]:
    figure = row.figure
    return {
        "group": row.group,
        "kind": row.subject.kind,
        "role": row.subject.role,
        "field": row.subject.field,
        "measure": row.measure,
        "value": figure.value,
        "low": figure.low,
        "high": figure.high,
        "count": figure.count,
        "texts": row.texts,
    }


def _completed(one: Comparable) -> date:
    """When the last of a text's readings was handed in."""
    return max(_handed_in(one)).date()


def _handed_in(one: Comparable) -> list[datetime]:
    return [reading.submitted_at for reading in one.readings if reading.submitted_at]


def _is_weekly(compared: Sequence[Comparable]) -> bool:
    days = [_completed(one) for one in compared]
    return bool(days) and max(days) - min(days) <= WEEKS


def _by_time(compared: Sequence[Comparable]) -> dict[tuple[str, int], list[int]]:
    """Which texts were complete when: the week's Monday or the month's first, and the codebook version."""
    is_weekly, found = _is_weekly(compared), defaultdict[tuple[str, int], list[int]](list)
    for at, one in enumerate(compared):
        day = _completed(one)
        begins = day - timedelta(days=day.weekday()) if is_weekly else day.replace(day=1)
        found[begins.isoformat(), one.codebook].append(at)
    return found


# --- Cases -----------------------------------------------------------------------------------------


def _cases(report: AgreementReport, laid: "LaidOut") -> Iterator[AgreementCase]:
    """Each thing of a text, as its readers tell of it."""
    readers = {reading.pk: reading.reader_id or 0 for reading in laid.one.readings}
    for item, coded in zip(laid.items, laid.coded.items, strict=True):
        told = {
            str(readers[member.reading]): {
                "key": member.key,
                "parts": {
                    role: sorted([piece.start, piece.end] for piece in pieces)
                    for role, pieces in member.record.parts.items()
                    if pieces
                },
                "claim": coded.values[readers[member.reading]],
            }
            for member in item.members
        }
        places = _places(told)
        yield AgreementCase(
            report=report,
            codebook=laid.one.codebook,
            revision_id=laid.one.revision,
            completed_on=_completed(laid.one),
            kind=item.kind,
            start=min((start for start, _ in places), default=None),
            words=first_words(laid.text[places[0][0] : places[0][1]]) if places else "",
            readers=sorted(readers.values()),
            told=told,
            differing=_differing(list(told.values()), len(readers)),
        )


def _places(told: Mapping[str, Mapping[str, Any]]) -> list[tuple[int, int]]:
    """The pieces that show a thing, those of its leading roles first."""
    found = [
        (role not in LEADING_ROLES, start, end)
        for record in told.values()
        for role, pieces in record["parts"].items()
        for start, end in pieces
    ]
    return [(start, end) for _, start, end in sorted(found)]


def _differing(records: Sequence[Mapping[str, Any]], readers: int) -> list[str]:
    """What two of the records have otherwise, and whether a reader has none."""
    names = [] if len(records) == readers else [""]
    for sort, of in (("role", "parts"), ("field", "claim")):
        known = dict.fromkeys(name for record in records for name in record[of])
        names += [f"{sort}:{name}" for name in known if any(_other(r, records[0], of, name) for r in records)]
    return names


def _other(one: Mapping[str, Any], first: Mapping[str, Any], of: str, name: str) -> bool:
    return bool(one[of].get(name) != first[of].get(name))
