"""The canonical text: what every offset in the system counts in.

Line ends become LF, one leading byte order mark goes, and what an HTML parser would change (NUL, other C0 controls
except tab and LF, lone surrogates) becomes U+FFFD. Nothing else changes: no normalisation, no trimming.
"""

import re
from bisect import bisect_left
from dataclasses import dataclass
from hashlib import sha256

BYTE_ORDER_MARK = "\ufeff"
REPLACEMENT = "\ufffd"
_TO_CHANGE = re.compile("[\x00-\x08\x0b-\x1f\ud800-\udfff]")
_TO_REPLACE = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """Carries offsets of a source text over to its canonical text; both count code points.

    Canonicalisation only ever drops single code points (a byte order mark, the CR of a CRLF), so their sorted source
    offsets are the whole map.
    """

    dropped: tuple[int, ...] = ()

    def to_canonical(self, offset: int) -> int:
        """The canonical offset of a source offset; inside a CRLF it is the place before the line end."""
        return offset - bisect_left(self.dropped, offset)


UNCHANGED = OffsetMap()


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonical text and the map that leads from its source's offsets to its own."""

    text: str
    offsets: OffsetMap


def canonical(raw: str) -> Canonical:
    """Bring a text into the one form that is stored, and say how its offsets moved."""
    if not raw.startswith(BYTE_ORDER_MARK) and _TO_CHANGE.search(raw) is None:
        return Canonical(raw, UNCHANGED)
    dropped = [0] if raw.startswith(BYTE_ORDER_MARK) else []
    dropped += [line_end.start() for line_end in re.finditer("\r\n", raw)]
    text = raw.removeprefix(BYTE_ORDER_MARK).replace("\r\n", "\n").replace("\r", "\n")
    return Canonical(_TO_REPLACE.sub(REPLACEMENT, text), OffsetMap(tuple(dropped)))


def text_sha256(text: str) -> str:
    """The hexadecimal SHA-256 of a canonical text in UTF-8: what duplicates are recognised by."""
    return sha256(text.encode()).hexdigest()
