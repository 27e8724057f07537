"""What a parser reads in a text, as far as the rules make use of it: names, and who does what a verb says."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from newsannot.actors.rules import guess_kind
from newsannot.suggestions.rules.languages import Language, Words
from newsannot.suggestions.rules.named import Named, Taken

PERSON, PLACE, BODY = "person", "place", "body"
_ARTICLES = ("the ", "The ")
_OWNED = ("'s", "’s")
_SHORTEST = 3
NEAR = 60
"""The verb of a cue begins so many characters behind the cue, at the most: “has since said”."""


@dataclass(frozen=True, slots=True)
class Entity:
    """Words that name somebody or something: a person, a place or a body; half-open in code points."""

    start: int
    end: int
    sort: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Who does what a verb says: the words, the noun they turn on, and the verb; half-open in code points.

    `is_shared`: it is that of a verb before, which this one is joined to (“came and said”).
    """

    start: int
    end: int
    head: int
    verb_start: int
    verb_end: int
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Parse:
    """What was read in a text, each in order."""

    entities: Sequence[Entity] = field(default=())
    subjects: Sequence[Subject] = field(default=())

    def subject_before(self, at: int, floor: int, *, is_own: bool = False) -> Subject | None:
        """The subject in front of a cue that begins at `at`, no earlier than `floor`; `is_own`: not shared."""
        near = (s for s in self.subjects if at <= s.verb_start <= at + NEAR and not (is_own and s.is_shared))
        return next((s for s in near if floor <= s.start and s.end <= at), None)

    def subject_after(self, at: int, ceiling: int) -> Subject | None:
        """The subject behind a cue that ends at `at`, no further than `ceiling`."""
        return next((s for s in self.subjects if s.verb_end == at <= s.start and s.end <= ceiling), None)


NOTHING = Parse()
"""Of a text that is not parsed."""


def newcomers(words: Words, parse: Parse, settled: Sequence[Named], language: Language) -> Iterator[Named]:
    """Those named whom the knowledge base does not know, where nobody known is named; of places only those that act."""
    taken = Taken(settled)
    found = [(entity, *_bare(words.text, entity)) for entity in parse.entities]
    whole = {text.split()[-1]: text for entity, _, _, text in found if entity.sort == PERSON and " " in text}
    for entity, start, end, text in found:
        if len(text) < _SHORTEST or not taken.is_free(start, end) or not text[0].isupper():
            continue
        before = [token.lower for token in words.before(start, most=2) if token.lower not in language.determiners]
        if entity.sort == PLACE and (not before or before[0] in language.places):
            continue
        name = whole.get(text, text) if entity.sort == PERSON else text
        how = f"“{text}” reads as the name of {_SAID[entity.sort]} that the register of actors does not have"
        yield Named(start, end, start, None, name, _kind(entity.sort, name), "name", how, newcomer=name)


_SAID = {PERSON: "a person", PLACE: "a state or place", BODY: "a body"}


def _kind(sort: str, name: str) -> str:
    """The kind of actor; what a body is, its name tells."""
    if sort == PERSON:
        return "person"
    if sort == PLACE:
        return "state"
    guessed = guess_kind(name)
    return guessed if guessed not in {"", "person", "state"} else "government_body"


def _bare(text: str, entity: Entity) -> tuple[int, int, str]:
    """Where the name stands without article and genitive, and the name."""
    start, end = entity.start, entity.end
    if text.startswith(_ARTICLES, start):
        start += 4
    if text[start:end].endswith(_OWNED):
        end -= 2
    return start, end, " ".join(text[start:end].split())
