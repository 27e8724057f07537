"""From a person and a key to a reading or an annotation: unseen is 404, seen but not permitted is 403."""

from typing import NoReturn
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection
from django.db.models import QuerySet
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, Reading, ReadingState, Span
from newsannot.articles.models import Revision
from newsannot.core.rows import ask, columns, names


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


def may_see(user: User, reading: Reading) -> bool:
    """What `ReadingQuerySet.visible_to` says, of a reading at hand."""
    is_own = reading.reader_id == user.pk
    is_handed_in = reading.is_curated or reading.state != ReadingState.OPEN
    return user.is_analyst and (is_own or (user.is_editor and is_handed_in))


def may_change(user: User, reading: Reading) -> bool:
    """Whether the reading is the user's to change (its state apart): one's own; for editors also the curated."""
    return reading.reader_id == user.pk or (reading.is_curated and user.is_editor)


_READING = f"""
    SELECT {columns(Reading, "r")}, {columns(Revision, "v", without=HEAVY)}
    FROM annotations_reading r JOIN articles_revision v ON v.id = r.revision_id WHERE r.id = %s
"""  # noqa: S608 - no value in it


def reading_to_change(user: User, pk: int) -> Reading:
    """A reading the user may see and change (its state apart), with its revision (without the text)."""
    with ask(_READING, [pk]) as cursor:
        found = cursor.fetchone() or _unseen("reading")
    attributes = names(Reading)
    reading = Reading.from_db(connection.alias, attributes, found[: len(attributes)])
    reading.revision = Revision.from_db(connection.alias, names(Revision, without=HEAVY), found[len(attributes) :])
    if not may_see(user, reading):
        _unseen("reading")
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
