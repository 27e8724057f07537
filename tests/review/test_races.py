"""Two people, or one double click, at the same moment: one wins, the other is told."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from newsannot.accounts.models import Role
from newsannot.annotations.actions import change_annotation, submit_reading
from newsannot.annotations.models import Annotation, Derivation, Reading
from newsannot.core.errors import RuleBroken
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.review.actions import accept_reading, return_reading
from tests.factories import a_mention, a_reading, a_user

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
