"""Bringing back what was: the versions a record had, a deleted record, a record as an earlier version had it."""

import pytest

from newsannot.accounts.models import Role
from newsannot.actors.actions import merge_actors
from newsannot.annotations.actions import (
    change_annotation,
    delete_annotation,
    mark_annotation,
    move_piece,
    redo,
    submit_reading,
    undo,
)
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from newsannot.annotations.restoring import restore_annotation, restore_version
from newsannot.annotations.rules import Piece
from newsannot.annotations.versions import versions_of
from newsannot.core.errors import RuleBroken, Stale
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.calling import published
from tests.factories import TEXT, a_mention, a_reading, a_statement, a_threat, a_user, an_actor, piece

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_reading()


def told(annotation: Annotation) -> list[tuple[int, str]]:
    """The versions of a record, each with the action that left it."""
    return [(version.number, version.action) for version in versions_of(annotation)]


# --- Versions ---


@pytest.mark.parametrize("kind", ["mention", "statement", "threat"])
def test_the_newest_version_is_what_stands(reading: Reading, kind: str) -> None:
    one, other = an_actor("One").pk, an_actor("Other").pk
    statement = a_statement(reading, speaker=one, addressees=[other, one], note="heard twice", certainty="low")
    made = {
        "mention": lambda: a_mention(reading, actor=one, form="title"),
        "statement": lambda: statement,
        "threat": lambda: a_threat(
            reading, statement, harm_targets=[other], influence_targets=[one, other], plover_contexts=["military"]
        ),
    }[kind]()
    versions = versions_of(made)
    assert [version.number for version in versions] == [1]
    assert versions[0].state.record == read_record(made)
    assert versions[0].by == reading.reader_id


def test_each_step_is_a_version_with_who_took_it(reading: Reading) -> None:
    by = reading.reader
    one, other = an_actor("One").pk, an_actor("Other").pk
    statement = a_statement(reading, mode="direct")
    change_annotation(annotation=statement, claim={"speaker": one, "addressees": [one, other]}, by=by)
    change_annotation(annotation=statement, claim={"addressees": [other]}, parts={"cue": []}, by=by)
    delete_annotation(annotation=statement, by=by)
    undo(reading=reading, by=by)
    versions = versions_of(statement)
    assert told(statement) == [
        (1, "mark_annotation"),
        (2, "change_annotation"),
        (3, "change_annotation"),
        (4, "delete_annotation"),
        (6, "undo"),
    ]
    assert [version.state.claim["addressees"] for version in versions] == [[], [one, other], [other], [other], [other]]
    assert [[w.exact for w in version.state.parts.get("cue", ())] for version in versions] == [
        ["said"],
        ["said"],
        [],
        [],
        [],
    ]
    assert [version.state.is_deleted for version in versions] == [False, False, False, True, False]
    assert {version.by for version in versions} == {by.pk}


def test_publishing_is_a_version_of_the_same_number() -> None:
    reading = a_reading()
    a_mention(reading, actor=an_actor().pk)
    curated = published(reading).annotations.get()
    assert told(curated) == [(1, "accept_reading"), (1, "publish_reading")]


def test_the_past_of_thirty_versions_costs_as_many_queries_as_that_of_one(
    reading: Reading, django_assert_num_queries
) -> None:
    threat = a_threat(reading, a_statement(reading))
    with django_assert_num_queries(6):
        versions_of(threat)
    for number in range(30):
        change_annotation(annotation=threat, claim={"note": f"{number}"}, by=reading.reader)
    with django_assert_num_queries(6):
        assert len(versions_of(threat)) == 31


# --- The bin ---


def test_a_deleted_record_comes_back_as_it_was(reading: Reading) -> None:
    statement = a_statement(reading, speaker=an_actor().pk, mode="direct")
    before = read_record(statement)
    delete_annotation(annotation=statement, by=reading.reader)
    change = restore_annotation(annotation=statement, by=reading.reader)
    restored = Annotation.objects.get(pk=statement.pk)
    assert (restored.deleted_at, restored.version, read_record(restored)) == (None, 3, before)
    assert change.annotation.version == 3
    assert change.ranges == [(25, 61), (62, 81), (82, 86), (98, 125)]
    assert told(statement) == [(1, "mark_annotation"), (2, "delete_annotation"), (3, "restore_annotation")]


