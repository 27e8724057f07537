"""What is reported without quotation marks: behind a cue, around it, or “according to” somebody."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from newsannot.suggestions.rules.languages import Hit, Language, Token
from newsannot.suggestions.rules.named import Named, NamedPlaces
from newsannot.suggestions.rules.quotations import FILLER
from newsannot.suggestions.rules.sentences import Passage, Sentence
from newsannot.suggestions.rules.sources import Source, Speakers

_CLOSING = "”’»“\"'"
_TERMINAL = ".!?…。！？؟"
CLAUSE_END = re.compile("[,;:،؛，；：—–]")
FAR = 12
"""How many words may stand between a cue and what it introduces."""
FEWEST_WORDS = 3
LONGEST_SUBJECT = 6
"""So many words at most stand between a cue and the verb of what is said, when no “that” does."""


@dataclass(frozen=True, slots=True)
class Saying:
    """A statement found: its pieces of content, its cue and its source, and what the rule goes by."""

    content: tuple[tuple[int, int], ...]
    cue: Hit | None
    source: Source | None
    rule: str
    score: float
    block: int


class Reported:
    """Finds reported speech in the sentences of a passage."""

    def __init__(self, passage: Passage, places: NamedPlaces, speakers: Speakers, language: Language) -> None:
        self._places, self._language, self._speakers = places, language, speakers
        self._text, self._mask = passage.text, passage.masked

    def in_sentence(self, sentence: Sentence, cues: Sequence[Hit], used: set[int]) -> Iterator[Saying]:
        """What the sentence reports; `used` are the cues, by where they begin, that belong to quotations."""
        end = _content_end(self._text, sentence.start, sentence.end)
        hits = [hit for hit in cues if hit.start not in used]
        for at, hit in enumerate(hits):
            saying = self._quoting(sentence, hit, end)
            if saying is None and hit.group not in {"quotation", "quoting"}:
                ceiling = hits[at + 1].start if at + 1 < len(hits) else end
                saying = self._enclosed(sentence, hit, end) if self._is_inserted(sentence, hit) else None
                saying = saying or self._introduced(
                    sentence, hit, ceiling, end, [c for c in cues if c.start > hit.start]
                )
                saying = saying or self._enclosed(sentence, hit, end)
            if saying:
                yield saying
        for hit in self._language.according_to.hits(self._mask, sentence.outside, sentence.start, end):
            if saying := self._according(sentence, hit, end):
                yield saying

    def _introduced(
        self, sentence: Sentence, hit: Hit, ceiling: int, end: int, following: Sequence[Hit]
    ) -> Saying | None:
        """SPEAKER CUE that CONTENT; `following` are the cues behind."""
        outside = sentence.outside
        opening = self._content_start(hit, ceiling, outside)
        if opening is None:
            return None
        start, introduced = opening
        source = self._quoted_as_saying(sentence, hit) or self.beside(sentence, hit, introduced)
        if source is None:
            source = self._subject(sentence, hit)
        if source is None and self._language.order[0] != "after":
            return None
        if source and self._text[: source.end].endswith(("'s", "’s")):  # “the minister's warning that”
            return None
        end = self._before_next(start, self._until(start, end, outside), following)
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
        is_clause = hit.group == "assertion" and self._reads_as_clause(first, following)
        if is_clause or self._is_bare_clause(hit, following):
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
        verb = next((at for at, token in enumerate(following) if self.is_finite(following, at)), None)
        if not has_head or not verb:
            return False
        return not self._breaks(first.start, following[verb].start)

    def _is_bare_clause(self, hit: Hit, following: Sequence[Token]) -> bool:
        """Whether a sentence begins behind a cue with a noun alone: “said gas deliveries would halt”."""
        language = self._language
        if self._mask[hit.start : hit.end].lower() not in language.bare_clauses:
            return False
        verb = next((at for at, token in enumerate(following) if token.lower in language.finite), 0)
        if not 0 < verb <= LONGEST_SUBJECT or self._breaks(following[0].start, following[verb].start):
            return False
        return self._is_subject([token.lower for token in following[:verb]])

    def _is_subject(self, words: Sequence[str]) -> bool:
        """Whether words without an article in front are one noun phrase; a second article would begin another."""
        language = self._language
        if words[0] in language.prepositions | language.source_ends | language.adverbs:
            return False
        if any(word in language.boundaries | language.pronouns or word.endswith("ly") for word in words):
            return False
        links = language.prepositions | {"of"}
        return not any(word in language.determiners and before not in links for before, word in pairwise(words))

    def _breaks(self, start: int, end: int) -> bool:
        """Whether a sign that ends a clause, or a quotation, stands between two places."""
        between = self._mask[start:end]
        return CLAUSE_END.search(between) is not None or FILLER in between

    def is_finite(self, tokens: Sequence[Token], at: int) -> bool:
        """Whether a word is a finite verb; in English a past tense is told by what follows: “posed a”."""
        language, word = self._language, tokens[at].lower
        if word in language.finite:
            return True
        behind = tokens[at + 1].lower if at + 1 < len(tokens) else ""
        is_past = language.code == "en" and word.endswith("ed") and len(word) > 4
        return is_past and behind in language.determiners | language.prepositions

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
        before = [token.lower for token in sentence.outside if token.end <= hit.start][-1:]
        is_joined = bool(before) and before[0] in self._language.joins
        if not (self._text[: hit.end].endswith("ing") or is_joined):
            return None
        first = sentence.outside[0]
        if is_joined and first.lower in self._language.pronouns:
            return self._speakers.before(sentence, first.end + 1, sentence.start)
        named = next((one for one in self._places.within(sentence.start, hit.start) if one.actor), None)
        return self._headed_by(named, hit.start, outside=sentence.outside) if named else None

    def _headed_by(self, named: Named, edge: int, *, outside: Sequence[Token]) -> Source:
        """Whom a name leads up to: “Russian President Vladimir Putin” is that person."""
        if named.is_person:
            return Source(named.start, named.end, named.actor, named.how, 0.6)
        end, has_title = named.end, False
        for token in outside:
            if not named.end <= token.start < edge:
                continue
            is_title = token.lower in self._language.title_words
            if not (is_title or token.word[:1].isupper()) or self._text[end : token.start].strip():
                break
            end, has_title = token.end, has_title or is_title
        person = next((one for one in self._places.within(named.end, end) if one.is_person), None)
        if person:
            return Source(named.start, person.end, person.actor, person.how, 0.6)
        if has_title:
            return Source(named.start, end, None, "", 0.6)
        return Source(named.start, named.end, named.actor, named.how, 0.6)

    def _until(self, start: int, end: int, outside: Sequence[Token]) -> int:
        """Where reported content ends: at the sentence's end or where “, and he” begins another clause."""
        language = self._language
        for at, token in enumerate(outside[:-1]):
            if start < token.start < end and (aside := self._aside_before(token, start)):
                return aside
            if token.start <= start or token.lower not in {"and", "but", "while", "though", "although"}:
                continue
            is_new = outside[at + 1].lower in language.pronouns and outside[at + 1].lower not in {"we", "i"}
            if is_new and self._mask[: token.start].rstrip()[-1:] == "," and token.start < end:
                return len(self._text[: token.start].rstrip()) - 1
        return end

    def _aside_before(self, token: Token, start: int) -> int | None:
        """Where what the reporter adds begins: “, citing …”, “, warning that …”; a quotation keeps its mark."""
        is_participle = token.lower.endswith("ing") and self._language.cues.has(
            self._mask, [token], token.start, token.end
        )
        if not is_participle:
            return None
        before = self._text[start : token.start].rstrip()
        unclosed = before.rstrip(_CLOSING)
        if not unclosed.endswith(","):
            return None
        return start + (len(before) if unclosed != before else len(before) - 1)

    def _before_next(self, start: int, end: int, following: Sequence[Hit]) -> int:
        """Where a further cue ends the content: “He said that X, and added: “Y””."""
        for hit in following:
            comma = max(self._mask.rfind(sign, start, hit.start) for sign in ",،，")
            between = self._mask[comma + 1 : hit.start].strip().lower() if comma > start else None
            if between is not None and between in self._language.joins and hit.start < end:
                return comma
        return end

    def _is_inserted(self, sentence: Sentence, hit: Hit) -> bool:
        """Whether a sentence goes on behind its cue with its verb: „Falls sie kommen, sagte er, werde man …“."""
        if self._language.code != "de" or self._mask[: hit.start].rstrip()[-1:] != ",":
            return False
        comma = self._mask.find(",", hit.end, sentence.end)
        behind = next((token for token in sentence.outside if token.start > comma), None) if comma >= 0 else None
        return behind is not None and behind.lower in self._language.finite

    def _is_short(self, start: int, end: int) -> bool:
        words = self._text[start:end]
        return len(words) < 4 if self._language.is_spaceless else len(words.split()) < FEWEST_WORDS

    def _enclosed(self, sentence: Sentence, hit: Hit, end: int) -> Saying | None:
        """CONTENT, SPEAKER CUE. or CONTENT, SPEAKER CUE, CONTENT."""
        comma = self._comma_before(sentence, hit)
        if comma is None:
            return None
        source = self._speakers.before(sentence, hit.start, comma + 1, is_own=True)
        edge = hit.end
        if source is None:
            source = self._speakers.after(sentence, hit.end, end)
            if source is None or any(comma < t.start < hit.start for t in sentence.outside):
                return None
            edge = max(edge, source.end)
        elif self._mask[comma + 1 : source.start].strip():
            return None
        behind = self._mask[edge:end].strip()
        rest = self._skip_space(edge + self._mask[edge:end].find(",") + 1) if self._is_aside(behind) else None
        if rest is None and len(behind.split()) > 4:
            return None
        if self._is_short(sentence.start, comma) or FILLER in self._mask[sentence.start] + self._mask[comma - 1]:
            return None
        if rest and self._text[rest:end].lower().startswith(("and ", "but ")):
            rest = None
        contents = [(sentence.start, comma)] + ([(rest, end)] if rest and not self._is_short(rest, end) else [])
        return Saying(tuple(contents), hit, source, "reported after", 0.35 + 0.4 * source.fit, sentence.block)

    def _is_aside(self, behind: str) -> bool:
        """Whether the content goes on behind a comma, at once or after “on Monday”."""
        aside, comma, _ = behind.partition(",")
        words = aside.split()
        return bool(comma) and (not words or (words[0].lower() in self._language.prepositions and len(words) <= 6))

    def _comma_before(self, sentence: Sentence, hit: Hit) -> int | None:
        comma = max(self._mask.rfind(sign, sentence.start, hit.start) for sign in ",،，")
        return comma if comma > sentence.start else None

    def _finite_behind(self, sentence: Sentence, hit: Hit) -> int | None:
        """Where the verb stands in second place behind “according to …”, in a language that has it there."""
        if self._language.code != "de":
            return None
        following = [token for token in sentence.outside if token.start >= hit.end][: FAR + 1]
        return next((token.start for token in following[1:] if token.lower in self._language.finite), None)

    def _according_spaceless(self, sentence: Sentence, hit: Hit, end: int) -> Saying | None:
        """据…报道，CONTENT."""
        comma = self._mask.find("，", hit.end, end)
        said = self._language.as_saying.hits(self._mask, [], hit.end, max(comma, hit.end))
        if hit.start != sentence.start or not said or said[-1].end != comma or said[-1].start - hit.end < 2:
            return None
        cue = Hit(said[-1].start, said[-1].end, "assertion")
        named = next((one for one in self._places.within(hit.end, cue.start) if one.actor), None)
        who = (named.actor, named.how) if named and named.end == cue.start else (None, "")
        source = Source(hit.end, cue.start, *who, fit=0.8)
        content = (comma + 1, end)
        return Saying((content,), cue, source, "according to", 0.65, sentence.block) if comma + 4 < end else None

    def _according(self, sentence: Sentence, hit: Hit, end: int) -> Saying | None:
        """According to SPEAKER, CONTENT; and the other way round."""
        if self._language.is_spaceless:
            return self._according_spaceless(sentence, hit, end)
        is_leading = hit.start - sentence.start <= 2  # a prefix may be written with it
        verb = self._finite_behind(sentence, hit) if is_leading else None
        source = self._speakers.after(sentence, hit.end, verb or end)
        if source is None:
            return None
        if verb and not self._mask[source.end : verb].strip():  # “Nach Angaben der Küstenwache waren …”
            content: tuple[int, int] | None = (verb, end)
        elif is_leading:
            gap = self._mask[source.end : end]
            comma = re.search("[,،](?! (?:which|who|that) )", gap)
            start = self._skip_space(source.end + comma.end()) if comma and comma.start() < 90 else None
            content = (start, end) if start else None
        else:
            content = (sentence.start, len(self._text[: hit.start].rstrip(" ,،")))
        if content is None or self._is_short(*content):
            return None
        return Saying((content,), hit, source, "according to", 0.35 + 0.4 * source.fit, sentence.block)

    def beside(self, sentence: Sentence, hit: Hit, ceiling: int) -> Source | None:
        """The speaker on the side of the cue where the language, and the words, have it."""
        sides = {
            "before": self._speakers.before(sentence, hit.start, sentence.start),
            "after": self._speakers.after(sentence, hit.end, ceiling) if "after" in self._language.order else None,
        }
        found = [source for source in sides.values() if source]
        return max(found, key=lambda one: (one.fit, one.actor is not None), default=None)


def _content_end(text: str, start: int, end: int) -> int:
    """The sentence's end without the full stop."""
    while end > start and (text[end - 1] in _TERMINAL or text[end - 1].isspace()):
        end -= 1
    return end
