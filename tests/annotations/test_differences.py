"""Pure rules of the past: which steps there were, and what differs between two versions."""

from datetime import UTC, datetime, timedelta

import pytest

from newsannot.annotations.differences import (
    Deed,
    Event,
    FieldDifference,
    PieceDifference,
    State,
    Words,
    border_stretches,
    deed_of,
    field_differences,
    in_steps,
    piece_differences,
    replayed,
    same_record,
    set_off_pieces,
)
from newsannot.core.wording import LONGEST_COMPARED, Stretch, elided, word_stretches

TEXT = "If a single ship crosses the line, we will close the strait."
NOON = datetime(2025, 9, 5, 12, tzinfo=UTC)


def words(quote: str) -> Words:
    """Where a quote stands in the text."""
    start = TEXT.index(quote)
    return Words(start, start + len(quote), quote)


def event(table: str, key: int, step: str, *, minute: int = 0, values: dict[str, object] | None = None) -> Event:
    return Event(table, key, values, step, NOON + timedelta(minutes=minute))


# --- Steps ---


def test_what_one_action_wrote_is_one_step() -> None:
    leading = [event("a", 1, "mark", values={"v": 1}), event("a", 1, "change", values={"v": 2})]
    others = [event("s", 7, "mark", values={"start": 3}), event("s", 7, "change"), event("s", 8, "change", values={})]
    steps = in_steps(leading, others)
    assert [[(one.table, one.key) for one in step] for step in steps] == [
        [("a", 1), ("s", 7)],
        [("a", 1), ("s", 7), ("s", 8)],
    ]


def test_steps_stand_as_their_rows_were_written_whenever_they_were_begun() -> None:
    waited = event("a", 1, "waited for the lock", minute=1, values={"v": 3})
    leading = [event("a", 1, "mark", values={"v": 1}), event("a", 1, "overtook", minute=2, values={"v": 2}), waited]
    assert [step[0].step for step in in_steps(leading, [])] == ["mark", "overtook", "waited for the lock"]


def test_a_step_without_a_row_of_the_annotation_stands_at_its_moment() -> None:
    leading = [event("a", 1, "mark", values={}), event("a", 1, "change", minute=9, values={})]
    others = [event("s", 7, "by hand", minute=4, values={}), event("s", 8, "later", minute=11, values={})]
    assert [step[0].step for step in in_steps(leading, others)] == ["mark", "by hand", "change", "later"]


def test_rows_are_replayed_step_by_step() -> None:
    steps = [
        [event("a", 1, "1", values={"v": 1}), event("s", 7, "1", values={"start": 3})],
        [event("a", 1, "2", values={"v": 2}), event("s", 7, "2")],
    ]
    assert [rows for _, rows in replayed(steps)] == [
        {"a": {1: {"v": 1}}, "s": {7: {"start": 3}}},
        {"a": {1: {"v": 2}}, "s": {}},
    ]


# --- Deeds ---

STANDING, GONE, OUT = State(), State(is_deleted=True), State(is_published=True)


@pytest.mark.parametrize(
    ("before", "after", "action", "deed"),
    [
        (None, STANDING, "mark_annotation", Deed.MARKED),
        (None, STANDING, "accept_reading", Deed.COPIED),
        (STANDING, STANDING, "change_annotation", Deed.CHANGED),
        (STANDING, GONE, "delete_annotation", Deed.DELETED),
        (STANDING, GONE, "return_reading", Deed.TAKEN_OUT),
        (STANDING, GONE, "undo", Deed.UNDONE),
        (GONE, STANDING, "undo", Deed.UNDONE),
        (GONE, STANDING, "redo", Deed.REDONE),
        (GONE, STANDING, "restore_annotation", Deed.RESTORED),
        (STANDING, STANDING, "restore_version", Deed.PUT_BACK),
        (STANDING, OUT, "publish_reading", Deed.PUBLISHED),
        (OUT, STANDING, "withdraw_reading", Deed.WITHDRAWN),
        (STANDING, STANDING, "", Deed.CHANGED),
    ],
)
def test_a_step_is_told_in_a_word(before: State | None, after: State, action: str, deed: Deed) -> None:
    assert deed_of(before, after, action) == deed


# --- Fields ---


def test_a_value_replaced_is_one_gone_and_one_new() -> None:
    found = field_differences(["mode", "venue"], State({"mode": "direct", "venue": ""}), State({"mode": "mixed"}))
    assert found == [FieldDifference("mode", ["direct"], ["mixed"])]


def test_of_several_values_only_those_that_differ_are_told() -> None:
    found = field_differences(["to"], State({"to": [1, 2]}), State({"to": [2, 3]}))
    assert found == [FieldDifference("to", [1], [3])]


def test_the_order_of_several_values_says_nothing() -> None:
    one, other = State({"to": [1, 2]}), State({"to": [2, 1]})
    assert field_differences(["to"], one, other) == []
    assert same_record(one, other)


@pytest.mark.parametrize("silence", [None, "", False, []])
def test_a_first_version_tells_what_it_says_and_not_what_it_leaves_empty(silence: object) -> None:
    found = field_differences(["negated", "mode"], None, State({"negated": silence, "mode": "direct"}))
    assert found == [FieldDifference("mode", [], ["direct"])]


