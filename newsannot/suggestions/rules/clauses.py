"""Reading a clause for threats: its words, where it is cut, what harm is in it, and whose deed that would be."""

import re

from newsannot.annotations.rules import Piece
from newsannot.suggestions.rules.languages import Hit, Language, Lexicon, Token
from newsannot.suggestions.rules.named import NamedPlaces
from newsannot.suggestions.rules.reported import Saying
from newsannot.suggestions.rules.sentences import Passage

STOPS = re.compile("[,;،؛；，。.!?]")
TRIM = " \t\u00a0,;:.،؛，；：。!?！？“”„«»\"'‘’「」—–-\n"
_CLOSING = re.compile('[.,!?]?"')
_OUR_FUTURE = {
    "fr": re.compile("[^ ]{3}rons$"),
    "ru": re.compile("[^ ]{3}(?:ем|ём|им)$"),
    "uk": re.compile("[^ ]{3}(?:емо|имо|ємо)$"),
}
"""How a verb ends by which “we” say what they are going to do, right behind that word."""
_PAIRS = (("“", "”"), ("«", "»"), ("„", "“"), ("„", "”"))
_CONTRACTED = ("'ll", "’ll", "won't", "won’t")
_HARM_ORDER = (
    "wmd", "blockade", "occupation", "sanctions", "aid_cut", "expulsion", "arrest", "cyber", "relations", "talks",
    "force", "unspecified",
)  # fmt: skip
DENIED_WITHIN = 6
"""A negation counts among so many first words."""
SUBJECT_WITHIN = 3
"""So many words may stand between who threatens and the verb."""


