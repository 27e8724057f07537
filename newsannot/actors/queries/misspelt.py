"""What somebody may have meant whose finger slipped."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.backends.utils import CursorWrapper

from newsannot.actors.rules import LEAST_TO_CORRECT, WRITTEN_WITHOUT_SPACES, least_alike, swapped

MOST_ALIKE = 300
MOST_MEANT = 4

ALIKE = f"""
    SELECT word FROM (
        (SELECT word, 1 AS alikeness FROM actors_actorword WHERE word LIKE ANY (%(swapped)s) LIMIT {MOST_ALIKE})
        UNION ALL
        (SELECT word, similarity(%(word)s, word) FROM actors_actorword WHERE %(word)s <%% word LIMIT {MOST_ALIKE})
    ) AS alike
    GROUP BY word ORDER BY max(alikeness) DESC, length(word), word LIMIT {MOST_MEANT}
"""  # noqa: S608 - constants of this module


@dataclass(frozen=True, slots=True)
class Meant:
    """What may have been meant by a word: patterns of LIKE, that of the word itself first, and known words, whole."""

    patterns: Sequence[str]
    words: Sequence[str] = ()


def meant_by(pieces: Iterable[str]) -> list[Meant]:
    """What may have been meant by each word typed: known words a slip away, or where letters are words, another letter.

    A word like nothing known is left out. Empty when nothing else can be meant. Two queries a word, in the caller's
    transaction, whose plans are made for their values from then on: one for any words whatever would read whole tables.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        meant = [_meant(cursor, word) for word in _words(pieces)]
    is_other = any(one is None or one.words or len(one.patterns) > 1 for one in meant)
    return [one for one in meant if one] if is_other else []


def _words(pieces: Iterable[str]) -> Iterator[str]:
    """Each word; what is written without spaces, where every letter is a word, as it was typed."""
    for piece in pieces:
        yield from [piece.strip()] if WRITTEN_WITHOUT_SPACES.search(piece) else piece.split()


def _meant(cursor: CursorWrapper, word: str) -> Meant | None:
    """None for a word that is like nothing known."""
    letters = word.split()
    if len(letters) > 1:
        return Meant([f"% {word}%", *(f"% {one}%" for one in _one_letter_off(letters))])
    if len(word) < LEAST_TO_CORRECT:
        return Meant([f"% {word}%"])
    cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(least_alike(word))])
    cursor.execute(ALIKE, {"word": word, "swapped": [f"{one}%" for one in swapped(word)]})
    known = [one for (one,) in cursor.fetchall()]
    return Meant([f"% {word}%"], known) if known else None


def _one_letter_off(letters: Sequence[str]) -> Iterator[str]:
    if len(letters) > 2:
        yield from (" ".join((*letters[:at], "_", *letters[at + 1 :])) for at in range(len(letters)))
