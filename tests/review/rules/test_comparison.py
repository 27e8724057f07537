"""What readings agree on, what is in dispute, and what settles it."""

import json
from collections.abc import Iterable

import pytest

from newsannot.review.rules.alignment import Coded, Item, align
from newsannot.review.rules.comparison import (
    Choice,
    Comparison,
    Difference,
    Strategy,
    certainties_of,
    compared,
    places_of,
    settled,
)
from tests.review.rules.making import mention, pieces, statement, threat


def one_item(*records: Coded, among: Iterable[int] = ()) -> Comparison:
    """The comparison of records that are all of one item."""
    (item,) = align(records)
    return compared(item, places_of([item]), tuple(among))


def test_a_closing_quotation_mark_and_another_speaker_are_two_differences() -> None:
    found = one_item(
        statement(1, 1, (0, 40), speaker=7, mode="direct"), statement(2, 2, (0, 39), speaker=8, mode="direct")
    )
    assert found.differences == (
        Difference("content", True, (Choice(((0, 40),), (1,)), Choice(((0, 39),), (2,)))),
        Difference("speaker", False, (Choice(7, (1,)), Choice(8, (2,)))),
    )
    assert found.agreed == {"addressees": [], "mode": "direct", "parent": None}
    assert found.is_in_dispute


def test_those_who_say_all_alike_agree() -> None:
    found = one_item(mention(1, 1, 0, 9, actor=3), mention(2, 2, 0, 9, actor=3))
    assert (found.agreed, found.agreed_borders, found.differences) == (
        {"actor": 3, "form": ""},
        {"text": ((0, 9),)},
        (),
    )
    assert not found.is_in_dispute


def test_what_most_say_stands_first_then_what_the_lowest_reading_says() -> None:
    records = [mention(n, n, 0, 9, actor=actor) for n, actor in ((1, 4), (2, 5), (3, 6), (4, 6))]
    (difference,) = one_item(*records).differences
    assert difference.choices == (Choice(6, (3, 4)), Choice(4, (1,)), Choice(5, (2,)))


def test_to_say_nothing_against_a_value_is_a_difference() -> None:
    found = one_item(mention(1, 1, 0, 9), mention(2, 2, 0, 9, actor=5))
    assert found.differences == (Difference("actor", False, (Choice(None, (1,)), Choice(5, (2,)))),)


def test_a_role_that_one_did_not_mark_is_a_difference() -> None:
    found = one_item(statement(1, 1, (0, 9), source=(12, 15)), statement(2, 2, (0, 9)))
    assert found.differences == (Difference("source", True, (Choice(((12, 15),), (1,)), Choice((), (2,)))),)


def test_a_quotation_split_against_whole_is_a_difference_of_its_border() -> None:
    found = one_item(statement(1, 1, (20, 29), (0, 9)), statement(2, 2, (0, 29)))
    assert found.differences == (
        Difference("content", True, (Choice(((0, 9), (20, 29)), (1,)), Choice(((0, 29),), (2,)))),
    )


def test_a_role_and_a_field_of_one_name_are_told_apart() -> None:
    parts = {"consequence": pieces((0, 9))}
    found = one_item(
        threat(1, 1, parts=parts, consequence="force"),
        threat(2, 2, parts={"consequence": pieces((0, 8))}, consequence="blockade"),
    )
    assert [(one.name, one.is_border) for one in found.differences] == [("consequence", True), ("consequence", False)]


def test_lists_are_compared_as_sets() -> None:
    found = one_item(statement(1, 1, (0, 9), addressees=[1, 2]), statement(2, 2, (0, 9), addressees=[2, 1]))
    assert (found.agreed["addressees"], found.differences) == ([1, 2], ())


def test_lists_of_other_members_differ() -> None:
    found = one_item(statement(1, 1, (0, 9), addressees=[1, 2]), statement(2, 2, (0, 9), addressees=[2]))
    assert found.differences == (Difference("addressees", False, (Choice([1, 2], (1,)), Choice([2], (2,)))),)


def test_certainty_and_note_are_kept_apart_and_never_in_dispute() -> None:
    found = one_item(
        mention(1, 1, 0, 9, certainty="low", note="why?"), mention(2, 2, 0, 9, certainty="high", note="why?")
    )
    assert (found.differences, found.agreed.keys()) == ((), {"actor", "form"})
    assert found.personal == {
        "certainty": (Choice("low", (1,)), Choice("high", (2,))),
        "note": (Choice("why?", (1, 2)),),
    }


