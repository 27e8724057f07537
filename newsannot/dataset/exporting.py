"""Asking for exports, and writing them in the worker: kept in the database in parts, for their owner, for a week."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
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
    return Selection(
        user=export.owner, layer=Layer(export.layer), kinds=tuple(export.kinds), query=export.query, is_one_moment=False
    )


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
    selection = selection_of(export)
    Export.objects.filter(pk=export.pk).update(total=document_count(selection), touched_at=timezone.now())
    pieces = FORMATS[export.format].write(_counted(documents(selection), export), shapes())
    size = number = 0
    for number, part in enumerate(_parts(pieces), 1):
        with transaction.atomic():
            _touch(export)
            ExportPart.objects.create(export=export, number=number, data=part)
        size += len(part)
    with transaction.atomic():
        _touch(export)
        Export.objects.filter(pk=export.pk).update(state=ExportState.DONE, size=size, finished_at=timezone.now())


def _counted(found: Iterable[Document], export: Export) -> Iterator[Document]:
    """The documents, told of as they are written."""
    for number, document in enumerate(found, 1):
        yield document
        if number % TOLD_EVERY == 0:
            _touch(export, done=number)


def _touch(export: Export, **values: int) -> None:
    """Say that it goes on; raises ExportDiscarded when it is not wanted any more. Locks it."""
    standing = Export.objects.filter(pk=export.pk, state=ExportState.RUNNING)
    if not standing.update(touched_at=timezone.now(), **values):
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
