"""Conditional threats: what is threatened, and if, unless or until what."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from newsannot.annotations.rules import Piece
from newsannot.suggestions.rules.attribution import MOST_WORDS
from newsannot.suggestions.rules.clauses import STOPS, TRIM, Clauses
from newsannot.suggestions.rules.drafts import Draft
from newsannot.suggestions.rules.languages import Hit, Language, Token
from newsannot.suggestions.rules.named import NamedPlaces
from newsannot.suggestions.rules.reported import Saying
from newsannot.suggestions.rules.sentences import Passage, Sentence

_SENTENCE = re.compile(r"(?<!\s\d)(?<!\s\d\d)[.!?؟]+(?=\s|$)|[。！？]+")  # not behind “1.”, a day
CONDITION_MOST = 320
LONGEST = 1200
FAR = 12
"""So many words may stand between “threatened” and “with”."""
THREATENING = frozenset({"threat"})
_WHY = {
    "conditional": "“{}” sets a condition",
    "whoever": "“{}” says who or what is meant, and what follows",
    "bidden": "“{}” bids them try, and says what follows",
    "result": "“{}” tells what follows",
    "otherwise": "“{}” tells what follows if it is not done",
    "resolved": "“{}” says what somebody is ready to do",
    "announced": "“{}” is announced",
    "purposed": "“{}” says what it is to bring about",
}
UNCONDITIONAL = frozenset({"resolved", "announced"})
UNSURE = 0.15
"""So much less sure is what is drafted without a condition."""
_MEASURES = frozenset({"blockade", "sanctions", "aid_cut", "relations", "expulsion", "occupation"})
NEEDED: dict[str, frozenset[str]] = {
    "purposed": _MEASURES,
    "resolved": _MEASURES | {"force", "wmd", "arrest", "cyber", "talks"},
    "announced": _MEASURES | {"force", "wmd", "arrest", "cyber", "talks", "unspecified", ""},
}
"""Rules by which only some harm makes a threat; for a purpose armies are moved that threaten nobody."""


@dataclass(frozen=True, slots=True)
class _Clause:
    """A stretch in which a threat is looked for: one sentence of what somebody says, half-open in code points."""

    start: int
    end: int
    saying: Saying | None


@dataclass(frozen=True, slots=True)
class _Found:
    """What a rule found in a clause: the words it goes by, what is threatened, and if or unless what."""

    clause: _Clause
    hit: Hit
    consequence: Piece
    rule: str
    condition: Piece | None = None
    demand: Piece | None = None


class Threats:
    """Finds the conditional threats of a passage within what somebody is reported to say."""

    def __init__(self, passage: Passage, sayings: list[Saying], places: NamedPlaces, language: Language) -> None:
        """Take the statements found in the passage, and who is named in it."""
        self._passage, self._sayings, self._language = passage, sayings, language
        self._text = passage.text
        self._read = Clauses(passage, places, language)

    def drafts(self) -> Iterator[Draft]:
        """Every threat found, in no order; the same words may be found twice."""
        for saying in self._sayings:
            before: _Clause | None = None
            for clause in self._clauses(saying):
                found = self._in_clause(clause) or self._otherwise(clause, before)
                if draft := self._draft(found):
                    yield draft
                before = clause
            if draft := self._draft(self._split(saying)):
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

    def _in_clause(self, clause: _Clause) -> _Found | None:
        return (
            self._conditional(clause)
            or self._resulting(clause)
            or self._whoever(clause)
            or self._bidden(clause)
            or self._purposed(clause)
            or self._resolved(clause)
            or self._announced(clause)
        )

    # --- if and unless ---

    def _condition_in(self, clause: _Clause) -> Hit | None:
        tokens = self._read.tokens(clause.start, clause.end)
        for hit in self._language.conditions.hits(self._text, tokens, clause.start, clause.end):
            if hit.group == "until" and self._language.deadline.match(self._text, hit.start):
                continue  # „bis zum 1. März“
            if self._language.is_spaceless or self._is_in_place(hit, tokens):
                return hit
        return None

    def _is_in_place(self, hit: Hit, tokens: list[Token]) -> bool:
        """“Should they come” begins a sentence or follows a comma; “they should come” is no condition."""
        word = self._text[hit.start : hit.end].lower()
        if word not in self._language.inverted or tokens[0].start == hit.start:
            return True
        return word in self._language.trailing and self._text[: hit.start].rstrip()[-1:] == ","

    def _conditional(self, clause: _Clause) -> _Found | None:
        """“If X, Y will …” and “Y will … unless X”."""
        hit = self._condition_in(clause)
        cut = self._cut(clause, hit) if hit else None
        return _Found(clause, hit, cut[1], "conditional", cut[0]) if hit and cut else None

    def _cut(self, clause: _Clause, hit: Hit) -> tuple[Piece, Piece] | None:
        """Condition and consequence of a clause with a word of condition in it."""
        read = self._read
        is_leading = not self._text[clause.start : hit.start].strip(TRIM)
        if is_leading or self._language.is_spaceless:
            comma = STOPS.search(self._text, hit.end, clause.end)
            first = comma
            while comma and not read.has_modal(comma.end(), clause.end):
                comma = STOPS.search(self._text, comma.end(), clause.end)
            if comma is None and first and self._is_answered(first.end(), clause.end):
                comma = first  # “If they build a runway, they build a target”
            if comma is None:
                return self._cut_at_modal(clause, hit)
            begin = hit.start
            if self._language.is_spaceless:
                begin = max((self._text.rfind(sign, clause.start, hit.start) for sign in "，；："), default=-1) + 1
                begin = max(begin, clause.start)
            condition = read.trimmed(begin, read.first_stop(hit.end, comma.start()))
            return condition, read.main(comma.end(), clause.end)
        return read.trimmed(hit.start, read.first_stop(hit.end, clause.end)), read.before(clause.start, hit.start)

    def _is_answered(self, start: int, end: int) -> bool:
        """Whether a harm of a kind that can be told is named there, or any that “we” do: „… drehen wir den Hahn zu“."""
        harms = self._read.harms(Piece(start, end))
        return any(hit.group != "unspecified" for hit in harms) or bool(harms and self._read.has_we(start, end))

    def _cut_at_modal(self, clause: _Clause, hit: Hit) -> tuple[Piece, Piece] | None:
        """Without a comma: Arabic “if they attack us then we will answer”; «В случае удара мы будем вынуждены …»."""
        modal = self._read.first_modal(hit.end, clause.end)
        if modal is None or modal - hit.end < 4:
            return None
        tokens = self._read.tokens(hit.end, clause.end)
        at = next(number for number, token in enumerate(tokens) if token.end > modal)
        is_ours = at > 1 and tokens[at - 1].lower in self._language.we
        if not is_ours and self._language.code != "ar":
            return None
        first, main = (tokens[at - 1].start,) * 2 if is_ours else (tokens[at].start, modal)
        return self._read.trimmed(hit.start, first), self._read.trimmed(main, clause.end)

    def _split(self, saying: Saying) -> _Found | None:
        """A quotation split between condition and consequence: “If a ship crosses,” he said, “we will close …”."""
        if len(saying.content) < 2:
            return None
        (start, end), (second, last) = saying.content[:2]
        if end - start > LONGEST or last - second > LONGEST:
            return None
        clause = _Clause(start, end, saying)
        hit = self._condition_in(clause)
        rule = "conditional"
        if hit is None:
            hit, rule = self._opener(clause), "whoever"
        if hit is None or self._text[start : hit.start].strip(TRIM):
            return None
        if self._in_clause(clause) or not self._read.has_modal(second, last):
            return None
        return _Found(clause, hit, self._read.main(second, last), rule, self._read.trimmed(start, end))

    # --- whoever, any ---

    def _opener(self, clause: _Clause) -> Hit | None:
        """“Any” or “whoever” at the beginning of a clause."""
        first = next(iter(self._read.hits(self._language.whoever, clause.start, clause.end)), None)
        is_first = first is not None and len(self._text[clause.start : first.start].strip(TRIM)) <= 1
        return first if is_first else None

    def _whoever(self, clause: _Clause) -> _Found | None:
        """“Any ship that comes will be sunk”; “Whoever touches the dam will pay”; „Wer das tut, bekommt es …“."""
        hit = self._opener(clause)
        if hit is None:
            return None
        at = self._modal_of_main_clause(hit.end, clause.end)
        if at is None:
            comma = STOPS.search(self._text, hit.end, clause.end) if hit.group == "who" else None
            at = comma.end() if comma else None
        else:
            comma_at = max(self._text.rfind(sign, hit.end, at) for sign in ",،，")
            at = comma_at + 1 if comma_at >= 0 else at
        if at is None or not self._text[hit.end : at].strip(TRIM):
            return None
        consequence = self._read.trimmed(at, clause.end)
        return _Found(clause, hit, consequence, "whoever", self._read.trimmed(hit.start, at))

    def _modal_of_main_clause(self, start: int, end: int) -> int | None:
        """The first modal that follows on no relative pronoun: not the first of “any ship that would come will …”."""
        at = self._read.first_modal(start, end)
        while at is not None:
            before = self._passage.words.before(at, most=1)
            is_relative = before and before[0].lower in self._language.boundaries | self._language.complementisers
            if not is_relative:
                return at
            at = self._read.first_modal(at + 1, end)
        return None

    def _bidden(self, clause: _Clause) -> _Found | None:
        """“Touch our ships and you will regret it”; «Стоит им войти в порт — и мы ответим ударом»."""
        start = self._read.trimmed(clause.start, clause.end).start
        bid = self._language.bids.match(self._text, start, clause.end) if self._language.bids else None
        joint = self._language.bid_ends.search(self._text, bid.end(), clause.end) if bid else None
        if bid is None or joint is None or not self._read.has_modal(joint.end(), clause.end):
            return None
        hit, condition = Hit(*bid.span(), "if_do"), self._read.trimmed(start, joint.start())
        return _Found(clause, hit, self._read.main(joint.end(), clause.end), "bidden", condition)

    def _resulting(self, clause: _Clause) -> _Found | None:
        """“Their refusal will result in war”."""
        hit = next(iter(self._read.hits(self._language.results, clause.start, clause.end)), None)
        if hit is None:
            return None
        whoever = next(iter(self._read.hits(self._language.whoever, clause.start, hit.start)), None)
        condition = self._read.trimmed(whoever.start if whoever else clause.start, hit.start)
        consequence = self._read.trimmed(hit.end, clause.end)
        if consequence.start >= consequence.end:  # “would not go unanswered”
            consequence = self._read.trimmed(hit.start, hit.end)
        return _Found(clause, hit._replace(group="if_do"), consequence, "result", condition)

    # --- without a condition ---

    def _resolved(self, clause: _Clause) -> _Found | None:
        """“We are determined to crush the aggressors”; „Wir werden nicht zögern zu schießen“."""
        hit = next(iter(self._read.hits(self._language.resolved, clause.start, clause.end)), None)
        if hit is None or self._read.is_denied(clause.start, hit.start):
            return None
        if not self._read.is_ours(Piece(clause.start, clause.end), clause.saying):
            return None
        return _Found(clause, hit, self._read.trimmed(hit.end, clause.end), "resolved")

    def _announced(self, clause: _Clause) -> _Found | None:
        """“War criminals will be punished”: what is to be done to somebody, whatever they do now."""
        hit = next(iter(self._read.hits(self._language.announced, clause.start, clause.end)), None)
        if hit is None or self._read.is_denied(clause.start, hit.end):
            return None
        return _Found(clause, hit, self._read.trimmed(clause.start, clause.end), "announced")

    def _purposed(self, clause: _Clause) -> _Found | None:
        """“To halt this buildup, a blockade is being set up”: a measure against somebody, and what it is for."""
        hit = next(iter(self._read.hits(self._language.purposes, clause.start, clause.end)), None)
        if hit is None or self._text[clause.start : hit.start].strip(TRIM):
            return None
        comma = self._text.find(",", hit.end, clause.end)
        if comma < 0:
            return None
        consequence = self._read.trimmed(comma, clause.end)
        demand = self._read.trimmed(clause.start, comma)
        return _Found(clause, hit, consequence, "purposed", demand=demand)

    # --- do it, or else ---

    def _otherwise(self, clause: _Clause, before: _Clause | None) -> _Found | None:
        """“Leave by Friday or lose the port”; “Leave. Otherwise we will strike”."""
        hit = next(iter(self._read.hits(self._language.otherwise, clause.start, clause.end)), None)
        if hit is None:
            return None
        demand = self._read.trimmed(clause.start, hit.start)
        if demand.start >= demand.end and before:
            demand = self._read.trimmed(before.start, before.end)
        at = hit.end
        if hit.group == "or":  # “or” alone belongs to neither
            at = self._read.tokens(hit.start, hit.end)[0].end
        return _Found(clause, hit, self._read.main(at, clause.end), "otherwise", demand=demand)

    # --- what the reporter calls a threat ---

    def _threatened(self) -> Iterator[Draft]:
        """“threatened to respond if …”, “threatened London with war”, in the reporter's own words."""
        language, masked = self._language, self._passage.masked
        for sentence in self._passage.sentences:
            outside = sentence.outside
            if len(outside) > MOST_WORDS:
                continue
            hits = language.threatened_to.hits(masked, outside, sentence.start, sentence.end)
            said_to = [hit for hit in hits if not self._is_cue(hit)]
            for hit in said_to:
                yield self._reported(sentence, hit, hit.end)
            for hit in language.threatened.hits(masked, outside, sentence.start, sentence.end):
                at = self._behind_with(sentence, hit) if not any(hit.start < one.end for one in said_to) else None
                if at is not None:
                    yield self._reported(sentence, hit, at)

    def _is_cue(self, hit: Hit) -> bool:
        """Whether the word goes with words of their own: «…», — пригрозил генерал."""
        cues = (saying.cue for saying in self._sayings if saying.cue)
        return any(cue.start < hit.end and hit.start < cue.end for cue in cues)

    def _behind_with(self, sentence: Sentence, hit: Hit) -> int | None:
        """Where what somebody threatens with begins: behind “with”, or behind a preposition written with the word."""
        following = [token for token in sentence.outside if token.start >= hit.end][:FAR]
        for token in following:
            if token.lower in self._language.threatened_with:
                return token.end
            if token.lower in self._language.boundaries:
                return None
            prefix = next((p for p in self._language.name_prefixes if p in self._language.threatened_with), "")
            is_written_with = prefix and token.word.startswith(prefix) and len(token.word) > 3
            if is_written_with and not self._read.names_somebody(token):
                return token.start + len(prefix)
        return None

    def _reported(self, sentence: Sentence, hit: Hit, at: int) -> Draft:
        end = sentence.end
        found = self._condition_in(_Clause(at, end, None)) if at < end else None
        consequence = self._read.trimmed(at, found.start if found else self._read.first_stop(at, end))
        parts: dict[str, tuple[Piece, ...]] = {"consequence": (consequence,)}
        values: dict[str, object] = {"explicitness": "reporter", "purpose": "unclear"}
        if found:
            parts["condition"] = (self._read.trimmed(found.start, self._read.first_stop(found.end, end)),)
            values["condition_kind"] = found.group
        harms = self._read.harms(consequence)
        values["consequence"] = harms[0].group if harms else "unspecified"
        issuer = self._read.subject_before(sentence.start, hit.start)
        if issuer is not None:
            values["issuer"] = issuer
        reason = f"“{self._text[hit.start : hit.end]}”: the reporter calls it a threat."
        return Draft("threat", parts, values, reason, "threatened to", 0.75 if found else 0.6)

    # --- what it amounts to ---

    def _draft(self, found: _Found | None) -> Draft | None:
        """The draft of what was found, if it reads as a threat: by harm, by warning, by a demand that presses."""
        if found is None or not _is_whole(found):
            return None
        saying, consequence = found.clause.saying, found.consequence
        harms, is_warned = self._read.harms(consequence), _is_warned(saying)
        harm, is_ours = harms[0].group if harms else "", self._read.is_ours(consequence, saying)
        kind, deadline = self._kind(found), self._deadline(found)
        if not self._is_threat(found, kind, harm, is_ours=is_ours):
            return None
        parts, values = _parts(found, kind, deadline, self._demand(found, kind))
        values |= {"consequence": harm or "unspecified", "explicitness": "explicit" if harm else "veiled"}
        if saying and saying.source and saying.source.actor is not None:
            values["issuer"] = saying.source.actor
        score = 0.35 + 0.2 * bool(harm) + 0.1 * (harm not in {"", "unspecified"}) + 0.2 * is_warned + 0.1 * is_ours
        score -= UNSURE * (kind == "none")
        reason = self._reason(found, harms, is_warned=is_warned)
        return Draft("threat", parts, values, reason, found.rule, round(min(score, 0.95), 2))

    def _is_threat(self, found: _Found, kind: str, harm: str, *, is_ours: bool) -> bool:
        """Whether harm, a warning or pressure is in it; what would not be done is a refusal."""
        if found.rule in NEEDED:
            return harm in NEEDED[found.rule]
        if _is_warned(found.clause.saying) or harm not in {"", "unspecified"}:
            return True
        consequence = found.consequence
        is_refused = self._read.is_denied(consequence.start, consequence.end)
        if found.rule == "bidden" or self._is_in_hand(found):
            return not is_refused and (bool(harm) or found.rule != "bidden")
        is_pressing = kind == "unless_do" and found.rule == "conditional" and not is_refused
        is_ultimatum = kind != "if_do" and self._deadline(found) is not None
        if is_pressing or is_ultimatum:
            return True
        if found.rule == "otherwise":
            return (bool(harm) or is_ours) and not is_refused
        return bool(harm) and (is_ours or found.rule == "whoever") and not (is_refused and found.rule == "whoever")

    def _is_in_hand(self, found: _Found) -> bool:
        """Whether what follows is the speaker's to do: “… would halt the moment they …”, “… will pay the price”."""
        consequence, language = found.consequence, self._language
        if self._read.hits(language.announced, consequence.start, consequence.end):
            return True
        is_timed = found.hit.group in {"at_once", "while"}
        return is_timed and bool(self._read.hits(language.withheld, consequence.start, consequence.end))

    def _deadline(self, found: _Found) -> Piece | None:
        first = min(found.clause.start, found.demand.start if found.demand else found.clause.start)
        deadline = self._language.deadline.search(self._text, first, found.clause.end)
        return Piece(*deadline.span()) if deadline else None

    def _kind(self, found: _Found) -> str:
        if found.condition is None and found.rule != "otherwise":
            return "none"
        if found.rule == "otherwise":
            return "unless_do"
        if found.hit.group in {"unless_do", "until"}:
            return found.hit.group
        if found.hit.group == "while":
            return "until"
        condition = found.condition
        is_denied = found.rule == "conditional" and condition and self._read.is_denied(found.hit.end, condition.end)
        return "unless_do" if is_denied else "if_do"

    def _demand(self, found: _Found, kind: str) -> Piece | None:
        """What is to be done: the words behind “unless”; those in front of “or else”."""
        if kind in {"if_do", "none"} or found.condition is None or found.hit.group in {"if_do", "while", "at_once"}:
            return found.demand
        demand = self._read.trimmed(found.hit.end, found.condition.end)
        return demand if demand.start < demand.end else None

    def _reason(self, found: _Found, harms: list[Hit], *, is_warned: bool) -> str:
        why = [_WHY[found.rule].format(self._text[found.hit.start : found.hit.end])]
        if harms:
            why.append(f"“{self._text[harms[0].start : harms[0].end]}” is something one threatens with")
        if is_warned:
            why.append("it is said as a warning")
        return "; ".join(why) + "."


