"""From a person and a key to an article or a revision: what may not be seen is 404, what may not be done 403."""

from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from newsannot.accounts.models import User
from newsannot.articles.models import Article, Revision, Source
from newsannot.core.filters import not_among
from newsannot.core.layers import Audience, Layer

if TYPE_CHECKING:
    from django.db.models import QuerySet


def articles_for(user: User) -> "QuerySet[Article]":
    """The articles a person may see: everybody who annotates sees all."""
    return Article.objects.all() if user.is_analyst else Article.objects.none()


def published_articles(audience: Audience = Audience.READERS) -> "QuerySet[Article]":
    """The articles of which a reading is published; what of them is known may leave, for readers after the embargo."""
    published = Article.objects.filter(revisions__readings__state="published").order_by()
    articles = Article.objects.filter(pk__in=published.values("pk"))
    if audience is Audience.STAFF:
        return articles
    return articles.filter(not_among("id", Article.objects.embargoed().values("pk")))


def articles_of(layer: Layer, user: User, audience: Audience = Audience.READERS) -> "QuerySet[Article]":
    """The articles of a layer; raises PermissionDenied when it is not the person's to see."""
    if layer is Layer.PUBLISHED:
        return published_articles(audience)
    if not user.is_analyst:
        raise PermissionDenied("Only analysts and editors may see articles that are not published.")
    return articles_for(user)


def article_for(user: User, article_id: int) -> Article:
    """One article the person may see, with its source; 404 for any other."""
    return get_object_or_404(articles_for(user).select_related("source"), pk=article_id)


def require_taking_in(user: User) -> None:
    """Raises PermissionDenied unless the person may add articles."""
    if not user.is_analyst:
        raise PermissionDenied("Only analysts and editors may add articles.")


def require_zoning(user: User) -> None:
    """Raises PermissionDenied unless the person may correct zones."""
    if not user.is_editor:
        raise PermissionDenied("Only editors may correct zones.")


def require_revising(user: User) -> None:
    """Raises PermissionDenied unless the person may store another text of an article."""
    if not user.is_editor:
        raise PermissionDenied("Only editors may store another text of an article.")


def article_to_revise(user: User, article_id: int) -> Article:
    """An article of which the person may store another text; unseen is 404, seen but not permitted 403."""
    article = article_for(user, article_id)
    require_revising(user)
    return article


def require_rating(user: User) -> None:
    """Raises PermissionDenied unless the person may rate sources."""
    if not user.is_editor:
        raise PermissionDenied("Only editors may rate sources.")


def source_to_rate(user: User, source_id: int) -> Source:
    """A source whose reliability the person may rate; unseen is 404, seen but not permitted 403."""
    if not user.is_analyst:
        raise Http404
    source = get_object_or_404(Source, pk=source_id)
    require_rating(user)
    return source


def revision_to_zone(user: User, revision_id: int) -> Revision:
    """A revision whose zones the person may correct; 404 for who may not see it, 403 for who may only see it."""
    if not user.is_analyst:
        raise Http404
    revision = get_object_or_404(Revision.objects.select_related("article__source"), pk=revision_id)
    require_zoning(user)
    return revision
