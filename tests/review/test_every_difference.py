"""Whatever two analysts say otherwise, field by field and role by role, can be asked, ruled and shown to them."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsannot.accounts.models import Role
from newsannot.annotations.actions import mark_annotation, submit_reading
from newsannot.annotations.kinds import ClaimField, kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.articles.models import Revision
from newsannot.review.merging import merge_readings
from newsannot.review.models import Dispute
from newsannot.review.queries.disputes import label_of
from newsannot.review.rules.alignment import PERSONAL
from newsannot.review.rules.comparison import Strategy
from tests.factories import CODES, a_reading, a_revision, a_statement, a_user, an_actor, piece

pytestmark = pytest.mark.django_db

MARKED: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "mention": {"text": ("The neighbour’s envoy", "neighbour’s envoy")},
    "statement": {
        "source": ("The neighbour’s envoy", "neighbour’s envoy"),
        "cue": ("called", "called the"),
        "content": ("warning reckless", "reckless"),
    },
    "threat": {
        "reference": ("warns", "warns neighbour"),
        "condition": ("If a single ship crosses the line", "a single ship crosses the line"),
        "demand": ("a single ship", "single ship"),
        "consequence": ("we will close the strait", "close the strait"),
        "deadline": ("on Monday", "Monday"),
    },
}
"""The words of each role of a kind, as the one marks them and as the other does."""


def _said(field: ClaimField, statement: Annotation, at: int) -> Any:
    """What the one (0) says of a field, or the other (1): never the same."""
    if field.sort in {"code", "codes"}:
        code = CODES[field.scheme][-at]
        return [code] if field.sort == "codes" else code
    if field.sort in {"actor", "actors"}:
        actor = an_actor(f"{field.name} {at}").pk
        return [actor] if field.sort == "actors" else actor
    if field.choices:
        return [*field.choices][-at]
    said: Mapping[str, tuple[Any, Any]] = {
        "record": (statement.pk, None),
        "records": ([statement.pk], []),
        "primary": (statement.pk, None),
        "flag": (True, False),
        "words": ("Geneva", "Oslo"),
        "date": ("2025-09-05", "2025-09"),
    }
    return said[field.sort][at]


def _handed_in(revision: Revision, kind_name: str, at: int) -> Reading:
    """A reading with a statement that both have, and the record that they tell otherwise in everything."""
    kind, reading = kind_named(kind_name), a_reading(None, revision)
    statement = a_statement(reading)
    parts = {role: [piece(reading, words[at])] for role, words in MARKED[kind_name].items()}
    claim = {field.name: _said(field, statement, at) for field in kind.fields if field.name not in PERSONAL}
    mark_annotation(kind=kind, reading=reading, parts=parts, claim=claim, by=reading.reader)
    return submit_reading(reading=reading, by=reading.reader)


@pytest.mark.parametrize("kind_name", [*MARKED])
@pytest.mark.parametrize("choice", ["0", "1"])
def test_all_that_may_differ_is_asked_ruled_and_told(client: Client, kind_name: str, choice: str) -> None:
    revision, kind, editor = a_revision(), kind_named(kind_name), a_user(Role.EDITOR)
    one, _ = (_handed_in(revision, kind_name, at) for at in (0, 1))
    merge_readings(revision=revision, strategy=Strategy.ALL_AGREE, by=editor)
    wanted = {(field.name, False) for field in kind.fields if field.name not in {*PERSONAL, "primary_statement"}}
    wanted |= {(role.name, True) for role in kind.roles}
    assert set(Dispute.objects.values_list("name", "is_border")) == wanted
    client.force_login(editor)
    for dispute in Dispute.objects.order_by("pk"):
        page = f"{reverse('review:adjudication', args=[revision.pk])}?question={dispute.pk}"
        assert client.get(page).status_code == 200
        sent = client.post(reverse("review:dispute", args=[dispute.pk]), {"choice": choice})
        assert (sent.status_code, str(dispute)) == (303, str(dispute))
    assert Dispute.objects.undecided().count() == 0
    client.force_login(one.reader)
    assert client.get(reverse("review:rulings")).content.decode().count('<dl class="difference') == len(wanted)


def test_what_is_asked_is_called_as_in_the_form() -> None:
    asked = [
        label_of(Dispute(curated=Annotation(kind=kind), name=name, is_border=is_border))
        for kind, name, is_border in (
            ("threat", "plover_mode", False),
            ("threat", "consequence", False),
            ("threat", "consequence", True),
            ("mention", "", False),
        )
    ]
    assert asked == ["PLOVER mode", "Consequence", "Borders of the consequence", "Is this a mention?"]
