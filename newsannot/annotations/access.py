"""From a person and a key to a reading or an annotation: unseen is 404, seen but not permitted is 403."""

from typing import NoReturn
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, Reading, Span


def _unseen(what: str) -> NoReturn:
    raise Http404(f"There is no such {what}, or it is not yours to see.")


HEAVY = ("text", "raw", "search")


def _readings(user: User) -> QuerySet[Reading]:
    """The readings the user may see, each with its revision but not the text."""
    return (
        Reading.objects.visible_to(user).select_related("revision").defer(*(f"revision__{column}" for column in HEAVY))
    )


def reading_for(user: User, pk: int) -> Reading:
    """A reading the user may see, with its revision (without the text), article, source, reader and codebook."""
    related = _readings(user).select_related("revision__article__source", "reader", "codebook")
    return related.filter(pk=pk).first() or _unseen("reading")


def may_change(user: User, reading: Reading) -> bool:
    """Whether the reading is the user's to change (its state apart): one's own; for editors also the curated."""
    return reading.reader_id == user.pk or (reading.is_curated and user.is_editor)


def reading_to_change(user: User, pk: int) -> Reading:
    """A reading the user may see and change (its state apart), with its revision (without the text)."""
    reading = _readings(user).filter(pk=pk).first() or _unseen("reading")
    if not may_change(user, reading):
        raise PermissionDenied("This reading is somebody else's.")
    return reading


def annotation_for(user: User, key: int | UUID, *, deleted: bool = False) -> Annotation:
    """An annotation, by id or public id, in a reading the user may see."""
    lookup = {"public_id": key} if isinstance(key, UUID) else {"pk": key}
    annotations = Annotation.objects.all() if deleted else Annotation.objects.standing()
    found = (
        annotations.filter(reading__in=Reading.objects.visible_to(user), **lookup)
        .select_related("reading__revision")
        .defer(*(f"reading__revision__{column}" for column in HEAVY))
        .first()
    )
    return found or _unseen("annotation")


def annotation_to_change(user: User, key: int | UUID, *, deleted: bool = False) -> Annotation:
    """An annotation in a reading the user may see and change."""
    annotation = annotation_for(user, key, deleted=deleted)
    if not may_change(user, annotation.reading):
        raise PermissionDenied("This reading is somebody else's.")
    return annotation


def span_to_change(user: User, pk: int) -> Span:
    """A span of an annotation the user may change."""
    span = Span.objects.filter(pk=pk).first() or _unseen("span")
    span.annotation = annotation_to_change(user, span.annotation_id)
    return span
