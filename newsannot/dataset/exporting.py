"""Asking for exports, and writing them in the worker: kept in the database in parts, for their owner, for a week."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from procrastinate.contrib.django import app

from newsannot.accounts.models import User
from newsannot.core.errors import RuleBroken
from newsannot.core.history import action
from newsannot.core.layers import Layer
from newsannot.dataset.formats.form import Document, LibraryMissingError
from newsannot.dataset.formats.registry import FORMATS
from newsannot.dataset.gathering import Selection, document_count, documents, rows_of, shapes
from newsannot.dataset.models import Export, ExportPart, ExportState

TASK = "write_export"
PART = 1_000_000
"""Bytes of a part."""
TOLD_EVERY = 50
"""Texts between two words about how far it is."""
MOST_KEPT = 20
KEPT_FOR = timedelta(days=7)
STALLED_AFTER = timedelta(minutes=10)


_TOLD = """
    UPDATE dataset_export SET touched_at = clock_timestamp(), done = %s WHERE id = %s AND state = 'running'
"""
_PART = """
    WITH wanted AS (
        UPDATE dataset_export SET touched_at = clock_timestamp() WHERE id = %s AND state = 'running' RETURNING id
    )
    INSERT INTO dataset_exportpart (export_id, number, data) SELECT id, %s, %s FROM wanted
"""


class ExportDiscarded(Exception):
    """Its owner does not want it any more."""


# --- Asking --------------------------------------------------------------------------------------


@action
def ask_for_export(*, name: str, selection: Selection, by: User) -> Export:
    """Have the worker write a file of what is selected.

    Raises a refusal that names the filter with an unknown value, PermissionDenied for a layer that is not the person's
    to see, RuleBroken when they keep too many files.
    """
    rows_of(selection)
    if not FORMATS[name].is_ready:
        raise RuleBroken("What this format needs is not installed on this server.", field="format")
    if Export.objects.filter(owner=by).count() >= MOST_KEPT:
        raise RuleBroken(f"You keep {MOST_KEPT} exports; discard one first.", field="format")
    export = Export.objects.create(
        owner=by, format=name, layer=selection.layer, kinds=list(selection.kinds), query=selection.query
    )
    key = export.pk
    transaction.on_commit(lambda: app.configure_task(TASK).defer(export_id=key))
    return export


@action
def discard_export(*, export: Export, by: User) -> None:
    """Delete an export with what is written of it; the worker stops at its next word. Locks it."""
    Export.objects.select_for_update().get(pk=export.pk)
    ExportPart.objects.filter(export=export.pk).delete()
    Export.objects.filter(pk=export.pk).delete()


def selection_of(export: Export) -> Selection:
    """What an export selects, for its owner."""
    return Selection(user=export.owner, layer=Layer(export.layer), kinds=tuple(export.kinds), query=export.query)


# --- Writing -------------------------------------------------------------------------------------


def write_export(export_id: int) -> None:
    """Write an export that waits, telling as it goes how far it is; leaves nothing of one that is discarded."""
    if not Export.objects.filter(pk=export_id, state=ExportState.WAITING).update(state=ExportState.RUNNING):
        return
    export = Export.objects.select_related("owner").get(pk=export_id)
    try:
        _write(export)
    except ExportDiscarded:
        return
    except (LibraryMissingError, PermissionDenied) as refusal:
        _fail(export_id, str(refusal))
    except Exception:
        _fail(export_id, "Something went wrong here; it was logged.")
        raise


def _write(export: Export) -> None:
    """Write all of it as it stood at one moment; what is written is seen at once, by a connection of its own."""
    selection = selection_of(export)
    Export.objects.filter(pk=export.pk).update(total=document_count(selection), touched_at=timezone.now())
    size = number = 0
    with closing(connection.copy()) as beside, closing(documents(selection)) as found:
        pieces = FORMATS[export.format].write(_counted(found, export, beside), shapes())
        for number, part in enumerate(_parts(pieces), 1):
            _keep(beside, _PART, [export.pk, number, part])
            size += len(part)
    ended = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING)
    ended.update(state=ExportState.DONE, size=size, touched_at=timezone.now(), finished_at=timezone.now())


def _counted(found: Iterable[Document], export: Export, beside: BaseDatabaseWrapper) -> Iterator[Document]:
    """The documents, told of as they are written."""
    for number, document in enumerate(found, 1):
        yield document
        if number % TOLD_EVERY == 0:
            _keep(beside, _TOLD, [number, export.pk])


def _keep(beside: BaseDatabaseWrapper, sql: str, params: Sequence[Any]) -> None:
    """Write down what is done; raises ExportDiscarded when it is not wanted any more. Locks the export."""
    with beside.cursor() as cursor:
        cursor.execute(sql, params)
        if not cursor.rowcount:
            raise ExportDiscarded


def _parts(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes in parts of about the same size."""
    waiting = bytearray()
    for piece in pieces:
        waiting += piece
        if len(waiting) >= PART:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


def _fail(export_id: int, reason: str) -> None:
    ExportPart.objects.filter(export=export_id).delete()
    Export.objects.filter(pk=export_id).update(state=ExportState.FAILED, problem=reason, finished_at=timezone.now())


def clear_exports() -> None:
    """Delete what was kept long enough, and give up what no worker goes on with."""
    now = timezone.now()
    old = Export.objects.filter(asked_at__lt=now - KEPT_FOR)
    ExportPart.objects.filter(export__in=old).delete()
    old.delete()
    stalled = Export.objects.filter(state=ExportState.RUNNING, touched_at__lt=now - STALLED_AFTER)
    for key in stalled.values_list("pk", flat=True):
        _fail(key, "The worker stopped on the way. Ask again.")
