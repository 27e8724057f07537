"""Giving a record another kind: what comes along, what is left out, and how it is one step of one line."""

import pytest

from newsannot.annotations.actions import change_annotation, delete_annotation, redo, submit_reading, undo
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.models import Annotation, Reading, Relabelling
from newsannot.annotations.queries import line_of, read_record
from newsannot.annotations.relabelling import recast, relabel_annotation
from newsannot.annotations.restoring import restore_annotation
from newsannot.annotations.rules import Piece, Record
from newsannot.core.errors import RuleBroken, Stale
from tests.factories import a_mention, a_reading, a_statement, a_threat, an_actor

pytestmark = pytest.mark.django_db


@pytest.fixture
def reading() -> Reading:
    return a_reading()


def relabelled(annotation: Annotation, kind: str, **how: object) -> Annotation:
    """The record that took its place."""
    change, _ = relabel_annotation(annotation=annotation, kind=kind_named(kind), by=annotation.reading.reader, **how)
    return Annotation.objects.get(pk=change.annotation.pk)


def standing(reading: Reading) -> list[str]:
    """The kinds of the records that stand."""
    return list(Annotation.objects.standing().filter(reading=reading).values_list("kind", flat=True))


def lying(reading: Reading) -> list[int]:
    """The records in the bin."""
    return list(Annotation.objects.deleted().filter(reading=reading).values_list("pk", flat=True))


def pieces(annotation: Annotation) -> list[tuple[str, str]]:
    """Roles and words, in the order of the text."""
    return list(annotation.spans.order_by("start", "end").values_list("role", "exact"))


# --- What comes along (pure) ---


def test_what_both_kinds_have_comes_along_and_the_rest_is_named() -> None:
    statement, threat = kind_named("statement"), kind_named("threat")
    claim = statement.empty_claim() | {
        "speaker": 7,
        "credibility": "2",
        "certainty": "low",
        "note": "Look again.",
        "venue": "Minsk",
        "negated": True,
    }
    parts = {"content": [Piece(0, 5), Piece(20, 30)], "cue": [Piece(6, 10)], "source": [Piece(11, 19)]}
    told = recast(statement, threat, Record(claim, parts))
    assert told.parts == {"reference": [Piece(0, 5), Piece(20, 30)]}
    assert told.claim == {"issuer": 7, "credibility": "2", "certainty": "low", "note": "Look again."}
    assert told.left_out == ["Source", "Cue", "Denied: they are said not to have said it", "Venue"]


def test_a_mention_takes_one_piece_and_says_how_many_more_there_were() -> None:
    statement, mention = kind_named("statement"), kind_named("mention")
    record = Record(statement.empty_claim() | {"speaker": 7}, {"content": [Piece(0, 5), Piece(8, 9), Piece(20, 30)]})
    told = recast(statement, mention, record)
    assert (told.parts, told.claim) == ({"text": [Piece(0, 5)]}, {})
    assert told.left_out == ["Content (2 pieces)", "Speaker"]


def test_whom_words_name_is_not_who_says_them() -> None:
    mention = kind_named("mention")
    told = recast(
        mention, kind_named("statement"), Record(mention.empty_claim() | {"actor": 7}, {"text": [Piece(0, 5)]})
    )
    assert (told.claim, told.left_out) == ({}, ["Actor"])


def test_a_threat_without_a_reference_gives_all_its_words_none_over_another() -> None:
    threat = kind_named("threat")
    parts = {"condition": [Piece(0, 10)], "demand": [Piece(3, 8)], "consequence": [Piece(12, 20)]}
    told = recast(threat, kind_named("statement"), Record(threat.empty_claim(), parts))
    assert told.parts == {"content": [Piece(0, 10), Piece(12, 20)]}
    assert told.left_out == ["Demand"]


def test_a_threat_of_statements_alone_has_no_words_to_give() -> None:
    threat = kind_named("threat")
    claim = threat.empty_claim() | {"statements": [3], "primary_statement": 3}
    told = recast(threat, kind_named("statement"), Record(claim, {}))
    assert (told.parts, told.left_out) == ({}, ["Expressed by"])


# --- In the database ---


