"""What the inbox is asked for, read from its address; what does not read is left aside."""

from collections.abc import Mapping

from newsannot.workbench.queries.inbox import STATES, Wanted

LONGEST_WORDS = 200


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """The filters of a query string."""
    state = query.get("state", "")
    return Wanted(
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        state=state if state in STATES else "",
        source=_id(query.get("source", "")),
        language=query.get("language", "").replace("\x00", "")[:35],
        older=_id(query.get("older", "")),
        newer=_id(query.get("newer", "")),
    )


def _id(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) < 19
    return int(text) if is_number else None
