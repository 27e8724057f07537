"""What the rules know of a language: its words for saying and threatening, read from `words/*.json`."""

import json
import re
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
TOKEN = re.compile(rf"{_LETTERS}+(?:['’\-\u05be\u05f3\u05f4]{_LETTERS}+)*")
_SPACELESS = re.compile(f"[{SPACELESS}]")
_BY_SCRIPT = (
    ("zh", re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("ar", re.compile("[\u0621-\u064a]")),
    ("uk", re.compile("[ґєіїҐЄІЇ]")),
    ("ru", re.compile("[а-яА-Я]")),
)
_LOOKED_AT = 4000


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


class Lexicon:
    """Phrases, each of a group, found where they stand in a text: the longest wins; those of the group "" are none.

    A word of a phrase that ends with an asterisk stands for all that begin so.
    """

    def __init__(self, groups: Mapping[str, Iterable[str]], *, prefixes: Sequence[str] = ()) -> None:
        """Take phrases by group; `prefixes` are what may be written together with a phrase's first word."""
        self._prefixes = sorted(prefixes, key=len, reverse=True)
        self._exact: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._starred: list[tuple[tuple[str, ...], str]] = []
        spaceless: dict[str, str] = {}
        for group, phrases in groups.items():
            for phrase in phrases:
                if _SPACELESS.search(phrase):
                    spaceless[phrase] = group
                    continue
                words = tuple(phrase.lower().split())
                if words[0].endswith("*"):
                    self._starred.append((words, group))
                else:
                    self._exact.setdefault(words[0], []).append((words, group))
        for phrases_of_word in self._exact.values():
            phrases_of_word.sort(key=lambda entry: len(entry[0]), reverse=True)
        self._starred.sort(key=lambda entry: len(entry[0]), reverse=True)
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
        at = 0
        while at < len(tokens):
            found = self._at(tokens, at)
            if found is None:
                at += 1
                continue
            length, offset, group = found
            if group:
                yield Hit(tokens[at].start + offset, tokens[at + length - 1].end, group)
            at += length

    def _at(self, tokens: Sequence[Token], at: int) -> tuple[int, int, str] | None:
        """How many tokens the longest phrase at a token takes, after how many characters of a prefix, and its group."""
        word = tokens[at].lower
        if not self._prefixes and not self._starred and word not in self._exact:
            return None
        candidates = [(0, word)]
        candidates += [
            (len(p), word[len(p) :]) for p in self._prefixes if len(word) > len(p) + 1 and word.startswith(p)
        ]
        for offset, first in candidates:
            for words, group in self._exact.get(first, ()):
                if _follows(tokens, at, words):
                    return len(words), offset, group
        for words, group in self._starred:
            for offset, first in candidates:
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
    results: Lexicon
    as_saying: Lexicon
    negations: Lexicon
    inverted: frozenset[str]
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
    titles: tuple[tuple[str, ...], ...]
    title_words: frozenset[str]
    forms_of_address: frozenset[str]
    abbreviations: frozenset[str]
    name_prefixes: tuple[str, ...]
    name_suffixes: tuple[str, ...]
    addressee_prefixes: tuple[str, ...]
    deadline: re.Pattern[str]


_SETS = (
    "inverted", "we", "auxiliaries", "adverbs", "complementisers", "pronouns", "plural_pronouns",
    "determiners", "source_ends", "prepositions", "boundaries", "places", "finite", "forms_of_address", "abbreviations",
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
    conditions = {"if_do": said["if"], "unless_do": said["unless"], "until": said["until"]}
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
        results=Lexicon({"result": said["results"]}, prefixes=prefixes),
        negations=Lexicon({"not": said["negations"]}),
        as_saying=Lexicon({"saying": said["as_saying"]}),
        titles=titles,
        title_words=frozenset(word for title in titles for word in title),
        name_prefixes=tuple(sorted(prefixes, key=len, reverse=True)),
        name_suffixes=tuple(sorted(said["name_suffixes"], key=len, reverse=True)),
        addressee_prefixes=tuple(said["addressee_prefixes"]),
        deadline=re.compile("|".join(f"(?:{one})" for one in said["deadlines"]), re.IGNORECASE),
        **{name: frozenset(said[name]) for name in _SETS},
    )
