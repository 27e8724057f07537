"""One article as it is handed in: its fields checked, its text made canonical, ready to be stored.

The fields are those of `POST /api/v1/articles/`: title, text or html, url, source {name, domain}, language,
published_at, byline, genre. Fields of other names are left alone here, since files carry more than is wanted;
`unknown_fields` finds them for who wants to refuse them. A page's own metadata fills what is not given.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import urlsplit

from newsannot.articles.rules.blocks import block_starts
from newsannot.articles.rules.canonical import canonical, text_sha256
from newsannot.articles.rules.decoding import UnreadableError, check_text
from newsannot.articles.rules.html_pages import read_page
from newsannot.articles.rules.web_addresses import BadAddressError, canonical_url, domain_of
from newsannot.articles.rules.zones import FoundZone, find_zones

FIELDS = ("title", "text", "html", "url", "source", "language", "published_at", "byline", "genre")
SOURCE_FIELDS = ("name", "domain")
LONGEST = {"title": 500, "byline": 300, "genre": 40, "language": 35, "source.name": 200, "source.domain": 253}
UNKNOWN_LANGUAGE = "und"
UNKNOWN_SOURCE = "Unknown source"
NO_DOMAIN = ".invalid"
"""Closes the made-up domain of a source that has none (a name reserved for that by RFC 2606)."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-(?:[A-Za-z]{2}|\d{3}))?(?:-[A-Za-z0-9]{5,8})*")
_DOMAIN = re.compile(r"(?=.{1,253}$)(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})*")
_YEARS = range(1600, 2200)

Errors = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Capture:
    """What an article's text was taken from: the bytes as they came, and what took the text out of them."""

    raw: bytes
    raw_type: str
    extractor: str = ""
    extractor_version: str = ""


@dataclass(frozen=True, slots=True)
class SourceName:
    """A source as an item names it; either part may be empty."""

    name: str = ""
    domain: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An article ready to be stored. Offsets are code points of `text`, which is canonical."""

    title: str
    text: str
    sha256: str
    block_starts: Sequence[int]
    zones: Sequence[FoundZone]
    source: SourceName
    url: str | None = None
    byline: str = ""
    language: str = UNKNOWN_LANGUAGE
    genre: str = ""
    published_at: datetime | None = None
    capture: Capture | None = None


class ItemRefusedError(ValueError):
    """An item cannot be stored; `errors` maps field names to messages for people."""

    def __init__(self, errors: Errors) -> None:
        self.errors: dict[str, list[str]] = {name: list(messages) for name, messages in errors.items()}
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in self.errors.items()))


@dataclass(slots=True)
class _Reader:
    """Reads fields one by one and collects what is wrong with them."""

    fields: Mapping[str, Any]
    errors: dict[str, list[str]] = field(default_factory=dict)

    def refuse(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)

    def string(self, name: str, value: object = None) -> str:
        """A one-line string without white space at its ends; `None` is the empty string."""
        value = self.fields.get(name) if value is None else value
        if value is None:
            return ""
        if not isinstance(value, str):
            self.refuse(name, "This must be a string.")
            return ""
        line = " ".join(canonical(value).text.split())
        if len(line) > LONGEST.get(name, 2000):
            self.refuse(name, f"This may have at most {LONGEST[name]} characters.")
        return line

    def url(self) -> str | None:
        value = self.fields.get("url")
        if value in (None, ""):
            return None
        if not isinstance(value, str):
            self.refuse("url", "This must be a string.")
            return None
        try:
            return canonical_url(value)
        except BadAddressError as error:
            self.refuse("url", str(error))
            return None

    def language(self) -> str:
        value = self.string("language").replace("_", "-")
        if not value:
            return UNKNOWN_LANGUAGE
        if _LANGUAGE.fullmatch(value) is None:
            self.refuse("language", f"“{value[:40]}” is no language tag, such as en, pt-BR or zh-Hans.")
            return UNKNOWN_LANGUAGE
        return tidy_language(value)

    def published_at(self) -> datetime | None:
        value = self.fields.get("published_at")
        if value in (None, ""):
            return None
        try:
            return read_moment(value)
        except ValueError:
            self.refuse("published_at", "This must be a date and time, such as 2025-09-05T14:30:00+03:00.")
            return None

    def source(self) -> SourceName:
        value = self.fields.get("source")
        if isinstance(value, str):
            is_domain = "." in value and " " not in value.strip() and _DOMAIN.fullmatch(value.strip()) is not None
            value = {"domain" if is_domain else "name": value}
        if value is None:
            return SourceName()
        if not isinstance(value, Mapping):
            self.refuse("source", "This must be an object with a name and a domain.")
            return SourceName()
        domain = self.string("source.domain", value.get("domain") or "").lower().removeprefix("www.")
        if domain and _DOMAIN.fullmatch(domain) is None:
            self.refuse("source.domain", f"“{domain[:60]}” is no domain, such as example.org.")
        return SourceName(self.string("source.name", value.get("name") or ""), domain)

    def text(self) -> str:
        value = self.fields.get("text")
        if not isinstance(value, str):
            self.refuse("text", "This field is required." if value is None else "This must be a string.")
            return ""
        text = canonical(value).text
        try:
            check_text(text)
        except UnreadableError as error:
            self.refuse("text", str(error))
        return text


def draft_item(fields: Mapping[str, Any], raw: bytes | None = None) -> Draft:
    """A draft from an item's fields, with `text` or `html`. Raises ItemRefusedError.

    `raw` are the bytes as they came, to be kept; without it a page's markup is kept as UTF-8.
    """
    page = fields.get("html")
    if page in (None, ""):
        return _draft_text(fields, Capture(raw, "text/plain") if raw is not None else None)
    if not isinstance(page, str):
        raise ItemRefusedError({"html": ["This must be a string."]})
    if fields.get("text") not in (None, ""):
        raise ItemRefusedError({"html": ["Give either text or html, not both."]})
    try:
        found = read_page(page, url=str(fields.get("url") or ""))
    except UnreadableError as error:
        raise ItemRefusedError({"html": [str(error)]}) from None
    given = {name: value for name, value in fields.items() if value not in (None, "") and name != "html"}
    raw = page.encode("utf-8", "replace") if raw is None else raw
    capture = Capture(raw, "text/html", found.extractor, found.extractor_version)
    return _draft_text({**_usable(found.fields), **given}, capture)


def unknown_fields(fields: Mapping[str, Any]) -> Errors:
    """What an item has that no article has, each by its name; of a source's, such as `source.town`."""
    source = fields.get("source")
    inner = [f"source.{name}" for name in source if name not in SOURCE_FIELDS] if isinstance(source, Mapping) else []
    names = [*(name for name in fields if name not in FIELDS), *inner]
    known = f"There is no such field; there are {', '.join(FIELDS)}, and in source {' and '.join(SOURCE_FIELDS)}."
    return {name[:80]: [known] for name in names}


