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
from newsannot.annotations.queries import read_record
from newsannot.core.errors import RuleBroken, Stale
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.review.actions import accept_reading, return_reading
from newsannot.review.assigning import delete_batch, return_abandoned, take_again, take_next
from newsannot.review.merging import merge_readings
from newsannot.review.models import Adjudication, Assignment, Dispute, Ruling
from newsannot.review.queries.progress import progress_of
from newsannot.review.rules.comparison import Strategy
from newsannot.review.ruling import finish_adjudication, rule
from tests.factories import a_codebook, a_mention, a_reading, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment
from tests.review.disputing import disputed

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
        except (RuleBroken, Stale) as refusal:
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


# --- Deciding between readings -----------------------------------------------------------------------


def test_of_two_editors_who_rule_at_once_one_is_refused_and_told_what_stands() -> None:
    case = disputed()
    editors = [case.eva, a_user(Role.EDITOR)]
    told = at_once(
        *(lambda at=at, by=by: rule(dispute=case.dispute, choice=at, by=by) for at, by in enumerate(editors))
    )
    assert sorted(told) == ["This was changed meanwhile. Nothing of yours was stored over it.", "done"]
    first = told.index("done")
    ruling = Ruling.objects.get()
    assert (ruling.by, ruling.value) == (editors[first], case.dispute.choices[first]["value"])
    assert read_record(case.curated.annotations.get()).claim["mode"] == ruling.value


def test_two_editors_who_compare_at_once_take_each_thing_over_once() -> None:
    case = disputed()
    told = at_once(
        *(
            lambda by=by: merge_readings(revision=case.anas.revision, strategy=Strategy.ALL_AGREE, by=by)
            for by in (case.eva, a_user(Role.EDITOR))
        )
    )
    assert told == ["done", "done"]
    assert (case.curated.annotations.count(), Dispute.objects.count()) == (1, 1)


def test_a_reading_handed_in_while_an_editor_compares_is_in_or_is_told_as_late() -> None:
    case = disputed()
    late = a_reading(a_user(), case.anas.revision)
    a_mention(late, "Monday")
    told = at_once(
        lambda: submit_reading(reading=late, by=late.reader),
        lambda: merge_readings(revision=case.anas.revision, strategy=Strategy.ALL_AGREE, by=case.eva),
    )
    assert told == ["done", "done"]
    progress = progress_of(case.anas.revision)
    is_in = late.pk in progress.merged
    assert [reading.pk for reading in progress.late] == ([] if is_in else [late.pk])
    assert case.curated.annotations.filter(kind="mention").count() == (1 if is_in else 0)


def test_a_ruling_on_a_reading_that_is_returned_at_that_moment_is_stored_whole_or_refused() -> None:
    case = disputed()
    told = at_once(
        lambda: rule(dispute=case.dispute, choice=1, by=case.eva),
        lambda: return_reading(reading=case.bens, comment="Once more.", by=a_user(Role.EDITOR)),
    )
    assert told == ["done", "done"]
    (record,) = case.curated.annotations.all()
    assert record.deleted_at is None
    assert read_record(record).claim["mode"] == "indirect"
    case.bens.refresh_from_db()
    assert case.bens.state == "returned"
    assert [reading.pk for reading in finish_adjudication(adjudication=Adjudication.objects.get(), by=case.eva)] == [
        case.anas.pk
    ]


def test_finished_while_a_reading_comes_back_changed_nothing_uncompared_is_accepted() -> None:
    case = disputed()
    case.rule(1)
    return_reading(reading=case.bens, comment="Once more.", by=case.eva)
    case.bens.refresh_from_db()
    a_mention(case.bens, "Monday")
    told = at_once(
        lambda: finish_adjudication(adjudication=Adjudication.objects.get(), by=case.eva),
        lambda: submit_reading(reading=case.bens, by=case.ben),
    )
    case.bens.refresh_from_db()
    case.anas.refresh_from_db()
    assert (told[1], case.bens.state) == ("done", "submitted")
    assert case.anas.state == ("accepted" if told[0] == "done" else "submitted")


def test_finished_and_returned_at_once_one_waits_for_the_other() -> None:
    case = disputed()
    case.rule(1)
    told = at_once(
        lambda: finish_adjudication(adjudication=Adjudication.objects.get(), by=case.eva),
        lambda: return_reading(reading=case.bens, comment="Once more.", by=a_user(Role.EDITOR)),
    )
    case.bens.refresh_from_db()
    case.anas.refresh_from_db()
    assert told == ["done", "done"]
    assert (case.bens.state, case.anas.state) == ("returned", "accepted")
