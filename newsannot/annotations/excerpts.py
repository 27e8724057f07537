"""How many of a text's words a record gives out where its source sets a limit: pure, on spans as they are given out."""

from collections.abc import Iterable
from typing import Any


def shorten(spans: Iterable[dict[str, Any]], limit: int) -> None:
    """Cut `exact`, `prefix` and `suffix` of a record's spans, in place, to `limit` code points in all.

    Offsets stay true. The words of the spans come first, in the order of the text, each cut at its end once the number
    is spent; what is left then goes to what stands around them, cut on the side away from the span.
    """
    ordered = sorted(spans, key=lambda span: (span["start"], span["end"]))
    left = limit
    for span in ordered:
        span["exact"] = span["exact"][:left]
        left -= len(span["exact"])
    for span in ordered:
        span["prefix"] = span["prefix"][max(len(span["prefix"]) - left, 0) :]
        left -= len(span["prefix"])
        span["suffix"] = span["suffix"][:left]
        left -= len(span["suffix"])
