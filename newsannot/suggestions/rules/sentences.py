"""Sentences of a text. A quotation is never cut, so that what stands before, in and behind it stays together."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsannot.suggestions.rules.drafts import CodableText
from newsannot.suggestions.rules.languages import Language, Token, Words
from newsannot.suggestions.rules.quotations import FILLER, Quotation, find_quotations, masked

_STOP = re.compile(r"[.!?…؟]+[)\]]*(?=\s|$)|[。！？]+|\x01+")
LONGEST = 12_000
"""A stretch without a stop that is longer than so many characters is no sentence."""
_ATTRIBUTION = re.compile(r"([^。！？“”「」『』，：:\n]{1,30})[。！？]")
_FIRMS = frozenset("。！？")
_INITIAL = re.compile(r"(?:^|[\s(])(?:\w\.)*\w$")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, half-open in code points, with its quotations; `block` counts the paragraphs.

    `word_count` counts its words; `outside` are those that stand in no quotation.
    """

    start: int
    end: int
    block: int
    word_count: int
    outside: tuple[Token, ...]
    quotations: tuple[Quotation, ...]

    @property
    def is_quotation(self) -> bool:
        """Whether it is one quotation and nothing else."""
        return len(self.quotations) == 1 and (self.quotations[0].start, self.quotations[0].end) == (
            self.start,
            self.end,
        )


@dataclass(frozen=True, slots=True)
class Passage:
    """A text in sentences; `masked` is the text with its quotations filled in, for what must stand outside of them."""

    text: str
    masked: str
    words: Words
    sentences: tuple[Sentence, ...]


def codable_blocks(text: CodableText) -> list[tuple[int, int]]:
    """The paragraphs that may be coded, without the white space around; a zone that begins within one cuts it."""
    blocks, at = [], 0
    cuts = sorted({edge for zone in text.uncodable for edge in zone})
    for line in text.text.split("\n"):
        edges = (
            [at, *(cut for cut in cuts if at < cut < at + len(line)), at + len(line)] if cuts else [at, at + len(line)]
        )
        for start, end in pairwise(edges):
            words = text.text[start:end]
            first = start + len(words) - len(words.lstrip())
            last = first + len(words.strip())
            if first < last and text.is_codable(first, last):
                blocks.append((first, last))
        at += len(line) + 1
    return blocks


def read_passage(text: CodableText, words: Words, language: Language) -> Passage:
    """The codable text in sentences."""
    blocks = codable_blocks(text)
    quotations = find_quotations(text.text, blocks)
    mask = masked(text.text, [quotation for found in quotations for quotation in found])
    sentences: list[Sentence] = []
    for index, (block, within) in enumerate(zip(blocks, quotations, strict=True)):
        stops = [*_stops(text.text, mask, block, within, language), block[1]]
        sentences += _cut(words, mask, index, [block[0], *stops], within)
    return Passage(text.text, mask, words, tuple(sentences))


def _cut(
    words: Words, mask: str, index: int, edges: Sequence[int], quotations: Sequence[Quotation]
) -> Iterator[Sentence]:
    """The sentences between the edges of a block."""
    starts = [quotation.start for quotation in quotations]
    for edge, stop in pairwise(edges):
        start = edge
        while start < stop and words.text[start].isspace():
            start += 1
        if start < stop and stop - start <= LONGEST:
            within = tuple(quotations[bisect_left(starts, start) : bisect_left(starts, stop)])
            tokens = words.between(start, stop)
            outside = tuple(token for token in tokens if mask[token.start] != FILLER)
            yield Sentence(start, stop, index, len(tokens), outside, within)


def _stops(
    text: str, mask: str, block: tuple[int, int], quotations: Sequence[Quotation], language: Language
) -> Iterator[int]:
    """Where sentences end within a block."""
    by_end = {quotation.end: quotation for quotation in quotations}
    for stop in _STOP.finditer(mask, *block):
        end = stop.end()
        if end >= block[1]:
            return
        if stop[0][0] == FILLER:
            is_end = end in by_end and _quotation_ends_sentence(text, by_end[end], block[1])
            is_end = is_end and not _is_attributed_behind(text, end, block[1], language)
        elif stop[0] == "." and _is_abbreviation(text, block[0], stop.start(), language):
            is_end = False
        else:
            is_end = stop[0][0] in _FIRMS or _begins_sentence(text, end, block[1])
        if is_end:
            yield end


def _quotation_ends_sentence(text: str, quotation: Quotation, end: int) -> bool:
    if not quotation.ends_sentence(text):
        return False
    last = quotation.inner(text).rstrip()[-1:]
    rest = text[quotation.end : end].lstrip()[:1]
    is_caseless = bool(rest) and rest.isalpha() and not rest.isupper() and not rest.islower()
    if is_caseless:
        return last in ".。…"
    return bool(rest) and (rest.isupper() or rest.isdigit() or rest in '“«„「"‘')


def _is_attributed_behind(text: str, at: int, end: int, language: Language) -> bool:
    """Whether who said it follows, though the quotation ends with a full stop, as is usual in Chinese: “……。”他说。"""
    following = _ATTRIBUTION.match(text, at, end) if language.is_spaceless else None
    if following is None:
        return False
    return any(hit.end == following.end(1) for hit in language.cues.hits(text, [], at, following.end(1)))


def _begins_sentence(text: str, at: int, end: int) -> bool:
    rest = text[at:end].lstrip()[:1]
    return bool(rest) and not rest.islower() and rest not in ",;:–—-"


def _is_abbreviation(text: str, start: int, stop: int, language: Language) -> bool:
    """Whether the full stop at `stop` belongs to a word: “Mr.”, “U.S.”, “J.”"""
    before = text[max(start, stop - 12) : stop]
    word = re.split(r"[\s(“«„\"]", before)[-1]
    return word.lower() in language.abbreviations or (
        bool(_INITIAL.search(before)) and word.isascii() and not word.isdigit()
    )
