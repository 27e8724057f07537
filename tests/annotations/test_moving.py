"""Moving an open reading to another codebook: what follows, what is asked, undoing, and what the database holds to."""

from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import QuerySet

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import change_annotation, delete_annotation, redo, submit_reading, undo
from newsannot.annotations.coding import Usage, usage_of
from newsannot.annotations.models import Annotation, Move, Reading
from newsannot.annotations.moving import (
    carry_all,
    move_reading_back,
    move_reading_on,
    plan,
    plans,
    take_back_run,
)
from newsannot.annotations.queries import read_claim
from newsannot.codebook.drafting import add_edit, open_draft, put_in_force
from newsannot.codebook.models import CodebookVersion, Scheme
from newsannot.codebook.queries import latest_codebook
from newsannot.codebook.revising import EditSaid
from newsannot.core.errors import RuleBroken, Stale
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user

pytestmark = pytest.mark.django_db


def words(code: str) -> dict[str, str]:
    return {"code": code, "label": code.title(), "definition": f"It is {code}."}


def in_force(key: str, *edits: EditSaid) -> CodebookVersion:
    editor = a_user(Role.EDITOR)
    draft = open_draft(scheme=Scheme.objects.get(key=key), by=editor)
    for said in edits:
        add_edit(draft=draft, version=draft.version, said=said, by=editor)
        draft.refresh_from_db()
    return put_in_force(draft=draft, version=draft.version, reason="So.", by=editor)


MERGE = EditSaid("merge", ("force", "blockade"), (words("arms"),))
SPLIT = EditSaid("split", ("blockade",), (words("port"), words("strait")))


def move(reading: Reading, answers: dict[str, str] | None = None, by: User | None = None) -> Move:
    standing = Reading.objects.get(pk=reading.pk)
    assert standing.reader
    return move_reading_on(reading=standing, version=standing.version, answers=answers or {}, by=by or standing.reader)


def said(annotation: Annotation, field: str = "consequence") -> Any:
    return read_claim(annotation)[field]


def codebook_of(reading: Reading) -> int:
    return Reading.objects.get(pk=reading.pk).codebook.number


def by_sql(rows: QuerySet[Any], **values: Any) -> None:
    """Change rows past the actions, to the end of a transaction."""
    with transaction.atomic():
        rows.update(**values)
        connection.check_constraints()


def test_putting_a_version_in_force_changes_no_annotation() -> None:
    reading = a_reading()
    threat = a_threat(reading)
    before = Annotation.objects.get(pk=threat.pk).version
    in_force("threat-consequence", MERGE)
    assert (said(threat), codebook_of(reading)) == ("blockade", 1)
    assert Annotation.objects.get(pk=threat.pk).version == before


def test_merged_codes_follow_and_what_does_not_change_stays() -> None:
    reading = a_reading()
    threat, mention = a_threat(reading), a_mention(reading, form="name")
    in_force("threat-consequence", MERGE)
    asked = plan(reading, latest_codebook())
    assert [(c.old.code, c.choices[0].code, c.quote) for c in asked.follows] == [
        ("blockade", "arms", "If a single ship crosses the line")
    ]
    move(reading)
    assert (said(threat), said(threat, "purpose"), codebook_of(reading)) == ("arms", "deterrent", 2)
    assert Annotation.objects.get(pk=mention.pk).version == 1


def test_a_code_that_was_renamed_twice_follows_to_what_it_is_now() -> None:
    reading = a_reading()
    threat = a_threat(reading)
    in_force("threat-consequence", MERGE)
    in_force("threat-consequence", EditSaid("change", ("arms",), (words("violence"),)))
    move(reading)
    assert (said(threat), codebook_of(reading)) == ("violence", 3)


def test_one_of_several_codes_of_a_field_follows_and_none_is_there_twice() -> None:
    reading = a_reading()
    threat = a_threat(reading, plover_contexts=["military", "diplomatic"])
    in_force("plover-context", EditSaid("merge", ("military", "diplomatic"), (words("power"),)))
    move(reading)
    assert said(threat, "plover_contexts") == ["power"]


def test_a_split_code_is_a_question_and_is_answered_by_one_of_its_parts() -> None:
    reading = a_reading()
    threat = a_threat(reading)
    in_force("threat-consequence", SPLIT)
    (question,) = plan(reading, latest_codebook()).questions
    assert [choice.code for choice in question.choices] == ["port", "strait"]
    for answers in ({}, {question.name: "force"}, {question.name: "gone"}):
        with pytest.raises(RuleBroken) as refusal:
            move(reading, answers)
        assert refusal.value.problems == {question.name: ["Choose what “Blockade” becomes."]}
    assert (said(threat), codebook_of(reading)) == ("blockade", 1)
    move(reading, {question.name: "strait"})
    assert (said(threat), codebook_of(reading)) == ("strait", 2)


def test_a_retired_code_is_a_question_that_any_code_or_none_answers() -> None:
    first, second = a_reading(), a_reading()
    threats = [a_threat(first), a_threat(second)]
    in_force("threat-consequence", EditSaid("retire", ("blockade",)))
    for reading, answer in ((first, "force"), (second, "-")):
        (question,) = plan(reading, latest_codebook()).questions
        assert [choice.code for choice in question.choices] == ["force", "unspecified"]
        move(reading, {question.name: answer})
    assert [said(threat) for threat in threats] == ["force", ""]


def test_a_move_is_undone_and_done_again_whole() -> None:
    reading = a_reading()
    assert reading.reader
    threat, other = a_threat(reading), a_threat(reading)
    in_force("threat-consequence", MERGE)
    move(reading)
    undo(reading=reading, by=reading.reader)
    assert (said(threat), said(other), codebook_of(reading)) == ("blockade", "blockade", 1)
    redo(reading=reading, by=reading.reader)
    assert (said(threat), said(other), codebook_of(reading)) == ("arms", "arms", 2)


