"""From a person, a layer and a kind to the annotations of that layer: what may be asked for, and by whom."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.kinds import Kind
from newsannot.annotations.models import Annotation, ReadingState
from newsannot.articles.models import Revision
from newsannot.core.layers import Layer

LAYERS = (Layer.PUBLISHED, Layer.OWN, Layer.CURATED, Layer.SUBMITTED)
_STANDING = Q(deleted_at=None)


def in_layer(kind: Kind, layer: Layer, user: User) -> QuerySet[Annotation]:
    """The standing annotations of a kind in a layer; raises PermissionDenied when it is not the person's to see."""
    annotations = kind.model._default_manager.filter(kind=kind.name)
    if layer is Layer.PUBLISHED:
        return annotations.filter(is_published=True)
    if layer is Layer.OWN:
        if not user.is_analyst:
            raise PermissionDenied("Only analysts and editors have readings of their own.")
        return annotations.filter(_STANDING, reading__reader=user)
    if not user.is_editor:
        raise PermissionDenied(f"Only editors may ask for layer={layer}.")
    if layer is Layer.CURATED:
        return annotations.filter(_STANDING, reading__reader=None)
    return annotations.filter(_STANDING, reading__reader__isnull=False).exclude(reading__state=ReadingState.OPEN)


def revision_to_verify(user: User, pk: int, *, may_work: bool) -> Revision:
    """A revision with its text, for holding spans against it: a published one, or any for who works on annotations."""
    revisions = Revision.objects.defer("raw", "search").filter(pk=pk)
    if not (may_work and user.is_analyst):
        revisions = revisions.filter(readings__state=ReadingState.PUBLISHED)
    revision = revisions.first()
    if revision is None:
        raise Http404("There is no such revision, or it is not published.")
    return revision
