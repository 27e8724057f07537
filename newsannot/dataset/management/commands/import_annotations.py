"""Bring in annotations that other tools hold."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from newsannot.accounts.models import User
from newsannot.dataset.formats.archive import FileRefusedError, files_of
from newsannot.dataset.formats.form import LibraryMissingError
from newsannot.dataset.formats.graph import Glossary
from newsannot.dataset.formats.mapping import glossary_from
from newsannot.dataset.formats.reading import FoundDocument
from newsannot.dataset.formats.registry import READABLE
from newsannot.dataset.gathering import shapes
from newsannot.dataset.importing import Brought, Import

REFRESH = 0.2
"""Seconds between two drawings of the progress."""


class Command(BaseCommand):
    """Read, map, check and store; what cannot be taken in is named with file and line, and the rest goes on."""

    help = "Bring annotations into one's own readings: brat, XMI, WebAnno TSV, W3C, Label Studio, doccano, our JSONL."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder or a zip archive")
        parser.add_argument("--format", required=True, choices=sorted(READABLE))
        parser.add_argument("--by", required=True, metavar="USERNAME", help="whose readings the records come into")
        parser.add_argument("--source", default="", help="name or domain of the source of texts that are not known yet")
        parser.add_argument("--language", default="und", help="language of those texts, such as en or zh-Hans")
        parser.add_argument(
            "--mapping", metavar="FILE", help="JSON: foreign labels, relations, attributes, values → ours"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen, and store nothing")

    def handle(self, *_args: object, paths: list[str], **options: Any) -> None:
        work = Import(
            by=_person(options["by"]),
            shapes=shapes(),
            glossary=_glossary(options["mapping"]),
            source=options["source"],
            language=options["language"],
        )
        report = _Report(self.stdout, self.stderr)
        is_dry = options["dry_run"]
        try:
            with transaction.atomic() if is_dry else nullcontext():
                for brought in work.bring(_found(paths, options["format"])):
                    report.add(brought)
                if is_dry:
                    transaction.set_rollback(True)
        except (LibraryMissingError, FileRefusedError) as refusal:
            raise CommandError(str(refusal)) from refusal
        except KeyboardInterrupt:
            raise CommandError("Stopped. What was brought in stays; the same command goes on from there.") from None
        for label, meaning in sorted(work.labels.items()):
            self.stdout.write(f"“{label}” was taken for {'nothing' if meaning == '-' else meaning}")
        report.close(is_dry=is_dry)
        if report.problem_count:
            raise CommandError(f"{report.problem_count:,} things could not be brought in; the reasons are above.")


def _person(username: str) -> User:
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is nobody called {username}.")
    if not person.is_analyst:
        raise CommandError(f"{username} may not annotate.")
    return person


def _glossary(path: str | None) -> Glossary:
    """The mapping in a file: `labels`, `relations`, `attributes` map text to text, `values` a field to such a map."""
    if path is None:
        return Glossary()
    try:
        return glossary_from(json.loads(Path(path).read_text()))
    except (OSError, ValueError) as error:
        raise CommandError(f"{path}: this is no mapping: {error}") from error


def _found(paths: list[str], name: str) -> Iterator[FoundDocument]:
    form = READABLE[name]
    assert form.read is not None  # noqa: S101 - READABLE holds those that are read
    for path in map(Path, paths):
        if not path.exists():
            raise CommandError(f"There is no {path}.")
        yield from form.read(files_of(path, form.endings), shapes())


@dataclass
class _Report:
    """Says on the terminal what becomes of the texts: problems on stderr as they come, the sum in the end."""

    out: Any
    err: Any
    text_count: int = 0
    new_count: int = 0
    standing_count: int = 0
    problem_count: int = 0
    began_at: float = field(default_factory=time.monotonic)
    drawn_at: float = 0.0

    def add(self, brought: Brought) -> None:
        """Count one text and tell its problems."""
        self.text_count += 1
        self.new_count += brought.new_count
        self.standing_count += brought.standing_count
        self.problem_count += len(brought.problems)
        for problem in brought.problems:
            self.err.write(f"{problem.place}: {problem.reason}")
        now = time.monotonic()
        if self.err.isatty() and now - self.drawn_at > REFRESH:
            self.drawn_at = now
            self.err.write(f"\r\x1b[K{self.text_count:,} texts, {self.new_count:,} records", ending="")

    def close(self, *, is_dry: bool) -> None:
        """The sum of it."""
        seconds = max(time.monotonic() - self.began_at, 0.001)
        self.out.write(
            f"{self.new_count:,} records {'would be' if is_dry else 'are'} new, {self.standing_count:,} stood already, "
            f"{self.problem_count:,} problems, in {self.text_count:,} texts ({seconds:.1f} s)."
        )