def test_a_flag_set_is_told() -> None:
    found = field_differences(["negated"], State({"negated": False}), State({"negated": True}))
    assert found == [FieldDifference("negated", [], [True])]


# --- Evidence ---


def parted(*pieces: Words, role: str = "content") -> State:
    return State(parts={role: pieces})


def test_a_piece_with_other_borders_moved() -> None:
    was, now = words("a single ship"), words("If a single ship")
    assert piece_differences(["content"], parted(was), parted(now)) == [PieceDifference("content", was, now)]


def test_pieces_come_and_go_in_the_order_of_the_text() -> None:
    kept, gone, new = words("we will"), words("crosses"), words("strait")
    found = piece_differences(["content"], parted(gone, kept, words("If")), parted(kept, new, words("the line")))
    assert found == [
        PieceDifference("content", words("If"), None),
        PieceDifference("content", gone, None),
        PieceDifference("content", None, words("the line")),
        PieceDifference("content", None, new),
    ]


def test_the_only_piece_of_a_role_moves_even_to_other_words() -> None:
    was, now = words("If"), words("strait")
    assert piece_differences(["cue"], parted(was, role="cue"), parted(now, role="cue")) == [
        PieceDifference("cue", was, now)
    ]


def test_of_several_pieces_each_moves_to_the_one_it_shares_most_with() -> None:
    one, other = words("a single ship"), words("will close")
    wider, narrower = words("If a single ship crosses"), words("close")
    found = piece_differences(["content"], parted(one, other), parted(wider, narrower))
    assert found == [PieceDifference("content", one, wider), PieceDifference("content", other, narrower)]


def test_pieces_that_stay_are_not_told() -> None:
    assert piece_differences(["content"], parted(words("If")), parted(words("If"))) == []


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("a single ship", "single ship crosses", [("gone", "a "), ("same", "single ship"), ("new", " crosses")]),
        ("single ship", "a single ship", [("new", "a "), ("same", "single ship")]),
        ("a single ship", "single", [("gone", "a "), ("same", "single"), ("gone", " ship")]),
        ("If", "strait", [("gone", "If"), ("new", "strait")]),
    ],
)
def test_other_borders_are_told_to_the_code_point(before: str, after: str, told: list[tuple[str, str]]) -> None:
    assert border_stretches(words(before), words(after)) == told


def test_borders_side_by_side_are_told_apart_by_whole_words() -> None:
    text = "He said “we will close the strait” twice."

    def at(words: str) -> Words:
        start = text.index(words)
        return Words(start, start + len(words), words)

    choices = [[at("we will close the strait")], [at("“we will close the strait”")], []]
    assert set_off_pieces(choices) == [
        [[("same", "we will close the strait")]],
        [[("own", "“"), ("same", "we will close the strait"), ("own", "”")]],
        [],
    ]
    cut = [[at("we will close the str")], [at("we will close the strait")], [at("said"), at("close the strait")]]
    assert set_off_pieces(cut) == [
        [[("own", "we will"), ("same", " close the str")]],
        [[("own", "we will"), ("same", " close the "), ("own", "strait")]],
        [[("own", "said")], [("same", "close the "), ("own", "strait")]],
    ]


# --- What people wrote ---


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("on the record", "off the record", [("gone", "on"), ("new", "off"), ("same", " the record")]),
        ("", "checked", [("new", "checked")]),
        ("checked", "", [("gone", "checked")]),
        ("one two three", "one 2 3", [("same", "one "), ("gone", "two three"), ("new", "2 3")]),
        ("a b", "a b c", [("same", "a b"), ("new", " c")]),
        ("он сказал", "она сказала", [("gone", "он сказал"), ("new", "она сказала")]),
    ],
)
def test_words_are_compared_one_by_one(before: str, after: str, told: list[tuple[str, str]]) -> None:
    assert word_stretches(before, after) == told


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The envoy, asked twice, said no.", "The minister said: no, and no again."),
        ("  two  spaces\nand a line ", "two spaces and\n\na line"),
        ("🚢 a ship", "a 🚢"),
    ],
)
def test_a_difference_holds_both_texts(before: str, after: str) -> None:
    told = word_stretches(before, after)
    assert "".join(s.words for s in told if s.fate != "new") == before
    assert "".join(s.words for s in told if s.fate != "gone") == after


def test_very_long_texts_are_told_as_replaced() -> None:
    before = "so " * LONGEST_COMPARED
    assert [s.fate for s in word_stretches(before, before + "on")] == ["gone", "new"]


@pytest.mark.parametrize(
    ("stayed", "shown"),
    [
        ("x" * 50 + "y" * 50, "xxxxxxxx … yyyyyyyy"),
        ("if a ship crosses the line, we will close it", "if a … close it"),
        ("short enough", "short enough"),
    ],
)
def test_what_stayed_is_cut_in_its_middle_between_words(stayed: str, shown: str) -> None:
    new = Stretch("new", "z" * 100)
    assert elided([Stretch("same", stayed), new], most=16) == [Stretch("same", shown), new]
