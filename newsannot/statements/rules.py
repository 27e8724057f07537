"""Pure rules of statements."""

import re
import unicodedata

LONGEST_COMPARED = 2000
_WORD = re.compile(r"\w+")

QUOTATION_MARKS = {
    "“": "”",
    "”": "”",
    "„": "“”",
    "«": "»",
    "»": "«",
    "‘": "’",
    "‚": "‘’",
    "‹": "›",
    "「": "」",
    "『": "』",
    "《": "》",
    '"': '"',
    "'": "'",
    "״": "״",
}
ALL_MARKS = frozenset(QUOTATION_MARKS) | frozenset("".join(QUOTATION_MARKS.values()))


def is_quoted(text: str) -> bool:
    """Whether a piece of content begins and ends inside quotation marks of its own."""
    text = text.strip().rstrip(".,;!?،。，")
    return len(text) > 1 and text[0] in QUOTATION_MARKS and text[-1] in QUOTATION_MARKS[text[0]]


def quotation_mode(pieces: list[str]) -> str:
    """How content is quoted: `direct` when all of it is in quotation marks, `mixed` when some, else `indirect`."""
    if pieces and all(is_quoted(piece) for piece in pieces):
        return "direct"
    return "mixed" if any(mark in piece for piece in pieces for mark in ALL_MARKS - {"'", "’", "‘"}) else "indirect"


def compared_words(pieces: list[str]) -> str:
    """The words of content as wordings are compared: without case, quotation marks and other signs."""
    plain = unicodedata.normalize("NFKC", " ".join(pieces)).casefold()
    return " ".join(_WORD.findall(plain))[:LONGEST_COMPARED]