def test_every_rewritten_record_keeps_its_history() -> None:
    reading = a_reading()
    threat = a_threat(reading)
    in_force("threat-consequence", MERGE)
    move(reading)
    events = threat.threat_events.order_by("pgh_id")  # type: ignore[attr-defined]
    assert list(events.values_list("consequence", flat=True)) == ["blockade", "arms"]


def test_a_step_from_before_the_move_is_not_undone_over_it() -> None:
    reading = a_reading()
    assert reading.reader
    threat = a_threat(reading)
    change_annotation(annotation=threat, claim={"consequence": "force"}, by=reading.reader)
    in_force("threat-consequence", EditSaid("retire", ("blockade",)))
    move(reading)
    with pytest.raises(RuleBroken, match="is not a code of threat-consequence in this reading's codebook"):
        undo(reading=reading, by=reading.reader)
    assert said(threat) == "force"


def test_a_deleted_record_comes_back_only_with_codes_its_codebook_has() -> None:
    reading = a_reading()
    assert reading.reader
    threat = a_threat(reading)
    delete_annotation(annotation=threat, by=reading.reader)
    in_force("threat-consequence", MERGE)
    move(reading)
    with pytest.raises(RuleBroken):
        undo(reading=reading, by=reading.reader)
    with pytest.raises(IntegrityError):
        by_sql(Annotation.objects.filter(pk=threat.pk), deleted_at=None)


def test_no_sql_moves_a_reading_to_a_codebook_that_lacks_its_codes() -> None:
    reading = a_reading()
    a_threat(reading, a_statement(reading, mode="direct"), certainty="low")
    made = in_force("threat-consequence", MERGE)
    with pytest.raises(IntegrityError, match="threat-consequence: blockade"):
        by_sql(Reading.objects.filter(pk=reading.pk), codebook=made)


def test_a_reading_changed_since_it_was_looked_at_is_not_moved() -> None:
    reading = a_reading()
    a_threat(reading)
    in_force("threat-consequence", MERGE)
    assert reading.reader
    with pytest.raises(Stale):
        move_reading_on(reading=reading, version=1, answers={}, by=reading.reader)
    assert codebook_of(reading) == 1


def test_what_is_handed_in_or_newest_already_is_not_moved() -> None:
    reading = a_reading()
    a_threat(reading)
    with pytest.raises(RuleBroken, match="under codebook 1 already"):
        move(reading)
    in_force("threat-consequence", MERGE)
    assert reading.reader
    submit_reading(reading=reading, by=reading.reader)
    with pytest.raises(RuleBroken, match="This reading is submitted"):
        move(reading)


def test_an_editor_carries_over_all_in_which_nothing_is_asked_and_undoes_it_whole() -> None:
    plain, asked, bare, handed_in = a_reading(), a_reading(), a_reading(), a_reading()
    threat = a_threat(plain, consequence="unspecified")
    a_threat(asked)
    a_threat(handed_in)
    assert handed_in.reader
    submit_reading(reading=handed_in, by=handed_in.reader)
    in_force("threat-consequence", SPLIT, EditSaid("change", ("unspecified",), (words("vague"),)))
    editor = a_user(Role.EDITOR)
    carried = carry_all(by=editor)
    assert ([one.reading_id for one in carried.moves], carried.left) == ([plain.pk, bare.pk], 1)
    assert [codebook_of(one) for one in (plain, asked, bare, handed_in)] == [2, 1, 2, 1]
    assert said(threat) == "vague"
    assert plain.reader
    change_annotation(annotation=threat, claim={"consequence": "force"}, by=plain.reader)
    assert take_back_run(run=carried.run, by=editor) == (1, 1)
    assert [codebook_of(one) for one in (plain, bare)] == [2, 1]
    change_annotation(annotation=threat, claim={"consequence": "vague"}, by=plain.reader)
    assert take_back_run(run=carried.run, by=editor) == (1, 0)
    assert (codebook_of(plain), said(threat)) == (1, "unspecified")
    with pytest.raises(RuleBroken, match="nothing to undo"):
        take_back_run(run=carried.run, by=editor)


def test_a_move_is_taken_back_once() -> None:
    reading = a_reading()
    a_threat(reading)
    in_force("threat-consequence", MERGE)
    moved = move(reading)
    move_reading_back(move=moved, by=moved.by)
    with pytest.raises(RuleBroken, match="moved again since"):
        move_reading_back(move=moved, by=moved.by)


def test_usage_counts_standing_records_by_code_over_all_fields() -> None:
    reading = a_reading()
    statement = a_statement(reading, credibility="1", certainty="low")
    a_threat(reading, statement, credibility="1")
    gone = a_threat(reading, credibility="2")
    assert reading.reader
    delete_annotation(annotation=gone, by=reading.reader)
    assert usage_of("admiralty-credibility", ["1", "2"]) == {"1": Usage(2, 1, 2, 0)}
    assert usage_of("certainty", ["low"]) == {"low": Usage(1, 1, 1, 0)}
    assert usage_of("genre", ["news"]) == {}


def test_planning_takes_as_many_queries_for_three_readings_as_for_one(django_assert_num_queries: Any) -> None:
    readings = [a_reading() for _ in range(3)]
    for reading in readings:
        a_threat(reading)
    made = in_force("threat-consequence", SPLIT)
    plans(readings[:1], made)
    for some in (readings[:1], readings):
        with django_assert_num_queries(3):
            assert sum(len(one.questions) for one in plans(some, made).values()) == len(some)
