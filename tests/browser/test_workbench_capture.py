"""Selecting text: one test for every way that a browser's selection is not what the reader meant."""

import pytest

from tests.browser.conftest import OpenWorkbench
from tests.browser.workbench_page import WorkbenchPage

FIRST = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
SECOND = "The neighbour’s envoy called the warning reckless."
ARABIC = "قال الوزير إن القوات الأجنبية ستكون هدفا مشروعا في Reuters اليوم."
HEBREW = "השר אמר כי הכוחות יהיו מטרה."
TEXT = f"{FIRST}\n\n{SECOND}\n{ARABIC}\n{HEBREW}\n   Indented line.\nLast line."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    return open_workbench(TEXT)


# --- with the mouse ---


def test_drag_marks_the_words_dragged_over(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    assert workbench.draft() == "a single ship"
    assert workbench.mark() == ["a single ship"]


def test_drag_that_begins_and_ends_inside_words_takes_them_whole(workbench: WorkbenchPage) -> None:
    begin, end = workbench.place(0, "ingle").start, workbench.place(0, "cros").end
    workbench.drag(begin, end)
    assert workbench.mark() == ["single ship crosses"]


def test_snap_never_eats_a_quotation_mark(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "f a single ship crosses the line, we will close the strai")
    assert workbench.mark() == ["If a single ship crosses the line, we will close the strait"]


def test_backward_drag_gives_the_same_words(workbench: WorkbenchPage) -> None:
    place = workbench.place(0, "a single ship")
    workbench.drag(place.end, place.start)
    assert workbench.mark() == ["a single ship"]


def test_drag_across_blocks(workbench: WorkbenchPage) -> None:
    workbench.drag(workbench.place(5, "Indented").start, workbench.place(6, "Last").end)
    assert workbench.mark() == ["Indented line.\nLast"]


def test_drag_across_blocks_and_an_empty_one(workbench: WorkbenchPage) -> None:
    workbench.drag(workbench.place(0, "the strait").start, workbench.place(2, "neighbour").end)
    assert workbench.mark() == ["the strait.”\n\nThe neighbour"]


def test_drag_from_left_to_right_into_right_to_left(workbench: WorkbenchPage) -> None:
    workbench.drag(workbench.place(2, "reckless").start, workbench.place(3, "الوزير").end)
    assert workbench.mark() == ["reckless.\nقال الوزير"]


def test_double_click_marks_the_word(workbench: WorkbenchPage) -> None:
    workbench.click(0, "Monday", times=2)
    assert workbench.mark() == ["Monday"]


@pytest.mark.parametrize(
    ("block", "word", "whole"),
    [(0, "single", FIRST), (2, "envoy", SECOND), (3, "الوزير", ARABIC), (4, "אמר", HEBREW), (6, "Last", "Last line.")],
    ids=["before an empty block", "left to right", "arabic", "hebrew", "last block"],
)
def test_triple_click_marks_the_line_alone(workbench: WorkbenchPage, block: int, word: str, whole: str) -> None:
    workbench.click(block, word, times=3)
    assert workbench.mark() == [whole]


def test_click_inside_a_selection_lets_go_of_it(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.click(0, "single")
    assert workbench.draft() is None
    assert workbench.mark() == []


def test_right_click_keeps_the_selection_and_starts_none(workbench: WorkbenchPage) -> None:
    workbench.click(2, "envoy", button="right")
    assert workbench.draft() is None
    workbench.press("Escape")
    workbench.drag_over(0, "a single ship")
    workbench.click(0, "single", button="right")
    assert workbench.draft() == "a single ship"


def test_drag_that_starts_on_selected_text_selects_anew(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.drag(workbench.place(0, "single").start, workbench.place(0, "crosses").end)
    assert workbench.mark() == ["single ship crosses"]


def test_drag_that_starts_on_words_just_marked_selects_anew(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.drag(workbench.place(0, "single").start, workbench.place(0, "crosses").end)
    assert workbench.mark() == ["a single ship", "single ship crosses"]


def test_escape_lets_go_and_the_next_drag_counts(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.press("Escape")
    assert workbench.draft() is None
    workbench.drag_over(2, "envoy called")
    assert workbench.mark() == ["envoy called"]


def test_a_pause_in_the_middle_of_a_drag_saves_nothing(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "we will close the strait")
    workbench.mark("s")
    workbench.page.locator("button[data-action=arm]").first.click()
    workbench.click(2, "envoy", times=2)
    workbench.press_mouse(workbench.place(0, "a single").start, workbench.place(0, "single").end)
    workbench.page.wait_for_timeout(500)
    workbench.page.mouse.move(*workbench.place(0, "ship").end)
    workbench.settle()
    assert workbench.draft() == "a single ship"
    workbench.let_go()
    workbench.wait_for(lambda: len(workbench.saved()) == 2)
    assert workbench.saved() == ["we will close the strait", "a single ship"]


def test_drag_from_the_margin_begins_with_the_line(workbench: WorkbenchPage) -> None:
    start = workbench.place(0, "Minister").start
    workbench.drag((start[0] - 40, start[1]), workbench.place(0, "Minister Obi").end)
    assert workbench.mark() == ["Minister Obi"]


def test_drag_that_ends_below_the_text_ends_with_it(workbench: WorkbenchPage) -> None:
    start = workbench.place(6, "line").start
    workbench.drag(start, (start[0] + 5, start[1] + 120))
    assert workbench.mark() == ["line."]


def test_drag_released_over_the_inspector_stays_on_its_line(workbench: WorkbenchPage) -> None:
    start = workbench.place(2, "warning").start
    inspector = workbench.page.locator("#inspector").bounding_box()
    assert inspector is not None
    workbench.drag(start, (inspector["x"] + 60, start[1]))
    assert workbench.mark() == ["warning reckless."]


def test_select_all_takes_the_text_and_nothing_else(workbench: WorkbenchPage) -> None:
    workbench.press("Control+a")
    assert workbench.draft() == TEXT


def test_drag_from_inside_one_mark_into_another(workbench: WorkbenchPage) -> None:
    for words in ("a single ship", "close the strait"):
        workbench.drag_over(0, words)
        workbench.mark()
    workbench.drag(workbench.place(0, "ship").start, workbench.place(0, "close").end)
    assert workbench.mark()[-1] == "ship crosses the line, we will close"


def test_selection_bar_marks_without_taking_the_selection(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.page.locator("#selection-bar [data-kind=threat]").click()
    workbench.settle()
    assert workbench.saved() == ["a single ship"]


def test_what_is_painted_before_it_is_saved_is_what_is_saved(workbench: WorkbenchPage) -> None:
    workbench.drag(workbench.place(0, "ingle").start, workbench.place(0, "cros").end)
    shown = workbench.draft()
    assert workbench.mark() == [shown]


# --- however it was selected ---


def test_boundaries_that_are_elements_and_child_indices(workbench: WorkbenchPage) -> None:
    workbench.page.evaluate(
        """() => {
            const block = document.getElementById("b2");
            const after = Array.from(block.parentElement.children).indexOf(block) + 1;
            getSelection().setBaseAndExtent(block, 0, block.parentElement, after);
        }"""
    )
    workbench.settle()
    assert workbench.mark() == [SECOND]


def test_leading_and_trailing_space_is_left_out(workbench: WorkbenchPage) -> None:
    workbench.select(5, 0, 5, len("   Indented "))
    assert workbench.mark() == ["Indented"]


def test_white_space_alone_is_nothing(workbench: WorkbenchPage) -> None:
    workbench.select(5, 0, 5, 3)
    assert workbench.draft() is None
    assert workbench.mark() == []


def test_the_gap_between_paragraphs_is_nothing(workbench: WorkbenchPage) -> None:
    workbench.page.evaluate(
        "() => getSelection().setBaseAndExtent(b0.lastChild, b0.lastChild.length, document.getElementById('b2'), 0)"
    )
    workbench.settle()
    assert workbench.draft() is None
