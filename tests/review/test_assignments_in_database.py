"""Each rule about batches and assignments, broken by raw SQL: the database itself must refuse."""

import pytest

from newsannot.accounts.models import Role
from newsannot.review.actions import accept_reading
from newsannot.review.models import Assignment, Lapse
from tests.annotations.test_truth_in_database import refused, run
from tests.factories import a_reading, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment, handed_in

pytestmark = pytest.mark.django_db

INSERT = "INSERT INTO review_assignment (batch_id, revision_id, slot, analyst_id) VALUES (%s, %s, %s, %s)"


def test_nobody_is_assigned_a_revision_twice_whatever_the_batch() -> None:
    ana = a_user()
    standing = an_assignment(ana)
    refused("assignment_once_a_person", INSERT, a_batch().pk, standing.revision_id, 1, ana.pk)


def test_a_slot_is_there_once() -> None:
    standing = an_assignment(batch=a_batch(analysts_per_article=2))
    refused("assignment_slot_once", INSERT, standing.batch_id, standing.revision_id, 1, a_user().pk)


@pytest.mark.parametrize("slot", [0, 3])
def test_an_article_has_no_more_readers_than_its_batch_says(slot: int) -> None:
    batch = a_batch(analysts_per_article=2)
    refused("an article of this batch has fewer readers", INSERT, batch.pk, a_revision().pk, slot, a_user().pk)


def test_the_number_of_readers_of_a_batch_is_fixed() -> None:
    batch = a_batch()
    refused("Cannot update", "UPDATE review_batch SET analysts_per_article = 3 WHERE id = %s", batch.pk)


@pytest.mark.parametrize("column", ["slot = 2", "batch_id = batch_id + 1", "revision_id = revision_id + 1"])
def test_a_slot_stays_what_it_is(column: str) -> None:
    standing = an_assignment(batch=a_batch(analysts_per_article=2))
    refused("Cannot update", f"UPDATE review_assignment SET {column} WHERE id = %s", standing.pk)


def test_the_curated_reading_is_never_assigned_whatever_was_sent() -> None:
    ana = a_user()
    reading = handed_in(ana, a_revision())
    curated = accept_reading(reading=reading, by=a_user(Role.EDITOR))
    standing = an_assignment(revision=reading.revision)
    run("UPDATE review_assignment SET reading_id = %s WHERE id = %s", curated.pk, standing.pk)
    standing.refresh_from_db()
    assert standing.reading_id is None
    run("UPDATE review_assignment SET analyst_id = %s, reading_id = %s WHERE id = %s", ana.pk, curated.pk, standing.pk)
    standing.refresh_from_db()
    assert standing.reading_id == reading.pk


def test_a_new_reading_finds_its_assignment_and_nobody_elses() -> None:
    ana, ben = a_user(), a_user()
    batch, revision = a_batch(analysts_per_article=2), a_revision()
    first = an_assignment(ana, batch=batch, revision=revision)
    second = an_assignment(ben, batch=batch, revision=revision, slot=2)
    reading = a_reading(ben, revision)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.reading_id, second.reading_id) == (None, reading.pk)


def test_an_assignment_that_led_to_a_reading_stays() -> None:
    ana = a_user()
    begun, other = an_assignment(ana), an_assignment()
    a_reading(ana, begun.revision)
    refused("somebody has begun to read", "DELETE FROM review_assignment WHERE id = %s", begun.pk)
    run("DELETE FROM review_assignment WHERE id = %s", other.pk)
    assert list(Assignment.objects.all()) == [begun]


def test_what_is_in_the_pool_is_leased_to_nobody() -> None:
    standing = an_assignment()
    sql = "UPDATE review_assignment SET leased_until = now() WHERE id = %s"
    refused("assignment_pool_is_nobodys", sql, standing.pk)
    refused("assignment_pool_is_nobodys", "UPDATE review_assignment SET score = 1 WHERE id = %s", standing.pk)


def test_a_score_is_a_percentage() -> None:
    standing = an_assignment(a_user())
    refused("assignment_score_is_percent", "UPDATE review_assignment SET score = 101 WHERE id = %s", standing.pk)


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("maximum_share = 0", "batch_share_is_percent"),
        ("maximum_share = 101", "batch_share_is_percent"),
        ("lease_hours = 0", "batch_lease_within_reason"),
        ("lease_hours = 2161", "batch_lease_within_reason"),
        ("pass_mark = 50", "batch_training_has_pass_mark"),
    ],
)
def test_a_batch_within_reason(change: str, rule: str) -> None:
    refused(rule, f"UPDATE review_batch SET {change} WHERE id = %s", a_batch().pk)


@pytest.mark.parametrize("readers", [0, 21])
def test_readers_within_reason(readers: int) -> None:
    refused(
        "batch_readers_within_reason",
        "INSERT INTO review_batch (name, note, analysts_per_article, maximum_share, lease_hours, is_pool,"
        " hides_suggestions, is_training, created_by_id, created_at)"
        " VALUES ('x', '', %s, 100, 24, false, false, false, %s, now())",
        readers,
        a_user(Role.EDITOR).pk,
    )


def test_a_training_has_a_pass_mark_and_requires_no_other() -> None:
    training = a_batch(is_training=True, pass_mark=80)
    refused("batch_training_has_pass_mark", "UPDATE review_batch SET pass_mark = NULL WHERE id = %s", training.pk)
    sql = "UPDATE review_batch SET requires_id = id WHERE id = %s"
    refused("batch_training_has_pass_mark", sql, training.pk)


def test_what_was_taken_back_stays_said() -> None:
    lapse = Lapse.objects.create(assignment=an_assignment(), analyst=a_user())
    refused("Cannot update", "UPDATE review_lapse SET at = now() WHERE id = %s", lapse.pk)
