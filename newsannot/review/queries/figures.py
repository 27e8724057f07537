"""Stored figures of agreement, as a page shows them: tables by kind and field, pairs, versions, and over time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from newsannot.accounts.models import User
from newsannot.annotations.kinds import Kind, all_kinds, kind_named
from newsannot.codebook.models import CodebookVersion, Guideline
from newsannot.review.access import Scope
from newsannot.review.agreement.measures import EVERYBODY, MEASURES, WHAT, WHERE, Group, counted, why_none
from newsannot.review.models import AgreementReport
from newsannot.review.queries.comparable import basis_of, changed_since, comparable_readings, merged_since

FOLLOWED = "records_f1"
"""The measure that is followed over versions and over time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A figure: its value and 95 % interval, what was compared; `link` is the query of its cases."""

    measure: str
    value: float | None
    low: float | None = None
    high: float | None = None
    count: int = 0
    texts: int = 0
    link: str = ""

    @property
    def text(self) -> str:
        """The value with two places, or n/a."""
        return "n/a" if self.value is None else _rounded(self.value)

    @property
    def interval(self) -> str:
        """Where 95 % of the figures lie; empty where there is none."""
        return "" if self.low is None or self.high is None else f"{_rounded(self.low)} to {_rounded(self.high)}"

    @property
    def counted(self) -> str:
        """How much was compared, in words."""
        return counted(self.measure, self.count)

    @property
    def why_none(self) -> str:
        """Why it is n/a."""
        return why_none(self.measure, self.count) if self.value is None else ""


def _rounded(value: float) -> str:
    return f"{value:.2f}".replace("-", "−").replace("−0.00", "0.00")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: what it is of, and its figures in the order of the columns (None: not of this)."""

    label: str
    kind: Kind
    is_whole: bool
    cells: Sequence[Cell | None]

    @property
    def link(self) -> str:
        """The query of its cases."""
        return next(cell.link for cell in self.cells if cell)


@dataclass(frozen=True, slots=True)
class Table:
    """Figures by subject and measure; `columns` are the measures' names and what they are called.

    `without` are lines that have no figure at all, by why they have none.
    """

    columns: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    without: Mapping[str, Sequence[Line]]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two analysts, the texts both read, and how far they agree, kind by kind."""

    group: Group
    names: str
    texts: int
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class VersionLine:
    """A codebook version, the newest first; each figure with its change against the version before it, if any."""

    codebook: int
    since: datetime | None
    texts: int
    cells: Sequence[tuple[Cell | None, float | None]]


def report_of(scope: Scope) -> AgreementReport | None:
    """The report of a scope, without its cases; None before anybody asked for it."""
    return AgreementReport.objects.filter(batch=scope.batch, article=scope.article).first()


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed since a report: readings that came, went or were handed in anew, actors merged or parted."""

    readings: int
    actors: int

    @property
    def words(self) -> str:
        """In words; empty when nothing did."""
        told = [f"{self.readings:,} reading{'s' * (self.readings != 1)} changed"] if self.readings else []
        if self.actors:
            was = "actor was" if self.actors == 1 else "actors were"
            told.append(f"{self.actors:,} {was} merged or parted")
        return " and ".join(told)


def changes_since(report: AgreementReport, scope: Scope) -> Changes:
    """What of that which a report was made of is otherwise now."""
    articles = [scope.article.pk] if scope.article else []
    now = basis_of(comparable_readings(batch=scope.batch, articles=articles))
    return Changes(changed_since(report.basis, now), merged_since(report.figures.get("actors", {})))


