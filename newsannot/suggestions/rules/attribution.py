"""Statements: quotations with the cue and the speaker beside them, and what is reported without quotation marks."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from newsannot.suggestions.rules.languages import Hit, Language, Token
from newsannot.suggestions.rules.named import NamedPlaces
from newsannot.suggestions.rules.quotations import FILLER, Quotation
from newsannot.suggestions.rules.sentences import Passage, Sentence
from newsannot.suggestions.rules.sources import Source, Speakers

_TERMINAL = ".!?…。！？؟"
_CLAUSE_END = re.compile("[,;:،؛，；：—–]")
FAR = 12
"""How many words may stand between a cue and what it introduces."""
FEWEST_WORDS = 3
FEWEST_WORDS_ALONE = 6
LONGEST_GAP = 10
MOST_WORDS, MOST_QUOTATIONS = 200, 20
"""A sentence with more words outside of quotations, or more quotations, is none: nothing is drafted from it."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement found: its pieces of content, its cue and its source, and what the rule goes by."""

    content: tuple[tuple[int, int], ...]
    cue: Hit | None
    source: Source | None
    rule: str
    score: float
    block: int


class Attribution:
    """Finds the statements of a passage, sentence by sentence."""

    def __init__(self, passage: Passage, places: NamedPlaces, language: Language) -> None:
        """Read one passage."""
        self._passage, self._places, self._language = passage, places, language
        self._text, self._mask = passage.text, passage.masked
        self._speakers = Speakers(passage, places, language)
        self._chains = _chains([q for sentence in passage.sentences for q in sentence.quotations])
        self._names = {one.actor: one.who for one in places.all if one.actor is not None}

    def sayings(self) -> list[Saying]:
        """Every statement, in order; a quotation that goes on in the next sentence or paragraph is taken in."""
        found: list[Saying] = []
        sentences = self._passage.sentences
        for at, sentence in enumerate(sentences):
            if self._goes_on(found, sentences, at):
                found[-1] = _with_content(found[-1], (sentence.start, sentence.end), sentence.block)
                continue
            for saying in self._in_sentence(sentence):
                found.append(saying)
                if saying.source:
                    self._speakers.spoke(saying.source, self._names.get(saying.source.actor or 0, ""))
        return _chained(found, self._chains)

    def _goes_on(self, found: Sequence[Saying], sentences: Sequence[Sentence], at: int) -> bool:
        """Whether a sentence is the second half of the quotation attributed right before it."""
        sentence = sentences[at]
        if not (found and at and sentence.is_quotation and found[-1].rule == "quotation after"):
            return False
        before = sentences[at - 1]
        return before.block == sentence.block and found[-1].content[-1][0] >= before.start

    # --- one sentence ---

    def _in_sentence(self, sentence: Sentence) -> Iterator[Saying]:
        outside = sentence.outside
        if len(outside) > MOST_WORDS or len(sentence.quotations) > MOST_QUOTATIONS:
            return
        hits = self._language.cues.hits(self._mask, outside, sentence.start, sentence.end)
        hits = [self._with_auxiliary(hit, outside) for hit in hits]
        used: set[int] = set()
        quoted: set[Quotation] = set()
        for attribute in (self._closing, self._opening):  # a cue behind a quotation is nearer to it than one in front
            for hit in hits:
                saying = attribute(sentence, hit, quoted) if hit.start not in used and hit.group != "quoting" else None
                if saying:
                    used.add(hit.start)
                    yield saying
        yield from self._reported_in(sentence, [hit for hit in hits if hit.start not in used], outside)
        if sentence.is_quotation and not used:
            yield from self._alone(sentence)

    def _with_auxiliary(self, hit: Hit, outside: Sequence[Token]) -> Hit:
        """The cue with “has” or “had flatly” in front of it: auxiliaries belong to the cue."""
        before = [token for token in outside if token.end <= hit.start][-3:]
        for at in range(len(before) - 1, -1, -1):
            token = before[at]
            if token.lower in self._language.auxiliaries:
                return hit._replace(start=token.start)
            if token.lower not in self._language.adverbs:
                break
        return hit

    # --- quotations ---

    def _closing(self, sentence: Sentence, hit: Hit, quoted: set[Quotation]) -> Saying | None:
        """The quotation that a cue follows on or splits; `quoted` holds those already attributed, and takes it in."""
        before = next((q for q in reversed(sentence.quotations) if q.end <= hit.start), None)
        closes = self._closes(sentence, before, hit) if before and before not in quoted else None
        if before is None or closes is None:
            return None
        contents, source = [(before.start, before.end)], closes[0]
        quoted.add(before)
        after = next((q for q in sentence.quotations if q.start >= hit.end), None)
        if after and after not in quoted and self._is_rest(hit, closes, after):
            contents.append((after.start, after.end))
            quoted.add(after)
        contents = self._led_up_to(sentence, contents)
        score = 0.6 + 0.35 * source.fit if source else 0.55
        return Saying(tuple(contents), hit, source, "quotation after", score, sentence.block)

    def _opening(self, sentence: Sentence, hit: Hit, quoted: set[Quotation]) -> Saying | None:
        """The quotation that a cue leads up to."""
        after = next((q for q in sentence.quotations if q.start >= hit.end), None)
        opens = self._opens(sentence, hit, after) if after and after not in quoted else None
        if after is None or opens is None or hit.group == "quotation":
            return None
        source = opens[0]
        quoted.add(after)
        score = 0.6 + 0.35 * source.fit if source else 0.55
        return Saying(((after.start, after.end),), hit, source, "quotation before", score, sentence.block)

    def _led_up_to(self, sentence: Sentence, contents: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The first content from the start of its clause, when the quotation only ends it: “If he were “ignored””."""
        first = contents[0][0]
        lead = self._mask[sentence.start : first].strip()
        if not lead or _CLAUSE_END.search(lead) or FILLER in lead or len(lead.split()) > 2 * FAR:
            return contents
        tokens = [t for t in sentence.outside if t.end <= first]
        if self._language.cues.has(self._mask, tokens, sentence.start, first) or len(tokens) < FEWEST_WORDS:
            return contents
        return [(sentence.start, contents[0][1]), *contents[1:]]

    def _closes(self, sentence: Sentence, before: Quotation, hit: Hit) -> tuple[Source | None] | None:
        """The speaker, when the cue follows on a quotation: “…,” she said; “…,” said the envoy."""
        gap = self._mask[before.end : hit.start]
        words = [t for t in sentence.outside if before.end <= t.start and t.end <= hit.start]
        if len(words) > LONGEST_GAP or ":" in gap or "：" in gap:
            return None
        has_sign = bool(gap.strip()) and gap.strip()[0] in ",،，—–-"
        if not (before.ends_speech(self._text) or has_sign):
            return None
        if any(w.lower in self._language.complementisers for w in words):
            return None
        if not words and not (self._language.is_spaceless and gap.strip("，,：: ")):
            source = self._speakers.after(sentence, hit.end, self._next_quotation(sentence, hit.end))
        else:
            source = self._speakers.before(sentence, hit.start, before.end)
            if source and any(w.end <= source.start and w.lower not in self._language.adverbs for w in words):
                return None
        return (source,) if source else None

    def _opens(self, sentence: Sentence, hit: Hit, after: Quotation) -> tuple[Source | None] | None:
        """The speaker, when the cue leads up to a quotation: She said: “…”; 周恩来说：“…”."""
        gap = self._mask[hit.end : after.start]
        sign = gap.strip()[-1:]
        words = [t for t in sentence.outside if hit.end <= t.start and t.end <= after.start]
        if sign not in {":", "：", ",", "，", "،"} and not (not gap.strip() and not self._language.is_spaceless):
            return None
        if len(words) > LONGEST_GAP or any(w.lower in self._language.complementisers for w in words):
            return None
        if sign in {",", "，", "،", ""} and not after.ends_sentence(self._text) and len(after.inner(self._text)) < 24:
            return None
        return (self._beside(sentence, hit, after.start),)

    def _next_quotation(self, sentence: Sentence, at: int) -> int:
        return next((q.start for q in sentence.quotations if q.start >= at), sentence.end)

    def _is_rest(self, hit: Hit, closes: tuple[Source | None], after: Quotation) -> bool:
        """Whether a quotation behind “…,” she said, “…” is the second half of the one in front."""
        edge = max(hit.end, closes[0].end if closes[0] else 0)
        gap = self._mask[edge : after.start]
        return len(gap.split()) <= FAR and gap.strip()[-1:] in {",", ":", "،", "，", "：", "", ".", "—", "–", ";"}

    def _beside(self, sentence: Sentence, hit: Hit, ceiling: int) -> Source | None:
        """The speaker on the side of the cue where the language, and the words, have it."""
        sides = {
            "before": self._speakers.before(sentence, hit.start, sentence.start),
            "after": self._speakers.after(sentence, hit.end, ceiling) if "after" in self._language.order else None,
        }
        found = [source for source in sides.values() if source]
        return max(found, key=lambda one: (one.fit, one.actor is not None), default=None)

    def _alone(self, sentence: Sentence) -> Iterator[Saying]:
        """A whole sentence in quotation marks, with nobody named beside it."""
        if sentence.word_count >= FEWEST_WORDS_ALONE or (self._language.is_spaceless and sentence.word_count > 1):
            yield Saying(((sentence.start, sentence.end),), None, None, "quotation alone", 0.35, sentence.block)

    # --- reported speech ---

    def _reported_in(self, sentence: Sentence, hits: Sequence[Hit], outside: Sequence[Token]) -> Iterator[Saying]:
        end = _content_end(self._text, sentence.start, sentence.end)
        for at, hit in enumerate(hits):
            saying = self._quoting(sentence, hit, end)
            if saying is None and hit.group not in {"quotation", "quoting"}:
                ceiling = hits[at + 1].start if at + 1 < len(hits) else end
                saying = self._introduced(sentence, hit, ceiling, end, outside) or self._enclosed(sentence, hit, end)
            if saying:
                yield saying
        for hit in self._language.according_to.hits(self._mask, outside, sentence.start, end):
            if saying := self._according(sentence, hit, end):
                yield saying

    def _introduced(
        self, sentence: Sentence, hit: Hit, ceiling: int, end: int, outside: Sequence[Token]
    ) -> Saying | None:
        """SPEAKER CUE that CONTENT."""
        opening = self._content_start(hit, ceiling, outside)
        if opening is None:
            return None
        start, introduced = opening
        source = self._quoted_as_saying(sentence, hit) or self._beside(sentence, hit, introduced)
        if source is None:
            source = self._subject(sentence, hit)
        if source is None and self._language.order[0] != "after":
            return None
        if source and self._text[: source.end].endswith(("'s", "’s")):  # “the minister's warning that”
            return None
        end = self._until(start, end, outside)
        if self._is_short(start, end):
            return None
        fit = source.fit if source else 0.3
        return Saying(((start, end),), hit, source, "reported", 0.4 + 0.45 * fit, sentence.block)

    def _quoting(self, sentence: Sentence, hit: Hit, end: int) -> Saying | None:
        """“Reuters quoted a spokesman as saying that …”: all of it is what Reuters reports."""
        following = [token for token in sentence.outside if token.start >= hit.end][:FAR]
        if not following or self._mask[hit.end : following[0].start].strip():
            return None
        if not self._language.as_saying.has(self._mask, following, hit.end, end):
            return None
        source = self._speakers.before(sentence, hit.start, sentence.start)
        if source is None:
            return None
        return Saying(((following[0].start, end),), hit, source, "reported", 0.3 + 0.4 * source.fit, sentence.block)

    def _quoted_as_saying(self, sentence: Sentence, hit: Hit) -> Source | None:
        """For “it reports a member of parliament as saying that”: who is quoted."""
        before = [token for token in sentence.outside if token.end <= hit.start]
        if not before or before[-1].lower != "as":
            return None
        quoting = self._language.cues.hits(self._mask, before, sentence.start, hit.start)
        floor = quoting[-1].end if quoting else sentence.start
        return self._speakers.before(sentence, before[-1].start, floor)

    def _content_start(self, hit: Hit, ceiling: int, outside: Sequence[Token]) -> tuple[int, int] | None:
        """Where what is said begins, and where the words that lead up to it do."""
        language = self._language
        if language.is_spaceless:
            return self._content_start_spaceless(hit)
        following = [token for token in outside if token.start >= hit.end][: FAR + 1]
        for token in following:
            if token.start >= ceiling:
                break
            if token.lower in language.complementisers and not (language.code == "de" and token is following[0]):
                return self._skip_space(token.end), token.start
            attached = self._attached(token)
            if attached and token is not following[0]:
                return attached, token.start
            if attached:
                return attached, token.start
            if language.code == "de" and self._mask[: token.start].rstrip()[-1:] == ",":
                return token.start, token.start
        return self._without_complementiser(hit, following)

    def _attached(self, token: Token) -> int | None:
        """Hebrew writes “that” as a prefix: where the word behind it begins."""
        if self._language.code == "he" and token.word.startswith("ש") and len(token.word) > 2:
            known = ("שר", "שרת", "שרים", "שרי", "של", "שלו", "שלה", "שם", "שגריר", "שנה", "שבת", "שני", "שנים", "שעות")
            return None if token.word in known or token.word.startswith(("שגריר", "שלט")) else token.start + 1
        return None

    def _without_complementiser(self, hit: Hit, following: Sequence[Token]) -> tuple[int, int] | None:
        """“said he would”; “требует прекратить огонь”."""
        if not following:
            return None
        first, language = following[0], self._language
        if self._mask[hit.end : first.start].strip():
            return None
        if (
            language.code == "en"
            and hit.group in {"assertion", "belief"}
            and first.lower in language.pronouns | {"there"}
        ):
            second = following[1].lower if len(following) > 1 else ""
            is_object = (
                not self._is_quoted_between(first, following)
                and second in language.boundaries | language.prepositions | language.source_ends
            )
            return (first.start, first.start) if not is_object else None
        if hit.group == "assertion" and self._reads_as_clause(first, following):
            return first.start, first.start
        if language.code in {"ru", "uk"} and hit.group == "directive" and re.search("(?:ть|ти|чь|ться)$", first.lower):
            return first.start, first.start
        return None

    def _is_quoted_between(self, first: Token, following: Sequence[Token]) -> bool:
        """Whether a quotation stands right behind a word: “said he “would love to””."""
        behind = following[1].start if len(following) > 1 else len(self._mask)
        return FILLER in self._mask[first.end : behind][:3]

    def _reads_as_clause(self, first: Token, following: Sequence[Token]) -> bool:
        """Whether the words behind “said” begin a sentence: a noun phrase, and soon a finite verb."""
        language = self._language
        has_head = first.lower in language.determiners or first.word[:1].isupper()
        verb = next((at for at, token in enumerate(following) if token.lower in language.finite), None)
        if not has_head or not verb:
            return False
        between = self._mask[first.start : following[verb].start]
        return not _CLAUSE_END.search(between) and FILLER not in between

    def _content_start_spaceless(self, hit: Hit) -> tuple[int, int] | None:
        at = hit.end
        while at < len(self._mask) and self._mask[at] in "，：,: ":
            at += 1
        if at < len(self._mask) and self._mask[at] not in FILLER + "。！？\n的了过":
            return at, hit.end
        return None

    def _skip_space(self, at: int) -> int:
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at

    def _subject(self, sentence: Sentence, hit: Hit) -> Source | None:
        """For “…, warning that …”: the person the sentence is about."""
        if not self._text[: hit.end].endswith("ing"):
            return None
        named = next((one for one in self._places.within(sentence.start, hit.start) if one.actor), None)
        return Source(named.start, named.end, named.actor, named.how, 0.6) if named else None

    def _until(self, start: int, end: int, outside: Sequence[Token]) -> int:
        """Where reported content ends: at the sentence's end or where “, and he” begins another clause."""
        language = self._language
        for at, token in enumerate(outside[:-1]):
            is_aside = token.lower in {"citing", "adding"} and self._mask[: token.start].rstrip()[-1:] == ","
            if start < token.start < end and is_aside:
                return self._text.rindex(",", 0, token.start)
            if token.start <= start or token.lower not in {"and", "but", "while", "though", "although"}:
                continue
            is_new = outside[at + 1].lower in language.pronouns and outside[at + 1].lower not in {"we", "i"}
            if is_new and self._mask[: token.start].rstrip()[-1:] == "," and token.start < end:
                return len(self._text[: token.start].rstrip()) - 1
        return end

    def _is_short(self, start: int, end: int) -> bool:
        words = self._text[start:end]
        return len(words) < 4 if self._language.is_spaceless else len(words.split()) < FEWEST_WORDS

    def _enclosed(self, sentence: Sentence, hit: Hit, end: int) -> Saying | None:
        """CONTENT, SPEAKER CUE. or CONTENT, SPEAKER CUE, CONTENT."""
        comma = self._comma_before(sentence, hit)
        if comma is None:
            return None
        source = self._speakers.before(sentence, hit.start, comma + 1)
        edge = hit.end
        if source is None:
            source = self._speakers.after(sentence, hit.end, end)
            if source is None or any(comma < t.start < hit.start for t in sentence.outside):
                return None
            edge = max(edge, source.end)
        elif self._mask[comma + 1 : source.start].strip():
            return None
        behind = self._mask[edge:end].strip()
        rest = self._skip_space(edge + self._mask[edge:end].find(",") + 1) if behind.startswith(",") else None
        if rest is None and len(behind.split()) > 4:
            return None
        if self._is_short(sentence.start, comma) or FILLER in self._mask[sentence.start] + self._mask[comma - 1]:
            return None
        if rest and self._text[rest:end].lower().startswith(("and ", "but ")):
            rest = None
        contents = [(sentence.start, comma)] + ([(rest, end)] if rest and not self._is_short(rest, end) else [])
        return Saying(tuple(contents), hit, source, "reported after", 0.35 + 0.4 * source.fit, sentence.block)

    def _comma_before(self, sentence: Sentence, hit: Hit) -> int | None:
        comma = max(self._mask.rfind(sign, sentence.start, hit.start) for sign in ",،，")
        return comma if comma > sentence.start else None

    def _according(self, sentence: Sentence, hit: Hit, end: int) -> Saying | None:
        """According to SPEAKER, CONTENT; and the other way round."""
        if self._language.is_spaceless:
            return None
        source = self._speakers.after(sentence, hit.end, end)
        if source is None:
            return None
        if hit.start == sentence.start:
            gap = self._mask[source.end : end]
            comma = re.search("[,،](?! (?:which|who|that) )", gap)
            start = self._skip_space(source.end + comma.end()) if comma and comma.start() < 90 else None
            content = (start, end) if start else None
        else:
            content = (sentence.start, len(self._text[: hit.start].rstrip(" ,،")))
        if content is None or self._is_short(*content):
            return None
        return Saying((content,), hit, source, "according to", 0.35 + 0.4 * source.fit, sentence.block)


def _content_end(text: str, start: int, end: int) -> int:
    """The sentence's end without the full stop."""
    while end > start and (text[end - 1] in _TERMINAL or text[end - 1].isspace()):
        end -= 1
    return end


def _with_content(saying: Saying, content: tuple[int, int], block: int) -> Saying:
    return Saying((*saying.content, content), saying.cue, saying.source, saying.rule, saying.score, block)


Range = tuple[int, int]


def _chains(quotations: Sequence[Quotation]) -> dict[Range, tuple[Range, ...]]:
    """Each piece of a quotation that goes on over paragraphs → all pieces of it, in order."""
    chains: dict[Range, tuple[Range, ...]] = {}
    chain: list[Range] = []
    for quotation in quotations:
        if not quotation.resumes:
            chain = []
        chain.append((quotation.start, quotation.end))
        if len(chain) > 1 and not quotation.goes_on:
            chains |= dict.fromkeys(chain, tuple(chain))
    return chains


def _chained(sayings: Sequence[Saying], chains: Mapping[Range, tuple[Range, ...]]) -> list[Saying]:
    """The statements with quotations over several paragraphs whole, each once: best from where it is attributed."""
    attributed = {chains[piece] for saying in sayings if saying.cue for piece in saying.content if piece in chains}
    done: set[tuple[Range, ...]] = set()
    kept = []
    for saying in sayings:
        touched = {chains[piece] for piece in saying.content if piece in chains}
        if touched & done or (not saying.cue and touched & attributed):
            continue
        done |= touched
        content = sorted({*saying.content, *(piece for chain in touched for piece in chain)})
        kept.append(Saying(tuple(content), saying.cue, saying.source, saying.rule, saying.score, saying.block))
    return kept
