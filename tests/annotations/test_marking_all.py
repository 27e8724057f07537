"""Many places marked at once are one change, one step to undo, and nothing new the second time."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from newsannot.annotations.actions import change_annotation, delete_annotation, redo, undo
from newsannot.annotations.kinds import kind_named
from newsannot.annotations.marking_all import MOST, MarkedAll, mark_all
from newsannot.annotations.models import Annotation, Mention, Reading, Span, Step
from newsannot.annotations.rules import Piece
from newsannot.core.errors import Mismatch, RuleBroken
from tests.factories import a_mention, a_reading, a_revision, an_actor, piece

pytestmark = pytest.mark.django_db

TEXT = "🚢 Obi spoke.\nObi left, and Obi’s envoy with Obi.\nNobody else came."


@pytest.fixture
def reading() -> Reading:
    return a_reading(revision=a_revision(TEXT, zones=[]))


def obis(reading: Reading) -> list[Piece]:
    return [piece(reading, "Obi", nth) for nth in range(4)]


def mark(reading: Reading, pieces: list[Piece], kind: str = "mention", **claim: object) -> MarkedAll:
    assert reading.reader is not None
    return mark_all(kind=kind_named(kind), reading=reading, pieces=pieces, claim=claim, by=reading.reader)


def standing(reading: Reading) -> list[tuple[int, int]]:
    spans = Span.objects.filter(reading=reading, annotation__deleted_at=None)
    return list(spans.order_by("start").values_list("start", "end"))


def test_each_place_becomes_a_record_with_the_same_claim(reading: Reading) -> None:
    actor, places = an_actor(), obis(reading)
    done = mark(reading, places[::-1], actor=actor.pk, form="name")
    assert (done.new_count, done.standing_count) == (4, 0)
    assert standing(reading) == [(p.start, p.end) for p in places]
    assert list(Mention.objects.values_list("actor", "form")) == [(actor.pk, "name")] * 4
    assert done.change is not None
    assert done.change.ranges == [(p.start, p.end) for p in places]
    assert [span.prefix for span in Span.objects.order_by("start")][:2] == ["🚢 ", "🚢 Obi spoke.\n"]


def test_all_of_them_are_undone_and_done_again_as_one(reading: Reading) -> None:
    assert reading.reader is not None
    a_mention(reading, "envoy")
    mark(reading, obis(reading))
    undone = undo(reading=reading, by=reading.reader)
    assert len(standing(reading)) == 1
    assert undone.ranges == [(p.start, p.end) for p in obis(reading)]
    assert undone.annotation.deleted_at is not None
    assert redo(reading=reading, by=reading.reader).annotation.deleted_at is None
    assert len(standing(reading)) == 5
    undo(reading=reading, by=reading.reader)
    undo(reading=reading, by=reading.reader)
    assert standing(reading) == []


def test_sending_the_same_again_changes_nothing(reading: Reading) -> None:
    mark(reading, obis(reading))
    assert mark(reading, obis(reading)) == MarkedAll(None, 0, 4)
    assert (Annotation.objects.count(), Step.objects.count()) == (4, 4)


def test_places_marked_before_are_left_as_they_are(reading: Reading) -> None:
    actor = an_actor()
    a_mention(reading, "Obi", actor=actor.pk)
    done = mark(reading, obis(reading), actor=an_actor("Wu").pk)
    assert (done.new_count, done.standing_count) == (3, 1)
    assert Mention.objects.filter(actor=actor).count() == 1


def test_a_place_whose_record_was_deleted_is_marked_anew(reading: Reading) -> None:
    assert reading.reader is not None
    delete_annotation(annotation=a_mention(reading, "Obi"), by=reading.reader)
    assert mark(reading, obis(reading)).new_count == 4


def test_places_that_overlap_are_refused_by_field(reading: Reading) -> None:
    start = TEXT.index("Obi left")
    with pytest.raises(RuleBroken) as refused:
        mark(reading, [Piece(start, start + 3), Piece(start + 2, start + 8)])
    assert list(refused.value.problems) == ["piece"]
    assert Annotation.objects.count() == 0


@pytest.mark.parametrize("count", [0, MOST + 1])
def test_none_and_too_many_are_refused_by_field(reading: Reading, count: int) -> None:
    with pytest.raises(RuleBroken) as refused:
        mark(reading, [Piece(at, at + 1) for at in range(count)])
    assert list(refused.value.problems) == ["piece"]


def test_one_place_that_does_not_hold_stores_none(reading: Reading) -> None:
    wrong = Piece(6, 9, "Obi")
    with pytest.raises(Mismatch):
        mark(reading, [*obis(reading), wrong])
    with pytest.raises(RuleBroken):
        mark(reading, [*obis(reading), Piece(len(TEXT), len(TEXT) + 3)])
    assert (Annotation.objects.count(), Step.objects.count()) == (0, 0)


def test_boilerplate_and_unknown_codes_are_refused() -> None:
    text = "Obi spoke.\nAbout the author: Obi."
    reading = a_reading(revision=a_revision(text))
    with pytest.raises(RuleBroken):
        mark(reading, [piece(reading, "Obi", 0), piece(reading, "Obi", 1)])
    with pytest.raises(RuleBroken):
        mark(reading, [piece(reading, "Obi", 0)], form="nonsense")


def test_statements_are_marked_all_at_once_too(reading: Reading) -> None:
    mark(reading, [piece(reading, "Obi spoke."), piece(reading, "Nobody else came.")], kind="statement")
    assert list(Annotation.objects.values_list("kind", flat=True)) == ["statement"] * 2


def test_what_was_changed_since_is_not_undone_with_the_rest(reading: Reading) -> None:
    assert reading.reader is not None
    mark(reading, obis(reading))
    first = Annotation.objects.earliest("pk")
    change_annotation(annotation=first, claim={"note": "sure"}, by=reading.reader)
    undo(reading=reading, by=reading.reader)
    undo(reading=reading, by=reading.reader)
    assert standing(reading) == []


def test_marking_and_undoing_forty_costs_as_many_queries_as_two() -> None:
    reading = a_reading(revision=a_revision("Obi " * 60, zones=[]))
    assert reading.reader is not None
    mark(reading, [Piece(236, 239, "Obi")])
    counts = []
    for places in ([0, 1], range(10, 50)):
        with CaptureQueriesContext(connection) as queries:
            mark(reading, [Piece(4 * at, 4 * at + 3, "Obi") for at in places])
            undo(reading=reading, by=reading.reader)
        counts.append(len(queries))
    assert counts[0] == counts[1]
