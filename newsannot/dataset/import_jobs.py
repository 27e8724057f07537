"""Imports by the page: files kept in the database, tried and brought in by the worker in one transaction.

What a person sees of a trial is what then happens, by the same functions as the command's (`importing`). Nothing of one
that is cancelled, that fails or whose worker dies stays.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from procrastinate.contrib.django import app

from newsannot.accounts.models import User
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.dataset.formats.archive import FileRefusedError, files_of
from newsannot.dataset.formats.form import LibraryMissingError
from newsannot.dataset.formats.mapping import Foreign, glossary_from
from newsannot.dataset.formats.reading import FoundDocument
from newsannot.dataset.formats.recognising import ENDINGS, recognised
from newsannot.dataset.formats.registry import READABLE
from newsannot.dataset.gathering import shapes
from newsannot.dataset.importing import Brought, Import
from newsannot.dataset.models import ImportFile, ImportJob, ImportPiece, ImportState

TASK = "run_import"
MEGABYTE = 1_000_000
LARGEST_UPLOAD = 100 * MEGABYTE
"""Bytes of all files of one import; more are for the command."""
PIECE = MEGABYTE
TOLD_EVERY = 0.5
"""Seconds between two words about how far it is."""
MOST_TOLD = 10_000
"""So many problems, and readings, are kept by name; all are counted."""
MOST_KEPT = 20
KEPT_FOR = timedelta(days=7)
STALLED_AFTER = timedelta(minutes=10)
_TOLD = """
    UPDATE dataset_importjob SET touched_at = clock_timestamp(), done = %s WHERE id = %s AND state = 'running'