class Figures:
    """The figures of a report, one codebook version of it chosen; `codebook` None is the newest."""

    def __init__(self, report: AgreementReport, scope: Scope, codebook: int | None = None) -> None:
        self.scope = scope
        self.versions: Sequence[Mapping[str, Any]] = report.figures.get("versions", [])
        self.times: Sequence[Mapping[str, Any]] = report.figures.get("times", [])
        self.is_weekly = bool(report.figures.get("is_weekly"))
        found = [version for version in self.versions if version["codebook"] == codebook] or list(self.versions[:1])
        self.version: Mapping[str, Any] = found[0] if found else {"codebook": 0, "texts": 0, "rows": []}
        self.codebook: int = self.version["codebook"]
        self.groups: Sequence[Group] = sorted({tuple(row["group"]) for row in self.version["rows"]})
        self.names = names_of(reader for group in self.groups for reader in group)

    @property
    def pairs(self) -> Sequence[Group]:
        """The pairs there are."""
        return [group for group in self.groups if len(group) == 2]

    def group_named(self, name: str) -> Group:
        """The pair that an address names as `3-5`; EVERYBODY where it names none."""
        return next((pair for pair in self.pairs if group_name(pair) == name), EVERYBODY)

    def label_of(self, group: Group) -> str:
        """The people of a group."""
        return " and ".join(self.names.get(pk, "somebody") for pk in group) if group else "All analysts"

    def tables(self, group: Group) -> tuple[Table, Table]:
        """Where something was marked, and what was said of it."""
        rows = [row for row in self.version["rows"] if tuple(row["group"]) == group]
        return self._table(rows, WHERE), self._table(rows, WHAT)

    def pair_lines(self) -> list[Pair]:
        """Each pair with the records it found alike, by kind."""
        kinds = [kind.name for kind in all_kinds()]
        found: dict[Group, dict[str, Mapping[str, Any]]] = {pair: {} for pair in self.pairs}
        for row in self.version["rows"]:
            if row["measure"] == FOLLOWED and tuple(row["group"]) in found:
                found[tuple(row["group"])][row["kind"]] = row
        return [
            Pair(
                pair,
                self.label_of(pair),
                max((row["texts"] for row in rows.values()), default=0),
                [self.cell(rows[kind]) if kind in rows else None for kind in kinds],
            )
            for pair, rows in found.items()
        ]

    def version_lines(self) -> list[VersionLine]:
        """Each codebook version with the records found alike, by kind, and what changed with it."""
        since = dict(CodebookVersion.objects.values_list("number", "created_at"))
        kinds = [kind.name for kind in all_kinds()]
        found = [
            {row["kind"]: row for row in version["rows"] if not row["group"] and row["measure"] == FOLLOWED}
            for version in self.versions
        ]
        lines = []
        for at, (version, rows) in enumerate(zip(self.versions, found, strict=True)):
            before = found[at + 1] if at + 1 < len(found) else {}
            cells = [
                (self.cell(rows[kind], codebook=version["codebook"]), _change(rows[kind], before.get(kind)))
                if kind in rows
                else (None, None)
                for kind in kinds
            ]
            lines.append(VersionLine(version["codebook"], since.get(version["codebook"]), version["texts"], cells))
        return lines

    def cell(self, row: Mapping[str, Any], *, codebook: int | None = None, begins: str = "") -> Cell:
        """A stored row as a page shows it; `begins` is the day from which a week or month is counted."""
        query: dict[str, object] = {**self.scope.query, "codebook": codebook or self.codebook, "kind": row["kind"]}
        if begins:
            query |= {"from": begins, "to": self.end_of(date.fromisoformat(begins)).isoformat()}
        if row["group"]:
            query["group"] = group_name(row["group"])
        if name := name_of_row(row):
            query["name"] = name
        told = {name: row[name] for name in ("measure", "value", "low", "high", "count", "texts")}
        return Cell(**told, link=urlencode(query))

    def end_of(self, begins: date) -> date:
        """The last day of the week or month that begins on a day."""
        if self.is_weekly:
            return begins + timedelta(days=6)
        return (begins.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)

    def _table(self, rows: Iterable[Mapping[str, Any]], measures: Sequence[str]) -> Table:
        found: dict[tuple[str, str, str], dict[str, Mapping[str, Any]]] = {}
        for row in rows:
            if row["measure"] in measures:
                found.setdefault((row["kind"], row["role"], row["field"]), {})[row["measure"]] = row
        shown = [name for name in measures if any(name in of for of in found.values())]
        lines, without = list[Line](), dict[str, list[Line]]()
        for (kind, role, field), of in found.items():
            cells = [self.cell(of[name]) if name in of else None for name in shown]
            line = Line(label_of(kind, role, field), kind_named(kind), not role and not field, cells)
            if any(cell and cell.value is not None for cell in cells):
                lines.append(line)
            else:
                without.setdefault(next(cell.why_none for cell in cells if cell), []).append(line)
        return Table([(name, MEASURES[name].replace("'", "’")) for name in shown], lines, without)


