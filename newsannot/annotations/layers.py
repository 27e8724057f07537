"""From a person, a layer and a kind to the annotations of that layer: what may be asked for, and by whom."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Annotation, AnnotationQuerySet, ReadingState
from newsannot.articles.access import published_articles
from newsannot.articles.models import Revision
from newsannot.core.layers import Audience, Layer

LAYERS = (Layer.PUBLISHED, Layer.OWN, Layer.CURATED, Layer.SUBMITTED)
_STANDING = Q(deleted_at=None)


def in_layer(kind: Kind, layer: Layer, user: User, audience: Audience = Audience.READERS) -> QuerySet[Annotation]:
    """The standing annotations of a kind in a layer; raises PermissionDenied when it is not the person's to see."""
    annotations: AnnotationQuerySet = kind.model._default_manager.filter(kind=kind.name)
    if layer is Layer.PUBLISHED:
        return annotations.given_out(audience)
    if layer is Layer.OWN:
        if not user.is_analyst:
            raise PermissionDenied("Only analysts and editors have readings of their own.")
        return annotations.filter(_STANDING, reading__reader=user)
    if not user.is_editor:
        raise PermissionDenied(f"Only editors may ask for layer={layer}.")
    if layer is Layer.CURATED:
        return annotations.filter(_STANDING, reading__reader=None)
    return annotations.filter(_STANDING, reading__reader__isnull=False).exclude(reading__state=ReadingState.OPEN)


def revision_to_verify(pk: int, audience: Audience) -> Revision:
    """A revision with its text, for holding spans against it: one given out to readers, or any for staff."""
    revisions = Revision.objects.defer("raw", "search").filter(pk=pk)
    if audience is Audience.READERS:
        given_out = published_articles(audience).values("pk")
        revisions = revisions.filter(readings__state=ReadingState.PUBLISHED, article__in=given_out)
    revision = revisions.first()
    if revision is None:
        raise Http404("There is no such revision, or it is not published.")
    return revision