"""
_NOT_TOLD = "Of which format this is cannot be told. Send it again and choose one."


class ImportDiscarded(Exception):
    """Its owner does not want it any more."""


# --- Asking --------------------------------------------------------------------------------------


@action
def ask_for_import(
    *, uploads: Sequence["UploadedFile[Any]"], name: str, source: str, language: str, by: User
) -> ImportJob:
    """Keep files and have the worker try what they hold, storing nothing of it. `name` is the format's, or empty.

    Raises RuleBroken for more bytes than are taken here, for a format that lacks its library, and when the person keeps
    too many imports.
    """
    if sum(one.size or 0 for one in uploads) > LARGEST_UPLOAD:
        most = LARGEST_UPLOAD // MEGABYTE
        reason = f"This is more than {most} MB. Cut it into several, or use the command import_annotations."
        raise RuleBroken(reason, field="uploads")
    if name and not READABLE[name].is_ready:
        raise RuleBroken("What this format needs is not installed on this server.", field="format")
    if ImportJob.objects.filter(owner=by).count() >= MOST_KEPT:
        raise RuleBroken(f"You keep {MOST_KEPT} imports; discard one first.", field="uploads")
    job = ImportJob.objects.create(owner=by, format=name, source=source, language=language or "und")
    for upload in uploads:
        file = ImportFile.objects.create(job=job, name=_kept(upload.name or "file")[-255:], size=upload.size or 0)
        for number, data in enumerate(upload.chunks(PIECE)):
            ImportPiece.objects.create(file=file, number=number, data=data)
    _defer(job)
    return job


@action
def go_on_with_import(
    *, job: ImportJob, mapping: Mapping[str, Any], source: str, language: str, is_trial: bool, by: User
) -> ImportJob:
    """Have the worker try the files again with this mapping or, if it is no trial, bring them in.

    Raises RuleBroken unless a trial of it has ended. Locks the import.
    """
    job = ImportJob.objects.select_for_update().get(pk=job.pk)
    if job.state != ImportState.CHECKED:
        raise RuleBroken("This import does not wait for a decision.", field="job")
    job.mapping, job.source, job.language, job.is_trial = dict(mapping), source, language or "und", is_trial
    job.state, job.done = ImportState.WAITING, 0
    job.save(update_fields=["mapping", "source", "language", "is_trial", "state", "done"])
    _defer(job)
    return job


@action
def discard_import(*, job: ImportJob, by: User) -> bool:
    """Forget an import with its files; the worker stops at its next word, and nothing of it is stored. Locks it.

    Answers whether it had come in already, in which case its records stay.
    """
    locked = ImportJob.objects.select_for_update().defer("problems", "brought").get(pk=job.pk)
    _drop_pieces(locked)
    locked.delete()
    return locked.state == ImportState.DONE


def _defer(job: ImportJob) -> None:
    key = job.pk
    transaction.on_commit(lambda: app.configure_task(TASK).defer(import_id=key))


def _drop_pieces(job: ImportJob) -> None:
    """Delete the bytes of its files by one statement, without reading them."""
    ImportPiece.objects.filter(file__job=job).delete()


# --- Running -------------------------------------------------------------------------------------


@dataclass
class _Tally:
    """What became of the texts so far."""

    text_count: int = 0
    new_count: int = 0
    standing_count: int = 0
    problem_count: int = 0
    problems: list[tuple[str, str]] = field(default_factory=list)
    brought: list[tuple[int, int, int]] = field(default_factory=list)

    def add(self, one: Brought) -> None:
        self.text_count += 1
        self.new_count += one.new_count
        self.standing_count += one.standing_count
        self.problem_count += len(one.problems)
        room = MOST_TOLD - len(self.problems)
        self.problems += [(_kept(each.place), _kept(each.reason)) for each in one.problems[:room]]
        if one.reading_id and one.new_count + one.standing_count and len(self.brought) < MOST_TOLD:
            self.brought.append((one.reading_id, one.new_count, one.standing_count))


def run_import(import_id: int) -> None:
    """Try or bring in an import that waits, telling how far it is; leaves nothing of one that is discarded."""
    waiting = ImportJob.objects.filter(pk=import_id, state=ImportState.WAITING)
    if not waiting.update(state=ImportState.RUNNING, touched_at=timezone.now()):
        return
    job = ImportJob.objects.select_related("owner").get(pk=import_id)
    try:
        _run(job)
    except ImportDiscarded:
        return
    except (LibraryMissingError, FileRefusedError, PermissionDenied, RuleBroken) as refusal:
        _fail(import_id, _kept(str(refusal)))
    except Exception:
        _fail(import_id, "Something went wrong here; it was logged. Nothing was stored.")
        raise


def _run(job: ImportJob) -> None:
    """All of it in one transaction, which a trial takes back; how far it is, is told by a connection of its own."""
    foreign, tally = Foreign(), _Tally()
    with ExitStack() as held:
        beside, paths = held.enter_context(closing(connection.copy())), held.enter_context(_unpacked(job))
        job.format = job.format or _format_of(paths)
        kinds = shapes()
        work = Import(job.owner, kinds, glossary_from(job.mapping), job.source, job.language)
        held.enter_context(transaction.atomic())
        for one in _told(work.bring(_counted(_documents(job.format, paths), foreign)), job, beside):
            tally.add(one)
        if job.is_trial:
            transaction.set_rollback(True)
        else:
            _end(job, ImportState.DONE, tally, foreign)
            _drop_pieces(job)
    if job.is_trial:
        _end(job, ImportState.CHECKED, tally, foreign)


def _told(found: Iterable[Brought], job: ImportJob, beside: BaseDatabaseWrapper) -> Iterator[Brought]:
    """What was brought, told of as it comes; raises ImportDiscarded once it is not wanted any more."""
    told_at = time.monotonic()
    for number, one in enumerate(found, 1):
        yield one
        if time.monotonic() - told_at >= TOLD_EVERY:
            told_at = time.monotonic()
            with beside.cursor() as cursor:
                cursor.execute(_TOLD, [number, job.pk])
                if not cursor.rowcount:
                    raise ImportDiscarded


def _counted(found: Iterable[FoundDocument], foreign: Foreign) -> Iterator[FoundDocument]:
    for document in found:
        if document.graph:
            foreign.add(document.graph)
        yield document


def _documents(name: str, paths: Mapping[Path, str]) -> Iterator[FoundDocument]:
    form = READABLE[name]
    assert form.read is not None  # noqa: S101 - READABLE holds those that are read
    files = chain.from_iterable(files_of(path, form.endings, name=called) for path, called in paths.items())
    return form.read(files, shapes())


def _format_of(paths: Mapping[Path, str]) -> str:
    files = chain.from_iterable(files_of(path, ENDINGS, name=called) for path, called in paths.items())
    if name := recognised(files):
        return name
    raise FileRefusedError(_NOT_TOLD)


@contextmanager
def _unpacked(job: ImportJob) -> Iterator[dict[Path, str]]:
    """The files as they were called, by where they lie for as long as they are read."""
    with TemporaryDirectory(prefix="newsannot-import-") as folder:
        paths = {}
        for file in job.files.all():
            path = Path(folder) / str(file.pk)
            with path.open("wb") as stream:
                for number in file.pieces.values_list("number", flat=True):
                    stream.write(bytes(file.pieces.values_list("data", flat=True).get(number=number)))
            paths[path] = file.name
        yield paths


def _end(job: ImportJob, state: ImportState, tally: _Tally, foreign: Foreign) -> None:
    """Write down what became of it; raises ImportDiscarded when nobody wants to know any more."""
    told = ImportJob.objects.filter(pk=job.pk, state=ImportState.RUNNING).update(
        state=state,
        format=job.format,
        foreign=_kept_all(foreign.as_json()),
        done=tally.text_count,
        touched_at=timezone.now(),
        **vars(tally),
    )
    if not told:
        raise ImportDiscarded


def _fail(import_id: int, reason: str) -> None:
    ImportJob.objects.filter(pk=import_id).update(state=ImportState.FAILED, problem=reason, touched_at=timezone.now())


def _kept(text: str) -> str:
    """A text as the database keeps it: without NUL and lone surrogates."""
    return text.replace("\0", "\ufffd").encode("utf-8", "replace").decode()


def _kept_all(value: Any) -> Any:
    if isinstance(value, dict):
        return {_kept(name): _kept_all(one) for name, one in value.items()}
    return value


def clear_imports() -> None:
    """Forget what was kept long enough, and give up what no worker goes on with."""
    now = timezone.now()
    for job in ImportJob.objects.filter(asked_at__lt=now - KEPT_FOR).only("pk"):
        _drop_pieces(job)
        job.delete()
    stalled = ImportJob.objects.filter(state=ImportState.RUNNING, touched_at__lt=now - STALLED_AFTER)
    for key in stalled.values_list("pk", flat=True):
        _fail(key, "The worker stopped on the way; nothing was stored. Discard it and send the files again.")
