"""How much of what people mark the rules find: of the demo's readings, and of articles they were not written for.

An expected record is found when a draft of its kind covers the same words: what both share is at least half of what
either has, counted in code points of the roles that tell which claim it is; a mention's actor must be the same too.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings

from newsannot.articles.rules.zones import find_zones
from newsannot.dataset.demo_files import DemoArticle, DemoFiles, DemoRecord, find_quote, read_demo
from newsannot.suggestions.rules.drafting import draft_text
from newsannot.suggestions.rules.drafts import MAIN_ROLES, CodableText, Draft, KnownName

HELD_OUT = Path(__file__).resolve().parent / "held_out"
ENOUGH = 0.5
ROLES = {**MAIN_ROLES, "threat": ("consequence",)}
"""By kind, the roles that are compared; of a threat what is threatened, which tells one from another."""


@dataclass(frozen=True)
class Expected:
    """A record a person marks: its kind, the ranges of its main roles (code points), and its actor's key.

    The actor is None when the names do not have it.
    """

    kind: str
    ranges: tuple[tuple[int, int], ...]
    actor: str | None


@dataclass(frozen=True)
class MarkedArticle:
    """An article with what a person marks in it; `keys` are the actors' keys by the number they have in drafts."""

    name: str
    text: CodableText
    names: tuple[KnownName, ...]
    keys: Mapping[int, str]
    expected: tuple[Expected, ...]


@dataclass
class Count:
    """What was found of what is there; `proposed` are all drafts of the kind, `speakers` those of found statements."""

    there: int = 0
    found: int = 0
    proposed: int = 0
    right: int = 0
    speakers: int = 0
    speakers_right: int = 0

    def __str__(self) -> str:
        return f"{self.found} of {self.there} found, {self.right} of {self.proposed} drafts right"


