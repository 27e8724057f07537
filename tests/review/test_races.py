"""Two people, or one double click, at the same moment: one wins, the other is told."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from django.utils import timezone

from newsannot.accounts.models import Role
from newsannot.annotations.actions import change_annotation, open_reading, submit_reading
from newsannot.annotations.models import Annotation, Derivation, Reading
from newsannot.core.errors import RuleBroken
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.assigning import delete_batch, return_abandoned, take_again, take_next
from newsannot.review.models import Assignment
from tests.factories import a_codebook, a_mention, a_reading, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do all in threads of their own at the same moment; answers `done` or the refusal of each, in order."""
    told = [""] * len(acts)
    start = Barrier(len(acts))

    def run(at: int) -> None:
        try:
            start.wait()
            acts[at]()
            told[at] = "done"
        except RuleBroken as refusal:
            told[at] = str(refusal)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(at,)) for at in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told


def submitted(revision=None) -> Reading:
    reading = a_reading(a_user(), revision)
    a_mention(reading)
    return submit_reading(reading=reading, by=reading.reader)


def test_two_editors_accepting_the_same_reading_accept_it_once() -> None:
    reading, editors = submitted(), [a_user(Role.EDITOR), a_user(Role.EDITOR)]
    told = at_once(*(lambda by=by: accept_reading(reading=reading, by=by) for by in editors))
    assert sorted(told) == ["A reading that is accepted cannot become accepted.", "done"]
    assert (Reading.objects.curated().count(), Derivation.objects.count()) == (1, 1)


def test_two_readings_of_one_text_accepted_at_once_make_one_curated_reading() -> None:
    first = submitted()
    second = submitted(first.revision)
    by = a_user(Role.EDITOR)
    told = at_once(*(lambda r=r: accept_reading(reading=r, by=by) for r in (first, second)))
    assert told == ["done", "done"]
    assert Reading.objects.curated().count() == 1
    assert Annotation.objects.get(reading__reader=None).derived_from.count() == 2


def test_accepted_and_returned_at_once_only_one_happens() -> None:
    reading, by = submitted(), a_user(Role.EDITOR)
    told = at_once(
        lambda: return_reading(reading=reading, comment="Once more.", by=by),
        lambda: accept_reading(reading=reading, by=by),
    )
    reading.refresh_from_db()
    if reading.state == "returned" and told[0] == "done" and told[1] != "done":
        assert told[1] == "A reading that is returned cannot become accepted."
        assert Reading.objects.curated().count() == 0
    else:  # accepting came first: an accepted reading may be returned
        assert told == ["done", "done"]
        assert (reading.state, Reading.objects.curated().count()) == ("returned", 1)


def test_a_double_click_on_submit_and_an_editors_accept_leave_it_accepted_or_submitted_once() -> None:
    reading = a_reading()
    a_mention(reading)
    by = a_user(Role.EDITOR)
    told = at_once(
        lambda: submit_reading(reading=reading, by=reading.reader),
        lambda: submit_reading(reading=reading, by=reading.reader),
        lambda: accept_reading(reading=reading, by=by),
    )
    reading.refresh_from_db()
    assert told[:2].count("done") == 1
    assert reading.state == ("accepted" if told[2] == "done" else "submitted")
    assert reading.transitions.filter(state="submitted").count() == 1


def test_an_edit_while_the_reading_is_handed_in_is_stored_whole_or_refused() -> None:
    reading = a_reading()
    mention = a_mention(reading)
    told = at_once(
        lambda: change_annotation(annotation=mention, claim={"note": "Late."}, by=reading.reader),
        lambda: submit_reading(reading=reading, by=reading.reader),
    )
    assert told[1] == "done"
    mention.refresh_from_db()
    assert mention.note == ("Late." if told[0] == "done" else "")
    assert told[0] in {"done", "This reading is submitted; nothing in it can change now."}