def threats(*statements: tuple[list[int], list[int]]) -> Comparison:
    """Two readings' threats naming statements, of which 11 and 21, and 12 and 22, are aligned."""
    (first, second) = statements[0]
    records = [
        statement(11, 1, (0, 40)),
        statement(12, 1, (50, 90)),
        threat(13, 1, statements=first, primary_statement=first[0]),
        statement(21, 2, (0, 39)),
        statement(22, 2, (50, 90)),
        threat(23, 2, statements=second, primary_statement=second[0]),
    ]
    items = align(records)
    return next(compared(item, places_of(items)) for item in items if item.kind == "threat")


def test_threats_that_name_aligned_statements_agree() -> None:
    found = threats(([11, 12], [22, 21]))
    assert found.agreed["statements"] == [11, 12]
    assert found.differences == (Difference("primary_statement", False, (Choice(11, (1,)), Choice(22, (2,)))),)


def test_threats_that_name_other_statements_differ() -> None:
    found = threats(([11, 12], [21]))
    assert found.differences == (Difference("statements", False, (Choice([11, 12], (1,)), Choice([21], (2,)))),)


def test_a_statement_reported_by_aligned_ones_has_one_parent() -> None:
    records = [
        statement(1, 1, (0, 90)),
        statement(2, 1, (50, 90), parent=1),
        statement(3, 2, (0, 90)),
        statement(4, 2, (50, 90), parent=3),
    ]
    items = align(records)
    assert compared(items[1], places_of(items)).agreed["parent"] == 1


def test_a_link_to_what_is_not_compared_agrees_with_itself_alone() -> None:
    item = Item("statement", (statement(1, 1, (0, 9), parent=98), statement(2, 2, (0, 9), parent=99)))
    assert [one.name for one in compared(item, {}).differences] == ["parent"]


def test_those_who_did_not_see_it_are_named_and_that_is_a_dispute() -> None:
    found = one_item(mention(1, 2, 0, 9), among=[3, 2, 1])
    assert (found.absent, found.differences, found.is_in_dispute) == ((1, 3), (), True)


def test_values_can_be_written_as_json() -> None:
    found = one_item(statement(1, 1, (0, 9), speaker=3), statement(2, 2, (0, 8), addressees=[4]))
    written = json.dumps([choice.value for one in found.differences for choice in one.choices])
    assert written == "[[[0, 9]], [[0, 8]], 3, null, [], [4]]"


# --- What settles a difference ---------------------------------------------------------------

DIVIDED = Difference("actor", False, (Choice(4, (1,)), Choice(5, (2,))))
TWO_TO_ONE = Difference("actor", False, (Choice(4, (2, 3)), Choice(5, (1,))))
SPLIT = Difference("actor", False, (Choice(4, (2, 3)), Choice(5, (1,)), Choice(6, (4,))))


@pytest.mark.parametrize("difference", [DIVIDED, TWO_TO_ONE, SPLIT])
def test_all_agree_settles_nothing_in_dispute(difference: Difference) -> None:
    assert settled(difference, Strategy.ALL_AGREE, {}) is None


@pytest.mark.parametrize(
    ("difference", "choice"), [(DIVIDED, None), (TWO_TO_ONE, TWO_TO_ONE.choices[0]), (SPLIT, None)]
)
def test_a_majority_is_more_than_half(difference: Difference, choice: Choice | None) -> None:
    assert settled(difference, Strategy.MAJORITY, {}) == choice


@pytest.mark.parametrize(
    ("certainties", "value"),
    [
        ({1: "high", 2: "low", 3: "low"}, 5),
        ({1: "low", 2: "high", 3: "low"}, 4),
        ({1: "low", 2: "high", 3: "high"}, None),
        ({1: "high", 2: "low", 3: "moderate"}, None),
        ({1: "high", 2: "low"}, None),
        ({1: "low", 2: "low", 3: "low"}, None),
        ({}, None),
    ],
)
def test_one_sure_analyst_is_followed_when_all_others_are_unsure(
    certainties: dict[int, str], value: int | None
) -> None:
    choice = settled(TWO_TO_ONE, Strategy.ONE_SURE, certainties)
    assert (choice and choice.value) == value


def test_certainties_are_told_by_reading() -> None:
    found = one_item(mention(1, 1, 0, 9, certainty="high"), mention(2, 2, 0, 9), among=[1, 2, 3])
    assert certainties_of(found) == {1: "high", 2: "", 3: "low"}


def test_every_strategy_has_a_name_and_an_explanation() -> None:
    assert [(one.value, one.label) for one in Strategy] == [
        ("all_agree", "All agree"),
        ("majority", "Majority"),
        ("one_sure", "One sure analyst"),
    ]
    assert all(one.explanation.endswith(".") for one in Strategy)
