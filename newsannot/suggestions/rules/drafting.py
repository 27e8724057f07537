"""All drafts of a text: mentions, statements and threats, in the order of the text."""

from collections.abc import Iterable, Iterator, Sequence

from newsannot.annotations.rules import Piece
from newsannot.suggestions.rules.attribution import Attribution
from newsannot.suggestions.rules.drafts import CodableText, Draft, KnownName, holds
from newsannot.suggestions.rules.languages import Words, language_of
from newsannot.suggestions.rules.named import Named, NamedPlaces, Newcomer, newcomer
from newsannot.suggestions.rules.names import names_in
from newsannot.suggestions.rules.parse import NOTHING, Parse
from newsannot.suggestions.rules.reported import Saying
from newsannot.suggestions.rules.restating import told_once
from newsannot.suggestions.rules.sentences import codable_blocks, read_passage
from newsannot.suggestions.rules.statements import statement_draft
from newsannot.suggestions.rules.threats import Threats

ENGINE, VERSION = "rules", "6"
MOST = 5000
"""No text gets more drafts than this."""


def draft_text(text: CodableText, names: Iterable[KnownName], parse: Parse = NOTHING) -> list[Draft]:
    """What the rules propose for a text; `names` are those of the knowledge base that may stand in it.

    `parse` is what a parser read in it; without one the rules go by words alone.

    Every draft holds: its pieces are words of the text, codable, and overlap no more than their kind allows.
    """
    language = language_of(text.language, text.text)
    words = Words(text.text)
    passage = read_passage(text, words, language)
    named = names_in(words, codable_blocks(text), names, language, parse)
    places = NamedPlaces(named)
    sayings = Attribution(passage, places, language, parse).sayings()
    drafts = [*_mentions(text, named, sayings)]
    drafts += [statement_draft(saying, text.text, _newcomer_in(saying, places)) for saying in sayings]
    threats = _once(draft for draft in Threats(passage, sayings, places, language).drafts() if holds(draft, text))
    kept = [*_once(draft for draft in drafts if holds(draft, text)), *told_once(threats, text.text, language)]
    return sorted(kept, key=_place)[:MOST]


def _place(draft: Draft) -> tuple[int, int, str]:
    return draft.main[0].start, -draft.main[-1].end, draft.kind


def _once(drafts: Iterable[Draft]) -> list[Draft]:
    """Drafts of the same words once, and of threats that share their consequence the surest."""
    best: dict[object, Draft] = {}
    for draft in drafts:
        words = draft.parts["consequence"] if draft.kind == "threat" else tuple(draft.parts.items())
        key = draft.kind, words
        if key not in best or best[key].score < draft.score:
            best[key] = draft
    return list(best.values())


def _mentions(text: CodableText, named: Sequence[Named], sayings: Sequence[Saying]) -> Iterator[Draft]:
    """An actor where it is first named, and again where it speaks."""
    places = NamedPlaces(named)
    speaking = {(one.start, one.end) for saying in sayings for one in _speaking(saying, places)}
    first: dict[object, Named] = {}
    for one in named:
        key = _who(text, one)
        if key not in first or _rank(text, one) < _rank(text, first[key]):
            first[key] = one
    for one in named:
        speaks = (one.start, one.end) in speaking
        if speaks or first[_who(text, one)] is one:
            yield _mention(one, speaks=speaks)


def _speaking(saying: Saying, places: NamedPlaces) -> list[Named]:
    """The words of a statement's source that name its speaker."""
    if saying.source is None:
        return []
    named = places.overlapping(saying.source.start, saying.source.end)
    if saying.source.actor is None:
        return [one for one in named if one.newcomer and one.is_person]
    return [one for one in named if one.actor == saying.source.actor]


def _newcomer_in(saying: Saying, places: NamedPlaces) -> Newcomer | None:
    """The speaker of a statement, when that is a person the knowledge base does not have."""
    found = [one for one in _speaking(saying, places) if one.newcomer]
    return newcomer(found[0]) if len(found) == 1 else None


def _who(text: CodableText, named: Named) -> object:
    return named.actor if named.actor is not None else named.newcomer or text.text[named.start : named.end]


def _rank(text: CodableText, named: Named) -> tuple[bool, bool, bool]:
    """Low is better: in the running text rather than a heading, by name, and not as a place."""
    is_heading = any(start <= named.start < end for start, end in text.headings)
    return is_heading, named.form != "name", named.is_place


def _mention(named: Named, *, speaks: bool) -> Draft:
    values: dict[str, object] = {"form": named.form}
    if named.actor is not None:
        values["actor"] = named.actor
    elif named.newcomer:
        values["actor"] = newcomer(named)
    score = 0.9 if named.actor is not None else 0.55 if named.newcomer else 0.45
    score -= 0.1 * (named.form == "title") + 0.25 * (named.is_place and not speaks)
    reason = f"{named.how}{'; speaks here' if speaks else ''}{', perhaps only as a place' if named.is_place else ''}."
    return Draft("mention", {"text": (Piece(named.start, named.end),)}, values, reason, "name", round(score, 2))