def _is_whole(found: _Found) -> bool:
    """Whether there is a consequence, and a condition or demand that is no longer than people make them."""
    terms = found.condition or found.demand
    if terms is None and found.rule in UNCONDITIONAL:
        return found.consequence.start < found.consequence.end
    if terms is None or terms.start >= terms.end or found.consequence.start >= found.consequence.end:
        return False
    return not terms.overlaps(found.consequence) and terms.end - terms.start <= CONDITION_MOST


def _parts(
    found: _Found, kind: str, deadline: Piece | None, demand: Piece | None
) -> tuple[dict[str, tuple[Piece, ...]], dict[str, object]]:
    parts: dict[str, tuple[Piece, ...]] = {"consequence": (found.consequence,)}
    if found.condition:
        parts["condition"] = (found.condition,)
    if kind == "if_do":
        return parts, {"condition_kind": kind, "purpose": "deterrent"}
    if kind == "none" and not demand:
        return parts, {"condition_kind": kind, "purpose": "unclear"}
    if deadline:
        parts["deadline"] = (deadline,)
    if demand:
        parts["demand"] = (demand,)
    return parts, {
        "condition_kind": "deadline" if deadline else kind,
        "purpose": "compellent" if demand else "unclear",
    }


def _is_warned(saying: Saying | None) -> bool:
    return bool(saying and saying.cue and saying.cue.group in THREATENING)
