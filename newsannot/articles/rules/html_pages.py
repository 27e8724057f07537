"""From the markup of a web page to an article's fields: text without scripts, one paragraph a line, and metadata."""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from lxml import html as markup

from newsannot.articles.rules.decoding import LARGEST_HTML, UnreadableError, check_size

EXTRACTOR = "trafilatura"
_MOMENTS = (
    "//meta[@property='article:published_time']/@content",
    "//meta[@itemprop='datePublished']/@content",
    "//meta[@name='date' or @name='pubdate' or @name='publish-date']/@content",
    "//time[@itemprop='datePublished' or @pubdate]/@datetime",
)
_LANGUAGES = (
    "/html/@lang",
    "/html/@xml:lang",
    "//meta[translate(@http-equiv, 'CL', 'cl')='content-language']/@content",
    "//meta[@property='og:locale']/@content",
)


@dataclass(frozen=True, slots=True)
class Page:
    """What a web page says of its article: the item's fields, and what took them out of the page."""

    fields: Mapping[str, Any]
    extractor: str
    extractor_version: str


def read_page(page: str, url: str = "") -> Page:
    """The article in a page's markup. Raises UnreadableError when there is none or the page is too large."""
    if len(page) > LARGEST_HTML // 4:
        check_size(len(page.encode("utf-8", "surrogatepass")), LARGEST_HTML, "a page")
    page = page.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
    found = _extractor().bare_extraction(
        page,
        url=url or None,
        with_metadata=True,
        include_comments=False,
        include_tables=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    text = (getattr(found, "text", None) or "").strip()
    if not text:
        raise UnreadableError("No article was found in this page.")
    return Page(_fields(page, found, text), EXTRACTOR, _extractor().__version__)


@cache
def _extractor() -> ModuleType:
    """The extractor, imported when first needed, its warnings about poor pages hushed: we say it ourselves."""
    import trafilatura  # noqa: PLC0415 - takes a quarter of a second that most commands need not wait

    for name in ("trafilatura", "htmldate", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return trafilatura


def _fields(page: str, found: Any, text: str) -> dict[str, Any]:
    tree = _tree(page)
    title = " ".join((found.title or "").split())
    fields = {
        "title": title,
        "text": _with_title(title, text),
        "url": found.url,
        "source": {"name": found.sitename, "domain": found.hostname},
        "byline": found.author,
        "published_at": _published_at(tree) or found.date,
        "language": _language(tree),
    }
    return {name: value for name, value in fields.items() if value}


def _with_title(title: str, text: str) -> str:
    """The text, its title before it unless it is already among the first lines."""
    top = [" ".join(line.split()).lower() for line in text.split("\n", 3)[:3]]
    return text if not title or title.lower() in top else f"{title}\n{text}"


def _tree(page: str) -> Any:
    return markup.fromstring(page.encode(), parser=markup.HTMLParser(encoding="utf-8"))


def _first(tree: Any, paths: tuple[str, ...]) -> str:
    for path in paths:
        for value in tree.xpath(path):
            if str(value).strip():
                return str(value).strip()
    return ""


def _published_at(tree: Any) -> str:
    """The moment a page says it was published at, if it says the time of day too."""
    return _first(tree, _MOMENTS) or _linked_data_moment(tree)


def _linked_data_moment(tree: Any) -> str:
    for script in tree.xpath("//script[@type='application/ld+json']/text()"):
        try:
            data = json.loads(script)
        except (ValueError, RecursionError):
            continue
        candidates = data if isinstance(data, list) else [data, *_graph(data)]
        for one in candidates:
            if isinstance(one, dict) and isinstance(one.get("datePublished"), str):
                return str(one["datePublished"])
    return ""


def _graph(data: Any) -> list[Any]:
    graph = data.get("@graph") if isinstance(data, dict) else None
    return graph if isinstance(graph, list) else []


def _language(tree: Any) -> str:
    return _first(tree, _LANGUAGES).split(",")[0].strip().replace("_", "-")
