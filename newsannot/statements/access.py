"""From a person and a key to an utterance, a question or statements: unseen is 404, seen but not permitted is 403."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from newsannot.accounts.models import User
from newsannot.annotations.models import ReadingState
from newsannot.core.layers import Audience
from newsannot.core.numbers import numbers_in
from newsannot.statements.models import Likeness, Statement, Utterance


def all_statements() -> QuerySet[Statement]:
    """Every statement, as a queryset of its own model."""
    rows: Any = Statement._default_manager.all()
    statements: QuerySet[Statement] = rows
    return statements


def gatherable() -> QuerySet[Statement]:
    """The statements that utterances are made of: those standing in a curated reading, published or open."""
    states = [ReadingState.OPEN, ReadingState.PUBLISHED]
    return all_statements().filter(reading__reader=None, reading__state__in=states, deleted_at=None)


def statements_seen_by(user: User) -> QuerySet[Statement]:
    """The curated statements a person may see: editors all that stand, everybody else what is published."""
    if user.is_editor:
        return all_statements().filter(reading__reader=None, deleted_at=None)
    return statements_given_out(Audience.STAFF)


def statements_given_out(audience: Audience) -> QuerySet[Statement]:
    """The published statements; for readers, without those within an embargo."""
    rows: Any = all_statements()
    given: QuerySet[Statement] = rows.given_out(audience)
    return given


def utterance_to_see(user: User, pk: int) -> Utterance:
    """An utterance that a statement published reports; editors see all."""
    rows = Utterance.objects.select_related("speaker", "merged_into")
    if not user.is_editor:
        rows = rows.attested_by(all_statements().filter(is_published=True))
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such utterance, or nothing published reports it.")
    return found


def question_to_decide(pk: int) -> Likeness:
    """A proposal, for editors."""
    found = Likeness.objects.filter(pk=pk).first()
    if found is None:
        raise Http404("There is no such proposal.")
    return found


def statements_named(sent: Sequence[str]) -> list[Statement]:
    """The statements that a form names by id; ids that are none, or of nothing, are left to the actions to miss."""
    return list(all_statements().filter(pk__in=numbers_in(sent)))
