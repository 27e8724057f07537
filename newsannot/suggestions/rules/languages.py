"""What the rules know of a language: its words for saying and threatening, read from `words/*.json`."""

import json
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

WORDS = Path(__file__).resolve().parent.parent / "words"
FALLBACK = "en"
SPACELESS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"
_MARKS = "\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u0610-\u061a\u064b-\u065f\u0670"
_LETTERS = rf"[\w{_MARKS}]"
RUN = re.compile(rf"{_LETTERS}+")
ZWNJ = "\u200c"
"""Stands within a Persian word, between letters that do not join."""
TOKEN = re.compile(rf"{_LETTERS}+(?:['’\-\u05be\u05f3\u05f4{ZWNJ}]{_LETTERS}+)*")
_SPACELESS = re.compile(f"[{SPACELESS}]")
_BY_SCRIPT = (
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("fa", re.compile("[\u067e\u0686\u0698\u06a9\u06af\u06cc]")),
    ("ar", re.compile("[\u0621-\u064a]")),
    ("uk", re.compile("[ґєіїҐЄІЇ]")),
    ("ru", re.compile("[а-яА-Я]")),
)
_LOOKED_AT = 4000
_STEM = 3
"""So many first letters of a phrase that ends with an asterisk tell where to look for it; none is shorter."""
_SINGLE_SPACES = frozenset({" ", "\u00a0", ". "})


class Token(NamedTuple):
    """A word of the text; half-open, in code points."""

    start: int
    end: int
    word: str
    lower: str


class Hit(NamedTuple):
    """A phrase of a lexicon found in the text, and the group it is of."""

    start: int
    end: int
    group: str


def tokens_in(text: str, start: int, end: int) -> list[Token]:
    """The words between two offsets."""
    return [Token(m.start(), m.end(), m[0], m[0].lower()) for m in TOKEN.finditer(text, start, end)]


class Words:
    """The words of a text, cut once and looked up by place."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokens_in(text, 0, len(text))
        self._starts = [token.start for token in self._tokens]

    def between(self, start: int, end: int) -> list[Token]:
        """The words between two offsets; one that an offset cuts is given as far as it lies between them."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        is_cut = (first and self._tokens[first - 1].end > start) or (last and self._tokens[last - 1].end > end)
        return tokens_in(self.text, start, end) if is_cut else self._tokens[first:last]

    def before(self, at: int, most: int = 4) -> list[Token]:
        """The words in front of a place, nearest first, only those with single spaces between."""
        nearest: list[Token] = []
        edge = at
        for index in range(bisect_left(self._starts, at) - 1, -1, -1):
            token = self._tokens[index]
            if self.text[token.end : edge] not in _SINGLE_SPACES or len(nearest) == most:
                break
            nearest.append(token)
            edge = token.start
        return nearest


class Lexicon:
    """Phrases, each of a group, found where they stand in a text: the longest wins; those of the group "" are none.

    A word of a phrase that ends with an asterisk stands for all that begin so.
    """

    def __init__(self, groups: Mapping[str, Iterable[str]], *, prefixes: Sequence[str] = ()) -> None:
        """Take phrases by group; `prefixes` are what may be written together with a phrase's first word."""
        self._prefixes = sorted(prefixes, key=len, reverse=True)
        self._exact: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._starred: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        spaceless: dict[str, str] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                if _SPACELESS.search(phrase):
                    spaceless[phrase] = group
                    continue
                words = tuple(phrase.lower().split())
                if words[0].endswith("*"):
                    self._starred.setdefault(words[0][:_STEM], []).append((words, group))
                else:
                    self._exact.setdefault(words[0], []).append((words, group))
        for entries in (*self._exact.values(), *self._starred.values()):
            entries.sort(key=lambda entry: len(entry[0]), reverse=True)
        self._spaceless = spaceless
        longest_first = sorted(map(re.escape, spaceless), key=len, reverse=True)
        self._pattern = re.compile("|".join(longest_first)) if longest_first else None

    def hits(self, text: str, tokens: Sequence[Token], start: int, end: int) -> list[Hit]:
        """Every phrase among the tokens, or in `text[start:end]` for scripts without spaces, in order."""
        if self._pattern:
            found = (Hit(m.start(), m.end(), self._spaceless[m[0]]) for m in self._pattern.finditer(text, start, end))
            return [hit for hit in found if hit.group]
        return list(self._token_hits(tokens))

    def has(self, text: str, tokens: Sequence[Token], start: int, end: int) -> bool:
        """Whether any phrase stands there."""
        return bool(self.hits(text, tokens, start, end))

    def _token_hits(self, tokens: Sequence[Token]) -> Iterator[Hit]:
        reached = 0
        for at, token in enumerate(tokens):
            if at < reached or not (self._prefixes or self._may_begin(token.lower)):
                continue
            found = self._at(tokens, at)
            if found is None:
                continue
            length, offset, group = found
            if group:
                yield Hit(token.start + offset, tokens[at + length - 1].end, group)
            reached = at + length

    def _may_begin(self, word: str) -> bool:
        return word in self._exact or word[:_STEM] in self._starred

    def _at(self, tokens: Sequence[Token], at: int) -> tuple[int, int, str] | None:
        """How many tokens the longest phrase at a token takes, after how many characters of a prefix, and its group."""
        word = tokens[at].lower
        candidates = [(0, word)]
        candidates += [
            (len(p), word[len(p) :]) for p in self._prefixes if len(word) > len(p) + 1 and word.startswith(p)
        ]
        for offset, first in candidates:
            for words, group in self._exact.get(first, ()):
                if _follows(tokens, at, words):
                    return len(words), offset, group
        for offset, first in candidates:
            for words, group in self._starred.get(first[:_STEM], ()):
                if first.startswith(words[0][:-1]) and _follows(tokens, at, words):
                    return len(words), offset, group
        return None


