"""What people type is checked before it is stored."""

from newsannot.annotations.checks import NUL
from newsannot.core.errors import RuleBroken

LONGEST_WORDS = 4000


def plain_words(sent: str, *, field: str, wanted: str = "") -> str:
    """What somebody wrote, its line ends made one sort and its ends trimmed.

    Raises RuleBroken when it is too long or holds NUL and, with `wanted`, that very sentence when it says nothing.
    """
    words = sent.replace("\r\n", "\n").strip()
    if wanted and not words:
        raise RuleBroken(wanted, field=field)
    if len(words) > LONGEST_WORDS:
        raise RuleBroken(f"At most {LONGEST_WORDS} characters.", field=field)
    if NUL.search(words):
        raise RuleBroken("This holds a character that cannot be stored.", field=field)
    return words
