"""Where a span of one text stands in another."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsannot.annotations.reanchoring import Anchored, Outcome, Reanchoring, reanchor

OLD = (
    "Minister warns neighbour\n"
    "“If a single ship crosses the line,” Minister Adaeze Obi said on Monday, “we will close the strait.”\n"
    "The neighbour’s envoy said the warning was reckless.\n"
    "The strait stayed open all day.\n"
)
UNCHANGED, MOVED, ALTERED, GONE = Outcome


def span_of(words: str, text: str = OLD, nth: int = 0) -> tuple[int, int]:
    at = -1
    for _ in range(nth + 1):
        at = text.index(words, at + 1)
    return at, at + len(words)


def found(words: str, new: str, old: str = OLD, nth: int = 0) -> tuple[Outcome, str | None]:
    anchored = reanchor(span_of(words, old, nth), old, new)
    return anchored.outcome, None if anchored.start is None else new[anchored.start : anchored.end]


@pytest.mark.parametrize("words", ["Minister", "“we will close the strait.”", "said", "day.\n", OLD])
def test_in_the_same_text_every_span_is_where_it_was(words: str) -> None:
    assert found(words, OLD) == (UNCHANGED, words)


def test_what_was_added_before_moves_what_stands_after_it() -> None:
    new = f"Updated on Tuesday.\n{OLD}"
    anchored = reanchor(span_of("said", nth=1), OLD, new)
    assert (anchored.outcome, anchored.start) == (MOVED, new.index("said the warning"))
    assert anchored.why == "The same words stand 20 characters later."


def test_what_was_changed_elsewhere_in_the_line_moves_it_too() -> None:
    new = OLD.replace("Minister Adaeze Obi said", "Minister Adaeze Obi, 54, said")
    assert found("“we will close the strait.”", new) == (MOVED, "“we will close the strait.”")
    assert found("Minister Adaeze Obi", new) == (UNCHANGED, "Minister Adaeze Obi")


def test_a_line_that_changed_its_place_takes_its_spans_along() -> None:
    first, second, third, fourth = OLD.splitlines(keepends=True)
    assert found("the warning was reckless", first + third + second + fourth) == (MOVED, "the warning was reckless")


def test_words_that_read_differently_now_are_altered_and_a_place_is_proposed() -> None:
    new = OLD.replace("we will close the strait", "we shall close this strait")
    assert found("“we will close the strait.”", new) == (ALTERED, "“we shall close this strait.”")
    new = OLD.replace("Adaeze Obi", "Adaeze N. Obi")
    assert found("Minister Adaeze Obi", new) == (ALTERED, "Minister Adaeze N. Obi")


@pytest.mark.parametrize(
    ("new", "why"),
    [
        (OLD.replace("Monday", ""), "taken out"),
        (OLD.replace("Monday", "the very first day after all of the long holidays"), "much else"),
        (OLD.replace("Monday", "Friday"), "Other words"),
        ("Something else entirely.\n", "do not stand in the new text"),
        ("", "do not stand in the new text"),
    ],
)
def test_what_is_no_more_is_gone_and_says_why(new: str, why: str) -> None:
    anchored = reanchor(span_of("Monday"), OLD, new)
    assert (anchored.outcome, anchored.start, anchored.end) == (GONE, None, None)
    assert why in anchored.why


def test_in_doubt_nothing_moves() -> None:
    old = "One.\nHe said no.\nTwo.\n"
    new = "He said no.\nAnd he said no.\nHe said no.\nThree.\n"
    anchored = reanchor(span_of("said", old), old, new)
    assert (anchored.outcome, "several places alike" in anchored.why) == (GONE, True)


def test_short_words_are_not_found_again_among_others() -> None:
    new = "The envoy was silent. Nobody else said a word about it.\n"
    anchored = reanchor(span_of("said"), OLD, new)
    assert (anchored.outcome, "whether they are meant" in anchored.why) == (GONE, True)


def test_words_in_too_many_places_are_found_by_their_line_alone() -> None:
    line = "The strait, the strait, the strait.\n"
    old = f"{line * 120}Only here: the strait lies open to all of them.\nLast.\n"
    at = span_of("the strait lies", old)
    assert reanchor((at[0], at[0] + 10), old, f"First.\n{old}").outcome == MOVED
    anchored = reanchor((at[0], at[0] + 10), old, f"{line * 120}Something else.\n")
    assert (anchored.outcome, "more than 200 places" in anchored.why) == (GONE, True)


def test_a_word_is_not_found_within_another() -> None:
    assert found("war", "A warning was given.", "A war was on.") == (GONE, None)
    assert found("Obi", "Adaeze Obiora said nothing at all.", "Adaeze Obi said nothing at all.") == (ALTERED, "Obiora")


@pytest.mark.parametrize(
    ("old", "words", "new", "expected"),
    [
        ("Он сказал: «Нет», и вышел.", "«Нет»", "Вчера он молчал. Он сказал: «Нет», и вышел.", (MOVED, "«Нет»")),
        ("外交部发言人王毅说不行。", "王毅", "昨天，外交部发言人王毅说不行。", (MOVED, "王毅")),
        ("قال الوزير إننا سنغلق المضيق.", "سنغلق المضيق", "أمس قال الوزير إننا سنغلق المضيق.", (MOVED, "سنغلق المضيق")),
        ("The café stayed open, he said.", "cafe", "The cafe\u0301 stayed open, he said.", None),
        ("Sent 👨‍👩‍👧 to the port today.", "👨‍👩‍👧", "He sent word. Sent 👨‍👩‍👧 to the port today.", (MOVED, "👨‍👩‍👧")),
        ("Sent 👨 to the port at noon today.", "👨", "Sent 👨‍👩‍👧 to the port at noon today.", None),
        ("Sent 👍 to the port at noon today.", "👍", "Sent 👍🏽 to the port at noon today.", None),
    ],
)
def test_in_any_script_characters_stay_whole(
    old: str, words: str, new: str, expected: tuple[Outcome, str] | None
) -> None:
    if words not in old:
        old = old.replace("café", "cafe")
    outcome = found(words, new, old)
    if expected:
        assert outcome == expected
    else:
        assert outcome[0] not in {UNCHANGED, MOVED}
        assert outcome[1] is None or outcome[1] != words


@pytest.mark.parametrize("span", [(0, 0), (5, 4), (-1, 3), (0, len(OLD) + 1)])
def test_what_is_no_span_of_the_old_text_is_an_error(span: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="no span"):
        reanchor(span, OLD, OLD)


PIECES = st.sampled_from(
    [
        "a",
        "said",
        " ",
        "\n",
        "é",
        "e\u0301",
        "👨‍👩‍👧",
        "👍🏽",
        "\u202e",
        "\u2028",
        "שלום",
        "المضيق",
        "外交部",
        "\u00ad",
        "“",
        ",”",
        "x" * 40,
    ]
)
texts = st.lists(PIECES, min_size=1, max_size=40).map("".join)


@st.composite
def spans_of_texts(draw: st.DrawFn) -> tuple[str, tuple[int, int]]:
    text = draw(texts)
    start = draw(st.integers(0, len(text) - 1))
    return text, (start, draw(st.integers(start + 1, len(text))))


def check(anchored: Anchored, exact: str, new: str) -> None:
    """What every answer promises."""
    assert anchored.why.endswith(".")
    if anchored.outcome == GONE:
        assert (anchored.start, anchored.end) == (None, None)
        return
    assert anchored.start is not None
    assert anchored.end is not None
    assert 0 <= anchored.start < anchored.end <= len(new)
    assert (new[anchored.start : anchored.end] == exact) is anchored.holds


@settings(max_examples=200, deadline=None)
@given(spans_of_texts(), texts)
def test_between_any_two_texts_what_is_said_to_stand_stands(old: tuple[str, tuple[int, int]], new: str) -> None:
    text, span = old
    check(reanchor(span, text, new), text[slice(*span)], new)


@settings(max_examples=100, deadline=None)
@given(spans_of_texts(), texts, texts)
def test_within_what_was_added_around_a_text_its_spans_are_found_or_said_to_be_in_doubt(
    old: tuple[str, tuple[int, int]], before: str, after: str
) -> None:
    text, span = old
    anchored = reanchor(span, text, f"{before}\n{text}\n{after}")
    check(anchored, text[slice(*span)], f"{before}\n{text}\n{after}")
    assert anchored.outcome != ALTERED or not anchored.holds


@settings(max_examples=100, deadline=None)
@given(spans_of_texts())
def test_in_the_same_text_all_is_unchanged(old: tuple[str, tuple[int, int]]) -> None:
    text, span = old
    assert reanchor(span, text, text).outcome == UNCHANGED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a" * 200_000, "a" * 199_999 + "b"),
        ("a b " * 50_000, "b a " * 50_000),
        ("x\n" * 100_000, "y\nx\n" * 50_000),
        ("ab" * 300, "ba" * 5_000),
    ],
)
def test_texts_made_to_be_slow_are_not(old: str, new: str) -> None:
    began = perf_counter()
    texts = Reanchoring(old, new)
    for start in (0, len(old) // 2, len(old) - 300):
        for length in (1, 40, 300):
            check(texts.of((start, start + length)), old[start : start + length], new)
    assert perf_counter() - began < 10