def test_restoring_is_undone_and_done_again(reading: Reading) -> None:
    mention = a_mention(reading)
    delete_annotation(annotation=mention, by=reading.reader)
    restore_annotation(annotation=mention, by=reading.reader)
    standing = Annotation.objects.standing().filter(reading=reading)
    for deed, count in [(undo, 0), (redo, 1), (undo, 0), (undo, 1), (undo, 0)]:
        deed(reading=reading, by=reading.reader)
        assert standing.count() == count


def test_what_stands_is_not_restored(reading: Reading) -> None:
    mention = a_mention(reading)
    with pytest.raises(Stale):
        restore_annotation(annotation=mention, by=reading.reader)


def test_what_was_deleted_again_since_it_was_seen_is_not_restored(reading: Reading) -> None:
    mention = a_mention(reading)
    delete_annotation(annotation=mention, by=reading.reader)
    with pytest.raises(Stale):
        restore_annotation(annotation=mention, version=1, by=reading.reader)
    assert restore_annotation(annotation=mention, version=2, by=reading.reader).annotation.deleted_at is None


def test_a_record_that_names_a_deleted_one_waits_for_it(reading: Reading) -> None:
    statement = a_statement(reading)
    threat = a_threat(reading, statement)
    delete_annotation(annotation=threat, by=reading.reader)
    delete_annotation(annotation=statement, by=reading.reader)
    with pytest.raises(RuleBroken) as refused:
        restore_annotation(annotation=threat, by=reading.reader)
    assert refused.value.problems == {
        "statements": [
            "This threat names a deleted statement; restore that first: “If a single ship crosses the line,”"
        ]
    }
    restore_annotation(annotation=statement, by=reading.reader)
    restore_annotation(annotation=threat, by=reading.reader)
    assert read_record(threat).claim["statements"] == [statement.pk]


def test_nothing_is_restored_in_a_closed_reading(reading: Reading) -> None:
    a_mention(reading)
    gone = a_mention(reading, "reckless")
    delete_annotation(annotation=gone, by=reading.reader)
    submit_reading(reading=reading, by=reading.reader)
    with pytest.raises(RuleBroken, match="This reading is submitted; nothing in it can change now"):
        restore_annotation(annotation=gone, by=reading.reader)
    assert Annotation.objects.get(pk=gone.pk).deleted_at is not None


def test_a_deletion_is_not_undone_over_what_was_restored_and_changed_since() -> None:
    one, other = a_user(Role.EDITOR), a_user(Role.EDITOR)
    theirs = a_reading()
    reading = Reading.objects.create(revision=theirs.revision, codebook=theirs.codebook)
    mention = a_mention(reading)
    delete_annotation(annotation=mention, by=one)
    restore_annotation(annotation=mention, by=other)
    change_annotation(annotation=mention, claim={"note": "looked up"}, by=other)
    with pytest.raises(RuleBroken, match="changed again since"):
        undo(reading=reading, by=one)
    assert read_record(mention).claim["note"] == "looked up"


# --- Versions brought back ---


def test_a_record_is_set_back_to_an_earlier_version(reading: Reading) -> None:
    one, other = an_actor("One").pk, an_actor("Other").pk
    statement = a_statement(reading, speaker=one, addressees=[one, other], mode="direct")
    first = read_record(statement)
    change_annotation(
        annotation=statement,
        claim={"speaker": other, "addressees": [], "mode": "indirect", "note": "no"},
        parts={"cue": [], "source": [], "content": [piece(reading, "reckless")]},
        by=reading.reader,
    )
    second = read_record(statement)
    change = restore_version(annotation=statement, number=1, version=2, by=reading.reader)
    assert read_record(statement) == first
    assert change.annotation.version == 3
    assert told(statement)[-1] == (3, "restore_version")
    undo(reading=reading, by=reading.reader)
    assert read_record(statement) == second


