"""Conditional threats: what is threatened, and if, unless or until what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from newsannot.annotations.rules import Piece
from newsannot.suggestions.rules.attribution import MOST_WORDS, Saying
from newsannot.suggestions.rules.drafts import Draft
from newsannot.suggestions.rules.languages import Hit, Language, Token
from newsannot.suggestions.rules.sentences import Passage

_STOPS = re.compile("[,;،；，。.!?]")
_TRIM = " \t\u00a0,;:.،؛，；：。!?！？“”„«»\"'‘’「」—–-\n"
_CLOSING = re.compile('[.,!?]?"')
_SENTENCE = re.compile(r"[.!?؟]+(?=\s|$)|[。！？]+")
CONDITION_MOST = 320
LONGEST = 1200
THREATENING = frozenset({"threat"})


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch in which a threat is looked for: one sentence of what somebody says, half-open in code points."""

    start: int
    end: int
    saying: Saying | None


class Threats:
    """Finds the conditional threats of a passage within what somebody is reported to say."""

    def __init__(self, passage: Passage, sayings: Sequence[Saying], language: Language) -> None:
        """Take the statements found in the passage."""
        self._passage, self._sayings, self._language = passage, sayings, language
        self._text = passage.text

    def drafts(self) -> Iterator[Draft]:
        """Every threat found, in no order; the same words may be found twice."""
        for saying in self._sayings:
            for clause in self._clauses(saying):
                if draft := self._conditional(clause) or self._resulting(clause):
                    yield draft
            if draft := self._split(saying):
                yield draft
        yield from self._threatened()

    def _clauses(self, saying: Saying) -> Iterator[_Clause]:
        """The sentences within the pieces of a statement."""
        for start, end in saying.content:
            stops = [(stop.start(), stop.end()) for stop in _SENTENCE.finditer(self._text, start, end)]
            at = start
            for last, behind in [*stops, (end, end)]:
                if 3 < last - at < LONGEST:
                    yield _Clause(at, last, saying)
                at = behind

    def _tokens(self, start: int, end: int) -> list[Token]:
        return self._passage.words.between(start, end)

    def _condition_in(self, clause: _Clause) -> tuple[Hit, list[Token]] | None:
        tokens = self._tokens(clause.start, clause.end)
        for hit in self._language.conditions.hits(self._text, tokens, clause.start, clause.end):
            first = self._text[hit.start : hit.end].lower()
            if (
                first in self._language.inverted
                and tokens
                and tokens[0].start != hit.start
                and not self._language.is_spaceless
            ):
                continue
            return hit, tokens
        return None

    def _conditional(self, clause: _Clause) -> Draft | None:
        """“If X, Y will …” and “Y will … unless X”."""
        found = self._condition_in(clause)
        if found is None:
            return None
        hit, _ = found
        cut = self._cut(clause, hit)
        if cut is None:
            return None
        condition, consequence = cut
        return self._draft(clause, hit, condition, consequence, "conditional")

    def _cut(self, clause: _Clause, hit: Hit) -> tuple[Piece, Piece] | None:
        """Condition and consequence of a clause with a word of condition in it."""
        is_leading = not self._text[clause.start : hit.start].strip(_TRIM)
        if is_leading or self._language.is_spaceless:
            comma = _STOPS.search(self._text, hit.end, clause.end)
            while comma and not self._has_modal(comma.end(), clause.end):
                comma = _STOPS.search(self._text, comma.end(), clause.end)
            if comma is None:
                return self._cut_at_modal(clause, hit)
            first = self._first_stop(hit.end, comma.start())
            begin = hit.start
            if self._language.is_spaceless:
                begin = max((self._text.rfind(sign, clause.start, hit.start) for sign in "，；："), default=-1) + 1
                begin = max(begin, clause.start)
            return self._trimmed(begin, first), self._main_clause(comma.end(), clause.end)
        before = self._clause_before(clause.start, hit.start)
        return self._trimmed(hit.start, self._first_stop(hit.end, clause.end)), before

    def _cut_at_modal(self, clause: _Clause, hit: Hit) -> tuple[Piece, Piece] | None:
        """Arabic may do without a comma: “if they attack us then we will answer”."""
        if self._language.code != "ar":
            return None
        tokens = self._tokens(hit.end, clause.end)
        modals = self._language.modals.hits(self._text, tokens, hit.end, clause.end)
        if not modals or modals[0].start - hit.end < 4:
            return None
        first = next(token.start for token in tokens if token.end > modals[0].start)
        return self._trimmed(hit.start, first), self._trimmed(modals[0].start, clause.end)

    def _first_stop(self, start: int, end: int) -> int:
        stop = _STOPS.search(self._text, start, end)
        return stop.start() if stop else end

    def _clause_before(self, start: int, end: int) -> Piece:
        """The clause in front of “unless”, from the last stop that leaves a modal in it."""
        text = self._text[start:end].rstrip(_TRIM)
        end = start + len(text)
        for stop in reversed(list(_STOPS.finditer(self._text, start, end))):
            if self._has_modal(stop.end(), end):
                return self._trimmed(stop.end(), end)
        return self._trimmed(start, end)

    def _main_clause(self, start: int, end: int) -> Piece:
        """The threatened clause; what follows a further “that” in it alone: “the premise that they will be targets”."""
        tokens = self._tokens(start, end)
        for at, token in enumerate(tokens):
            if token.lower in self._language.complementisers and self._has_modal(token.end, end):
                return self._trimmed(tokens[at + 1].start if at + 1 < len(tokens) else token.end, end)
            if self._language.modals.has(self._text, [token], token.start, token.end):
                break
        stop = self._clause_stop(start, end)
        return self._trimmed(start, stop)

    def _clause_stop(self, start: int, end: int) -> int:
        """Where the clause with the first modal ends: at “, and”."""
        for stop in _STOPS.finditer(self._text, start, end):
            following = self._tokens(stop.end(), end)[:1]
            if following and following[0].lower in {"and", "but"} and self._has_modal(start, stop.start()):
                return stop.start()
        return end

    def _has_modal(self, start: int, end: int) -> bool:
        tokens = self._tokens(start, end)
        if self._language.modals.has(self._text, tokens, start, end):
            return True
        return any(t.lower.endswith(("'ll", "’ll", "won't", "won’t")) or _is_future(t, self._language) for t in tokens)

    def _trimmed(self, start: int, end: int) -> Piece:
        while start < end and self._text[start] in _TRIM:
            start += 1
        while end > start and self._text[end - 1] in _TRIM:
            end -= 1
        opened = self._text[start:end]
        for first, last in (("“", "”"), ("«", "»"), ("„", "“"), ("„", "”")):
            if first in opened and last not in opened[opened.rfind(first) + 1 :] and self._text[end : end + 1] == last:
                return Piece(start, end + 1)
        behind = _CLOSING.match(self._text, end)
        if opened.count('"') % 2 and behind:
            return Piece(start, behind.end())
        return Piece(start, end)

    def _split(self, saying: Saying) -> Draft | None:
        """A quotation split between condition and consequence: “If a ship crosses,” he said, “we will close …”."""
        if len(saying.content) < 2:
            return None
        (start, end), (second, last) = saying.content[:2]
        if end - start > LONGEST or last - second > LONGEST:
            return None
        clause = _Clause(start, end, saying)
        found = self._condition_in(clause)
        if found is None or self._text[start : found[0].start].strip(_TRIM):
            return None
        if self._conditional(clause) or not self._has_modal(second, last):
            return None
        return self._draft(clause, found[0], self._trimmed(start, end), self._main_clause(second, last), "conditional")

    def _resulting(self, clause: _Clause) -> Draft | None:
        """“Their refusal will result in war”."""
        tokens = self._tokens(clause.start, clause.end)
        hits = self._language.results.hits(self._text, tokens, clause.start, clause.end)
        if not hits:
            return None
        hit = hits[0]
        condition, consequence = self._trimmed(clause.start, hit.start), self._trimmed(hit.end, clause.end)
        if condition.start >= condition.end or len(self._text[condition.start : condition.end]) > CONDITION_MOST:
            return None
        return self._draft(clause, hit._replace(group="if_do"), condition, consequence, "result")

    def _threatened(self) -> Iterator[Draft]:
        """“threatened to respond if …”, in the reporter's own words."""
        for sentence in self._passage.sentences:
            outside = sentence.outside
            if len(outside) > MOST_WORDS:
                continue
            for hit in self._language.threatened_to.hits(self._passage.masked, outside, sentence.start, sentence.end):
                end = sentence.end
                clause = _Clause(hit.end, end, None)
                found = self._condition_in(clause)
                consequence = self._trimmed(hit.end, found[0].start if found else self._first_stop(hit.end, end))
                parts: dict[str, tuple[Piece, ...]] = {"consequence": (consequence,)}
                values: dict[str, object] = {"explicitness": "reporter", "purpose": "unclear"}
                if found:
                    condition = self._trimmed(found[0].start, self._first_stop(found[0].end, end))
                    parts["condition"] = (condition,)
                    values["condition_kind"] = found[0].group
                values["consequence"] = self._harm(consequence) or "unspecified"
                reason = f"“{self._text[hit.start : hit.end]}”: the reporter calls it a threat."
                yield Draft("threat", parts, values, reason, "threatened to", 0.75 if found else 0.6)

    # --- what it amounts to ---

    def _harm(self, piece: Piece) -> str:
        tokens = self._tokens(piece.start, piece.end)
        hits = self._language.harms.hits(self._text, tokens, piece.start, piece.end)
        order = list(_HARM_ORDER)
        groups = sorted({hit.group for hit in hits}, key=order.index)
        return groups[0] if groups else ""

    def _draft(self, clause: _Clause, hit: Hit, condition: Piece, consequence: Piece, rule: str) -> Draft | None:
        if condition.start >= condition.end or consequence.start >= consequence.end or condition.overlaps(consequence):
            return None
        if condition.end - condition.start > CONDITION_MOST:
            return None
        harm, is_warned, is_ours = self._harm(consequence), _is_warned(clause.saying), self._is_ours(consequence)
        kind = self._condition_kind(hit, condition)
        is_ultimatum = kind != "if_do" and bool(self._language.deadline.search(self._text, clause.start, clause.end))
        if not (harm or is_warned or is_ultimatum):
            return None
        if harm == "unspecified" and not (is_warned or is_ours or is_ultimatum):
            return None
        score = 0.35 + 0.2 * bool(harm) + 0.1 * (harm not in {"", "unspecified"}) + 0.2 * is_warned + 0.1 * is_ours
        parts, values = self._parts(hit, condition, consequence, kind, clause)
        values |= {"consequence": harm or "unspecified", "explicitness": "explicit" if harm else "veiled"}
        if clause.saying and clause.saying.source and clause.saying.source.actor is not None:
            values["issuer"] = clause.saying.source.actor
        reason = self._reason(hit, rule, consequence if harm else None, is_warned=is_warned)
        return Draft("threat", parts, values, reason, rule, round(min(score, 0.95), 2))

    def _parts(
        self, hit: Hit, condition: Piece, consequence: Piece, kind: str, clause: _Clause
    ) -> tuple[dict[str, tuple[Piece, ...]], dict[str, object]]:
        parts: dict[str, tuple[Piece, ...]] = {"condition": (condition,), "consequence": (consequence,)}
        deadline = self._language.deadline.search(self._text, clause.start, clause.end)
        if deadline and kind != "if_do":
            parts["deadline"] = (Piece(*deadline.span()),)
            kind = "deadline"
        if kind == "if_do":
            return parts, {"condition_kind": kind, "purpose": "deterrent"}
        if hit.group != "if_do":
            demand = self._trimmed(hit.end, condition.end)
            if demand.start < demand.end:
                parts["demand"] = (demand,)
        purpose = "compellent" if "demand" in parts else "unclear"
        return parts, {"condition_kind": kind, "purpose": purpose}

    def _condition_kind(self, hit: Hit, condition: Piece) -> str:
        if hit.group != "if_do":
            return hit.group
        tokens = self._tokens(hit.end, condition.end)[:6]
        denials = self._language.negations.hits(self._text, tokens, hit.end, condition.end)
        if self._language.is_spaceless:
            is_denied = any(denial.start - hit.end <= 1 for denial in denials)
        else:
            is_denied = bool(denials) or any(t.lower.endswith(("n't", "n’t")) for t in tokens)
        return "unless_do" if is_denied else "if_do"

    def _is_ours(self, consequence: Piece) -> bool:
        if self._language.is_spaceless:
            return any(word in self._text[consequence.start : consequence.end] for word in self._language.we)
        return any(token.lower in self._language.we for token in self._tokens(consequence.start, consequence.end))

    def _reason(self, hit: Hit, rule: str, harmful: Piece | None, *, is_warned: bool) -> str:
        words = self._text[hit.start : hit.end]
        why = [f"“{words}” sets a condition" if rule == "conditional" else f"“{words}” tells what follows"]
        if harmful:
            tokens = self._tokens(harmful.start, harmful.end)
            word = self._language.harms.hits(self._text, tokens, harmful.start, harmful.end)[0]
            why.append(f"“{self._text[word.start : word.end]}” is something one threatens with")
        if is_warned:
            why.append("it is said as a warning")
        return "; ".join(why) + "."


_HARM_ORDER = (
    "wmd", "blockade", "occupation", "sanctions", "aid_cut", "expulsion", "arrest", "cyber", "relations", "talks",
    "force", "unspecified",
)  # fmt: skip


def _is_warned(saying: Saying | None) -> bool:
    return bool(saying and saying.cue and saying.cue.group in THREATENING)


def _is_future(token: Token, language: Language) -> bool:
    """Whether a verb carries its future in itself: Arabic س, Hebrew's prefixes are in the lists instead."""
    return language.code == "ar" and len(token.word) > 4 and token.word.startswith(("سي", "سن", "ست", "سأ"))
