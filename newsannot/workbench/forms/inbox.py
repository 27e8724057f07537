"""What the inbox is asked for, read from its address; what does not read is left aside."""

from collections.abc import Mapping

from newsannot.core.numbers import number_in
from newsannot.workbench.queries.inbox import STATES, Wanted

LONGEST_WORDS = 200


def read_wanted(query: Mapping[str, str]) -> Wanted:
    """The filters of a query string."""
    state = query.get("state", "")
    return Wanted(
        words=query.get("q", "").replace("\x00", "").strip()[:LONGEST_WORDS],
        state=state if state in STATES else "",
        source=number_in(query.get("source", "")),
        language=query.get("language", "").replace("\x00", "")[:35],
        older=number_in(query.get("older", "")),
        newer=number_in(query.get("newer", "")),
    )