def _follows(tokens: Sequence[Token], at: int, words: tuple[str, ...]) -> bool:
    """Whether the words of a phrase after its first stand behind a token."""
    if at + len(words) > len(tokens):
        return False
    return all(
        token.lower.startswith(word[:-1]) if word.endswith("*") else token.lower == word
        for token, word in zip(tokens[at + 1 : at + len(words)], words[1:], strict=True)
    )


@dataclass(frozen=True)
class Language:
    """A language's words, ready to be looked for."""

    code: str
    is_spaceless: bool
    order: tuple[str, ...]
    cues: Lexicon
    according_to: Lexicon
    conditions: Lexicon
    modals: Lexicon
    harms: Lexicon
    threatened_to: Lexicon
    threatened: Lexicon
    whoever: Lexicon
    otherwise: Lexicon
    results: Lexicon
    resolved: Lexicon
    announced: Lexicon
    withheld: Lexicon
    purposes: Lexicon
    as_saying: Lexicon
    negations: Lexicon
    inverted: frozenset[str]
    trailing: frozenset[str]
    joins: frozenset[str]
    threatened_with: frozenset[str]
    we: frozenset[str]
    auxiliaries: frozenset[str]
    adverbs: frozenset[str]
    complementisers: frozenset[str]
    pronouns: frozenset[str]
    plural_pronouns: frozenset[str]
    determiners: frozenset[str]
    source_ends: frozenset[str]
    prepositions: frozenset[str]
    boundaries: frozenset[str]
    places: frozenset[str]
    finite: frozenset[str]
    bare_clauses: frozenset[str]
    titles: tuple[tuple[str, ...], ...]
    title_words: frozenset[str]
    forms_of_address: frozenset[str]
    abbreviations: frozenset[str]
    name_prefixes: tuple[str, ...]
    name_suffixes: tuple[str, ...]
    addressee_prefixes: tuple[str, ...]
    deadline: re.Pattern[str]
    bids: re.Pattern[str] | None
    bid_ends: re.Pattern[str]


_SETS = (
    "inverted", "trailing", "joins", "threatened_with", "we", "auxiliaries", "adverbs", "complementisers", "pronouns",
    "plural_pronouns", "determiners", "source_ends", "prepositions", "boundaries", "places", "finite",
    "bare_clauses", "forms_of_address", "abbreviations",
)  # fmt: skip


def known_languages() -> list[str]:
    """The languages there are words for."""
    return sorted(path.stem for path in WORDS.glob("*.json"))


def language_of(tag: str, text: str) -> Language:
    """The language of a BCP 47 tag; where that is not known, the one the text's script speaks for."""
    code = tag.split("-", 1)[0].lower()
    if code in known_languages():
        return language_named(code)
    start = text[:_LOOKED_AT]
    for candidate, letters in _BY_SCRIPT:
        if len(letters.findall(start)) * 12 > len(start):
            return language_named(candidate)
    return language_named(FALLBACK)


@lru_cache(maxsize=32)
def language_named(code: str) -> Language:
    """The language's words, from its file; raises FileNotFoundError."""
    said: dict[str, Any] = json.loads((WORDS / f"{code}.json").read_text(encoding="utf-8"))
    prefixes = said["name_prefixes"]
    titles = tuple(sorted((tuple(title.lower().split()) for title in said["titles"]), key=len, reverse=True))
    conditions = {
        "if_do": said["if"],
        "at_once": said["at_once"],
        "unless_do": said["unless"],
        "until": said["until"],
        "while": said["while"],
    }
    return Language(
        code=code,
        is_spaceless=code in {"zh", "ja"},
        order=tuple(said["order"]),
        cues=Lexicon(said["cues"] | {"": said["not_cues"]}, prefixes=prefixes),
        according_to=Lexicon({"assertion": said["according_to"]}, prefixes=prefixes),
        conditions=Lexicon(conditions, prefixes=[p for p in prefixes if p == "و"]),
        modals=Lexicon({"modal": said["modals"]}, prefixes=prefixes),
        harms=Lexicon(said["harms"], prefixes=prefixes),
        threatened_to=Lexicon({"threat": said["threatened_to"]}, prefixes=prefixes),
        threatened=Lexicon({"threat": said["threatened"]}, prefixes=prefixes),
        whoever=Lexicon({"any": said["any"], "who": said["who"]}, prefixes=[p for p in prefixes if p == "و"]),
        otherwise=Lexicon(
            {"otherwise": said["otherwise"], "or": said["or_else"]}, prefixes=[p for p in prefixes if p == "و"]
        ),
        results=Lexicon({"result": said["results"]}, prefixes=prefixes),
        resolved=Lexicon({"resolved": said["resolved"]}, prefixes=prefixes),
        announced=Lexicon({"announced": said["announced"]}, prefixes=prefixes),
        withheld=Lexicon({"withheld": said["withheld"]}, prefixes=prefixes),
        purposes=Lexicon({"purpose": said["purposes"]}),
        negations=Lexicon({"not": said["negations"]}),
        as_saying=Lexicon({"saying": said["as_saying"]}),
        titles=titles,
        title_words=frozenset(word for title in titles for word in title),
        name_prefixes=tuple(sorted(prefixes, key=len, reverse=True)),
        name_suffixes=tuple(sorted(said["name_suffixes"], key=len, reverse=True)),
        addressee_prefixes=tuple(said["addressee_prefixes"]),
        deadline=_any_of(said["deadlines"]),
        bids=_any_of(said["bids"]) if said["bids"] else None,
        bid_ends=_any_of(said["bid_ends"]),
        **{name: frozenset(said[name]) for name in _SETS},
    )


def _any_of(patterns: Sequence[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)
