"""Take in actors from a sheet or from an extract of Wikidata's dump."""

import gzip
import shutil
import sys
import tempfile
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

from django.core.management.base import BaseCommand, CommandError

from newsannot.accounts.models import User
from newsannot.actors import wikidata
from newsannot.actors.found import Found, Refused
from newsannot.actors.intake import BATCH, Taken, WantedTie, say_countries, take_in_actors, take_in_ties
from newsannot.actors.models import Actor
from newsannot.actors.sheets import SheetWrong, read_sheet
from newsannot.codebook.models import CodebookVersion
from newsannot.core.errors import RuleBroken

T = TypeVar("T")
MOST_POSITIONS = 200_000
SHOWN = 20
REFRESH = 0.2
"""Seconds between two drawings of the progress bar."""
ENDINGS = {".csv": "csv", ".json": "wikidata", ".jsonl": "wikidata", ".ndjson": "wikidata"}


class Command(BaseCommand):
    """Read, recognise and store; what cannot be taken in is named with its line and reason, and the rest goes on."""

    help = "Take in actors from CSV or an extract of Wikidata's JSON dump (.gz too), or from standard input (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("path", metavar="PATH", help="a file, or - for standard input")
        parser.add_argument("--format", choices=["csv", "wikidata"], help="default: by the file's ending")
        parser.add_argument(
            "--languages",
            default=",".join(wikidata.LANGUAGES),
            help="of names out of Wikidata, by commas; the first that has a label gives the main name",
        )
        parser.add_argument("--by", metavar="USERNAME", help="who takes them in; default: nobody, the machine")

    def handle(self, *_args: object, path: str, **options: Any) -> None:
        if not CodebookVersion.objects.exists():
            raise CommandError("There are no code lists yet. First run: manage.py load_codebook")
        form = options["format"] or ENDINGS.get(Path(path.removesuffix(".gz")).suffix.lower())
        if form is None:
            raise CommandError("What format is that? Say --format csv or --format wikidata.")
        by = _person(options["by"])
        languages = [one.strip() for one in options["languages"].split(",") if one.strip()]
        with _opened(path) as (stream, size):
            report = _Report(self.stdout, self.stderr, size)
            try:
                if form == "csv":
                    _take_in_sheet(stream, report, by)
                else:
                    _take_in_wikidata(stream, report, by, languages)
            except (SheetWrong, OSError, EOFError) as error:
                report.close()
                raise CommandError(f"The file cannot be read on: {error}") from error
            report.close()
        if report.counts["error"]:
            raise CommandError(f"{report.counts['error']:,} could not be taken in; the reasons are above.")


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is nobody called {username}.")
    if not person.is_analyst:
        raise CommandError(f"{username} may not add actors.")
    return person


@contextmanager
def _opened(path: str) -> Iterator[tuple[BinaryIO, int]]:
    """The file, unpacked, to be read twice; and its size in bytes, 0 when that says nothing."""
    if path == "-":
        with tempfile.TemporaryFile() as kept:
            shutil.copyfileobj(sys.stdin.buffer, kept)
            size = kept.tell()
            kept.seek(0)
            yield kept, size
        return
    try:
        file = Path(path).open("rb")  # noqa: SIM115 - closed below
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        if path.endswith(".gz"):
            with gzip.open(file) as unpacked:
                yield unpacked, 0  # type: ignore[misc]
        else:
            yield file, Path(path).stat().st_size


def _take_in_sheet(stream: BinaryIO, report: "_Report", by: User | None) -> None:
    for batch in _batches(read_sheet(stream)):
        _take_in(batch, report, by)
        report.draw(stream)


def _take_in_wikidata(stream: BinaryIO, report: "_Report", by: User | None, languages: Sequence[str]) -> None:
    """Twice over the file: first the actors and what positions are called, then who held and joined what."""
    positions: dict[str, wikidata.Position] = {}

    def found() -> Iterator[Found | Refused]:
        for line, entity in wikidata.read_entities(stream):
            if isinstance(entity, Refused):
                yield entity
            elif (position := wikidata.position_of(entity, languages)) and len(positions) < MOST_POSITIONS:
                positions[position.key] = position
            elif position is None:
                yield wikidata.actor_of(line, entity, languages)

    for batch in _batches(found()):
        _take_in(batch, report, by)
        report.draw(stream)
    stream.seek(0)
    for entities in _batches(wikidata.read_entities(stream)):
        _tie(entities, positions, report, by)
        report.draw(stream)


def _batches(items: Iterable[T]) -> Iterator[list[T]]:
    rest = iter(items)
    while batch := list(islice(rest, BATCH)):
        yield batch


def _take_in(batch: Sequence[Found | Refused], report: "_Report", by: User | None) -> None:
    found = [one for one in batch if isinstance(one, Found)]
    try:
        taken = take_in_actors(found=found, by=by)
    except RuleBroken:  # somebody else was at the same; one by one the rest goes on
        taken = [taken for one in found for taken in _alone(one, by)]
    refused = [one for one in batch if isinstance(one, Refused)]
    results: list[Taken | Refused] = [*taken, *refused]
    for result in sorted(results, key=lambda one: one.line):
        if isinstance(result, Refused):
            report.refuse(result)
        else:
            report.add(result)


