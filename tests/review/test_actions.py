"""Accepting and returning: what moves, what is copied, what is refused."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from newsannot.accounts.models import Role
from newsannot.annotations.actions import (
    change_annotation,
    declare_nothing_found,
    delete_annotation,
    mark_annotation,
    submit_reading,
    undo,
)
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Derivation, Reading
from newsannot.annotations.queries import read_records
from newsannot.core.errors import RuleBroken
from newsannot.dataset.actions import publish_reading, withdraw_reading
from newsannot.review.actions import accept_reading, return_reading
from newsannot.threats.models import Threat
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


def submitted(by=None, revision=None) -> Reading:
    reading = a_reading(by, revision)
    a_statement(reading, speaker=an_actor().pk, mode="direct")
    return submit_reading(reading=reading, by=reading.reader)


def editor():
    return a_user(Role.EDITOR)


def at_commit() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def test_accepting_makes_the_curated_reading_of_copies_that_rest_on_the_analysts_records() -> None:
    reading = a_reading()
    actor = an_actor()
    statement = a_statement(reading, speaker=actor.pk, mode="direct")
    threat = a_threat(reading, statement, issuer=actor.pk, harm_targets=[actor.pk])
    mention = a_mention(reading, actor=actor.pk)
    gone = a_mention(reading, "Monday")
    delete_annotation(annotation=gone, by=reading.reader)
    submit_reading(reading=reading, by=reading.reader)
    by = editor()

    curated = accept_reading(reading=reading, by=by)

    assert (curated.reader, curated.state, curated.revision_id) == (None, "open", reading.revision_id)
    assert curated.codebook_id == reading.codebook_id
    copies = {copy.derived_from.get().pk: copy for copy in curated.annotations.all()}
    assert copies.keys() == {statement.pk, threat.pk, mention.pk}
    records = read_records([statement, mention, *copies.values()])
    assert records[copies[statement.pk].pk] == records[statement.pk]
    assert records[copies[mention.pk].pk] == records[mention.pk]
    copied = Threat.objects.get(pk=copies[threat.pk].pk)
    assert [s.pk for s in copied.statements.all()] == [copies[statement.pk].pk]
    assert {copy.created_by for copy in copies.values()} == {by}
    at_commit()


def test_accepting_is_logged_with_who() -> None:
    reading, by = submitted(), editor()
    accept_reading(reading=reading, by=by)
    reading.refresh_from_db()
    assert reading.state == "accepted"
    assert list(reading.transitions.values_list("state", "by")) == [
        ("submitted", reading.reader_id),
        ("accepted", by.pk),
    ]


def test_a_second_analysts_reading_adds_what_differs_and_rests_what_does_not_on_both() -> None:
    first = submitted()
    by = editor()
    curated = accept_reading(reading=first, by=by)
    second = a_reading(a_user(), first.revision)
    speaker = first.annotations.get().statement.speaker_id
    a_statement(second, speaker=speaker, mode="direct")
    a_mention(second)
    submit_reading(reading=second, by=second.reader)

    assert accept_reading(reading=second, by=by) == curated

    kinds = [(a.kind, a.derived_from.count()) for a in curated.annotations.order_by("pk")]
    assert kinds == [("statement", 2), ("mention", 1)]


def test_an_editor_never_accepts_their_own_reading() -> None:
    by = editor()
    reading = submitted(by)
    with pytest.raises(RuleBroken, match="your own reading"):
        accept_reading(reading=reading, by=by)
    reading.refresh_from_db()
    assert (reading.state, Reading.objects.curated().count()) == ("submitted", 0)


def accepted_by_sql(reading: Reading, *, by_id: int | None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        if by_id:
            cursor.execute(
                "INSERT INTO annotations_transition (reading_id, state, comment, by_id, at)"
                " VALUES (%s, 'accepted', '', %s, now())",
                [reading.pk, by_id],
            )
        cursor.execute("UPDATE annotations_reading SET state = 'accepted' WHERE id = %s", [reading.pk])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_the_database_refuses_an_own_reading_accepted_by_sql() -> None:
    reading = submitted()
    with pytest.raises(IntegrityError, match="nobody accepts their own reading"):
        accepted_by_sql(reading, by_id=reading.reader_id)


def test_the_database_refuses_an_acceptance_nobody_is_named_for() -> None:
    with pytest.raises(IntegrityError, match="nobody is said to have accepted"):
        accepted_by_sql(submitted(), by_id=None)


def test_a_reading_that_is_not_submitted_is_not_accepted() -> None:
    reading = a_reading()
    a_mention(reading)
    with pytest.raises(RuleBroken, match="open cannot become accepted"):
        accept_reading(reading=reading, by=editor())


def test_what_is_accepted_is_not_accepted_again() -> None:
    reading, by = submitted(), editor()
    accept_reading(reading=reading, by=by)
    with pytest.raises(RuleBroken, match="accepted cannot become accepted"):
        accept_reading(reading=reading, by=by)
    assert Annotation.objects.filter(reading__reader=None).count() == 1


def test_nothing_is_accepted_into_a_published_reading() -> None:
    first, by = submitted(), editor()
    accept_reading(reading=first, by=by)
    publish_reading(revision=first.revision, by=by)
    second = submitted(a_user(), first.revision)
    with pytest.raises(RuleBroken, match="withdraw it first"):
        accept_reading(reading=second, by=by)
    second.refresh_from_db()
    assert second.state == "submitted"
    withdraw_reading(revision=first.revision, by=by)
    assert accept_reading(reading=second, by=by).state == "withdrawn"


def test_a_curated_reading_is_neither_accepted_nor_returned() -> None:
    by = editor()
    curated = accept_reading(reading=submitted(), by=by)
    with pytest.raises(RuleBroken, match="published, not accepted"):
        accept_reading(reading=curated, by=by)
    with pytest.raises(RuleBroken, match="withdrawn, not returned"):
        return_reading(reading=curated, comment="No.", by=by)


def test_an_empty_reading_said_to_hold_nothing_is_accepted_as_that() -> None:
    reading = a_reading()
    declare_nothing_found(reading=reading, nothing_found=True, by=reading.reader)
    submit_reading(reading=reading, by=reading.reader)
    curated = accept_reading(reading=reading, by=editor())
    curated.refresh_from_db()
    assert (curated.nothing_found, curated.annotations.count()) == (True, 0)


def test_nothing_found_by_one_does_not_empty_what_another_found() -> None:
    first, by = submitted(), editor()
    curated = accept_reading(reading=first, by=by)
    second = a_reading(a_user(), first.revision)
    declare_nothing_found(reading=second, nothing_found=True, by=second.reader)
    submit_reading(reading=second, by=second.reader)
    accept_reading(reading=second, by=by)
    curated.refresh_from_db()
    assert (curated.nothing_found, curated.annotations.count()) == (False, 1)


# --- returning ------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_a_reading_is_returned_with_a_comment_and_can_be_changed_again(state: str) -> None:
    reading, by = submitted(), editor()
    if state == "accepted":
        accept_reading(reading=reading, by=by)
    return_reading(reading=reading, comment="  The cue is missing.\r\nSee line 2. ", by=by)
    reading.refresh_from_db()
    last = reading.transitions.last()
    assert (reading.state, last.comment, last.by) == ("returned", "The cue is missing.\nSee line 2.", by)
    change_annotation(annotation=reading.annotations.get(), claim={"note": "Seen."}, by=reading.reader)


@pytest.mark.parametrize("comment", ["", "  \r\n ", "x" * 4001, "a\x00b", "a\ud83d"])
def test_returning_needs_a_comment_that_can_be_kept(comment: str) -> None:
    reading = submitted()
    with pytest.raises(RuleBroken) as refusal:
        return_reading(reading=reading, comment=comment, by=editor())
    reading.refresh_from_db()
    assert (list(refusal.value.problems), reading.state) == (["comment"], "submitted")


def test_an_open_reading_is_not_returned() -> None:
    with pytest.raises(RuleBroken, match="open cannot become returned") as refusal:
        return_reading(reading=a_reading(), comment="Why?", by=editor())
    assert list(refusal.value.problems) == ["reading"]


# --- returning what was accepted: its records leave the curated reading --------------------------


def returned(reading: Reading, by, comment: str = "Once more.") -> tuple[int, int]:
    done = return_reading(reading=reading, comment=comment, by=by)
    at_commit()
    return done.curated.taken, done.curated.kept


def handed_in_again(reading: Reading, by) -> Reading:
    submit_reading(reading=reading, by=reading.reader)
    curated = accept_reading(reading=reading, by=by)
    at_commit()
    return curated


def standing(curated: Reading) -> list[str]:
    return list(curated.annotations.standing().order_by("pk").values_list("kind", flat=True))


def test_what_is_returned_leaves_the_curated_reading_and_its_history_stays() -> None:
    reading, by = submitted(), editor()
    a_copy = accept_reading(reading=reading, by=by).annotations.get()
    assert returned(reading, by) == (1, 0)
    a_copy.refresh_from_db()
    assert (a_copy.deleted_at is None, a_copy.version, a_copy.updated_by, a_copy.spans.count()) == (False, 2, by, 4)
    kept = a_copy.events.order_by("pgh_id").values_list("pgh_label", "pgh_context__action", "pgh_context__user")
    assert list(kept) == [("insert", "accept_reading", by.pk), ("update", "return_reading", by.pk)]
    unlinked = Derivation.pgh_event_model.objects.get(pgh_label="delete")
    assert (unlinked.curated_id, unlinked.original_id) == (a_copy.pk, reading.annotations.get().pk)


def test_what_was_never_accepted_takes_nothing_back() -> None:
    first, by = submitted(), editor()
    curated = accept_reading(reading=first, by=by)
    second = submitted(a_user(), first.revision)
    assert (returned(second, by), standing(curated)) == ((0, 0), ["statement"])


def test_accepted_again_the_same_records_come_back_under_their_ids() -> None:
    reading = a_reading()
    statement = a_statement(reading, mode="direct")
    a_threat(reading, statement)
    submit_reading(reading=reading, by=reading.reader)
    by = editor()
    curated = accept_reading(reading=reading, by=by)
    before = set(curated.annotations.values_list("public_id", flat=True))
    assert returned(reading, by) == (2, 0)
    mention = a_mention(reading)
    handed_in_again(reading, by)
    assert standing(curated) == ["statement", "threat", "mention"]
    new = curated.annotations.get(kind="mention")
    assert set(curated.annotations.values_list("public_id", flat=True)) == before | {new.public_id}
    assert (Derivation.objects.count(), new.derived_from.get().pk) == (3, mention.pk)


def test_a_record_changed_after_it_was_returned_replaces_its_earlier_copy() -> None:
    reading, by = submitted(), editor()
    curated = accept_reading(reading=reading, by=by)
    returned(reading, by)
    change_annotation(annotation=reading.annotations.get(), claim={"mode": "indirect"}, by=reading.reader)
    handed_in_again(reading, by)
    assert [s.statement.mode for s in curated.annotations.standing()] == ["indirect"]


def test_a_copy_an_editor_changed_stays_and_stands_for_its_original_ever_after() -> None:
    reading, by = submitted(), editor()
    curated = accept_reading(reading=reading, by=by)
    change_annotation(annotation=curated.annotations.get(), claim={"mode": "mixed"}, by=by)
    assert (returned(reading, by), standing(curated)) == ((0, 1), ["statement"])
    change_annotation(annotation=reading.annotations.get(), claim={"note": "Sure."}, by=reading.reader)
    handed_in_again(reading, by)
    assert [(s.statement.mode, s.derived_from.count()) for s in curated.annotations.all()] == [("mixed", 1)]


def test_a_copy_that_was_changed_and_changed_back_is_taken_back_and_undo_goes_on_before_it() -> None:
    reading, by = submitted(), editor()
    curated = accept_reading(reading=reading, by=by)
    own = mark_annotation(
        kind=kind_named("mention"), reading=curated, parts={"text": [piece(curated, "Monday")]}, claim={}, by=by
    ).annotation
    for mode in ("mixed", "direct"):
        change_annotation(annotation=curated.annotations.get(kind="statement"), claim={"mode": mode}, by=by)
    assert (returned(reading, by), standing(curated)) == ((1, 0), ["mention"])
    assert undo(reading=curated, by=by).annotation.pk == own.pk
    with pytest.raises(RuleBroken, match="nothing to undo"):
        undo(reading=curated, by=by)


def test_what_an_editors_record_names_stays_too() -> None:
    reading, by = submitted(), editor()
    curated = accept_reading(reading=reading, by=by)
    parts = {"consequence": [piece(curated, "we will close the strait")]}
    claim = {"statements": [curated.annotations.get().pk]}
    mark_annotation(kind=kind_named("threat"), reading=curated, parts=parts, claim=claim, by=by)
    assert (returned(reading, by), standing(curated)) == ((0, 1), ["statement", "threat"])
    handed_in_again(reading, by)
    assert standing(curated) == ["statement", "threat"]


def test_what_another_analyst_marked_too_stays_theirs() -> None:
    first, by = submitted(), editor()
    curated = accept_reading(reading=first, by=by)
    second = a_reading(a_user(), first.revision)
    a_statement(second, speaker=first.annotations.get().statement.speaker_id, mode="direct")
    submit_reading(reading=second, by=second.reader)
    accept_reading(reading=second, by=by)
    assert (returned(first, by), standing(curated)) == ((0, 0), ["statement"])
    assert [o.reading_id for o in curated.annotations.get().derived_from.all()] == [second.pk]
    assert (returned(second, by), standing(curated)) == ((1, 0), [])


def test_what_an_editor_marked_by_hand_before_stays_theirs() -> None:
    reading, by = submitted(), editor()
    curated = Reading.objects.create(revision=reading.revision, codebook=reading.codebook)
    own = a_statement(curated, speaker=reading.annotations.get().statement.speaker_id, mode="direct")
    accept_reading(reading=reading, by=by)
    assert own.derived_from.count() == 1
    assert (returned(reading, by), standing(curated), own.derived_from.count()) == ((0, 0), ["statement"], 0)


def test_what_an_editor_deleted_stays_deleted_while_the_analyst_leaves_it_as_it_was() -> None:
    reading, by = submitted(), editor()
    curated = accept_reading(reading=reading, by=by)
    delete_annotation(annotation=curated.annotations.get(), by=by)
    assert returned(reading, by) == (0, 0)
    handed_in_again(reading, by)
    assert standing(curated) == []
    returned(reading, by)
    change_annotation(annotation=reading.annotations.get(), claim={"mode": "mixed"}, by=reading.reader)
    handed_in_again(reading, by)
    assert [s.statement.mode for s in curated.annotations.standing()] == ["mixed"]


def test_what_an_editor_deleted_comes_again_when_something_new_names_it() -> None:
    reading, by = submitted(), editor()
    curated = accept_reading(reading=reading, by=by)
    delete_annotation(annotation=curated.annotations.get(), by=by)
    returned(reading, by)
    a_threat(reading, reading.annotations.get())
    handed_in_again(reading, by)
    assert standing(curated) == ["statement", "threat"]
    assert curated.annotations.standing().get(kind="threat").threat.statements.count() == 1


def test_what_is_published_is_withdrawn_before_its_reading_is_returned() -> None:
    reading, by = submitted(), editor()
    accept_reading(reading=reading, by=by)
    curated = publish_reading(revision=reading.revision, by=by)
    with pytest.raises(RuleBroken, match="withdraw it first") as refusal:
        return_reading(reading=reading, comment="Why?", by=by)
    reading.refresh_from_db()
    assert (list(refusal.value.problems), reading.state, standing(curated)) == (["reading"], "accepted", ["statement"])
    withdraw_reading(revision=reading.revision, by=by)
    assert returned(reading, by) == (1, 0)


@pytest.mark.parametrize(("declared_by_editor", "left"), [(False, False), (True, True)])
def test_that_nothing_was_found_is_taken_back_unless_an_editor_said_so(declared_by_editor: bool, left: bool) -> None:
    reading, by = a_reading(), editor()
    if declared_by_editor:
        a_mention(reading)
    else:
        declare_nothing_found(reading=reading, nothing_found=True, by=reading.reader)
    submit_reading(reading=reading, by=reading.reader)
    curated = accept_reading(reading=reading, by=by)
    if declared_by_editor:
        delete_annotation(annotation=curated.annotations.get(), by=by)
        declare_nothing_found(reading=curated, nothing_found=True, by=by)
    returned(reading, by)
    curated.refresh_from_db()
    assert curated.nothing_found == left


def test_returning_takes_as_many_queries_however_many_records_it_takes_back() -> None:
    counts = []
    for quotes in (["Monday"], ["Monday", "strait", "reckless"]):
        reading, by = a_reading(), editor()
        for quote in quotes:
            a_mention(reading, quote)
        submit_reading(reading=reading, by=reading.reader)
        accept_reading(reading=reading, by=by)
        with CaptureQueriesContext(connection) as queries:
            assert returned(reading, by) == (len(quotes), 0)
        counts.append(len(queries))
    assert counts[0] == counts[1]
