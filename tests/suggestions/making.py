"""Suggestions for tests, made the short way."""

from newsannot.actors.models import Actor
from newsannot.annotations.models import Reading
from newsannot.suggestions.actions import draft_suggestions
from newsannot.suggestions.queries import Suggestion, open_suggestions
from tests.factories import a_reading, an_actor


def a_drafted_reading(reading: Reading | None = None) -> Reading:
    """A reading for whose revision the rules have drafted; of the tests' TEXT: a mention, a statement, a threat."""
    reading = reading or a_reading()
    if not Actor.objects.filter(name="Adaeze Obi").exists():
        an_actor("Adaeze Obi")
    draft_suggestions(revision_ids=[reading.revision_id], by=None)
    return reading


def open_in(reading: Reading) -> list[Suggestion]:
    """What stands open in a reading."""
    return open_suggestions(reading.pk, reading.revision_id)


def open_of(kind: str, reading: Reading) -> Suggestion:
    """The first open suggestion of a kind."""
    return next(suggestion for suggestion in open_in(reading) if suggestion.kind == kind)
