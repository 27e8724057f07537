"""What is said of readings in lists is said of one at hand too."""

import itertools

import pytest

from newsannot.accounts.models import Role, User
from newsannot.annotations.access import may_see
from newsannot.annotations.models import ANALYST_STATES, CURATED_STATES, Reading
from tests import factories

pytestmark = pytest.mark.django_db


def test_who_may_see_a_reading_is_the_same_for_lists_and_objects() -> None:
    people = {role: factories.a_user(role=role) for role in Role}
    other, another = factories.a_user(role=Role.ANALYST), factories.a_user(role=Role.EDITOR)
    codebook = factories.a_codebook()
    readers: list[User | None] = [*people.values(), other, None]
    for reader in readers:
        for state in ANALYST_STATES if reader else CURATED_STATES:
            revision = factories.a_revision()
            reading = Reading.objects.create(revision=revision, reader=reader, state=state, codebook=codebook)
            reading.transitions.create(state=state, by=another)
    seen = {
        (role, reading.pk): may_see(person, reading)
        for (role, person), reading in itertools.product(people.items(), Reading.objects.all())
    }
    listed = {
        (role, pk)
        for role, person in people.items()
        for pk in Reading.objects.visible_to(person).values_list("pk", flat=True)
    }
    assert {key for key, is_seen in seen.items() if is_seen} == listed
    assert {role for role, _ in listed} == {Role.ANALYST, Role.EDITOR, Role.ADMIN}
