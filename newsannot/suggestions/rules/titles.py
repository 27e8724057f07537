"""Who is called by a title alone: “the Russian president” is whoever bears that title in this text."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from newsannot.suggestions.rules.languages import Language, Token, Words
from newsannot.suggestions.rules.named import Named, Taken

LONGEST_APPOSITION = 12
_APPOSITION = re.compile(r",\s+([^,.;:\n]{3,70})[,.]")
MOST_BEARERS = 40
"""So many places where somebody bears a title are looked at on either side of “the president”."""


class Bearers:
    """Who bears which title, by the words around the names, with the words that modify it (“russian”, “iraq”)."""

    def __init__(self) -> None:
        self.titles: set[str] = set()
        self._borne: dict[str, list[tuple[Named, str]]] = {}
        self._starts: dict[str, list[int]] = {}

    def add(self, title: str, named: Named, around: str) -> None:
        """Say that somebody bears a title; called in the order of the text."""
        self.titles.add(title)
        self._borne.setdefault(title, []).append((named, around))
        self._starts.setdefault(title, []).append(named.start)

    def nearest(self, title: str, at: int, modifier: str) -> Named | None:
        """The bearer named last before a place; before any of them, the only one there is.

        Where several persons bear the title, only those count that are named with the word that modifies it.
        """
        borne = self._borne[title]
        is_alone = len({named.actor for named, _ in borne[:MOST_BEARERS]}) == 1
        first = max(bisect_left(self._starts[title], at) - MOST_BEARERS, 0)
        near = [named for named, around in borne[first : first + 2 * MOST_BEARERS] if is_alone or modifier in around]
        before = [named for named in near if named.end <= at]
        if before:
            return before[-1]
        return near[0] if len({named.actor for named in near}) == 1 else None


def bearers_of(text: str, words: Words, settled: Sequence[Named], language: Language) -> Bearers:
    """Who bears which title in this text."""
    bearers = Bearers()
    for named in settled:
        if not (named.is_person and named.actor):
            continue
        before = [*reversed(words.before(named.start, most=6)), *words.between(named.start, named.end)]
        behind = _apposition(text, words, named.end)
        for tokens, reach in ((before, 1), (behind, LONGEST_APPOSITION)):
            if not any(token.lower in language.title_words for token in tokens):
                continue
            lower = [token.lower for token in tokens]
            for title in language.titles:
                at = _title_in(lower, title, is_last=tokens is before) if title[0] in lower else None
                if at is not None:
                    around = tokens[max(at - reach, 0) : at] + (tokens[at + len(title) :] if tokens is behind else [])
                    bearers.add(" ".join(title), named, " ".join(token.lower for token in around))
                    break
    return bearers


def _apposition(text: str, words: Words, at: int) -> list[Token]:
    """The words of “, the president of France,” behind a name."""
    found = _APPOSITION.match(text, at)
    return words.between(*found.span(1)) if found else []


def _title_in(words: Sequence[str], title: tuple[str, ...], *, is_last: bool) -> int | None:
    """Where a title stands among words: the first place, or the last."""
    places = [at for at in range(len(words) - len(title) + 1) if tuple(words[at : at + len(title)]) == title]
    return places[-1 if is_last else 0] if places else None


def titled_in(
    text: str,
    blocks: Sequence[tuple[int, int]],
    settled: Sequence[Named],
    bearers: Bearers,
    language: Language,
) -> list[Named]:
    """Places where somebody named in this text is called by the title borne there: “the Russian president”."""
    if not bearers.titles or language.is_spaceless:
        return []
    heads = sorted(bearers.titles, key=len, reverse=True)
    title = "|".join(r"\s+".join(map(re.escape, head.split())) for head in heads)
    lead = "|".join(map(re.escape, sorted(language.determiners, key=len, reverse=True))) or r"(?!)"
    pattern = re.compile(
        rf"(?<![^\W_])(?:(?P<lead>{lead})\s+(?P<of>[^\W\d_][\w’'-]*\s+)?|(?P<whose>[^\W\d_][\w-]*)[’']s\s+)(?P<title>{title})(?![^\W_])",
        re.IGNORECASE,
    )
    taken, found = Taken(settled), []
    starts = [one.name_start for one in settled]
    for start, end in blocks:
        for match in pattern.finditer(text, start, end):
            named = _titled(match, bearers)
            if (
                named
                and taken.is_free(match.start("title"), match.end())
                and not _name_follows(starts, match.end(), text)
            ):
                found.append(named)
    return found


def _name_follows(starts: Sequence[int], at: int, text: str) -> bool:
    """Whether a name stands right behind: then the title is part of that one, or of an apposition."""
    following = bisect_left(starts, at)
    if following == len(starts) or starts[following] - at > 12:
        return False
    return bool(re.fullmatch(r"[\s,]*(?:of\s+)?(?:the\s+)?", text[at : starts[following]]))


def _titled(match: re.Match[str], bearers: Bearers) -> Named | None:
    modifier = (match["of"] or match["whose"] or "").strip().lower()
    bearer = bearers.nearest(" ".join(match["title"].lower().split()), match.start(), modifier[:4])
    if bearer is None:
        return None
    start = match.start("of") if match["of"] else match.start() if match["whose"] else match.start("title")
    words = match.string[start : match.end()]
    how = f"“{words}” is taken for {bearer.who}, who bears that title in this text"
    return Named(start, match.end(), start, bearer.actor, bearer.who, bearer.kind, "title", how)