def test_published_twice_at_once_is_published_once() -> None:
    reading, by = submitted(), a_user(Role.EDITOR)
    accept_reading(reading=reading, by=by)
    told = at_once(*([lambda: publish_reading(revision=reading.revision, by=by)] * 2))
    assert sorted(told) == ["This is published already.", "done"]
    assert Annotation.objects.published().count() == 1


def test_a_correction_while_publishing_is_in_the_published_record_or_refused() -> None:
    reading, by = submitted(), a_user(Role.EDITOR)
    curated = accept_reading(reading=reading, by=by)
    mention = curated.annotations.get()
    told = at_once(
        lambda: change_annotation(annotation=mention, claim={"note": "Late."}, by=by),
        lambda: publish_reading(revision=reading.revision, by=by),
    )
    assert told[1] == "done"
    mention.refresh_from_db()
    assert (mention.is_published, mention.note) == (True, "Late." if told[0] == "done" else "")


def test_withdrawn_twice_at_once_is_withdrawn_once() -> None:
    reading, by = submitted(), a_user(Role.EDITOR)
    accept_reading(reading=reading, by=by)
    publish_reading(revision=reading.revision, by=by)
    told = at_once(*([lambda: withdraw_reading(revision=reading.revision, by=by)] * 2))
    assert sorted(told) == ["This is not published.", "done"]
    assert Annotation.objects.published().count() == 0


def test_of_many_who_ask_at_once_nobody_gets_what_another_gets() -> None:
    batch = a_batch(analysts_per_article=2)
    for revision in (a_revision(), a_revision()):
        for slot in (1, 2):
            an_assignment(batch=batch, revision=revision, slot=slot)
    people = [a_user() for _ in range(5)]
    told = at_once(*(lambda by=by: take_next(by=by) for by in people))
    assert sorted(told) == ["Nothing is left in the pool for you.", *["done"] * 4]
    held = list(Assignment.objects.values_list("revision", "analyst"))
    assert len({analyst for _, analyst in held}) == 4
    assert len(set(held)) == 4


def test_a_double_click_on_the_next_one_takes_one_thing() -> None:
    batch, ana = a_batch(analysts_per_article=2), a_user()
    for revision in (a_revision(), a_revision()):
        for slot in (1, 2):
            an_assignment(batch=batch, revision=revision, slot=slot)
    told = at_once(*([lambda: take_next(by=ana)] * 3))
    assert told == ["done"] * 3
    assert Assignment.objects.of(ana).count() == 1


def test_taking_while_a_lease_ends_gives_it_to_one_of_the_two() -> None:
    ana, ben, slot = a_user(), a_user(), an_assignment()
    take_next(by=ana)
    late = timezone.now() + timedelta(days=2)
    told = at_once(lambda: return_abandoned(at=late, by=None), lambda: take_next(by=ben))
    slot.refresh_from_db()
    assert slot.analyst == (ben if told[1] == "done" else None)


def test_what_lapsed_is_taken_again_by_one_or_by_another() -> None:
    ana, ben, slot = a_user(), a_user(), an_assignment()
    take_next(by=ana)
    return_abandoned(at=timezone.now() + timedelta(days=2), by=None)
    told = at_once(lambda: take_again(assignment=slot, by=ana), lambda: take_next(by=ben))
    slot.refresh_from_db()
    assert told.count("done") == 1
    assert slot.analyst == (ana if told[0] == "done" else ben)


def test_a_batch_undone_while_somebody_begins_is_undone_or_kept_whole() -> None:
    a_codebook()
    ana, slot, by = a_user(), an_assignment(), a_user(Role.EDITOR)
    told = at_once(
        lambda: delete_batch(batch=slot.batch, by=by),
        lambda: open_reading(revision=take_next(by=ana).revision, by=ana),
    )
    assert Assignment.objects.count() == (0 if told[0] == "done" else 1)
    assert Reading.objects.filter(reader=ana).count() <= 1
