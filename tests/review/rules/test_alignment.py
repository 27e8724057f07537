"""Which records tell of the same thing: cases made by hand, and properties."""

import random
import string
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsannot.annotations.kinds import COMMON_FIELDS, all_kinds
from newsannot.annotations.rules import Piece, Record
from newsannot.review.rules.alignment import LINKS, PERSONAL, Coded, align
from tests.review.rules.making import aligned, keys, mention, pieces, statement, threat

# --- Cases made by hand ----------------------------------------------------------------------


def test_a_closing_quotation_mark_and_another_speaker_are_one_item() -> None:
    one = statement(1, 1, (0, 40), speaker=7, mode="direct")
    other = statement(2, 2, (0, 39), speaker=8, mode="direct")
    assert aligned(one, other) == [(1, 2)]


def test_a_split_quotation_is_the_one_marked_whole() -> None:
    assert aligned(statement(1, 1, (0, 30), (50, 80)), statement(2, 2, (0, 80))) == [(1, 2)]


def test_a_statement_split_in_two_is_the_half_that_is_more_of_it_and_one_more() -> None:
    whole, first, second = statement(1, 1, (0, 100)), statement(2, 2, (0, 35)), statement(3, 2, (36, 100))
    assert aligned(whole, first, second) == [(1, 3), (2,)]


def test_nested_statements_go_to_the_ones_of_their_size() -> None:
    outer, inner = statement(1, 1, (0, 100)), statement(2, 1, (40, 90), parent=1)
    other_outer, other_inner = statement(3, 2, (0, 98)), statement(4, 2, (42, 90), parent=3)
    assert aligned(outer, inner, other_outer, other_inner) == [(1, 3), (2, 4)]


def test_statements_on_the_same_words_are_told_apart_by_who_reports_them() -> None:
    outer, inner = statement(1, 1, (0, 50)), statement(2, 1, (0, 50), parent=1)
    other_inner, other_outer = statement(3, 2, (0, 50), parent=4), statement(4, 2, (0, 50))
    assert Counter(aligned(outer, inner, other_inner, other_outer)) == Counter([(1, 4), (2, 3)])


def test_crossing_words_are_matched_for_the_best_of_all() -> None:
    left, right = mention(1, 1, 0, 20), mention(2, 1, 18, 40)
    other_left, other_right = mention(3, 2, 0, 22), mention(4, 2, 20, 40)
    assert aligned(left, right, other_left, other_right) == [(1, 3), (2, 4)]


def test_the_same_words_stay_together_though_two_crossing_pairs_share_more() -> None:
    same, other_same = mention(1, 1, 0, 60), mention(2, 2, 0, 60)
    begins, ends = mention(3, 1, 0, 35), mention(4, 2, 28, 60)
    assert aligned(same, other_same, begins, ends) == [(1, 2), (3,), (4,)]


def test_who_is_left_alone_by_a_pair_too_little_alike_takes_the_next() -> None:
    whole, inside, beyond = mention(1, 1, 0, 100), mention(2, 2, 40, 50), mention(3, 2, 81, 140)
    assert aligned(whole, inside, beyond) == [(1, 2), (3,)]


def test_the_same_stay_together_though_parts_of_them_tell_the_same() -> None:
    same, other_same = mention(1, 1, 0, 60, actor=5, form="name"), mention(2, 2, 0, 60, actor=5, form="name")
    begins, ends = mention(3, 1, 0, 30, actor=5, form="name"), mention(4, 2, 30, 60, actor=5, form="name")
    assert aligned(same, other_same, begins, ends) == [(1, 2), (3,), (4,)]


def test_neighbours_that_share_a_sign_are_two_items() -> None:
    assert aligned(statement(1, 1, (0, 50)), statement(2, 2, (49, 100))) == [(1,), (2,)]


def test_neighbours_that_only_touch_are_two_items() -> None:
    assert aligned(mention(1, 1, 0, 5), mention(2, 2, 5, 10)) == [(1,), (2,)]


def test_two_kinds_on_the_same_words_are_two_items() -> None:
    assert Counter(
        aligned(mention(1, 1, 0, 9), statement(2, 1, (0, 9)), mention(3, 2, 0, 9), statement(4, 2, (0, 9)))
    ) == Counter([(1, 3), (2, 4)])


def test_records_on_the_same_words_are_told_apart_by_what_they_claim() -> None:
    records = [mention(1, 1, 0, 9, actor=5), mention(2, 1, 0, 9, actor=6)]
    others = [mention(3, 2, 0, 9, actor=6), mention(4, 2, 0, 9, actor=5)]
    assert sorted(aligned(*records, *others)) == [(1, 4), (2, 3)]


def test_a_common_source_does_not_make_two_statements_one() -> None:
    one = statement(1, 1, (0, 30), source=(31, 35))
    other = statement(2, 2, (40, 70), source=(31, 35))
    assert aligned(one, other) == [(1,), (2,)]


