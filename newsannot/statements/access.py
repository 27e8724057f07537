"""From a person and a key to an utterance, a question or statements: unseen is 404, seen but not permitted is 403."""

from collections.abc import Sequence

from django.http import Http404

from newsannot.accounts.models import User
from newsannot.statements.models import Likeness, Statement, Utterance
from newsannot.statements.queries import all_statements


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
    keys = {int(one) for one in sent if one.isascii() and one.isdigit() and len(one) < 19}
    return list(all_statements().filter(pk__in=keys))
