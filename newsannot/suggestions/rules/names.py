"""Who is named in a text: names of the knowledge base, surnames of those named in full, titles of those who bear them.

A name is looked for by the first letters of its first word, so that a hundred thousand names cost no more than those
that can stand in the text.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from newsannot.suggestions.rules.drafts import KnownName
from newsannot.suggestions.rules.languages import RUN, SPACELESS, TOKEN, ZWNJ, Language, Words
from newsannot.suggestions.rules.named import Named, Taken
from newsannot.suggestions.rules.parse import NOTHING, Parse, newcomers
from newsannot.suggestions.rules.titles import bearers_of, titled_in

LONGEST_KEY, INFLECTED_KEY_LENGTH, SPACELESS_KEY_LENGTH = 40, 3, 2
_SPACELESS = re.compile(f"[{SPACELESS}]")
_RAW_WORD = re.compile(r"[^\s“”„«»\"()\[\],;:!?…，。；：、！？،؛؟]+")
_PARTS = re.compile("['’\\-\u05be–—]")
_WORD_START = re.compile(r"(?<![^\W_])[^\W_]")
_SPACE = r"[\s\u00a0]+"
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_SHORTEST_SURNAME = 3


def name_key(word: str) -> str:
    """What a word of a name is looked for by: itself, or its first letters where words are inflected or run together.

    `suggestion_name_key` in SQL is the same.
    """
    if _SPACELESS.search(word):
        return word[:SPACELESS_KEY_LENGTH]
    return word[:INFLECTED_KEY_LENGTH] if _CYRILLIC.search(word) else word[:LONGEST_KEY]


def keys_of_text(text: str, language: Language) -> set[str]:
    """The keys of every word that may begin or end a name in the text."""
    keys: set[str] = set()
    for raw in {m[0] for m in _RAW_WORD.finditer(text)}:
        word = _composed(raw)
        variants = {word, word.rstrip(".'’"), *_PARTS.split(word)}
        for prefix in language.name_prefixes:
            variants |= {v[len(prefix) :] for v in variants if v.startswith(prefix) and len(v) > len(prefix) + 1}
        for suffix in language.name_suffixes:
            variants |= {v[: -len(suffix)] for v in variants if v.endswith(suffix) and len(v) > len(suffix) + 2}
        for variant in variants:
            if _SPACELESS.search(variant):
                keys |= {variant[at : at + SPACELESS_KEY_LENGTH] for at in range(len(variant))}
            elif variant:
                swapped = variant[0].swapcase() + variant[1:]
                keys |= {name_key(variant), name_key(swapped)}
                if variant.isupper():
                    keys.add(name_key(variant.title()))
    return keys


def starts_of_text(text: str, language: Language) -> set[str]:
    """Every two words side by side that may begin a name, the first letter small.

    `suggestion_name_start` in SQL tells the same of a name; it knows those of plain Latin words only.
    """
    starts: set[str] = set()
    spaced = text.replace("\u00a0", " ")
    for run in RUN.finditer(spaced):
        second = RUN.match(spaced, run.end() + 1) if spaced.startswith(" ", run.end()) else None
        if second is None or not second[0].isascii():
            continue
        first, endings = run[0], [e for e in language.name_suffixes if second[0].endswith(e)]
        if first.isupper() and second[0].isupper():
            starts.add(f"{first[0].lower()}{first[1:].lower()} {second[0].title()}")
        firsts = {first, *(first[len(p) :] for p in language.name_prefixes if first.startswith(p))}
        seconds = {second[0], *(second[0][: -len(ending)] for ending in endings)}
        starts |= {
            f"{one[0].lower()}{one[1:]} {two}" for one in firsts for two in seconds if one.isascii() and one and two
        }
    return starts


def names_in(
    words: Words,
    blocks: Sequence[tuple[int, int]],
    names: Iterable[KnownName],
    language: Language,
    parse: Parse = NOTHING,
) -> list[Named]:
    """Who is named in the blocks, in order; no two overlap. `parse` brings those whom the knowledge base lacks."""
    text = words.text
    spaced = text.replace("\u00a0", " ")
    index = _Index(_without_articles(names, language), language)
    raw = [found for start, end in blocks for found in index.find(spaced, start, end)]
    settled = _settle(raw)
    settled = _with_surnames(words, blocks, settled)
    settled = sorted([*settled, *newcomers(words, parse, settled, language)], key=lambda named: named.start)
    settled = [_with_title(words, named, language) for named in settled]
    bearers = bearers_of(text, words, settled, language)
    titled = titled_in(text, blocks, settled, bearers, language)
    return sorted([*settled, *titled], key=lambda named: named.start)


def _without_articles(names: Iterable[KnownName], language: Language) -> Iterator[KnownName]:
    """The names, those that begin with “the” and go on with a capital without it."""
    for name in names:
        first, _, rest = name.name.partition(" ")
        yield replace(name, name=rest) if first.lower() in language.determiners and rest[:1].isupper() else name


class _Index:
    """Names by their keys."""

    def __init__(self, names: Iterable[KnownName], language: Language) -> None:
        self._language = language
        self._by_key: dict[str, list[str]] = {}
        self._actors: dict[str, dict[int, KnownName]] = {}
        for name in names:
            if not name.name:
                continue
            if name.name not in self._actors:
                self._by_key.setdefault(_index_key(name.name, language), []).append(name.name)
            self._actors.setdefault(name.name, {})[name.actor] = name
        for candidates in self._by_key.values():
            candidates.sort(key=len, reverse=True)

    def find(self, text: str, start: int, end: int) -> Iterator[tuple[int, int, str, tuple[KnownName, ...]]]:
        """Start, end, the name, and who bears it; the longest name at a place wins."""
        reached = start
        for at in self._places(text, start, end):
            if at < reached:
                continue
            for name in self._candidates(text, at):
                last = _end_of_name(name, text, at, end, self._language)
                if last is not None:
                    reached = last
                    yield at, reached, name, tuple(self._actors[name].values())
                    break

    def _places(self, text: str, start: int, end: int) -> Iterator[int]:
        """Where a name may begin: at each word, behind each prefix of one, and anywhere in a script without spaces."""
        prefixes = self._language.name_prefixes
        for token in TOKEN.finditer(text, start, end):
            word = token[0]
            if _SPACELESS.search(word):
                yield from range(token.start(), token.end())
                continue
            yield token.start()
            for prefix in sorted(prefixes, key=len):
                if word.startswith(prefix) and len(word) > len(prefix) + 1:
                    yield token.start() + len(prefix)
            if "-" in word or "\u05be" in word:
                yield from (token.start() + m.start() for m in _WORD_START.finditer(word) if m.start())

    def _candidates(self, text: str, at: int) -> Iterator[str]:
        run = RUN.match(text, at)
        if run is None:
            return
        letters = _composed(run[0])
        for key in dict.fromkeys(
            (letters, letters[:4], letters[:INFLECTED_KEY_LENGTH], letters[:SPACELESS_KEY_LENGTH])
        ):
            yield from self._by_key.get(key, ())
            if key[0].isupper():
                yield from self._by_key.get(key[0].lower() + key[1:], ())


def _index_key(name: str, language: Language) -> str:
    """The letters by which the names that may begin at a place are looked up: the first word, or how it begins."""
    first = RUN.match(name)
    word = first[0] if first else name[0]
    if _SPACELESS.search(word):
        return word[:SPACELESS_KEY_LENGTH]
    if _CYRILLIC.search(word):
        return word[:INFLECTED_KEY_LENGTH]
    return word[:4] if language.name_suffixes else word


def _composed(letters: str) -> str:
    return letters if letters.isascii() else unicodedata.normalize("NFC", letters)


def _end_of_name(name: str, text: str, at: int, end: int, language: Language) -> int | None:
    """Where a name that begins at a place ends, if it stands there."""
    if not (language.name_suffixes or name[-1] == ".") and name.isascii():
        is_there = text.startswith(name, at) or (name[0].islower() and text.startswith(name[0].upper() + name[1:], at))
        last = at + len(name)
        return last if is_there and last <= end and not text[last : last + 1].isalnum() else None
    stem = name.split(" ", 1)[0][:-2]
    if not text.startswith((stem, stem[:1].upper() + stem[1:]), at) and name.isascii():
        return None
    found = name_pattern(name, language).match(text, at, end)
    return found.end() if found else None


@lru_cache(maxsize=20_000)
def name_pattern(name: str, language: Language) -> re.Pattern[str]:
    """Matches a name where it stands, in the grammatical forms the language gives it."""
    if _SPACELESS.search(name):
        return re.compile(re.escape(name))
    # Names are kept composed; a text may have its accents apart.
    words = [_word_pattern(word, language) for word in name.split()]
    if name[:1].islower():
        first = name.split(maxsplit=1)[0]
        words[0] = f"(?:{words[0]}|{_word_pattern(first[0].upper() + first[1:], language)})"
    closing = "" if name.endswith(".") else rf"(?![^\W_]|{ZWNJ}[^\W_])"
    return re.compile(_SPACE.join(words) + closing)


def _letters(word: str) -> str:
    """Matches the letters, composed or not."""
    if word.isascii():
        return re.escape(word)
    apart = ((letter, unicodedata.normalize("NFD", letter)) for letter in word)
    return "".join(re.escape(one) if one == two else f"(?:{one}|{two})" for one, two in apart)


def _word_pattern(word: str, language: Language) -> str:
    """A word, and its other cases where the language has such endings."""
    if not language.name_suffixes or len(word) < 3 or word.isupper():
        return _letters(word)
    if bool(_CYRILLIC.search(word)) != (language.code in {"ru", "uk"}):
        return _letters(word)
    endings = "|".join(map(re.escape, language.name_suffixes))
    if language.code not in {"ru", "uk"}:
        return f"{_letters(word)}(?:{endings})?"
    stem = re.sub("(?:ый|ий|ой|ая|яя|ое|ее|ые|ие)$", "", word) if len(word) > 4 else word
    stem = re.sub("[аяоеёиыйьїіє]$", "", stem) if stem == word and len(word) > 3 else stem
    return f"{_letters(stem)}(?:{endings})?" if stem == word else f"(?:{_letters(word)}|{_letters(stem)}(?:{endings})?)"


def _settle(raw: Sequence[tuple[int, int, str, tuple[KnownName, ...]]]) -> list[Named]:
    """Give each name its bearer: the only one, else the one this text names otherwise too, else the one so called."""
    support = Counter(bearers[0].actor for _, _, _, bearers in raw if len(bearers) == 1)
    settled = []
    for start, end, name, bearers in raw:
        chosen = _bearer(bearers, support)
        who = chosen or bearers[0]
        how = f"“{name}” is a name of {who.main}" if name != who.main else f"{who.main} is named"
        if chosen is None:
            how = f"“{name}” may be {_either([bearer.main for bearer in bearers])}"
        elif len(bearers) > 1 and support[chosen.actor]:
            how += ", named elsewhere in this text too"
        settled.append(Named(start, end, start, chosen.actor if chosen else None, who.main, who.kind, "name", how))
    return settled


def _either(names: Sequence[str]) -> str:
    shown = sorted(names)[:4]
    return f"{', '.join(shown[:-1])} or {shown[-1]}"


def _bearer(bearers: Sequence[KnownName], support: Mapping[int, int]) -> KnownName | None:
    if len(bearers) == 1:
        return bearers[0]
    called_so = [bearer for bearer in bearers if bearer.name == bearer.main]
    if len(called_so) == 1:
        return called_so[0]
    best = max(support[bearer.actor] for bearer in bearers)
    leading = [bearer for bearer in bearers if support[bearer.actor] == best]
    return leading[0] if len(leading) == 1 else None


def _with_surnames(words: Words, blocks: Sequence[tuple[int, int]], settled: list[Named]) -> list[Named]:
    """Add the places where a person named in full elsewhere is named by the last word of that name alone."""
    surnames: dict[str, set[tuple[int, str]]] = {}
    for named in settled:
        parts = words.text[named.start : named.end].split()
        if named.is_person and named.actor and len(parts) > 1 and len(parts[-1]) >= _SHORTEST_SURNAME:
            surnames.setdefault(parts[-1], set()).add((named.actor, named.who))
    known = {surname: next(iter(bearers)) for surname, bearers in surnames.items() if len(bearers) == 1}
    if not known:
        return settled
    taken = Taken(settled)
    added = []
    for block in blocks:
        for start, end, surname in _surnames_in(words, block, known):
            if taken.is_free(start, end):
                actor, who = known[surname]
                how = f"“{surname}” is the last name of {who}, named in full elsewhere"
                added.append(Named(start, end, start, actor, who, "person", "name", how))
    return sorted([*settled, *added], key=lambda named: named.start)


def _surnames_in(words: Words, block: tuple[int, int], known: Mapping[str, object]) -> Iterator[tuple[int, int, str]]:
    """Where a surname stands, as a word or as a part of one: “Obi”, “Obi’s”, “Obi-led”."""
    for token in words.between(*block):
        if token.word in known:
            yield token.start, token.end, token.word
        elif not token.word.isalnum():
            yield from (
                (token.start + part.start(), token.start + part.end(), part[0])
                for part in RUN.finditer(token.word)
                if part[0] in known
            )


def _with_title(words: Words, named: Named, language: Language) -> Named:
    """The name with the title in front of it, when that is written as part of it; and whether it is said of a place."""
    before = words.before(named.start)
    if not named.is_person:
        is_place = bool(before) and before[0].lower in language.places
        return replace(named, is_place=is_place)
    start = named.start
    for token in before:
        is_title = token.lower in language.title_words or token.lower in language.forms_of_address
        if not is_title or token.word.islower():
            break
        start = token.start
    return replace(named, start=start)
