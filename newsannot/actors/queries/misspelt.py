"""What somebody may have meant whose finger slipped."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from newsannot.actors.rules import LEAST_TO_CORRECT, WRITTEN_WITHOUT_SPACES, least_alike, swapped
from newsannot.core.rows import ask, pipelined

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
    """What may have been meant by a word: patterns of LIKE, that of the word itself first, and known words, whole.

    `letters`: where letters are words, those that each of the patterns asks for.
    """

    patterns: Sequence[str]
    words: Sequence[str] = ()
    letters: Sequence[Sequence[str]] = ()


Fetch = Callable[[], Meant | None]


def meant_by(pieces: Iterable[str]) -> list[Meant]:
    """What may have been meant by each word typed: known words a slip away, or where letters are words, another letter.

    A word like nothing known is left out. Empty when nothing else can be meant. Two queries a word, all sent at once in
    the caller's transaction, whose plans are made for their values from then on: one for any words whatever would read
    whole tables.
    """
    with pipelined():
        ask("SET LOCAL plan_cache_mode = force_custom_plan")
        asked = [_ask_meant(word) for word in _words(pieces)]
        meant = [fetch() for fetch in asked]
    is_other = any(one is None or one.words or len(one.patterns) > 1 for one in meant)
    return [one for one in meant if one] if is_other else []


def _words(pieces: Iterable[str]) -> Iterator[str]:
    """Each word; what is written without spaces, where every letter is a word, as it was typed."""
    for piece in pieces:
        yield from [piece.strip()] if WRITTEN_WITHOUT_SPACES.search(piece) else piece.split()


def _ask_meant(word: str) -> Fetch:
    """Ask what may be meant by a word; what is given back fetches it: None for one that is like nothing known."""
    if len(letters := word.split()) > 1:
        return lambda: _of_letters(letters)
    if len(word) < LEAST_TO_CORRECT:
        return lambda: Meant([f"% {word}%"])
    ask("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(least_alike(word))])
    alike = ask(ALIKE, {"word": word, "swapped": [f"{one}%" for one in swapped(word)]})

    def fetch() -> Meant | None:
        known = [one for (one,) in alike.fetchall()]
        return Meant([f"% {word}%"], known) if known else None

    return fetch


def _of_letters(letters: Sequence[str]) -> Meant:
    """The letters, or, of three and more, any other in the place of one of them."""
    ways = [list(letters)]
    if len(letters) > 2:
        ways += [[*letters[:at], "_", *letters[at + 1 :]] for at in range(len(letters))]
    return Meant([f"% {' '.join(way)}%" for way in ways], letters=[list(_whole(way)) for way in ways])


def _whole(way: Sequence[str]) -> Iterator[str]:
    """What a name has among its words: the last of them may be a beginning, unless it is a letter."""
    yield from (one for one in way[:-1] if one != "_")
    yield from (one for one in way[-1:] if WRITTEN_WITHOUT_SPACES.match(one))