def _alone(one: Found, by: User | None) -> list[Taken]:
    try:
        return take_in_actors(found=[one], by=by)
    except RuleBroken as refusal:
        return [Taken(one.line, one.key, "error", reason=str(refusal))]


def _tie(
    entities: Sequence[tuple[int, wikidata.Entity | Refused]],
    positions: dict[str, wikidata.Position],
    report: "_Report",
    by: User | None,
) -> None:
    """Record the offices, memberships and states of a batch of entities."""
    read = [(line, str(e.get("id")), e) for line, e in entities if not isinstance(e, Refused)]
    ties = []
    for line, key, entity in read:
        for tie in wikidata.ties_of(entity, positions):
            if isinstance(tie, str):
                report.miss(f"line {line}: {tie}")
            else:
                ties.append((line, key, tie))
    states = {key: state for _, key, entity in read if (state := wikidata.country_of(entity))}
    keys = {key for _, key, _ in read} | {other for *_, tie in ties for other in tie.others} | {*states.values()}
    known, codes = _known(keys)
    wanted = [WantedTie(line, known[key], tie) for line, key, tie in ties if key in known]
    try:
        say_countries(
            countries={known[key]: codes[state] for key, state in states.items() if key in known and state in codes},
            by=by,
        )
        made, refused = take_in_ties(wanted=wanted, known=known, by=by)
    except RuleBroken as refusal:
        made, refused = 0, [f"lines {entities[0][0]}–{entities[-1][0]}: {refusal}"]
    report.counts["ties"] += made
    for words in refused:
        report.miss(words)


def _known(keys: Iterable[str]) -> tuple[dict[str, int], dict[str, str]]:
    """Wikidata id → actor, and Wikidata id → ISO code, of those there are."""
    rows = Actor.objects.filter(wikidata_id__in=list(keys)).values_list("wikidata_id", "pk", "iso3")
    return {str(key): pk for key, pk, _ in rows}, {str(key): iso3 for key, _, iso3 in rows if iso3}


@dataclass
class _Report:
    """Says on the terminal what becomes of the actors: failures on stderr, a progress bar there on a terminal."""

    out: Any
    err: Any
    total_bytes: int
    counts: Counter[str] = field(default_factory=Counter)
    shown: Counter[str] = field(default_factory=Counter)
    started_at: float = field(default_factory=time.monotonic)
    drawn_at: float = 0.0

    def add(self, result: Taken) -> None:
        """Count what became of an actor, and say why it was refused."""
        self.counts[result.status] += 1
        if result.status == "error":
            self._say(self.err, f"line {result.line}: {result.reason}")

    def refuse(self, one: Refused) -> None:
        """Say why something is no actor; of what never was meant to be one, the first few."""
        if one.is_expected:
            self.counts["other"] += 1
            self._say_some("other", f"line {one.line}: {one.reason}")
        else:
            self.counts["error"] += 1
            self._say(self.err, f"line {one.line}: {one.reason}")

    def miss(self, words: str) -> None:
        """Say what office or membership could not be recorded; the first few."""
        self.counts["missed"] += 1
        self._say_some("missed", words)

    def _say_some(self, what: str, line: str) -> None:
        self.shown[what] += 1
        if self.shown[what] <= SHOWN:
            self._say(self.out, line)
        elif self.shown[what] == SHOWN + 1:
            self._say(self.out, "There are more like this.")

    def close(self) -> None:
        """The sum of it."""
        self._erase()
        counts = self.counts
        self._say(
            self.out,
            f"{counts['created']:,} added, {counts['filled']:,} filled up, {counts['there']:,} already there,"
            f" {counts['other']:,} no actors, {counts['error']:,} not taken in;"
            f" {counts['ties']:,} offices and memberships added, {counts['missed']:,} left out.",
        )

    def _say(self, stream: Any, line: str) -> None:
        self._erase()
        stream.write(f"{line}\n", ending="")

    def draw(self, stream: BinaryIO) -> None:
        """Show how far the reading is, on a terminal."""
        now = time.monotonic()
        if not self.err.isatty() or now - self.drawn_at < REFRESH:
            return
        self.drawn_at = now
        done = sum(self.counts[status] for status in ("created", "filled", "there", "error"))
        share = stream.tell() / self.total_bytes if self.total_bytes else None
        read = "" if share is None else f"{'█' * round(30 * share):░<30} {share:4.0%}  "
        rate = done / max(now - self.started_at, 0.01)
        self.err.write(f"\r\x1b[K{read}{done:,} actors, {rate:,.0f} a second", ending="")
        self.err.flush()

    def _erase(self) -> None:
        if self.err.isatty() and self.drawn_at:
            self.err.write("\r\x1b[K", ending="")
