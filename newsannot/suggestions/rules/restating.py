"""One threat, however often a text says it: drafts that restate one another are one draft with all their words."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from newsannot.annotations.rules import Piece
from newsannot.suggestions.rules.drafts import Draft
from newsannot.suggestions.rules.languages import Language, tokens_in

REPEATED_ROLES = ("consequence", "condition")
"""Of a restatement these are kept beside those of the first; demand and deadline are the surest draft's."""
STEM, SHORTEST = 5, 5
"""Words of so many letters are compared by their first ones: “target”, “targets”."""
FEWEST_SHARED = 2
MOST = 300
"""Of a text with more drafts of threats none are compared: it is no article."""


def told_once(drafts: Sequence[Draft], text: str, language: Language) -> list[Draft]:
    """The drafts of threats, those that tell of the same threat as one, in no order.

    The same threat is of one issuer, as far as both say, threatens with the same kind of harm, and shares words; what a
    reporter calls a threat, and what is threatened on no condition, needs no words in common when the issuer is known.
    A language written without spaces is left as it is.
    """
    if language.is_spaceless or len(drafts) > MOST:
        return list(drafts)
    groups: list[list[Draft]] = []
    stems = {id(draft): _stems(draft, text, language) for draft in drafts}
    for draft in sorted(drafts, key=_weight, reverse=True):
        group = next((group for group in groups if any(_restates(draft, one, stems) for one in group)), None)
        if group is None:
            groups.append([draft])
        else:
            group.append(draft)
    return [_as_one(group) for group in groups]


def _weight(draft: Draft) -> tuple[bool, float, int]:
    """High is better: in the issuer's own words, surest, first in the text."""
    return draft.values.get("explicitness") != "reporter", draft.score, -draft.main[0].start


def _stems(draft: Draft, text: str, language: Language) -> Counter[str]:
    """The words a draft threatens with and on what condition, by their first letters."""
    pieces = [piece for role in REPEATED_ROLES for piece in draft.parts.get(role, ())]
    words = (token.lower for piece in pieces for token in tokens_in(text, piece.start, piece.end))
    plain = language.finite | language.boundaries | language.prepositions | language.determiners | language.pronouns
    return Counter({word[:STEM] for word in words if len(word) >= SHORTEST and word not in plain})


def _restates(draft: Draft, other: Draft, stems: dict[int, Counter[str]]) -> bool:
    issuers = [one.values.get("issuer") for one in (draft, other)]
    if None not in issuers and issuers[0] != issuers[1]:
        return False
    if draft.values.get("consequence") != other.values.get("consequence"):
        return False
    if draft.values.get("condition_kind") == other.values.get("condition_kind") == "none" and None not in issuers:
        return True
    is_reported = "reporter" in {one.values.get("explicitness") for one in (draft, other)}
    if is_reported and None not in issuers:
        return True
    return len(stems[id(draft)] & stems[id(other)]) >= FEWEST_SHARED


def _as_one(group: Sequence[Draft]) -> Draft:
    """The first draft of a group with the words of the others; where it is known from them, their issuer."""
    first = group[0]
    if len(group) == 1:
        return first
    parts = {role: tuple(pieces) for role, pieces in first.parts.items()}
    for role in REPEATED_ROLES:
        pieces = _apart(piece for draft in group for piece in draft.parts.get(role, ()))
        if pieces:
            parts[role] = pieces
    values: dict[str, Any] = dict(first.values)
    issuer = next((one.values["issuer"] for one in group if one.values.get("issuer") is not None), None)
    if issuer is not None:
        values["issuer"] = issuer
    return replace(first, parts=parts, values=values, reason=f"{first.reason} Said {len(group)} times in this text.")


def _apart(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces in the order of the text without those that overlap one before them."""
    kept: list[Piece] = []
    for piece in pieces:
        if not any(piece.overlaps(other) for other in kept):
            kept.append(piece)
    return tuple(sorted(kept))