class Clauses:
    """Asks a passage about stretches of it, half-open in code points."""

    def __init__(self, passage: Passage, places: NamedPlaces, language: Language) -> None:
        self.text, self.language = passage.text, language
        self._words, self._places = passage.words, places

    def tokens(self, start: int, end: int) -> list[Token]:
        """The words of a stretch."""
        return self._words.between(start, end)

    def hits(self, lexicon: Lexicon, start: int, end: int) -> list[Hit]:
        """The phrases of a lexicon in a stretch."""
        return lexicon.hits(self.text, self.tokens(start, end), start, end)

    # --- where it is cut ---

    def trimmed(self, start: int, end: int) -> Piece:
        """The stretch without the signs around it; a quotation that begins in it keeps its closing mark."""
        while start < end and self.text[start] in TRIM:
            start += 1
        while end > start and self.text[end - 1] in TRIM:
            end -= 1
        inner = self.text[start:end]
        for first, last in _PAIRS:
            if first in inner and last not in inner[inner.rfind(first) + 1 :]:
                closing = re.compile(f"[.,!?]?{last}").match(self.text, end)
                if closing:
                    return Piece(start, closing.end())
        behind = _CLOSING.match(self.text, end)
        if inner.count('"') % 2 and behind:
            return Piece(start, behind.end())
        return Piece(start, end)

    def first_stop(self, start: int, end: int) -> int:
        """Where the first comma or full stop stands, or the end."""
        stop = STOPS.search(self.text, start, end)
        return stop.start() if stop else end

    def before(self, start: int, end: int) -> Piece:
        """The clause in front of “unless”, from the last stop that leaves a modal in it."""
        end = start + len(self.text[start:end].rstrip(TRIM))
        for stop in reversed(list(STOPS.finditer(self.text, start, end))):
            if self.has_modal(stop.end(), end):
                return self.trimmed(stop.end(), end)
        return self.trimmed(start, end)

    def main(self, start: int, end: int) -> Piece:
        """The threatened clause; what follows a further “that” in it alone: “the premise that they will be targets”."""
        opening = next(iter(self.hits(self.language.otherwise, start, end)), None)
        if opening and not self.text[start : opening.start].strip(TRIM):
            start = opening.end
        tokens = self.tokens(start, end)
        for at, token in enumerate(tokens):
            if token.lower in self.language.complementisers and self.has_modal(token.end, end):
                return self.trimmed(tokens[at + 1].start if at + 1 < len(tokens) else token.end, end)
            if self.language.modals.has(self.text, [token], token.start, token.end):
                break
        return self.trimmed(start, self._clause_stop(start, end))

    def _clause_stop(self, start: int, end: int) -> int:
        """Where the clause with the first modal ends: at “, and”."""
        for stop in STOPS.finditer(self.text, start, end):
            following = self.tokens(stop.end(), end)[:1]
            if following and following[0].lower in {"and", "but"} and self.has_modal(start, stop.start()):
                return stop.start()
        return end

    # --- what it says ---

    def has_modal(self, start: int, end: int) -> bool:
        """Whether something is said to come, or to have to."""
        return self.first_modal(start, end) is not None

    def first_modal(self, start: int, end: int) -> int | None:
        """Where the first word stands that says so."""
        hits = self.hits(self.language.modals, start, end)
        tokens = self.tokens(start, end)
        own = [
            token.start
            for before, token in zip([None, *tokens], tokens, strict=False)
            if token.lower.endswith(_CONTRACTED) or self._is_future(token, before)
        ]
        return min([*own[:1], *(hit.start for hit in hits[:1])], default=None)

    def _is_future(self, token: Token, before: Token | None) -> bool:
        """Whether a verb carries its future in itself: Arabic س, or what “we” do by its ending; Hebrew has a list."""
        word = token.word
        ours = _OUR_FUTURE.get(self.language.code)
        if ours and before and before.lower in self.language.we:
            return ours.search(token.lower) is not None
        is_verb = self.language.code == "ar" and len(word) > 3 and not word.endswith(("ة", "ات", "اء"))
        return is_verb and word.startswith(("سي", "سن", "ست", "سأ"))

    def harms(self, piece: Piece) -> list[Hit]:
        """The words one threatens with, the gravest kind first."""
        found = self.hits(self.language.harms, piece.start, piece.end)
        return sorted(found, key=lambda hit: _HARM_ORDER.index(hit.group))

    def is_denied(self, start: int, end: int) -> bool:
        """Whether a negation stands among the first words."""
        language, tokens = self.language, self.tokens(start, end)[:DENIED_WITHIN]
        denials = language.negations.hits(self.text, tokens, start, end)
        if language.is_spaceless:
            return any(denial.start - start <= 1 for denial in denials)
        return bool(denials) or any(token.lower.endswith(("n't", "n’t")) for token in tokens)

    def subject_before(self, start: int, at: int) -> int | None:
        """The actor named last in front of a verb, with no more between than “this week” and no sign."""
        named = [one for one in self._places.within(start, at) if one.actor is not None]
        if (
            not named
            or STOPS.search(self.text, named[-1].end, at)
            or len(self.tokens(named[-1].end, at)) > SUBJECT_WITHIN
        ):
            return None
        return named[-1].actor

    def names_somebody(self, token: Token) -> bool:
        """Whether a word is part of a name."""
        return bool(self._places.overlapping(token.start, token.end))

    def has_we(self, start: int, end: int) -> bool:
        """Whether the speaker says “we” there."""
        ours = self.language.we
        if self.language.is_spaceless:
            return any(word in self.text[start:end] for word in ours)
        return any(token.lower in ours for token in self.tokens(start, end))

    def is_ours(self, piece: Piece, saying: Saying | None) -> bool:
        """Whether the speaker speaks of their own side: “we”, or the state that their title names."""
        has_we = self.has_we(piece.start, piece.end)
        if has_we or saying is None or saying.source is None:
            return has_we
        source = self._places.within(saying.source.start, saying.source.end)
        own = {one.actor for one in source if one.actor is not None and not one.is_person}
        return any(one.actor in own for one in self._places.within(piece.start, piece.end))
