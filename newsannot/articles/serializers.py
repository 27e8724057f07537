"""What the API gives out of articles and sources, and takes in. Text is not among it: that is for readings."""

from collections.abc import Sequence
from typing import Any

from rest_framework import serializers

from newsannot.articles.models import Reliability, Source
from newsannot.articles.queries import ArticleSeen
from newsannot.core.describing import page


class SourceNameOut(serializers.Serializer[Any]):
    """A source, named."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    domain = serializers.CharField()
    reliability = serializers.ChoiceField(Reliability.choices, allow_null=True)


class SourceOut(serializers.Serializer[Any]):
    """Who publishes articles, and what may be given out of them."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    domain = serializers.CharField()
    country = serializers.CharField(allow_null=True, help_text="ISO 3166-1 alpha-3")
    language = serializers.CharField(allow_null=True, help_text="BCP 47")
    reliability = serializers.ChoiceField(
        Reliability.choices, allow_null=True, help_text="Admiralty code; null: not rated. F: cannot be judged."
    )
    licence = serializers.CharField(allow_null=True)
    excerpt_limit = serializers.IntegerField(
        allow_null=True, help_text="Characters of a record's words that readers get; null: no limit."
    )
    embargo_hours = serializers.IntegerField(
        help_text="So long after it was published nothing of an article is given out to readers."
    )
    updated_at = serializers.DateTimeField()


class RevisionNameOut(serializers.Serializer[Any]):
    """A text of an article, named."""

    id = serializers.IntegerField()
    number = serializers.IntegerField()
    sha256 = serializers.CharField(help_text="Of the canonical text in UTF-8.")
    length = serializers.IntegerField(help_text="Code points.")


class ArticleOut(serializers.Serializer[Any]):
    """An article, without its text."""

    id = serializers.IntegerField()
    url = serializers.CharField(allow_null=True)
    title = serializers.CharField()
    byline = serializers.CharField(allow_null=True)
    source = SourceNameOut()  # type: ignore[assignment]
    published_at = serializers.DateTimeField(allow_null=True)
    language = serializers.CharField(help_text="BCP 47")
    genre = serializers.CharField(allow_null=True)
    revision = RevisionNameOut(allow_null=True, help_text="The newest.")
    updated_at = serializers.DateTimeField()


class SourceIn(serializers.Serializer[Any]):
    """A source, by domain or, without one, by name."""

    name = serializers.CharField(required=False, max_length=200)
    domain = serializers.CharField(required=False, max_length=253)


class ArticleIn(serializers.Serializer[Any]):
    """An article to take in. Give `text` or `html`."""

    title = serializers.CharField(required=False, max_length=500)
    text = serializers.CharField(required=False)
    html = serializers.CharField(required=False, help_text="A page; the article is found in it.")
    url = serializers.URLField(required=False, allow_null=True, max_length=2000)
    source = SourceIn(required=False)  # type: ignore[assignment]
    language = serializers.CharField(required=False, max_length=35, help_text="BCP 47; found from the text without it.")
    published_at = serializers.DateTimeField(required=False, allow_null=True)
    byline = serializers.CharField(required=False, max_length=300)
    genre = serializers.CharField(required=False, max_length=40)


class ArticleTakenIn(serializers.Serializer[Any]):
    """What became of one item."""

    index = serializers.IntegerField(help_text="Its place in what was sent.")
    id = serializers.IntegerField(allow_null=True, help_text="The article's; of a duplicate, the stored one's.")
    status = serializers.ChoiceField(["created", "duplicate", "error"])
    errors = serializers.DictField(  # type: ignore[assignment]
        child=serializers.ListField(child=serializers.CharField()), help_text="Field → what is wrong with it."
    )


SourcePage = page(SourceOut, "SourcePage")
ArticlePage = page(ArticleOut, "ArticlePage")


def present_sources(sources: Sequence[Source]) -> list[dict[str, Any]]:
    """Sources as SourceOut says."""
    return [
        {
            "id": source.pk,
            "name": source.name,
            "domain": source.domain,
            "country": source.country or None,
            "language": source.language or None,
            "reliability": source.reliability,
            "licence": source.licence or None,
            "excerpt_limit": source.excerpt_limit,
            "embargo_hours": source.embargo_hours,
            "updated_at": source.updated_at,
        }
        for source in sources
    ]


def present_articles(seen: Sequence[ArticleSeen]) -> list[dict[str, Any]]:
    """Articles as ArticleOut says."""
    return [_present_article(one) for one in seen]


def _present_article(seen: ArticleSeen) -> dict[str, Any]:
    article, source, revision = seen.article, seen.article.source, seen.revision
    return {
        "id": article.pk,
        "url": article.url,
        "title": article.title,
        "byline": article.byline or None,
        "source": {
            "id": source.pk,
            "name": source.name,
            "domain": source.domain,
            "reliability": source.reliability,
        },
        "published_at": article.published_at,
        "language": article.language,
        "genre": article.genre or None,
        "revision": revision
        and {
            "id": revision.pk,
            "number": revision.number,
            "sha256": revision.sha256,
            "length": revision.length,
        },
        "updated_at": article.updated_at,
    }