def test_another_record_takes_its_place_with_its_words_origin_and_line(reading: Reading) -> None:
    speaker = an_actor().pk
    old = a_statement(reading, speaker=speaker, certainty="low", note="Look again.")
    Annotation.objects.filter(pk=old.pk).update(origin="engine", engine="rules 1")
    new = relabelled(old, "threat")
    claim = read_record(new).claim
    assert standing(reading) == ["threat"]
    assert pieces(new) == [
        ("reference", "“If a single ship crosses the line,”"),
        ("reference", "“we will close the strait.”"),
    ]
    assert (claim["issuer"], claim["certainty"], claim["note"]) == (speaker, "low", "Look again.")
    assert (new.origin, new.engine, new.public_id == old.public_id) == ("engine", "rules 1", False)
    assert line_of(old.pk) == line_of(new.pk) == [old.pk, new.pk]


def test_undo_and_redo_are_one_step_each(reading: Reading) -> None:
    old = a_statement(reading)
    before = read_record(old)
    new = relabelled(old, "mention")
    undo(reading=reading, by=reading.reader)
    assert (standing(reading), read_record(old)) == (["statement"], before)
    redo(reading=reading, by=reading.reader)
    assert standing(reading) == ["mention"]
    undo(reading=reading, by=reading.reader)
    undo(reading=reading, by=reading.reader)
    assert (standing(reading), Annotation.objects.get(pk=new.pk).deleted_at is None) == ([], False)


def test_a_line_may_go_on_and_knows_its_first(reading: Reading) -> None:
    first = a_mention(reading)
    second = relabelled(first, "statement")
    third = relabelled(second, "threat")
    told = Relabelling.objects.order_by("annotation").values_list("annotation", "was", "first")
    assert list(told) == [(second.pk, first.pk, first.pk), (third.pk, second.pk, first.pk)]
    assert line_of(second.pk) == [first.pk, second.pk, third.pk]


def test_the_bin_holds_a_line_only_once_none_of_it_stands(reading: Reading) -> None:
    old = a_mention(reading)
    new = relabelled(old, "statement")
    assert lying(reading) == []
    delete_annotation(annotation=new, by=reading.reader)
    assert lying(reading) == [old.pk, new.pk]
    restore_annotation(annotation=old, by=reading.reader)
    assert lying(reading) == []


def test_a_stale_version_is_refused_and_nothing_changes(reading: Reading) -> None:
    old = a_mention(reading)
    change_annotation(annotation=old, claim={"note": "Later."}, by=reading.reader)
    with pytest.raises(Stale):
        relabelled(old, "statement", version=1)
    assert standing(reading) == ["mention"]
    assert relabelled(old, "statement", version=2).kind == "statement"


def test_the_kind_it_is_already_is_refused(reading: Reading) -> None:
    with pytest.raises(RuleBroken) as refused:
        relabelled(a_mention(reading), "mention")
    assert refused.value.problems == {"kind": ["This is a mention already."]}


def test_a_statement_that_a_threat_rests_on_stays(reading: Reading) -> None:
    statement = a_statement(reading)
    a_threat(reading, statement)
    with pytest.raises(RuleBroken, match="Threat “If a single ship crosses the line” rests on this record"):
        relabelled(statement, "mention")
    assert standing(reading) == ["statement", "threat"]


def test_a_threat_of_statements_alone_cannot_be_a_statement(reading: Reading) -> None:
    threat = a_threat(reading, a_statement(reading))
    change_annotation(annotation=threat, parts={"condition": [], "consequence": []}, by=reading.reader)
    with pytest.raises(RuleBroken, match="no words of its own"):
        relabelled(threat, "statement")


def test_in_a_closed_reading_nothing_gets_another_kind(reading: Reading) -> None:
    old = a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    with pytest.raises(RuleBroken, match="submitted"):
        relabelled(old, "statement")


def test_values_that_follow_fill_only_what_nothing_was_carried_into(reading: Reading) -> None:
    one, other = an_actor("One").pk, an_actor("Other").pk
    threat = a_threat(reading, issuer=one)
    claim = read_record(relabelled(threat, "statement", follows={"speaker": other, "mode": "indirect"})).claim
    assert (claim["speaker"], claim["mode"]) == (one, "indirect")
