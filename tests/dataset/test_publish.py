"""Publishing and withdrawing: what enters the published record, and leaves it."""

import pytest
from django.db import connection

from newsannot.accounts.models import Role
from newsannot.actors.models import Actor
from newsannot.annotations.actions import change_annotation, declare_nothing_found, delete_annotation, submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.core.errors import RuleBroken
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.review.actions import accept_reading
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def by():
    return a_user(Role.EDITOR)


@pytest.fixture
def curated(by) -> Reading:
    reading = a_reading()
    a_statement(reading)
    a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    return accept_reading(reading=reading, by=by)


def published() -> list[str]:
    return list(Annotation.objects.published().order_by("kind").values_list("kind", flat=True))


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_publishing_publishes_the_standing_curated_records_and_no_others(curated, by) -> None:
    delete_annotation(annotation=curated.annotations.get(kind="mention"), by=by)
    reading = publish_reading(revision=curated.revision, by=by)
    at_commit()
    assert (reading.state, published()) == ("published", ["statement"])
    assert list(reading.transitions.values_list("state", "by")) == [("published", by.pk)]


def test_nothing_in_a_published_reading_changes(curated, by) -> None:
    publish_reading(revision=curated.revision, by=by)
    with pytest.raises(RuleBroken, match="published; nothing in it can change"):
        change_annotation(annotation=curated.annotations.first(), claim={"note": "Late."}, by=by)


def test_withdrawing_takes_everything_out_and_lets_it_be_corrected_and_published_again(curated, by) -> None:
    publish_reading(revision=curated.revision, by=by)
    reading = withdraw_reading(revision=curated.revision, reason="The speaker is wrong.", by=by)
    at_commit()
    assert (reading.state, published(), reading.transitions.last().comment) == (
        "withdrawn",
        [],
        "The speaker is wrong.",
    )
    change_annotation(annotation=curated.annotations.first(), claim={"note": "Right."}, by=by)
    publish_reading(revision=curated.revision, by=by)
    assert published() == ["mention", "statement"]


def test_publishing_moves_when_the_records_changed_last(curated, by) -> None:
    before = curated.annotations.get(kind="mention").updated_at
    publish_reading(revision=curated.revision, by=by)
    assert curated.annotations.get(kind="mention").updated_at > before


def test_what_is_published_is_not_published_again(curated, by) -> None:
    publish_reading(revision=curated.revision, by=by)
    with pytest.raises(RuleBroken, match="published already"):
        publish_reading(revision=curated.revision, by=by)


def test_what_is_not_published_is_not_withdrawn(curated, by) -> None:
    with pytest.raises(RuleBroken, match="not published"):
        withdraw_reading(revision=curated.revision, by=by)


def test_nothing_is_published_before_something_is_accepted(by) -> None:
    for act in (publish_reading, withdraw_reading):
        with pytest.raises(RuleBroken, match="Nothing was accepted"):
            act(revision=a_revision(), by=by)


def test_an_emptied_reading_is_not_published_unless_it_is_said_to_hold_nothing(curated, by) -> None:
    for annotation in curated.annotations.all():
        delete_annotation(annotation=annotation, by=by)
    with pytest.raises(RuleBroken, match="nothing to publish"):
        publish_reading(revision=curated.revision, by=by)
    declare_nothing_found(reading=curated, nothing_found=True, by=by)
    assert publish_reading(revision=curated.revision, by=by).state == "published"


def test_a_reason_that_cannot_be_kept_is_refused_and_nothing_is_withdrawn(curated, by) -> None:
    publish_reading(revision=curated.revision, by=by)
    for reason in ("x" * 4001, "a\x00b", "a\ud83d"):
        with pytest.raises(RuleBroken) as refusal:
            withdraw_reading(revision=curated.revision, reason=reason, by=by)
        assert list(refusal.value.problems) == ["reason"]
    assert published() == ["mention", "statement"]


def test_an_actor_an_analyst_made_becomes_public_when_a_published_record_names_it(by) -> None:
    reading = a_reading()
    named, unnamed = (an_actor(name, is_public=False) for name in ("Named", "Unnamed"))
    a_threat(reading, a_statement(reading, speaker=named.pk), harm_targets=[named.pk])
    submit_reading(reading=reading, by=reading.reader)
    curated = accept_reading(reading=reading, by=by)
    assert list(Actor.objects.filter(is_public=True)) == []
    publish_reading(revision=curated.revision, by=by)
    assert list(Actor.objects.filter(is_public=True)) == [named]
    withdraw_reading(revision=curated.revision, by=by)
    assert list(Actor.objects.filter(is_public=True)) == [named]
    assert unnamed.pk
