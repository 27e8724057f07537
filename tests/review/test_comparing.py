"""The readings of a revision side by side."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.annotations.actions import delete_annotation, submit_reading
from newsannot.annotations.models import Reading
from newsannot.articles.models import Revision
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.queries.comparing import side_by_side
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db


def a_full_reading(revision: Revision, **claim: object) -> Reading:
    """A statement, the threat it expresses and a mention."""
    reading = a_reading(a_user(), revision)
    a_threat(reading, a_statement(reading, **claim))
    a_mention(reading)
    return reading


def handed_in(reading: Reading) -> Reading:
    return submit_reading(reading=reading, by=reading.reader)


def test_two_readings_that_say_the_same_agree_in_all_items() -> None:
    revision = a_revision()
    readings = [handed_in(a_full_reading(revision)) for _ in range(2)]
    found = side_by_side(revision.pk)
    assert list(found.readings) == readings
    assert sorted((one.item.kind, len(one.item.members), one.is_in_dispute) for one in found.items) == [
        ("mention", 2, False),
        ("statement", 2, False),
        ("threat", 2, False),
    ]


def test_another_speaker_is_the_only_difference() -> None:
    revision, speaker = a_revision(), an_actor()
    first, second = handed_in(a_full_reading(revision)), handed_in(a_full_reading(revision, speaker=speaker.pk))
    told = [
        (one.name, [(choice.value, choice.readings) for choice in one.choices])
        for comparison in side_by_side(revision.pk).items
        for one in comparison.differences
    ]
    assert told == [("speaker", [(None, (first.pk,)), (speaker.pk, (second.pk,))])]


def test_who_does_not_have_a_record_is_named() -> None:
    revision = a_revision()
    full, bare = handed_in(a_full_reading(revision)), a_reading(a_user(), revision)
    a_mention(bare)
    handed_in(bare)
    found = {one.item.kind: one.absent for one in side_by_side(revision.pk).items}
    assert found == {"mention": (), "statement": (bare.pk,), "threat": (bare.pk,)}
    assert full.pk not in found.values()


def test_open_and_returned_readings_and_the_curated_one_are_not_compared() -> None:
    revision, editor = a_revision(), a_user(Role.EDITOR)
    accepted, returned = handed_in(a_full_reading(revision)), handed_in(a_full_reading(revision))
    a_full_reading(revision)
    accept_reading(reading=accepted, by=editor)
    return_reading(reading=returned, comment="Once more.", by=editor)
    found = side_by_side(revision.pk)
    assert [reading.pk for reading in found.readings] == [accepted.pk]
    assert {coded.reading for one in found.items for coded in one.item.members} == {accepted.pk}


def test_deleted_records_are_not_compared() -> None:
    revision = a_revision()
    reading = a_full_reading(revision)
    delete_annotation(annotation=a_mention(reading, "envoy"), by=reading.reader)
    handed_in(reading)
    assert len(side_by_side(revision.pk).items) == 3


def test_a_revision_nobody_read_has_no_items() -> None:
    found = side_by_side(a_revision().pk)
    assert (found.readings, found.items, found.place_of) == ((), (), {})


def test_three_readings_take_as_many_queries_as_one() -> None:
    counts = []
    for number in (1, 3):
        revision = a_revision()
        for _ in range(number):
            handed_in(a_full_reading(revision))
        with CaptureQueriesContext(connection) as asked:
            found = side_by_side(revision.pk)
            assert [reading.reader.username for reading in found.readings if reading.reader]
        counts.append(len(asked))
    assert counts[0] == counts[1]
