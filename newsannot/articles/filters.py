"""Filters of the API by article and source; `path` leads from the collection's table to the article."""

from collections.abc import Iterable
from typing import Any

from django.db.models import F, Q, QuerySet
from rest_framework.request import Request

from newsannot.accounts.access import audience_of
from newsannot.articles.access import published_articles
from newsannot.articles.models import Article, Reliability, Source
from newsannot.codebook.filters import code_filter
from newsannot.core.filters import (
    A_MOMENT,
    AN_ID,
    Condition,
    Filter,
    a_moment,
    among,
    any_of,
    at_least,
    at_most,
    has_words,
    matches,
    matching,
    one_of,
    search_filter,
    updated_since,
    whole_number,
)
from newsannot.core.layers import Audience

A_COUNTRY = {"type": "string", "pattern": "^[A-Z]{3}$"}
read_country = matching(r"[A-Z]{3}", "an ISO 3166-1 alpha-3 code such as FRA")


# --- One filter each -----------------------------------------------------------------------------


def article_filter(path: str) -> Filter:
    """By article."""
    return Filter(
        name="article",
        help="The article's id.",
        read=whole_number,
        where=any_of(path),
        schema=AN_ID,
        unseen=_unseen_articles,
    )


def source_filter(column: str) -> Filter:
    """By source."""
    return Filter(
        name="source",
        help="The source's id or domain.",
        read=_read_source,
        where=lambda values: Q(**{f"{column}__in": list(_sources(values).values_list("pk", flat=True))}),
        unknown=_unknown_sources,
    )


def language_filter(column: str, of: str) -> Filter:
    """By language, dialects included."""
    return Filter(
        name="language",
        help=f"The {of}'s language [BCP 47]; `en` holds `en-GB`.",
        read=matching(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", "a language such as en, uk or zh-Hant"),
        where=lambda values: _language(column, values),
    )


def reliability_filter(where: Condition) -> Filter:
    """By the reliability of the source."""
    return Filter(
        name="reliability",
        help="The source's reliability [Admiralty]: A to F, F being *cannot be judged*.",
        read=one_of(Reliability.values),
        where=where,
        schema={"type": "string", "enum": Reliability.values},
    )


def source_country_filter(column: str) -> Filter:
    """By the country of the source."""
    return Filter(
        name="country",
        help="The source's country [ISO 3166-1 alpha-3].",
        read=read_country,
        where=any_of(column),
        schema=A_COUNTRY,
        unknown=_unknown_countries,
    )


def published_filters(column: str) -> tuple[Filter, Filter]:
    """By when the article was published."""
    return (
        Filter(
            name="published_from",
            help="Articles published at this moment or later.",
            read=a_moment(),
            where=at_least(column),
            schema=A_MOMENT,
            is_single=True,
        ),
        Filter(
            name="published_to",
            help="Articles published at this moment or before; of a day, all of it.",
            read=a_moment(at_end_of_day=True),
            where=at_most(column),
            schema=A_MOMENT,
            is_single=True,
        ),
    )


def about_articles(to_article: str) -> tuple[Filter, ...]:
    """By everything that is known of the article of a record; `to_article` leads from its table there."""
    return (
        article_filter(to_article),
        source_filter(f"{to_article}__source"),
        language_filter(f"{to_article}__language", "article"),
        reliability_filter(_so_reliable(f"{to_article}__source")),
        *published_filters(f"{to_article}__published_at"),
    )


# --- How they look up ----------------------------------------------------------------------------


def _read_source(text: str) -> int | str:
    return whole_number(text) if text.isdecimal() else matching(r"[^\s/]{1,253}", "an id or a domain")(text)


def _sources(values: list[Any]) -> QuerySet[Source]:
    ids, domains = [v for v in values if isinstance(v, int)], [v for v in values if isinstance(v, str)]
    return Source.objects.filter(Q(pk__in=ids) | Q(domain__in=domains))


def _so_reliable(column: str) -> Condition:
    """Sources are few: they are looked up first, so that the database knows how many rows to expect of them."""

    def where(values: list[Any]) -> Q:
        sources = Source.objects.filter(reliability__in=values).values_list("pk", flat=True)
        return Q(**{f"{column}__in": list(sources)})

    return where


def _unknown_sources(values: list[Any]) -> Iterable[Any]:
    known = {value for row in _sources(values).values_list("pk", "domain") for value in row}
    return [value for value in values if value not in known]


def _unseen_articles(values: list[Any], asking: Request | Audience) -> Iterable[Any]:
    """Staff know of every article, readers of those that are given out to them."""
    audience = audience_of(asking)
    known = Article.objects.all() if audience is Audience.STAFF else published_articles(audience)
    return sorted(set(values) - set(known.filter(pk__in=values).values_list("pk", flat=True)))


def _unknown_countries(values: list[Any]) -> Iterable[Any]:
    return sorted(set(values) - set(Source.objects.filter(country__in=values).values_list("country", flat=True)))


def _language(column: str, values: list[str]) -> Q:
    asked = Q()
    for value in values:
        asked |= Q(**{column: value}) | Q(**{f"{column}__startswith": f"{value}-"})
    return asked


def _articles_with(values: list[str]) -> Q:
    text = values[0]
    in_text = Article.objects.filter(has_words(F("revisions__search"), text)).order_by().values("pk")
    in_title = Article.objects.filter(matches("title", text)).order_by().values("pk")
    return among(in_text) | among(in_title)


# --- The collections of this room ----------------------------------------------------------------

ARTICLE_FILTERS = (
    source_filter("source"),
    source_country_filter("source__country"),
    language_filter("language", "article"),
    reliability_filter(_so_reliable("source")),
    *published_filters("published_at"),
    code_filter("genre", "genre", any_of("genre"), "The article's genre."),
    updated_since(),
    search_filter(
        _articles_with, "Words that all occur in the text, or all in the title; quotation marks do not matter."
    ),
)
SOURCE_FILTERS = (
    source_country_filter("country"),
    language_filter("language", "source"),
    reliability_filter(any_of("reliability")),
    updated_since(),
    search_filter(
        lambda values: Q(name__icontains=values[0]) | Q(domain__icontains=values[0]),
        "A part of the name or of the domain.",
    ),
)
