"""Who speaks: the words beside a cue that name the speaker, and the actor they stand for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from newsannot.suggestions.rules.languages import Language, Token
from newsannot.suggestions.rules.named import Named, NamedPlaces
from newsannot.suggestions.rules.parse import NOTHING, Parse, Subject
from newsannot.suggestions.rules.quotations import FILLER
from newsannot.suggestions.rules.sentences import Passage, Sentence

_BREAKS = frozenset(",;:—–()[]،؛，；：。、.!?…\n-" + FILLER)
_WHOSE = frozenset({"of", "von", "des", "de", "du"})
_DASHES = frozenset("-")
LONGEST = 8
SURE = 0.8
"""What words tell with this fit is not asked of a parser."""
LONGEST_SPACELESS = 20
LONGEST_EXTENSION = 5
FARTHEST = 1500
PLURAL_KINDS = frozenset(
    {"group", "population", "coalition", "company", "party", "armed_force", "armed_group", "media"}
)


@dataclass(frozen=True, slots=True)
class Source:
    """The words that name a speaker, half-open in code points; `how` says why they stand for `actor` (None: unknown).

    `fit` is how well they read as a speaker, from 0 to 1.
    """

    start: int
    end: int
    actor: int | None
    how: str
    fit: float


class Speakers:
    """Finds the speaker beside a cue, and remembers who spoke last, for “he said”."""

    def __init__(self, passage: Passage, places: NamedPlaces, language: Language, parse: Parse = NOTHING) -> None:
        """Read one passage, from its beginning to its end; what a parser read in it settles what words leave open."""
        self._parse = parse
        self._text, self._mask = passage.text, passage.masked
        self._places, self._language = places, language
        self._last: tuple[int, int, str] | None = None  # where, the actor, its name

    def spoke(self, source: Source, who: str) -> None:
        """Remember a speaker."""
        if source.actor is not None:
            self._last = source.end, source.actor, who

    # --- before the cue ---

    def before(self, sentence: Sentence, at: int, floor: int, *, is_own: bool = False) -> Source | None:
        """The speaker named in front of a cue at `at`, no earlier than `floor`; `is_own`: of no verb before."""
        subject = self._parse.subject_before(at, floor, is_own=is_own)
        return self._surer(self._before_by_words(sentence, at, floor), subject)

    def _surer(self, found: Source | None, subject: Subject | None) -> Source | None:
        """The source the words tell, or the subject of the cue's verb where that is unsure."""
        if subject is None or (found is not None and found.fit >= SURE):
            return found
        head = Token(subject.head, subject.end, self._text[subject.head : subject.end], "")
        head = head._replace(lower=head.word.lower())
        if head.lower in self._language.pronouns:
            return self._pronoun(head)
        named = next(iter(self._places.overlapping(subject.head, subject.head + 1)), None)
        if named is None:
            return Source(subject.start, subject.end, None, "", 0.8)
        how = f"{named.how}, the subject of the verb" if named.how else ""
        return Source(min(subject.start, named.start), max(subject.end, named.end), named.actor, how, 0.9)

    def _before_by_words(self, sentence: Sentence, at: int, floor: int) -> Source | None:
        if self._language.is_spaceless:
            return self._before_spaceless(at, floor)
        tokens = [t for t in sentence.outside if floor <= t.start and t.end <= at]
        while tokens and tokens[-1].lower in self._language.adverbs:
            tokens.pop()
        if not tokens:
            return None
        between = self._mask[tokens[-1].end : at].strip()
        if between in {",", "،"}:
            return self._apposed(sentence, tokens, floor)
        if any(sign in _BREAKS for sign in self._mask[tokens[-1].end : at].replace(tokens[-1].word, "")):
            return None
        return self._ending_at(tokens, tokens[-1].end)

    def _ending_at(self, tokens: Sequence[Token], end: int) -> Source | None:
        """The noun phrase that the tokens end with."""
        run = self._unbroken(tokens)
        if not run:
            return None
        named = [one for one in self._places.within(run[0].start, end) if one.end == end]
        if named and not self._is_of(run, named[-1]):
            return self._named(run, named[-1])
        if run[-1].lower in self._language.pronouns:
            return self._pronoun(run[-1])
        return self._nominal(run)

    def _is_of(self, run: Sequence[Token], named: Named) -> bool:
        """Whether the name only says whose: “the government of Iraq”."""
        before = [token.lower for token in run if token.end <= named.start]
        return not named.is_person and len(before) > 1 and before[-1] in _WHOSE | {"der"}

    def _unbroken(self, tokens: Sequence[Token]) -> list[Token]:
        """The last tokens with no punctuation and no word between that begins a clause."""
        run: list[Token] = []
        edge = tokens[-1].end
        for token in reversed(tokens):
            gap = self._mask[token.end : edge] if run else ""
            if any(sign in _BREAKS and not (sign == "." and token.end + 1 < edge) for sign in gap):
                break
            if token.lower in self._language.boundaries and run:
                break
            if token.lower in self._language.boundaries:
                return []
            run.append(token)
            edge = token.start
        return run[::-1]

    def _named(self, run: Sequence[Token], named: Named) -> Source:
        """The name with what belongs in front of it: an article, titles, adjectives with a capital."""
        start, language = named.start, self._language
        before = [token for token in run if token.end <= start]
        for token in before[: -LONGEST_EXTENSION - 1 : -1]:
            is_article = token.lower in language.determiners
            is_part = is_article or token.lower in language.title_words or self._is_name_like(token)
            if not is_part or token.lower in language.prepositions:
                break
            start = token.start
            if is_article:
                break
        front = [token for token in run if token.end <= start]
        is_elsewhere = bool(front) and front[-1].lower in language.prepositions and "after" in language.order
        return Source(start, named.end, named.actor, named.how, 0.3 if is_elsewhere else 1.0)

    def _is_name_like(self, token: Token) -> bool:
        """Whether a word with a capital may belong to the name behind it, and is none by itself."""
        if not token.word[:1].isupper() or token.lower in self._language.prepositions:
            return False
        return not self._places.within(token.start, token.end) or token.lower.endswith(("'s", "’s"))

    def _pronoun(self, token: Token) -> Source:
        meant = self._meant_by(token)
        if meant is None:
            return Source(token.start, token.end, None, "", 0.6)
        actor, who = meant
        return Source(token.start, token.end, actor, f"“{token.word}” is taken for {who}, named last before", 0.7)

    def _meant_by(self, token: Token) -> tuple[int, str] | None:
        """Whom a pronoun stands for: the last speaker or, if somebody was named since, that one."""
        is_plural = token.lower in self._language.plural_pronouns
        for named in self._places.last_before(token.start):
            if named.end < token.start - FARTHEST:
                break
            if self._last and self._last[0] >= named.end:
                break
            if self._mask[named.start] == FILLER or named.actor is None:
                continue
            if named.is_person if not is_plural else named.kind in PLURAL_KINDS:
                return named.actor, named.who
        if self._last and not is_plural:
            return self._last[1], self._last[2]
        return None

    def _nominal(self, run: Sequence[Token]) -> Source | None:
        """A noun phrase that names nobody known: “an American officer”, “news agencies”."""
        language, tokens = self._language, list(run)
        if tokens[0].lower in language.prepositions or len(tokens) > LONGEST:
            articles = [at for at, token in enumerate(tokens) if token.lower in language.determiners]
            if not articles:
                return None
            tokens = tokens[articles[-1] :]
        if not 1 <= len(tokens) <= LONGEST or tokens[-1].lower in language.determiners | language.prepositions:
            return None
        if language.modals.has(self._text, tokens, tokens[0].start, tokens[-1].end):
            return None
        within = self._places.within(tokens[0].start, tokens[-1].end)
        persons = [one for one in within if one.is_person] or within
        actor = persons[-1] if persons and persons[-1].is_person else None
        has_head = tokens[0].lower in language.determiners or any(t.lower in language.title_words for t in tokens)
        how = actor.how if actor else ""
        return Source(tokens[0].start, tokens[-1].end, actor.actor if actor else None, how, 0.8 if has_head else 0.5)

    def _apposed(self, sentence: Sentence, tokens: Sequence[Token], floor: int) -> Source | None:
        """“The foreign minister, Dominique de Villepin, said”: both together name the speaker."""
        if head := self._before_insertion(tokens, floor):
            return head
        inner = self._unbroken(tokens)
        if not inner or self._mask[: inner[0].start].rstrip()[-1:] not in {",", "،"}:
            return None
        outer = [token for token in tokens if token.end < inner[0].start]
        if not outer or outer[-1].end < floor:
            return None
        head = self._ending_at(outer, outer[-1].end)
        names = self._places.within(inner[0].start, inner[-1].end)
        if head is None or not (names or self._has_title(inner)):
            return None
        actor = next((one for one in names if one.is_person), None)
        if head.actor is not None or actor is None:
            return replace(head, end=inner[-1].end)
        return Source(head.start, inner[-1].end, actor.actor, actor.how, 1.0)

    def _before_insertion(self, tokens: Sequence[Token], floor: int) -> Source | None:
        """“Lavrov, speaking after the talks, said”; “the envoy, who had left, said”: the words in front speak."""
        comma = max(self._mask.rfind(sign, floor, tokens[-1].start) for sign in ",،")
        inner = [token for token in tokens if token.start > comma]
        outer = [token for token in tokens if token.end <= comma]
        if comma < floor or not inner or not outer or self._mask[outer[-1].end : comma].strip():
            return None
        is_insertion = inner[0].lower in self._language.boundaries or inner[0].lower.endswith("ing")
        return self._ending_at(outer, outer[-1].end) if is_insertion else None

    def _has_title(self, tokens: Sequence[Token]) -> bool:
        return any(token.lower in self._language.title_words for token in tokens)

    def _before_spaceless(self, at: int, floor: int) -> Source | None:
        """In a script without spaces: from the last punctuation to the cue, adverbials after the name left out."""
        start = at
        while start > floor and self._mask[start - 1] not in _BREAKS and not self._mask[start - 1].isspace():
            start -= 1
        for opening in sorted(self._language.prepositions | {"据", "據", "根据"}, key=len, reverse=True):
            if self._text.startswith(opening, start) and opening not in self._language.prepositions:
                start += len(opening)
                break
        if not start < at:
            return None
        named = self._places.within(start, at)
        for one in named:
            rest = self._text[one.end : at]
            if not rest or rest.startswith(tuple(self._language.prepositions | self._language.adverbs)):
                begin = start if one.start - start <= LONGEST_SPACELESS // 2 else one.start
                return Source(begin, one.end, one.actor, one.how, 1.0)
        words = self._text[start:at]
        if words in self._language.pronouns:
            return self._pronoun(Token(start, at, words, words))
        if len(words) > LONGEST_SPACELESS or len(words) < 2 or words.startswith(tuple(self._language.prepositions)):
            return None
        persons = [one for one in named if one.is_person]
        who = persons[-1] if persons else None
        return Source(start, at, who.actor if who else None, who.how if who else "", 0.6)

    # --- after the cue ---

    def after(self, sentence: Sentence, at: int, ceiling: int) -> Source | None:
        """The speaker named right behind a cue that ends at `at`, no further than `ceiling`."""
        return self._surer(self._after_by_words(sentence, at, ceiling), self._parse.subject_after(at, ceiling))

    def _after_by_words(self, sentence: Sentence, at: int, ceiling: int) -> Source | None:
        if self._language.is_spaceless:
            return None
        run = self._run_behind(sentence, at, ceiling)
        if not run or any(token.lower in self._language.finite for token in run):
            return None
        if run[0].lower in self._language.pronouns:
            return self._pronoun(run[0])
        within = self._places.within(run[0].start, run[-1].end)
        if within and sum(token.end <= within[0].start for token in run) <= LONGEST_EXTENSION:
            return self._headed(run, next((one for one in within if one.is_person), within[0]))
        if run[0].lower in self._language.prepositions | _WHOSE:  # “warning of more to come”
            return None
        has_head = run[0].lower in self._language.determiners or self._has_title(run)
        return Source(run[0].start, run[-1].end, None, "", 0.8 if has_head else 0.5)

    def _run_behind(self, sentence: Sentence, at: int, ceiling: int) -> list[Token]:
        """The words behind a cue up to punctuation or a word that no name of a speaker goes on with."""
        run: list[Token] = []
        edge = at
        for token in sentence.outside:
            if token.start < at:
                continue
            has_break = any(sign in _BREAKS for sign in self._mask[edge : token.start])
            if token.end > ceiling or has_break or len(run) > LONGEST:
                break
            if self._ends_source(token, is_first=not run):
                break
            run.append(token)
            edge = token.end
        return run

    def _headed(self, run: Sequence[Token], named: Named) -> Source:
        """The words up to a name; where that only says whose head speaks (“глава советского правительства”), all."""
        is_whose = not named.is_person and any(t.end <= named.start and t.word.islower() for t in run)
        if is_whose:
            return Source(run[0].start, max(named.end, run[-1].end), None, "", 0.8)
        return Source(run[0].start, named.end, named.actor, named.how, 1.0)

    def _ends_source(self, token: Token, *, is_first: bool) -> bool:
        language = self._language
        if token.lower in language.source_ends or token.lower in language.complementisers:
            return True
        if is_first or not language.addressee_prefixes:
            return False
        is_addressee = len(token.word) > 3 and token.word.startswith(language.addressee_prefixes)
        return is_addressee and not self._places.within(token.start, token.end)
