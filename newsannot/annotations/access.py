"""From a person and a key to a reading or an annotation: unseen is 404, seen but not permitted is 403."""

from typing import NoReturn, cast
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation, Reading, ReadingState, Span
from newsannot.articles.models import Article, Revision, Source
from newsannot.core.rows import Table, joined


def _unseen(what: str) -> NoReturn:
    raise Http404(f"There is no such {what}, or it is not yours to see.")


HEAVY = ("text", "block_starts", "raw", "search")
_READING = (Table(Reading, "r"), Table(Revision, "v", without=HEAVY), Table(Article, "a"), Table(Source, "s"))
_READER = Table(User, "u")
_FROM = """
    FROM annotations_reading r JOIN articles_revision v ON v.id = r.revision_id
    JOIN articles_article a ON a.id = v.article_id JOIN articles_source s ON s.id = a.source_id
"""
_FROM_READER = "LEFT JOIN accounts_user u ON u.id = r.reader_id"


def reading_for(user: User, pk: int) -> Reading:
    """A reading the user may see, with its revision (without the text), article, source and reader."""
    found = joined([*_READING, _READER], f"{_FROM} {_FROM_READER} WHERE r.id = %s", [pk])
    reading, revision, article, source, reader = found or _unseen("reading")
    reading.revision, revision.article, article.source, reading.reader = revision, article, source, reader
    return _seen(user, reading)


def _seen(user: User, reading: Reading) -> Reading:
    return reading if may_see(user, reading) else _unseen("reading")


def may_see(user: User, reading: Reading) -> bool:
    """What `ReadingQuerySet.visible_to` says, of a reading at hand."""
    is_own = reading.reader_id == user.pk
    is_handed_in = reading.is_curated or reading.state != ReadingState.OPEN
    return user.is_analyst and (is_own or (user.is_editor and is_handed_in))


def may_change(user: User, reading: Reading) -> bool:
    """Whether the reading is the user's to change (its state apart): one's own; for editors also the curated."""
    return reading.reader_id == user.pk or (reading.is_curated and user.is_editor)


def reading_to_change(user: User, pk: int) -> Reading:
    """A reading the user may see and change (its state apart), with its revision (no text), article and source."""
    found = joined(_READING, f"{_FROM} WHERE r.id = %s", [pk])
    reading, revision, article, source = found or _unseen("reading")
    reading.revision, revision.article, article.source = revision, article, source
    if not may_change(user, _seen(user, reading)):
        raise PermissionDenied("This reading is somebody else's.")
    return cast("Reading", reading)


def annotation_for(user: User, key: int | UUID, *, deleted: bool = False) -> Annotation:
    """An annotation, by id or public id, in a reading the user may see, with its article and source."""
    lookup = {"public_id": key} if isinstance(key, UUID) else {"pk": key}
    annotations = Annotation.objects.all() if deleted else Annotation.objects.standing()
    found = (
        annotations.filter(reading__in=Reading.objects.visible_to(user), **lookup)
        .select_related("reading__revision__article__source")
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
