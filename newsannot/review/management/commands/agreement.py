"""Say how far analysts agree, as tables on the terminal and as CSV."""

import csv
from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsannot.accounts.models import User
from newsannot.annotations.kinds import kind_named
from newsannot.review.agreement.gamma import has_gamma
from newsannot.review.agreement.measures import EVERYBODY, MEASURES, Group, Subject
from newsannot.review.agreement.resampling import Figure
from newsannot.review.agreement.texts import Agreement, Row, TextCount, agreement
from newsannot.review.models import Batch
from newsannot.review.queries.agreement import actor_names, counted_texts, kind_shapes, mean_gammas
from newsannot.review.queries.comparable import Comparable, comparable_readings
from newsannot.review.rules.sheets import cell

SPANS = ("records_f1", "exact_f1", "overlap_f1", "token_alpha", "alpha_u", "gamma")
VALUES = ("alpha", "fleiss_kappa", "cohen_kappa")
LEFT_OPEN = "(left open)"
FIGURES_HEAD = ["codebook", "coders", "kind", "role", "field", "measure", "value", "low", "high", "compared", "texts"]
CONFUSION_HEAD = ["codebook", "kind", "field", "first", "second", "value_of_first", "value_of_second", "items"]


class Command(BaseCommand):
    """Compare what was handed in, per codebook version: all coders together, then each pair."""

    help = (
        "Measure the agreement of the readings handed in, per codebook version. docs/editors.md explains the figures."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", metavar="NAME", help="only what was assigned in it; default: all but trainings")
        parser.add_argument("--article", type=int, nargs="+", default=[], metavar="ID", help="only these articles")
        parser.add_argument("--since", type=date.fromisoformat, metavar="DAY", help="handed in on that day or later")
        parser.add_argument("--until", type=date.fromisoformat, metavar="DAY", help="handed in on that day or before")
        parser.add_argument("--pairs", action="store_true", help="show the table of each pair of coders too")
        parser.add_argument("--gamma", action="store_true", help="γ too: slow, and needs requirements/gamma.txt")
        parser.add_argument("--csv", metavar="FILE", help="write all figures as CSV; - for standard output, alone")
        parser.add_argument("--confusion", metavar="FILE", help="write as CSV which values stand against which")

    def handle(self, *_args: object, **options: Any) -> None:
        if options["gamma"] and not has_gamma():
            raise CommandError("γ is an extra. First run: pip install -r requirements/gamma.txt")
        compared = comparable_readings(
            batch=_batch(options["batch"]),
            articles=options["article"],
            since=options["since"],
            until=options["until"],
        )
        if not compared:
            raise CommandError("No text was handed in by two analysts under one codebook version: nothing to compare.")
        names = _names(compared)
        found = dict(self._measured(compared))
        if options["gamma"]:
            found = {codebook: _with_gamma(figures, codebook, compared) for codebook, figures in found.items()}
        if options["csv"]:
            self._write(options["csv"], FIGURES_HEAD, _figure_lines(found, names))
        if options["confusion"]:
            self._write(options["confusion"], CONFUSION_HEAD, _confusion_lines(found, names))
        if options["csv"] != "-" and options["confusion"] != "-":
            for codebook, figures in found.items():
                self._show(codebook, figures, names, pairs=options["pairs"])

    def _measured(self, compared: Sequence[Comparable]) -> Iterator[tuple[int, Agreement]]:
        """The figures of each codebook version, the newest first."""
        shapes = kind_shapes()
        counts = defaultdict[int, list[Mapping[Group, TextCount]]](list)
        for done, (one, count) in enumerate(zip(compared, counted_texts(compared), strict=True), start=1):
            counts[one.codebook].append(count)
            self._progress(done, len(compared))
        for codebook in sorted(counts, reverse=True):
            yield codebook, agreement(counts[codebook], shapes)

    def _progress(self, done: int, of: int) -> None:
        if self.stderr.isatty():
            bar = "" if done == of else f"{'█' * (30 * done // of):░<30} {done:,} of {of:,} texts"
            self.stderr.write(f"\r\x1b[K{bar}", ending="")

    def _write(self, path: str, head: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
        if path == "-":
            _write_csv(self.stdout, head, lines)
            return
        try:
            with Path(path).open("w", encoding="utf-8", newline="") as file:
                _write_csv(file, head, lines)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error

    def _show(self, codebook: int, figures: Agreement, names: Mapping[int, str], *, pairs: bool) -> None:
        self.stdout.write(f"Codebook version {codebook}: {_texts(figures.texts)} read by two analysts or more")
        by_group = defaultdict[Group, list[Row]](list)
        for row in figures.rows:
            by_group[row.group].append(row)
        for group, rows in by_group.items():
            if group == EVERYBODY or pairs:
                self.stdout.write(f"\n{_coders(group, names)}, {_texts(rows[0].texts)}")
                self._table("Where", rows, SPANS)
                self._table("What", rows, VALUES)
        self.stdout.write(
            "\nIn brackets: where 95 % of the figures lie when texts are drawn again. n/a: nothing to compare; lines of"
            " nothing but that are left out."
        )

    def _table(self, title: str, rows: Iterable[Row], measures: Sequence[str]) -> None:
        lines = defaultdict[Subject, dict[str, Figure]](dict)
        for row in rows:
            if row.measure in measures:
                lines[row.subject][row.measure] = row.figure
        shown = [measure for measure in measures if any(measure in figures for figures in lines.values())]
        self.stdout.write("".join([f"  {title:<42}", *(f"{MEASURES[measure]:<24}" for measure in shown)]).rstrip())
        for subject, figures in lines.items():
            if any(figure.value is not None for figure in figures.values()):
                cells = (_in_words(figures.get(measure)) for measure in shown)
                self.stdout.write("".join([f"  {_label(subject):<42}", *(f"{cell:<24}" for cell in cells)]).rstrip())


def _batch(name: str | None) -> Batch | None:
    if name is None:
        return None
    batch = Batch.objects.filter(name=name).first()
    if batch is None:
        raise CommandError(f"There is no batch called {name}.")
    return batch


def _with_gamma(figures: Agreement, codebook: int, compared: Iterable[Comparable]) -> Agreement:
    rows = mean_gammas([one for one in compared if one.codebook == codebook])
    return replace(figures, rows=[*rows, *figures.rows])


def _in_words(figure: Figure | None) -> str:
    if figure is None:
        return ""
    if figure.value is None:
        return "n/a"
    within = "" if figure.low is None else f" ({figure.low:.2f} to {figure.high:.2f})"
    return f"{figure.value:.2f}{within}"


def _label(subject: Subject) -> str:
    kind = kind_named(subject.kind)
    if subject.role:
        return f"  {next(role.label for role in kind.roles if role.name == subject.role)}"
    return f"{kind.label}: {kind.field(subject.field).label}"[:41] if subject.field else kind.plural


def _texts(count: int) -> str:
    return "1 text" if count == 1 else f"{count:,} texts"


def _coders(group: Group, names: Mapping[int, str]) -> str:
    return " and ".join(names[pk] for pk in group) if group else "All coders"


def _names(compared: Iterable[Comparable]) -> dict[int, str]:
    readers = {reading.reader_id or 0 for one in compared for reading in one.readings}
    return dict(User.objects.filter(pk__in=readers).values_list("pk", "username"))


def _figure_lines(found: Mapping[int, Agreement], names: Mapping[int, str]) -> Iterator[list[object]]:
    for codebook, figures in found.items():
        for row in figures.rows:
            figure = row.figure
            values = ("" if value is None else f"{value:.4f}" for value in (figure.value, figure.low, figure.high))
            coders = _coders(row.group, names)
            yield [codebook, cell(coders), *row.subject, row.measure, *values, figure.count, row.texts]


def _confusion_lines(found: Mapping[int, Agreement], names: Mapping[int, str]) -> Iterator[list[object]]:
    for codebook, figures in found.items():
        for (group, subject), table in figures.confusions.items():
            field = kind_named(subject.kind).field(subject.field)
            if field.of:
                continue  # which record another names means nothing beyond its text
            said = {one for pair in table for value in pair for one in _as_tuple(value) if one.isdigit()}
            known = actor_names(said) if field.sort in {"actor", "actors"} else {}
            for pair, count in sorted(table.items(), key=lambda entry: (-entry[1], str(entry[0]))):
                values = [cell(" + ".join(known.get(one, one) or LEFT_OPEN for one in _as_tuple(v))) for v in pair]
                coders = [cell(names[pk]) for pk in group]
                yield [codebook, subject.kind, subject.field, *coders, *values, count]


def _as_tuple(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _write_csv(file: Any, head: Sequence[str], lines: Iterable[Sequence[object]]) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(lines)
