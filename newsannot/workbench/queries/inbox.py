"""The inbox: articles, newest first, each with one's own reading of it. Its cost does not depend on the corpus."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Exists, F, OuterRef, QuerySet

from newsannot.accounts.models import User
from newsannot.annotations.models import Reading, ReadingState
from newsannot.articles.access import articles_for
from newsannot.articles.models import Article, Revision, Source
from newsannot.articles.queries import language_name
from newsannot.core.filters import has_words, matches
from newsannot.workbench.assigned import assigned

PAGE_SIZE = 50
NOT_STARTED = "new"
ASSIGNED = "assigned"
STATES: Mapping[str, str] = {
    ASSIGNED: "Assigned to me",
    NOT_STARTED: "Not started",
    **{state.value: str(state.label) for state in ReadingState if state not in {"published", "withdrawn"}},
}
MOST_SOURCES = 500
_LARGEST_ID = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the inbox is asked for; every field may be empty. `older` and `newer` are ids the page lies beyond."""

    words: str = ""
    state: str = ""
    source: int | None = None
    language: str = ""
    older: int | None = None
    newer: int | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether anything but the page is asked for."""
        return bool(self.words or self.state or self.source or self.language)


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An article and the state of one's own reading of its newest text that one has read, if any."""

    article: Article
    reading_id: int | None
    state: str
    is_assigned: bool = False
    due_at: datetime | None = None

    @property
    def state_label(self) -> str:
        """The state in words."""
        return STATES[self.state]


@dataclass(frozen=True, slots=True)
class InboxPage:
    """Rows, and the ids the pages beside them lie beyond (None: there is none)."""

    rows: Sequence[InboxRow]
    newer: int | None
    older: int | None


def inbox_page(user: User, wanted: Wanted, *, size: int = PAGE_SIZE) -> InboxPage:
    """A page of the inbox; three queries, however long the page and whatever its depth."""
    is_upwards = wanted.newer is not None
    found = list(_ordered(_asked(user, wanted), wanted, size + 1))
    has_more, found = len(found) > size, found[:size]
    if is_upwards:
        found.reverse()
    is_first = not is_upwards and wanted.older is None
    newer = found[0].pk if found and (has_more if is_upwards else not is_first) else None
    older = found[-1].pk if found and (has_more or is_upwards) else None
    return InboxPage(_with_readings(user, found), newer, older)


def found_articles(articles: QuerySet[Article], wanted: Wanted, *, most: int) -> list[int]:
    """The ids of so many articles that answer to words, source and language, newest first."""
    return list(_ordered(_narrowed(articles, wanted), wanted, most).values_list("pk", flat=True))


def _narrowed(articles: QuerySet[Article], wanted: Wanted) -> QuerySet[Article]:
    if wanted.source is not None:
        articles = articles.filter(source=wanted.source)
    return articles.filter(language=wanted.language) if wanted.language else articles


def _asked(user: User, wanted: Wanted) -> QuerySet[Article]:
    """The articles asked for, words apart."""
    articles = _narrowed(articles_for(user).select_related("source"), wanted)
    if wanted.state == ASSIGNED:
        return articles.filter(pk__in=assigned().articles(user))
    if wanted.state:
        mine = Reading.objects.filter(reader=user, revision__article=OuterRef("pk"))
        is_new = wanted.state == NOT_STARTED
        articles = articles.filter(~Exists(mine) if is_new else Exists(mine.filter(state=wanted.state)))
    return articles


def _ordered(articles: QuerySet[Article], wanted: Wanted, size: int) -> QuerySet[Article]:
    """So many articles beyond the page asked from, newest first (oldest first when going up)."""
    if wanted.newer is not None:
        articles, order = articles.filter(pk__gt=wanted.newer), "pk"
    else:
        articles, order = articles.filter(pk__lt=wanted.older or _LARGEST_ID), "-pk"
    if wanted.words:
        articles = articles.filter(pk__in=_found(articles, wanted.words, order, size))
    return articles.order_by(order)[:size]


def _found(articles: QuerySet[Article], words: str, order: str, size: int) -> set[int]:
    """The first so many articles with the words in their text, and as many with them in their title; two queries.

    Each is cut by itself, so that the database may walk either the index of words or that of ids.
    """
    texts = Revision.objects.filter(has_words(F("search"), words), article=OuterRef("pk"))
    branches = (articles.filter(Exists(texts)), articles.filter(matches("title", words)))
    return {pk for branch in branches for pk in branch.order_by(order).values_list("pk", flat=True)[:size]}


def _with_readings(user: User, articles: Sequence[Article]) -> list[InboxRow]:
    """The articles with one's own readings, and when those assigned to one are due; two queries."""
    due = assigned().due(user, [article.pk for article in articles])
    mine = Reading.objects.filter(reader=user, revision__article__in=[article.pk for article in articles])
    rows = mine.order_by("revision__number").values_list("revision__article_id", "pk", "state")
    newest = {article: (pk, state) for article, pk, state in rows}
    found = []
    for article in articles:
        reading_id, state = newest.get(article.pk, (None, NOT_STARTED))
        found.append(InboxRow(article, reading_id, state, article.pk in due, due.get(article.pk)))
    return found


def source_choices() -> list[Source]:
    """The sources to choose from, by name."""
    return list(Source.objects.order_by("name", "pk")[:MOST_SOURCES])


def language_choices() -> list[tuple[str, str]]:
    """The languages that articles are in, with their names; walks the index from one language to the next."""
    with connection.cursor() as cursor:
        cursor.execute(_LANGUAGES)
        tags = [tag for (tag,) in cursor.fetchall()]
    return sorted(((tag, language_name(tag)) for tag in tags), key=lambda choice: choice[1])


_LANGUAGES = """
    WITH RECURSIVE step AS (
        (SELECT language FROM articles_article ORDER BY language LIMIT 1)
        UNION ALL
        SELECT (SELECT language FROM articles_article WHERE language > step.language ORDER BY language LIMIT 1)
        FROM step WHERE step.language IS NOT NULL
    )
    SELECT language FROM step WHERE language IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class ArticleReading:
    """A reading of an article as its page lists it."""

    reading: Reading
    is_mine: bool
    reader: str


def readings_of(user: User, article: Article) -> list[ArticleReading]:
    """The readings of an article that a person may see, one's own first; one query."""
    readings = (
        Reading.objects.visible_to(user)
        .filter(revision__article=article)
        .select_related("reader", "revision")
        .defer("revision__text", "revision__raw", "revision__search")
    )
    seen = [
        ArticleReading(one, one.reader_id == user.pk, one.reader.label if one.reader else "Curated") for one in readings
    ]
    return sorted(seen, key=lambda one: (not one.is_mine, one.reading.pk))
