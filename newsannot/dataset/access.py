"""Who may publish: editors. A revision is seen by everybody who annotates."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.articles.models import Revision


def revision_to_publish(user: User, pk: int) -> Revision:
    """A revision, without its text, whose curated reading the person may publish and withdraw."""
    revisions = Revision.objects.select_related("article").defer("text", "raw", "search")
    revision = revisions.filter(pk=pk).first() if user.is_analyst else None
    if revision is None:
        raise Http404("There is no such revision, or it is not yours to see.")
    if not user.is_editor:
        raise PermissionDenied("Only editors publish and withdraw.")
    return revision
