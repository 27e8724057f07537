"""Reads about articles: what is known already, and an article as its page shows it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.conf.locale import LANG_INFO
from django.db import connection
from django.db.models import Q, QuerySet

from newsannot.articles.models import Article, Revision, Zone
from newsannot.articles.rules.blocks import Block, block_starts, cut_blocks
from newsannot.articles.rules.items import UNKNOWN_LANGUAGE, Draft
from newsannot.codebook.models import CodebookVersion
from newsannot.codebook.queries import codebook

# Joined rather than `= ANY`: a plan kept from when the tables were small then grows with them, not with their product.
_KNOWN = """
    SELECT id, url, NULL FROM articles_article JOIN unnest(%(urls)s::text[]) AS wanted (url) USING (url)
    UNION ALL
    SELECT id, NULL, text_sha256 FROM articles_article
    JOIN unnest(%(hashes)s::text[]) AS wanted (text_sha256) USING (text_sha256)
    UNION ALL
    SELECT article_id, NULL, sha256 FROM articles_revision
    JOIN unnest(%(hashes)s::text[]) AS wanted (sha256) USING (sha256)
"""


@lru_cache(maxsize=8)
def text_of(revision_id: int) -> str:
    """A revision's text, kept for whoever asks next: it never changes.

    The database walks through all of a text to cut a piece out of it, 2 ms at 100,000 words, and a mark needs several.
    """
    return Revision.objects.values_list("text", flat=True).get(pk=revision_id)


@lru_cache(maxsize=8)
def block_starts_of(revision_id: int) -> Sequence[int]:
    """The code point offset at which each block of a revision starts."""
    return block_starts(text_of(revision_id))


@dataclass(frozen=True, slots=True)
class Recognised:
    """A stored article that an item is, and by what it is known, in words; whether it has another text there."""

    article_id: int
    note: str
    is_other_text: bool = False


@dataclass(frozen=True, slots=True)
class KnownArticles:
    """The articles that are there already, by canonical address and by the hash of a text; new ones are added."""

    by_url: dict[str, int]
    by_sha256: dict[str, int]

    def recognise(self, draft: Draft) -> Recognised | None:
        """The article that a draft is, or None when it is new."""
        same_text = self.by_sha256.get(draft.sha256)
        same_url = self.by_url.get(draft.url) if draft.url else None
        if same_url is not None and not same_text:
            return Recognised(same_url, "same address, another text: nothing changed", is_other_text=True)
        if same_url is not None:
            return Recognised(same_url, "same address")
        return None if same_text is None else Recognised(same_text, "same text")

    def add(self, article_id: int, draft: Draft) -> None:
        """Know a draft from now on."""
        self.by_sha256[draft.sha256] = article_id
        if draft.url:
            self.by_url[draft.url] = article_id


def known_articles(drafts: Collection[Draft]) -> KnownArticles:
    """Which of these drafts are stored, and as which article; one query."""
    urls = [draft.url for draft in drafts if draft.url]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN, {"urls": urls, "hashes": [draft.sha256 for draft in drafts]})
        rows = cursor.fetchall()
    return KnownArticles(
        {url: article for article, url, _ in rows if url is not None},
        {sha256: article for article, _, sha256 in rows if sha256 is not None},
    )


def article_with_text(sha256: str, *, first: int) -> Article | None:
    """An article of which some revision has this text; the one of the id `first` before others."""
    having = Article.objects.filter(Q(revisions__sha256=sha256) | Q(text_sha256=sha256)).order_by("id")
    return having.filter(pk=first).first() or having.first()


def genre_labels() -> Mapping[str, str]:
    """The genres of the newest codebook: code → label; empty before one was loaded."""
    newest = CodebookVersion.objects.first()
    return {code: choice.label for code, choice in codebook(newest.pk).get("genre", {}).items()} if newest else {}


def language_name(tag: str) -> str:
    """The English name of a language tag, as far as it is known: “Russian”, “Chinese (zh-Hans)”."""
    if tag == UNKNOWN_LANGUAGE:
        return "Unknown"
    first, _, rest = tag.partition("-")
    name = LANG_INFO.get(first, {}).get("name") or _MORE_LANGUAGES.get(first, "")
    return (f"{name} ({tag})" if rest else name) or tag


_MORE_LANGUAGES = {"zh": "Chinese", "ps": "Pashto", "am": "Amharic", "ku": "Kurdish", "so": "Somali", "no": "Norwegian"}


@dataclass(frozen=True, slots=True)
class ZonedBlock:
    """A block of a revision and the kind of zone it lies in; a blank block lies in none."""

    block: Block
    kind: str | None


def zoned_blocks(revision: Revision) -> list[ZonedBlock]:
    """Every block of a revision with its zone; one query."""
    zones = list(Zone.objects.filter(revision=revision).order_by("start").values_list("start", "end", "kind"))
    found, index = [], 0
    for block in cut_blocks(revision.text):
        while index < len(zones) and zones[index][1] <= block.start:
            index += 1
        is_inside = index < len(zones) and zones[index][0] <= block.start < zones[index][1] and not block.is_blank
        found.append(ZonedBlock(block, zones[index][2] if is_inside else None))
    return found


@dataclass(frozen=True, slots=True)
class ArticlePage:
    """An article, its current text cut into blocks with their zones, and how its newest revision was taken in."""

    article: Article
    revision: Revision
    blocks: Sequence[ZonedBlock]
    retrieved_at: datetime

    @property
    def opens_with_headline(self) -> bool:
        """Whether the text begins with its headline, so that the page need not show the title above it."""
        return next((zoned.kind for zoned in self.blocks if not zoned.block.is_blank), None) == "headline"


def article_page(article: Article) -> ArticlePage:
    """An article as its page shows it; two queries, the raw capture left where it is."""
    revision = article.revisions.defer("raw", "search").latest("number")
    return ArticlePage(article, revision, zoned_blocks(revision), revision.retrieved_at)


@dataclass(frozen=True, slots=True)
class ArticleSeen:
    """An article, with its source, and its newest revision, without the text."""

    article: Article
    revision: Revision | None


def articles_seen(articles: QuerySet[Article]) -> list[ArticleSeen]:
    """The articles of a queryset, in its order; two queries."""
    rows = list(articles.select_related("source"))
    newest = (
        Revision.objects.filter(article__in=[row.pk for row in rows])
        .order_by("article_id", "-number")
        .distinct("article_id")
        .only("article_id", "number", "sha256", "length")
    )
    revisions = {revision.article_id: revision for revision in newest}
    return [ArticleSeen(row, revisions.get(row.pk)) for row in rows]