def held_out_articles() -> list[MarkedArticle]:
    """The articles under `held_out`, in order; evidence is given by quotation, as in the demo, behind the headline."""
    return [
        _marked(path.stem, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(HELD_OUT.glob("*.json"))
    ]


def _marked(name: str, said: Mapping[str, Any]) -> MarkedArticle:
    text = "\n".join(said["lines"])
    keys = dict(enumerate((actor["key"] for actor in said["actors"]), start=1))
    names = tuple(
        KnownName(number, one, actor["kind"], actor["names"][0])
        for number, actor in enumerate(said["actors"], start=1)
        for one in actor["names"]
    )
    expected = [
        *(Expected("mention", (_place(text, m["text"]),), m.get("actor")) for m in said["mentions"]),
        *(
            Expected("statement", tuple(_place(text, piece) for piece in s["content"]), s.get("speaker"))
            for s in said["statements"]
        ),
        *(Expected("threat", (_place(text, t["consequence"]),), None) for t in said["threats"]),
    ]
    headline = ((0, len(said["lines"][0])),)
    return MarkedArticle(name, CodableText(text, said["language"], headings=headline), names, keys, tuple(expected))


def _place(text: str, quote: str | Mapping[str, Any]) -> tuple[int, int]:
    body = text.index("\n")
    piece = find_quote(text[body:], quote)
    return body + piece.start, body + piece.end


def demo_articles() -> list[MarkedArticle]:
    """The demo's articles, with all that its readers marked."""
    demo = read_demo(settings.BASE_DIR / "fixtures")
    keys = dict(enumerate((actor["key"] for actor in demo.actors), start=1))
    names = tuple(
        KnownName(number, name, actor["kind"], actor["name"])
        for number, actor in enumerate(demo.actors, start=1)
        for name in [actor["name"], *(one["name"] for one in actor.get("names", ()))]
    )
    return [_marked_in_demo(article, demo, names, keys) for article in demo.articles]


def _marked_in_demo(
    article: DemoArticle, demo: DemoFiles, names: tuple[KnownName, ...], keys: Mapping[int, str]
) -> MarkedArticle:
    zones = find_zones(article.text, article.fields["title"])
    codable = CodableText(
        article.text,
        article.fields["language"],
        tuple((zone.start, zone.end) for zone in zones if not zone.is_codable),
        tuple((zone.start, zone.end) for zone in zones if zone.kind in {"headline", "heading"}),
    )
    records = [record for reading in demo.readings if reading.article == article.key for record in reading.records]
    found = (_expected(record, article.text) for record in records)
    expected = {one.kind + str(one.ranges): one for one in found if one.ranges}
    return MarkedArticle(article.key, codable, names, keys, tuple(expected.values()))


def _expected(record: DemoRecord, text: str) -> Expected:
    found = [find_quote(text, quote) for role in ROLES[record.kind] for quote in record.parts.get(role, ())]
    actor = record.claim.get("actor" if record.kind == "mention" else "speaker")
    return Expected(record.kind, tuple((piece.start, piece.end) for piece in found), actor)


def count_found(article: MarkedArticle, drafts: Iterable[Draft]) -> dict[str, Count]:
    """By kind, how many of the article's records are found by the drafts."""
    counts = {kind: Count() for kind in MAIN_ROLES}
    drafts = list(drafts)
    for draft in drafts:
        counts[draft.kind].proposed += 1
        counts[draft.kind].right += any(is_found(one, draft, article) for one in article.expected)
    for one in article.expected:
        count = counts[one.kind]
        count.there += 1
        finding = [draft for draft in drafts if is_found(one, draft, article)]
        count.found += bool(finding)
        if one.kind == "statement" and finding and one.actor:
            count.speakers += 1
            count.speakers_right += any(_key(article, d.values.get("speaker")) == one.actor for d in finding)
    return counts


def is_found(expected: Expected, draft: Draft, article: MarkedArticle) -> bool:
    """Whether a draft is of the expected record."""
    if draft.kind != expected.kind:
        return False
    if draft.kind == "mention" and _key(article, draft.values.get("actor")) != expected.actor:
        return False
    return shared(expected.ranges, _ranges(draft)) >= ENOUGH


def _key(article: MarkedArticle, actor: object) -> str | None:
    """The key of a draft's actor; none for nobody and for somebody the names do not have."""
    return article.keys.get(actor) if isinstance(actor, int) else None


def _ranges(draft: Draft) -> list[tuple[int, int]]:
    return [(p.start, p.end) for role in ROLES[draft.kind] for p in draft.parts.get(role, ())]


def shared(one: Iterable[tuple[int, int]], other: Iterable[tuple[int, int]]) -> float:
    """How much two sets of ranges share of what they cover together, from 0 to 1."""
    mine, theirs = (frozenset(at for start, end in ranges for at in range(start, end)) for ranges in (one, other))
    return len(mine & theirs) / len(mine | theirs)


def drafts_of(article: MarkedArticle) -> list[Draft]:
    """What the rules propose for an article."""
    return draft_text(article.text, article.names)


def added(counts: Iterable[Mapping[str, Count]]) -> dict[str, Count]:
    """The counts of several articles together."""
    total = {kind: Count() for kind in MAIN_ROLES}
    for one in counts:
        for kind, count in one.items():
            for field, value in vars(count).items():
                setattr(total[kind], field, getattr(total[kind], field) + value)
    return total


def misses(article: MarkedArticle, drafts: Sequence[Draft]) -> Iterator[str]:
    """In words, what was not found and what was proposed without being there."""
    for one in article.expected:
        if not any(is_found(one, draft, article) for draft in drafts):
            yield f"- {one.kind}: {_words(article, one.ranges)}"
    for draft in drafts:
        if not any(is_found(one, draft, article) for one in article.expected):
            yield f"+ {draft.kind}: {_words(article, _ranges(draft))}"


def _words(article: MarkedArticle, ranges: Iterable[tuple[int, int]]) -> str:
    return " … ".join(article.text.text[start:end] for start, end in ranges)
