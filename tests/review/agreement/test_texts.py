"""All measures of texts together: who is compared with whom, in what, and how texts are merged."""

import pytest

from newsannot.review.agreement.confusion import ABSENT
from newsannot.review.agreement.continuum import Continuum
from newsannot.review.agreement.measures import EVERYBODY, Subject
from newsannot.review.agreement.spans import SpanCount
from newsannot.review.agreement.texts import CodedItem, CodedText, KindShape, Row, agreement, count_text

TEXT = "one two three four five"
SHAPES = [KindShape("mention", ["text"], ["actor"]), KindShape("statement", ["cue", "content"], ["mode"])]
TEXT_ROLE, CUE, CONTENT = Subject("mention", "text"), Subject("statement", "cue"), Subject("statement", "content")
ACTOR, MODE = Subject("mention", field="actor"), Subject("statement", field="mode")


def a_text(*coders: int) -> CodedText:
    """Coder 3 marks one word less and names another actor than the rest."""
    spans = {}
    for coder in coders:
        words = [(0, 3)] if coder == 3 else [(0, 3), (4, 7)]
        spans[coder] = {("mention", "text"): words, ("statement", "cue"): [(8, 13)]}
    items = [
        CodedItem("mention", {coder: {"actor": "b" if coder == 3 else "a"} for coder in coders}),
        CodedItem("mention", {coder: {} for coder in coders if coder != 3}),
        CodedItem("statement", {coder: {"mode": "direct"} for coder in coders}),
    ]
    return CodedText(TEXT, spans, items)


def found(rows: list[Row], group: tuple[int, ...]) -> dict[tuple[Subject, str], tuple[float | None, int]]:
    return {(row.subject, row.measure): (row.figure.value, row.figure.count) for row in rows if row.group == group}


def test_each_pair_is_counted_and_everybody():
    count = count_text(a_text(1, 2, 3), SHAPES)
    assert list(count) == [EVERYBODY, (1, 2), (1, 3), (2, 3)]
    assert count[1, 2].exact[TEXT_ROLE] == SpanCount(2, 2, 2)
    assert count[1, 3].exact[TEXT_ROLE] == SpanCount(1, 2, 1)
    assert count[EVERYBODY].exact[TEXT_ROLE] == SpanCount(4, 6, 4)
    assert count[1, 3].records[Subject("mention")] == SpanCount(1, 2, 1)
    assert count[1, 3].pairs[ACTOR] == {("a", "b"): 1, ("", ABSENT): 1}


def test_two_coders_are_everybody():
    count = count_text(a_text(1, 3), SHAPES)
    assert list(count) == [EVERYBODY, (1, 3)]
    assert count[EVERYBODY] == count[1, 3]


def test_one_coder_alone_adds_nothing():
    assert count_text(a_text(1), SHAPES) == {}
    assert count_text(a_text(), SHAPES) == {}


def test_figures_are_per_group_over_the_texts_it_read_in_common():
    counts = [count_text(a_text(*coders), SHAPES) for coders in [(1, 2), (1, 3), (1, 2, 3)]]
    figures = agreement(counts, SHAPES)
    assert figures.texts == 3
    assert {row.group: row.texts for row in figures.rows} == {EVERYBODY: 3, (1, 2): 2, (1, 3): 2, (2, 3): 1}
    pair = found(figures.rows, (1, 3))
    assert pair[TEXT_ROLE, "exact_f1"] == (4 / 6, 6)
    assert pair[ACTOR, "cohen_kappa"] == (0.0, 2)
    assert pair[MODE, "alpha"] == (None, 2)
    assert pair[CONTENT, "alpha_u"] == (None, 0)
    assert pair[Subject("statement"), "overlap_f1"] == (1.0, 4)
    assert figures.confusions[(1, 3), ACTOR] == {("a", "b"): 2, ("", ABSENT): 2}


def test_cohen_is_for_pairs_and_fleiss_for_everybody():
    figures = agreement([count_text(a_text(1, 2, 3), SHAPES)], SHAPES)
    assert {row.measure for row in figures.rows if row.group == EVERYBODY} >= {"fleiss_kappa"}
    assert not [row for row in figures.rows if row.group == EVERYBODY and row.measure == "cohen_kappa"]
    assert not [row for row in figures.rows if row.group and row.measure == "fleiss_kappa"]
    assert {group for group, _ in figures.confusions} == {(1, 2), (1, 3), (2, 3)}


def test_the_roles_of_a_kind_are_told_apart_in_its_own_figures():
    swapped = CodedText(
        TEXT,
        {1: {("statement", "cue"): [(0, 3)]}, 2: {("statement", "content"): [(0, 3)]}},
        [CodedItem("statement", {1: {}, 2: {}})],
    )
    rows = found(agreement([count_text(swapped, SHAPES)], SHAPES).rows, EVERYBODY)
    assert rows[Subject("statement"), "overlap_f1"] == (0.0, 2)
    assert rows[Subject("statement"), "token_alpha"][0] < 1
    assert rows[Subject("statement"), "records_f1"] == (1.0, 2)


def test_a_text_nobody_marked_has_no_figure():
    blank = CodedText(TEXT, {1: {}, 2: {}}, [])
    rows = agreement([count_text(blank, SHAPES)] * 3, SHAPES).rows
    assert {row.figure.value for row in rows} == {None}


def test_no_texts_have_no_figures():
    assert agreement([], SHAPES).rows == []
    assert agreement([{}], SHAPES).texts == 0


def test_a_stretch_that_leaves_the_text_is_refused():
    beyond = CodedText(TEXT, {1: {("mention", "text"): [(0, 99)]}, 2: {}}, [])
    with pytest.raises(ValueError, match="is no stretch of the text"):
        count_text(beyond, SHAPES)


def test_a_continuum_is_what_is_left_of_a_text():
    continuum = Continuum("0123456789", [(7, 9), (2, 4)])
    assert continuum.text == "014569"
    assert [continuum.at(offset) for offset in range(11)] == [0, 1, 2, 2, 2, 3, 4, 5, 5, 5, 6]
    assert continuum.units([(0, 2), (2, 4), (3, 6), (8, 10)]) == [(0, 2), (2, 4), (5, 6)]
    assert Continuum("🚢ab").units([(1, 3)]) == [(1, 3)]
    assert Continuum("abc", [(0, 3)]).text == ""
