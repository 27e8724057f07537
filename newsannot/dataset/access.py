"""Who may publish: editors. A revision is seen by everybody who annotates; what was given out once, by all."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.models import Annotation
from newsannot.articles.models import Article, Revision
from newsannot.core.layers import Audience
from newsannot.dataset.models import Change, Release, ReleaseFile, ReleaseState


def revision_to_publish(user: User, pk: int) -> Revision:
    """A revision, without its text, whose curated reading the person may publish and withdraw."""
    revisions = Revision.objects.select_related("article").defer("text", "raw", "search")
    revision = revisions.filter(pk=pk).first() if user.is_analyst else None
    if revision is None:
        raise Http404("There is no such revision, or it is not yours to see.")
    if not user.is_editor:
        raise PermissionDenied("Only editors publish and withdraw.")
    return revision


def changes_of(kind: str, public_id: UUID, audience: Audience) -> Q:
    """The changes of a record that was given out once; for readers, not while its article is within an embargo."""
    changes = Q(kind=kind, record=str(public_id))
    records = Annotation.objects.filter(public_id=public_id)
    if audience is Audience.READERS:
        records = records.exclude(reading__revision__article__in=Article.objects.embargoed())
    if not (Change.objects.filter(changes).exists() and records.exists()):
        raise Http404(f"There is no such {kind}, or it never was published.")
    return changes


def release_given_out(name: str) -> Release:
    """A release that is ready, with its files."""
    release = Release.objects.filter(name=name, state=ReleaseState.READY).prefetch_related("files").first()
    if release is None:
        raise Http404("There is no such release.")
    return release


def release_and_former(name: str, former: str) -> tuple[Release, Release]:
    """A release that is ready and one that was made before it."""
    later, earlier = release_given_out(name), release_given_out(former)
    if earlier.seq > later.seq:
        raise Http404(f"{former} is no former release of {name}; it came later.")
    return later, earlier


def release_for(user: User, name: str) -> Release:
    """A release, for editors also one that is being made or failed."""
    releases = Release.objects.prefetch_related("files")
    if not user.is_editor:
        releases = releases.filter(state=ReleaseState.READY)
    release = releases.filter(name=name).first()
    if release is None:
        raise Http404("There is no such release.")
    return release


def file_of(release: Release, name: str) -> ReleaseFile:
    """A file of a release."""
    file = ReleaseFile.objects.select_related("release").filter(release=release, name=name).first()
    if file is None:
        raise Http404("There is no such file in this release.")
    return file
