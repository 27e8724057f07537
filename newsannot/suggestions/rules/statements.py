"""A statement found, as a draft: its parts, what follows from cue and quotation marks, and the reason in words."""

from collections.abc import Sequence

from newsannot.annotations.rules import Piece
from newsannot.statements.rules import is_quoted, quotation_mode
from newsannot.suggestions.rules.drafts import Draft
from newsannot.suggestions.rules.named import Newcomer
from newsannot.suggestions.rules.quotations import CLOSERS
from newsannot.suggestions.rules.reported import Saying

_ATTRIBUTION = {"belief": "belief", "directive": "eventuality"}
_SPEECH_ACT = {"directive": "directive", "promise": "commissive_promise"}


def statement_draft(saying: Saying, text: str, newcomer: Newcomer | None = None) -> Draft:
    """The draft of a statement found; `newcomer` speaks, when the knowledge base does not have the speaker."""
    pieces = tuple(Piece(start, end) for start, end in saying.content)
    parts: dict[str, tuple[Piece, ...]] = {"content": pieces}
    values: dict[str, object] = {"mode": quotation_mode(_as_closed([text[p.start : p.end] for p in pieces]))}
    if saying.cue:
        parts["cue"] = (Piece(saying.cue.start, saying.cue.end),)
        values["attribution_type"] = _ATTRIBUTION.get(saying.cue.group, "assertion")
        if saying.cue.group in _SPEECH_ACT:
            values["speech_act"] = _SPEECH_ACT[saying.cue.group]
    if saying.source:
        parts["source"] = (Piece(saying.source.start, saying.source.end),)
        if saying.source.actor is not None:
            values["speaker"] = saying.source.actor
        elif newcomer:
            values["speaker"] = newcomer
    return Draft("statement", parts, values, _reason(saying, text), saying.rule, round(saying.score, 2))


def _as_closed(pieces: Sequence[str]) -> list[str]:
    """The pieces, one that goes on in the next paragraph closed with its mark."""
    return [
        piece + CLOSERS[piece[0]][0] if following[:1] == piece[:1] in CLOSERS and not is_quoted(piece) else piece
        for piece, following in zip(pieces, [*pieces[1:], ""], strict=True)
    ]


def _reason(saying: Saying, text: str) -> str:
    cue = text[saying.cue.start : saying.cue.end] if saying.cue else ""
    what = {
        "quotation after": f"A quotation, followed by “{cue}”",
        "quotation before": f"A quotation, led up to by “{cue}”",
        "quotation alone": "A whole sentence in quotation marks; nobody is named beside it",
        "reported": f"Reported speech behind “{cue}”",
        "reported after": f"Reported speech, followed by “{cue}”",
        "according to": f"Attributed by “{cue}”",
    }[saying.rule]
    if len(saying.content) > 1:
        what += f", in {len(saying.content)} pieces"
    return f"{what}. {saying.source.how}." if saying.source and saying.source.how else f"{what}."
