"""Statements: quotations with the cue and the speaker beside them, and what is reported without quotation marks."""

from collections.abc import Iterator, Mapping, Sequence

from newsannot.suggestions.rules.languages import Hit, Language, Token
from newsannot.suggestions.rules.named import NamedPlaces
from newsannot.suggestions.rules.parse import NOTHING, Parse
from newsannot.suggestions.rules.quotations import FILLER, Quotation
from newsannot.suggestions.rules.reported import CLAUSE_END, FAR, FEWEST_WORDS, Reported, Saying
from newsannot.suggestions.rules.sentences import Passage, Sentence
from newsannot.suggestions.rules.sources import Source, Speakers

FEWEST_WORDS_ALONE = 6
LONGEST_GAP = 10
MOST_WORDS, MOST_QUOTATIONS = 200, 20
"""A sentence with more words outside of quotations, or more quotations, is none: nothing is drafted from it."""


class Attribution:
    """Finds the statements of a passage, sentence by sentence."""

    def __init__(self, passage: Passage, places: NamedPlaces, language: Language, parse: Parse = NOTHING) -> None:
        """Read one passage, with what a parser read in it."""
        self._passage, self._places, self._language = passage, places, language
        self._text, self._mask = passage.text, passage.masked
        self._speakers = Speakers(passage, places, language, parse)
        self._reported = Reported(passage, places, self._speakers, language)
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
        yield from self._reported.in_sentence(sentence, hits, used)
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
        lead = self._lead(sentence, source) if source else None
        contents = ((lead,) if lead else ()) + ((after.start, after.end),)
        return Saying(contents, hit, source, "quotation before", score, sentence.block)

    def _lead(self, sentence: Sentence, source: Source) -> tuple[int, int] | None:
        """The first half of what is said: “The talks were over, Obi warned: “…””. “On Monday, Obi said” has none."""
        comma = self._mask.rfind(",", sentence.start, source.start)
        if comma < 0 or self._mask[comma + 1 : source.start].strip() or FILLER in self._mask[sentence.start : comma]:
            return None
        tokens = [token for token in sentence.outside if token.end <= comma]
        aside = self._language.prepositions | self._language.boundaries
        if len(tokens) < FEWEST_WORDS or tokens[0].lower in aside:
            return None
        is_clause = any(self._reported.is_finite(tokens, at) for at in range(1, len(tokens)))
        return (sentence.start, comma) if is_clause else None

    def _led_up_to(self, sentence: Sentence, contents: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """The first content from the start of its clause, when the quotation only ends it: “If he were “ignored””."""
        first = contents[0][0]
        lead = self._mask[sentence.start : first].strip()
        if not lead or CLAUSE_END.search(lead) or FILLER in lead or len(lead.split()) > 2 * FAR:
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
        return (self._reported.beside(sentence, hit, after.start),)

    def _next_quotation(self, sentence: Sentence, at: int) -> int:
        return next((q.start for q in sentence.quotations if q.start >= at), sentence.end)

    def _is_rest(self, hit: Hit, closes: tuple[Source | None], after: Quotation) -> bool:
        """Whether a quotation behind “…,” she said, “…” is the second half of the one in front."""
        edge = max(hit.end, closes[0].end if closes[0] else 0)
        gap = self._mask[edge : after.start]
        return len(gap.split()) <= FAR and gap.strip()[-1:] in {",", ":", "،", "，", "：", "", ".", "—", "–", ";"}

    def _alone(self, sentence: Sentence) -> Iterator[Saying]:
        """A whole sentence in quotation marks, with nobody named beside it."""
        if sentence.word_count >= FEWEST_WORDS_ALONE or (self._language.is_spaceless and sentence.word_count > 1):
            yield Saying(((sentence.start, sentence.end),), None, None, "quotation alone", 0.35, sentence.block)


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
