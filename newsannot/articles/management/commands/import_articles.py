"""Take in articles from files, folders or standard input."""

import os
import sys
import time
from argparse import ArgumentParser
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from newsannot.accounts.models import User
from newsannot.articles.actions import BATCH, ItemResult, sort_words, take_in_found
from newsannot.articles.revising import revise_known
from newsannot.articles.rules.decoding import MEGABYTE
from newsannot.articles.rules.files import FORMATS, Found, Refused, files_in, read_path, read_stream

WRITERS = 2
"""How many connections store at once, while the next articles are read."""
LARGEST_BATCH = 16 * MEGABYTE
DUPLICATES_SHOWN = 10
REFRESH = 0.2
"""Seconds between two drawings of the progress bar."""


class Command(BaseCommand):
    """Read, recognise and store; what cannot be taken in is named with its place and reason, and the rest goes on."""

    help = "Take in articles from text, HTML or JSONL files, folders of them, or standard input (-)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument("--format", choices=sorted(set(FORMATS.values())), help="default: by the file's ending")
        parser.add_argument("--source", help="name or domain of the source of articles that name none")
        parser.add_argument("--language", help="language of articles that name none, such as en or zh-Hans")
        parser.add_argument("--genre", help="genre of articles that name none, such as OpinionNewsArticle")
        parser.add_argument(
            "--revise",
            action="store_true",
            help="store another text at a known address as the article's next revision; without it, it is reported",
        )
        parser.add_argument("--by", metavar="USERNAME", help="who takes them in; default: nobody, the machine")

    def handle(self, *_args: object, paths: list[str], **options: Any) -> None:
        by = _person(options["by"])
        if options["revise"] and by and not by.is_editor:
            raise CommandError(f"{by.username} is no editor, so may not store another text of a known article.")
        defaults = {name: options[name] for name in ("source", "language", "genre") if options[name]}
        report = _Report(self.stdout, self.stderr, _size_of(paths), verbose=options["verbosity"] > 1)
        try:
            for batch, results in _stored(_found(paths, options["format"], defaults), by, revise=options["revise"]):
                report.add(batch, results)
        except KeyboardInterrupt:
            report.close()
            raise CommandError("Stopped. What was added stays; the same command goes on from there.") from None
        if report.counts["created"]:
            sort_words()
        report.close()
        if report.counts["error"]:
            raise CommandError(f"{_articles(report.counts['error'])} could not be taken in; the reasons are above.")


def _person(username: str | None) -> User | None:
    if username is None:
        return None
    person = User.objects.filter(username=username).first()
    if person is None:
        raise CommandError(f"There is nobody called {username}.")
    if not person.is_analyst:
        raise CommandError(f"{username} may not add articles.")
    return person


def _size_of(paths: Iterable[str]) -> int:
    """Bytes in all files; 0 when that is not known."""
    if "-" in paths:
        return 0
    return sum(file.stat().st_size for path in paths for file in files_in(Path(path)).inside if file.exists())


def _found(paths: Iterable[str], form: Any, defaults: dict[str, Any]) -> Iterator[Found]:
    for path in paths:
        if path == "-":
            yield from read_stream(sys.stdin.buffer, "standard input", form or "jsonl", defaults)
            continue
        files = files_in(Path(path))
        for link in files.leading_out:
            yield Refused(str(link), {"file": ["It is a link that leads out of the folder; it is not followed."]})
        if not files.inside and not files.leading_out:
            yield Refused(path, {"file": ["There is no text, HTML or JSONL file in this folder."]})
        yield from chain.from_iterable(read_path(file, form, defaults) for file in files.inside)


def _stored(found: Iterable[Found], by: User | None, *, revise: bool) -> Iterator[tuple[list[Found], list[ItemResult]]]:
    """Each batch with what became of its articles, in order; reading and storing overlap."""
    with ThreadPoolExecutor(WRITERS) as pool:
        running: deque[tuple[list[Found], Future[list[ItemResult]]]] = deque()
        try:
            for batch in _batches(found):
                running.append((batch, pool.submit(_store, batch, by, revise=revise)))
                if len(running) > WRITERS:
                    done, results = running.popleft()
                    yield done, results.result()
            for done, results in running:
                yield done, results.result()
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _batches(found: Iterable[Found]) -> Iterator[list[Found]]:
    batch: list[Found] = []
    size = 0
    for one in found:
        batch.append(one)
        size += one.bytes_read
        if len(batch) == BATCH or size >= LARGEST_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _store(batch: list[Found], by: User | None, *, revise: bool) -> list[ItemResult]:
    """Store a batch by this thread's own connection."""
    try:
        results = take_in_found(found=batch, by=by, in_bulk=True)
        return revise_known(found=batch, results=results, by=by) if revise else results
    finally:
        connection.close()


@dataclass
class _Report:
    """Says on the terminal what becomes of the articles: failures on stderr, a progress bar there on a terminal."""

    out: Any
    err: Any
    total_bytes: int
    verbose: bool
    counts: Counter[str] = field(default_factory=Counter)
    bytes_read: int = 0
    started_at: float = field(default_factory=time.monotonic)
    drawn_at: float = 0.0

    def add(self, batch: list[Found], results: list[ItemResult]) -> None:
        for one, result in zip(batch, results, strict=True):
            self.counts[result.status] += 1
            self.bytes_read += one.bytes_read
            self._tell(one.place, result)
        self._draw()

    def _tell(self, place: str, result: ItemResult) -> None:
        if result.status == "error":
            reasons = "; ".join(f"{name}: {' '.join(texts)}" for name, texts in result.errors.items())
            self._say(self.err, f"{place}: {reasons}")
        elif result.status == "revised":
            self._say(self.out, f"{place}: now {result.note} of article {result.id}")
        elif result.status == "duplicate" and (self.verbose or self.counts["duplicate"] <= DUPLICATES_SHOWN):
            self._say(self.out, f"{place}: already there as article {result.id} ({result.note})")
        elif result.status == "duplicate" and self.counts["duplicate"] == DUPLICATES_SHOWN + 1:
            self._say(self.out, "More articles were already there; --verbosity 2 names all of them.")

    def close(self) -> None:
        """The sum of it."""
        self._erase()
        seconds = time.monotonic() - self.started_at
        added, there, failed = (self.counts[name] for name in ("created", "duplicate", "error"))
        rate = f" ({added / seconds:,.0f} a second)" if added > BATCH else ""
        revised = f"{self.counts['revised']} with another text, " if self.counts["revised"] else ""
        self._say(self.out, f"{_articles(added)} added{rate}, {revised}{there} already there, {failed} not taken in.")

    def _say(self, stream: Any, line: str) -> None:
        self._erase()
        _write(stream, f"{line}\n")

    def _draw(self) -> None:
        now = time.monotonic()
        if not self.err.isatty() or now - self.drawn_at < REFRESH:
            return
        self.drawn_at = now
        done = sum(self.counts.values())
        share = min(1.0, self.bytes_read / self.total_bytes) if self.total_bytes else None
        read = (
            f"{self.bytes_read / MEGABYTE:.0f} MB" if share is None else f"{'█' * round(30 * share):░<30} {share:4.0%}"
        )
        _write(self.err, f"\r\x1b[K{read}  {done:,} articles, {done / max(now - self.started_at, 0.01):,.0f} a second")

    def _erase(self) -> None:
        if self.err.isatty() and self.drawn_at:
            _write(self.err, "\r\x1b[K")


def _write(stream: Any, text: str) -> None:
    """Write, unless whoever listened has gone: the import goes on without them."""
    try:
        stream.write(text, ending="")
        stream.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count:,} articles"