def _change(row: Mapping[str, Any], before: Mapping[str, Any] | None) -> float | None:
    if before is None or row["value"] is None or before["value"] is None:
        return None
    return round(float(row["value"]) - float(before["value"]), 2) + 0.0  # no -0.0


def group_name(group: Iterable[int]) -> str:
    """How an address names a pair."""
    return "-".join(str(pk) for pk in group)


def name_of_row(row: Mapping[str, Any]) -> str:
    """What of a record a figure is about, as cases name it: `role:…`, `field:…`, `borders` of a kind, or "" itself."""
    if row["field"]:
        return f"field:{row['field']}"
    if row["role"]:
        return f"role:{row['role']}"
    return "" if row["measure"] == "records_f1" else "borders"


def label_of(kind: str, role: str, field: str) -> str:
    """What a figure is of, in words."""
    described = kind_named(kind)
    if role:
        return next((one.label for one in described.roles if one.name == role), role)
    if field:
        label = next((one.label for one in described.fields if one.name == field), field)
        return label.removeprefix("Your ").capitalize() if label.startswith("Your ") else label
    return described.plural


def names_of(readers: Iterable[int]) -> dict[int, str]:
    """What people are called."""
    return {user.pk: user.label for user in User.objects.filter(pk__in=set(readers))}


# --- Over time -------------------------------------------------------------------------------------

WIDTH, HEIGHT = 720, 260
LEFT, RIGHT, TOP, BOTTOM = 40, 12, 26, 34
APART = 28
"""How far from one another marks must be to be drawn apart."""


@dataclass(frozen=True, slots=True)
class Point:
    """A figure on the chart: where it is drawn, and what it says."""

    x: float
    y: float
    label: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class Curve:
    """The figures of one kind from one time to the next; `paths` are the lines through them, one a codebook version."""

    kind: Kind
    points: Sequence[Point]
    paths: Sequence[str]


@dataclass(frozen=True, slots=True)
class Mark:
    """A change of the rules: when, what, and where on the chart."""

    at: date
    name: str
    label: str
    x: float