def _usable(fields: Mapping[str, Any]) -> dict[str, Any]:
    """A page's own metadata without what is wrong with it, since nobody can be asked to correct it."""
    fields = {**fields, "title": _shorten(str(fields.get("title", "")), LONGEST["title"])}
    reader = _Reader(fields)
    for read in (reader.url, reader.language, reader.published_at, reader.source):
        read()
    for name in ("title", "byline", "genre"):
        reader.string(name)
    wrong = {name.split(".")[0] for name in reader.errors}
    if urlsplit(str(fields.get("url") or "")).path in {"", "/"}:
        wrong.add("url")
    return {name: value for name, value in fields.items() if name not in wrong}


def _draft_text(fields: Mapping[str, Any], capture: Capture | None) -> Draft:
    reader = _Reader(fields)
    text, title, url = reader.text(), reader.string("title"), reader.url()
    source = complete_source(reader.source(), url)
    language, published_at = reader.language(), reader.published_at()
    byline, genre = reader.string("byline"), reader.string("genre")
    if reader.errors:
        raise ItemRefusedError(reader.errors)
    zones = find_zones(text, title)
    return Draft(
        title=title or title_from(text, zones),
        text=text,
        sha256=text_sha256(text),
        block_starts=block_starts(text),
        zones=zones,
        source=source,
        url=url,
        byline=byline,
        language=language,
        genre=genre,
        published_at=published_at,
        capture=capture,
    )


def title_from(text: str, zones: Sequence[FoundZone]) -> str:
    """A title for a text that came without one: its headline, else its first words."""
    headline = next((zone for zone in zones if zone.kind == "headline"), None)
    line = text[headline.start : headline.end] if headline else text.strip()[:1000].split("\n")[0]
    line = " ".join(line.split())
    return line if headline and len(line) <= LONGEST["title"] else _shorten(line, 120)


def _shorten(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    cut = line[: width - 1]
    return (cut[: cut.rfind(" ")] if " " in cut[width // 2 :] else cut) + "…"


def complete_source(source: SourceName, url: str | None) -> SourceName:
    """A source with both name and domain, from what is known; without any it is the unknown one."""
    domain = source.domain or (domain_of(url) if url else "")
    return SourceName(source.name or domain or UNKNOWN_SOURCE, domain)


def read_moment(value: object) -> datetime:
    """A moment from ISO 8601; a bare date is its midnight, one without a zone is UTC. Raises ValueError."""
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    if moment.year not in _YEARS:
        raise ValueError("out of range")
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def tidy_language(tag: str) -> str:
    """A language tag in its usual case: zh-Hans-CN."""
    first, *rest = tag.split("-")
    return "-".join([first.lower(), *(_tidy_subtag(subtag) for subtag in rest)])


def _tidy_subtag(subtag: str) -> str:
    if len(subtag) == 4 and subtag.isalpha():
        return subtag.title()
    return subtag.upper() if len(subtag) <= 3 else subtag.lower()