def test_a_reading_in_between_holds_two_together_that_share_nothing() -> None:
    assert aligned(mention(1, 1, 0, 40), mention(2, 2, 20, 60), mention(3, 3, 40, 80)) == [(1, 2, 3)]


def test_of_two_records_of_a_reading_the_nearer_joins_the_group() -> None:
    assert aligned(
        mention(1, 1, 0, 40), mention(2, 2, 0, 40), mention(3, 3, 0, 38), mention(4, 3, 20, 60), mention(5, 4, 22, 60)
    ) == [(1, 2, 3), (4, 5)]


def test_a_threat_without_words_stands_at_the_statements_it_names() -> None:
    records = [
        statement(1, 1, (0, 40)),
        statement(2, 1, (50, 90)),
        threat(3, 1, statements=[2]),
        statement(4, 2, (0, 40)),
        statement(5, 2, (50, 89)),
        threat(6, 2, statements=[5]),
        threat(7, 2, statements=[4]),
    ]
    assert Counter(aligned(*records)) == Counter([(1, 4), (2, 5), (3, 6), (7,)])


def test_a_threat_without_words_is_the_one_whose_words_stand_in_its_statement() -> None:
    records = [
        threat(1, 1, parts={"consequence": pieces((60, 80))}),
        statement(2, 2, (50, 90)),
        threat(3, 2, statements=[2]),
    ]
    assert sorted(aligned(*records)) == [(1, 3), (2,)]


def test_a_threat_marked_at_different_words_of_the_same_statements_is_one() -> None:
    records = [
        statement(1, 1, (0, 90)),
        threat(2, 1, statements=[1], parts={"condition": pieces((0, 20))}),
        statement(3, 2, (0, 90)),
        threat(4, 2, statements=[3], parts={"reference": pieces((200, 210))}),
    ]
    assert sorted(aligned(*records)) == [(1, 3), (2, 4)]


def test_two_threats_of_one_statement_are_told_apart_by_their_words() -> None:
    records = []
    for reading, key in ((1, 10), (2, 20)):
        records += [
            statement(key, reading, (0, 90)),
            threat(key + 1, reading, statements=[key], parts={"consequence": pieces((0, 20))}),
            threat(key + 2, reading, statements=[key], parts={"consequence": pieces((40, 70))}),
        ]
    assert sorted(aligned(*records)) == [(10, 20), (11, 21), (12, 22)]


def test_links_to_what_is_gone_and_links_in_a_circle_do_no_harm() -> None:
    records = [statement(1, 1, (0, 9), parent=2), statement(2, 1, (20, 29), parent=1), threat(3, 1, statements=[99])]
    assert aligned(*records) == [(1,), (2,), (3,)]


def test_nothing_aligns_to_nothing() -> None:
    assert align([]) == []


def test_one_reading_alone_keeps_every_record_apart() -> None:
    assert aligned(mention(1, 1, 0, 9), mention(2, 1, 0, 9), mention(3, 1, 4, 9)) == [(1,), (2,), (3,)]


def test_items_stand_in_the_order_of_the_text() -> None:
    assert aligned(mention(1, 1, 50, 60), mention(2, 2, 5, 9), mention(3, 2, 49, 60)) == [(2,), (1, 3)]


def test_links_and_personal_fields_are_those_of_the_kinds() -> None:
    of_records = {f.name for kind in all_kinds() for f in kind.fields if f.sort in {"record", "records", "primary"}}
    assert (of_records, {f.name for f in COMMON_FIELDS}) == (LINKS, PERSONAL)


# --- Properties ------------------------------------------------------------------------------

unhurried = settings(deadline=None)
LENGTH = 60
ranges = st.tuples(st.integers(0, LENGTH - 1), st.integers(1, 25)).map(lambda r: (r[0], min(r[0] + r[1], LENGTH)))
hostile = st.sampled_from(["", "\ud800", "“\u202e”", "𝔘\u0301", "\x00\ufffd", "'; --", "🚢", string.whitespace])


@st.composite
def a_record(draw: st.DrawFn, key: int, reading: int, before: list[Coded]) -> Coded:
    kind = draw(st.sampled_from(["mention", "statement", "threat"]))
    statements = [coded.key for coded in before if coded.kind == "statement"]
    named = draw(st.lists(st.sampled_from(statements), max_size=2, unique=True)) if statements else []
    claim: dict[str, Any] = {
        "note": draw(hostile),
        "venue": draw(hostile),
        "codes": draw(st.lists(hostile, max_size=2)),
    }
    if kind == "mention":
        return Coded(key, reading, kind, Record(claim, {"text": [Piece(*draw(ranges))]}))
    if kind == "statement":
        content = [Piece(*one) for one in draw(st.lists(ranges, min_size=1, max_size=2))]
        return Coded(key, reading, kind, Record(claim | {"parent": named[0] if named else None}, {"content": content}))
    condition = [Piece(*one) for one in draw(st.lists(ranges, max_size=1))]
    return Coded(key, reading, kind, Record(claim | {"statements": named}, {"condition": condition}))