@dataclass(frozen=True, slots=True)
class TimeLine:
    """What was handed in within one week or month under one codebook version, by kind."""

    begins: date
    codebook: int
    cells: Sequence[Cell | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is followed over time; `grid` are values with their heights, `ticks` times with their places.

    `flags` are the marks as they are drawn: those too close to be told apart stand together.
    """

    lines: Sequence[TimeLine]
    curves: Sequence[Curve]
    marks: Sequence[Mark]
    grid: Sequence[tuple[str, float]]
    ticks: Sequence[tuple[date, float]]

    @property
    def flags(self) -> Sequence[Mark]:
        """The marks, one after the other, with those that would lie over the one before put to it."""
        found = list[Mark]()
        for mark in self.marks:
            if found and mark.x - found[-1].x < APART:
                last = found[-1]
                found[-1] = Mark(last.at, f"{last.name} {mark.name}", f"{last.label}; {mark.label}", last.x)
            else:
                found.append(mark)
        return found


def chart_of(figures: Figures) -> Chart | None:
    """The records found alike over time, with the changes of codebook and guidelines; None of less than two times."""
    kinds = list(all_kinds())
    lines = []
    for time in figures.times:
        rows = {row["kind"]: row for row in time["rows"] if row["measure"] == FOLLOWED}
        of = {"codebook": time["codebook"], "begins": time["begins"]}
        cells = [figures.cell(rows[kind.name], **of) if kind.name in rows else None for kind in kinds]
        lines.append(TimeLine(date.fromisoformat(time["begins"]), time["codebook"], cells))
    begins = sorted({line.begins for line in lines})
    if len(begins) < 2:
        return Chart(lines, (), (), (), ()) if len(lines) > 1 else None
    span = (begins[-1] - begins[0]).days

    def across(day: date) -> float:
        share = min(1.0, max(0.0, (day - begins[0]).days / span))
        return round(LEFT + 14 + share * (WIDTH - LEFT - RIGHT - 28), 1)

    return Chart(
        lines,
        [_curve(kind, at, lines, across) for at, kind in enumerate(kinds)],
        _marks(begins[0], figures.end_of(begins[-1]), across),
        [(f"{tenths / 10:.1f}", _height(tenths / 10)) for tenths in (0, 2, 4, 6, 8, 10)],
        [(day, across(day)) for day in begins[:: 1 + len(begins) // 8]],
    )


def _height(value: float) -> float:
    return round(TOP + (1 - min(1.0, max(0.0, value))) * (HEIGHT - TOP - BOTTOM), 1)


def _curve(kind: Kind, at: int, lines: Sequence[TimeLine], across: Any) -> Curve:
    points, paths = [], dict[int, list[str]]()
    for line in lines:
        cell = line.cells[at]
        if cell and cell.value is not None:
            label = f"{kind.plural}, {line.begins:%-d %b %Y}, codebook {line.codebook}: {cell.text}"
            point = Point(across(line.begins), _height(cell.value), label, cell)
            points.append(point)
            paths.setdefault(line.codebook, []).append(f"{point.x},{point.y}")
    return Curve(kind, points, [" ".join(path) for path in paths.values()])


def _marks(first: date, last: date, across: Any) -> list[Mark]:
    """What changed between two days: codebook versions, and guidelines written anew."""
    found = [
        (at.date(), f"v{number}", f"Codebook version {number}{f': {reason}' if reason else ''}")
        for number, reason, at in CodebookVersion.objects.filter(number__gt=1).values_list(
            "number", "reason", "created_at"
        )
    ]
    guidelines = Guideline.objects.reworded().order_by("created_at", "pk")
    found += [
        (at.date(), f"G{nth}", f"Guideline “{title}”, version {number}")
        for nth, (title, number, at) in enumerate(guidelines.values_list("title", "number", "created_at"), start=1)
        if first <= at.date() <= last
    ]
    return [Mark(at, name, label, across(at)) for at, name, label in sorted(found) if first <= at <= last]


# --- As a sheet --------------------------------------------------------------------------------------

HEAD = ("codebook", "week or month", "coders", "kind", "role", "field", "measure", "value", "low", "high", "compared")


def sheet_of(figures: Figures) -> Iterable[Sequence[object]]:
    """Every figure as a line: those of all versions, then those over time; n/a is an empty cell."""
    names = names_of(reader for version in figures.versions for row in version["rows"] for reader in row["group"])
    yield (*HEAD, "texts")
    for of in (*figures.versions, *figures.times):
        for row in of["rows"]:
            people = [names.get(pk, str(pk)) for pk in row["group"]]
            coders = "all" if not people else f"{people[0]} with others" if len(people) == 1 else " and ".join(people)
            values = ("" if row[name] is None else round(row[name], 4) for name in ("value", "low", "high"))
            told = (row["kind"], row["role"], row["field"], row["measure"], *values, row["count"], row["texts"])
            yield (of["codebook"], of.get("begins", ""), coders, *told)