def test_the_primary_statement_comes_back_with_its_version(reading: Reading) -> None:
    statement = a_statement(reading)
    other = Statement.objects.get(pk=a_statement_on(reading, "reckless").pk)
    threat = a_threat(reading, statement, primary_statement=statement.pk)
    change_annotation(
        annotation=threat,
        claim={"statements": [other.pk], "primary_statement": other.pk, "plover_contexts": ["military"]},
        by=reading.reader,
    )
    restore_version(annotation=threat, number=1, version=2, by=reading.reader)
    claim = read_record(threat).claim
    assert (claim["statements"], claim["primary_statement"]) == ([statement.pk], statement.pk)
    assert Threat.objects.get(pk=threat.pk).plover_contexts == []


def a_statement_on(reading: Reading, quote: str) -> Annotation:
    parts = {"content": [piece(reading, quote)]}
    return mark_annotation(
        kind=kind_named("statement"), reading=reading, parts=parts, claim={}, by=reading.reader
    ).annotation


def test_borders_come_back_to_the_code_point(reading: Reading) -> None:
    mention = a_mention(reading)
    span = mention.spans.get()
    move_piece(span=span, piece=Piece(span.start, span.end - 4), by=reading.reader)
    restore_version(annotation=mention, number=1, version=2, by=reading.reader)
    back = mention.spans.get()
    assert (back.pk, TEXT[back.start : back.end]) == (span.pk, "Minister Adaeze Obi")


def test_a_version_seen_before_somebody_changed_the_record_is_not_put_over_that(reading: Reading) -> None:
    mention = a_mention(reading)
    for note in ("one", "two"):
        change_annotation(annotation=mention, claim={"note": note}, by=reading.reader)
    with pytest.raises(Stale):
        restore_version(annotation=mention, number=1, version=2, by=reading.reader)
    assert read_record(mention).claim["note"] == "two"


@pytest.mark.parametrize(
    ("number", "words"), [(7, "There is no version 7 of this record"), (2, "The record stands as version 2 had it")]
)
def test_only_another_version_that_there_was_comes_back(reading: Reading, number: int, words: str) -> None:
    mention = a_mention(reading)
    change_annotation(annotation=mention, claim={"note": "one"}, by=reading.reader)
    with pytest.raises(RuleBroken, match=words):
        restore_version(annotation=mention, number=number, version=2, by=reading.reader)


def test_a_version_of_a_deleted_record_does_not_come_back_by_itself(reading: Reading) -> None:
    mention = a_mention(reading)
    change_annotation(annotation=mention, claim={"note": "one"}, by=reading.reader)
    delete_annotation(annotation=mention, by=reading.reader)
    with pytest.raises(Stale):
        restore_version(annotation=mention, number=1, version=3, by=reading.reader)


def test_an_actor_that_was_merged_since_is_refused_by_field(reading: Reading) -> None:
    gone, into = an_actor("Gone"), an_actor("Into")
    mention = a_mention(reading, actor=gone.pk)
    change_annotation(annotation=mention, claim={"actor": into.pk}, by=reading.reader)
    merge_actors(actor=gone, into=into, by=a_user(Role.EDITOR))
    with pytest.raises(RuleBroken) as refused:
        restore_version(annotation=mention, number=1, version=2, by=reading.reader)
    assert refused.value.problems == {"actor": [f"{gone.name} was merged into {into.name}; choose that one."]}


def test_a_version_that_names_a_deleted_statement_says_which(reading: Reading) -> None:
    statement = a_statement(reading)
    threat = a_threat(reading, statement)
    change_annotation(annotation=threat, claim={"statements": [], "primary_statement": None}, by=reading.reader)
    delete_annotation(annotation=statement, by=reading.reader)
    with pytest.raises(RuleBroken, match="This threat names a deleted statement; restore that first"):
        restore_version(annotation=threat, number=1, version=2, by=reading.reader)