@st.composite
def readings(draw: st.DrawFn, *, first: int = 1, most: int = 4) -> list[Coded]:
    records: list[Coded] = []
    for reading in range(first, first + draw(st.integers(0, most))):
        own: list[Coded] = []
        for number in range(draw(st.integers(0, 6))):
            own.append(draw(a_record(reading * 100 + number, reading, own)))
        records += own
    return records


@unhurried
@given(readings())
def test_every_record_is_in_exactly_one_item(records: list[Coded]) -> None:
    assert sorted(key for item in aligned(*records) for key in item) == sorted(coded.key for coded in records)


@unhurried
@given(readings())
def test_an_item_has_one_kind_and_at_most_one_record_of_each_reading_in_their_order(records: list[Coded]) -> None:
    for item in align(records):
        own = [coded.reading for coded in item.members]
        assert own == sorted(set(own))
        assert {coded.kind for coded in item.members} == {item.kind}


@unhurried
@given(readings(), st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter(records: list[Coded], by: random.Random) -> None:
    shuffled = list(records)
    by.shuffle(shuffled)
    assert aligned(*shuffled) == aligned(*records)


def told_alone(coded: Coded) -> tuple[object, ...]:
    return (coded.kind, repr(coded.record.parts), repr(sorted(coded.record.claim.items())))


@unhurried
@given(readings(most=3), st.permutations([1, 2, 3]))
def test_the_ids_of_readings_do_not_matter(records: list[Coded], ids: list[int]) -> None:
    renamed = [replace(coded, reading=ids[coded.reading - 1]) for coded in records]
    assert _weighing(renamed) == _weighing(records)


def _weighing(records: list[Coded]) -> Counter[frozenset[tuple[object, ...]]]:
    """The items as sets of what their records tell: two that tell the same may stand for one another."""
    by_key = {coded.key: told_alone(coded) for coded in records}
    return Counter(frozenset(by_key[key] for key in item) for item in keys(align(records)))


@unhurried
@given(readings(most=3), readings(first=10, most=1))
def test_a_reading_with_nothing_in_common_moves_nothing(records: list[Coded], more: list[Coded]) -> None:
    far = [replace(coded, record=Record(coded.record.claim, _moved(coded.record))) for coded in more]
    assert set(aligned(*records)) <= set(aligned(*records, *far))


def _moved(record: Record) -> dict[str, list[Piece]]:
    return {role: [Piece(p.start + LENGTH, p.end + LENGTH) for p in row] for role, row in record.parts.items()}


@unhurried
@given(readings(most=1), st.integers(2, 4))
def test_readings_that_say_the_same_agree_in_every_item(records: list[Coded], count: int) -> None:
    copies = [
        Coded(
            coded.key + 1000 * n,
            n,
            coded.kind,
            Record(
                {name: _shifted(name, value, 1000 * n) for name, value in coded.record.claim.items()},
                coded.record.parts,
            ),
        )
        for n in range(1, count + 1)
        for coded in records
    ]
    placed = [item for item in align(copies) if _has_place(item.members[0])]
    assert [len(item.members) for item in placed] == [count] * len(placed)
    by_key = {coded.key: told_alone(coded)[:2] for coded in copies}
    assert all(len({by_key[coded.key] for coded in item.members}) == 1 for item in placed)


def _shifted(name: str, value: Any, by: int) -> Any:
    if name not in LINKS or not value:
        return value
    return [key + by for key in value] if isinstance(value, list) else value + by


def _has_place(coded: Coded) -> bool:
    return any(coded.record.parts.values()) or bool(coded.record.claim.get("statements"))


@unhurried
@given(st.lists(st.tuples(st.integers(1, 4), ranges, st.integers(1, 2)), max_size=12), st.integers(2, 4))
def test_what_is_the_same_to_the_letter_is_never_parted(others: list[tuple[int, Any, int]], count: int) -> None:
    copies = [mention(1000 + n, n, 20, 40, actor=1) for n in range(1, count + 1)]
    crossing = [mention(key, n, *at, actor=actor) for key, (n, at, actor) in enumerate(others) if at != (20, 40)]
    together = next(item for item in aligned(*crossing, *copies) if 1001 in item)
    assert {1000 + n for n in range(1, count + 1)} <= set(together)


@pytest.mark.parametrize("count", [2, 5])
def test_identical_records_of_one_reading_are_spread_over_items(count: int) -> None:
    records = [mention(reading * 10 + n, reading, 0, 9) for reading in range(count) for n in range(3)]
    assert [len(item) for item in aligned(*records)] == [count] * 3
