"""Everything a mouse can do, a keyboard can do."""

import pytest

from tests.browser.conftest import OpenWorkbench
from tests.browser.workbench_page import WorkbenchPage

LINE = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
TEXT = f"{LINE}\n\nThe neighbour’s envoy called the warning reckless.\nNobody else spoke about ships or straits."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    page = open_workbench(TEXT)
    page.page.locator("#text").focus()
    return page


def focused(workbench: WorkbenchPage) -> str:
    """The id of the focused element."""
    return workbench.page.evaluate("() => document.activeElement.id")


def said(workbench: WorkbenchPage) -> str:
    """What the live region says."""
    return workbench.page.locator("main > [role=status].visually-hidden").inner_text()


def mark_two(workbench: WorkbenchPage) -> None:
    """A mention and a statement, and none of them chosen."""
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    workbench.drag_over(2, "envoy")
    workbench.mark("s")
    workbench.press("Escape")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.page.evaluate("() => getSelection().removeAllRanges()")


def test_words_are_selected_with_the_text_cursor_and_marked(workbench: WorkbenchPage) -> None:
    workbench.press("ArrowRight", "Control+ArrowRight")
    assert workbench.page.locator(".text-cursor").is_visible()
    workbench.press("ArrowRight", "Control+Shift+ArrowRight")
    assert workbench.draft() == "Obi"
    assert workbench.mark() == ["Obi"]
    assert focused(workbench) == "text"


def test_shift_and_down_selects_over_blocks_and_stops_at_the_end(workbench: WorkbenchPage) -> None:
    workbench.press("ArrowRight", "Home", *["Shift+ArrowDown"] * 12)
    assert workbench.draft() == TEXT


def test_home_and_end_go_to_the_edges_of_a_line(workbench: WorkbenchPage) -> None:
    workbench.press("ArrowRight", "Control+ArrowRight", "Home", "Shift+End")
    line = workbench.draft()
    assert line is not None
    assert LINE.startswith(line)
    assert line.startswith("Minister Obi said on Monday")


def test_the_text_cursor_stays_in_the_text(workbench: WorkbenchPage) -> None:
    workbench.press("ArrowRight", "Control+End", "ArrowRight", "ArrowRight", "Control+Shift+ArrowLeft")
    assert workbench.draft() in ("straits.", "straits", ".")


def test_next_and_previous_go_through_the_records_and_say_them(workbench: WorkbenchPage) -> None:
    mark_two(workbench)
    workbench.press("n")
    assert said(workbench) == "mention, text: Minister Obi"
    workbench.press("n")
    assert said(workbench) == "statement, content: envoy"
    workbench.press("p")
    assert workbench.page.locator("#text mark.is-current").all_inner_texts() == ["Minister Obi"]
    assert focused(workbench) == "text"


def test_enter_goes_to_the_form_and_escape_comes_back(workbench: WorkbenchPage) -> None:
    mark_two(workbench)
    workbench.press("n")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.press("Enter")
    assert workbench.page.evaluate("() => document.activeElement.closest('#inspector') !== null")
    workbench.press("Escape")
    assert focused(workbench) == "text"


def test_a_phrase_is_found_selected_and_marked(workbench: WorkbenchPage) -> None:
    workbench.press("/")
    workbench.page.keyboard.type('"if a single')
    workbench.settle()
    assert workbench.painted("search") == ["“If a single"]
    workbench.press("Enter", "Escape")
    assert workbench.painted("search") == []
    assert workbench.mark("s") == ["“If a single"]


def test_letters_typed_into_a_field_mark_nothing(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.press("/")
    workbench.page.keyboard.type("mst")
    workbench.settle()
    assert workbench.page.locator("#find-bar input[name=q]").input_value() == "mst"
    assert workbench.draft() == "Minister Obi"
    assert workbench.saved_now() == []


def test_keys_with_ctrl_belong_to_the_browser(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.press("Control+m", "Alt+s")
    assert workbench.saved_now() == []


def test_help_is_a_dialog_in_which_keys_mark_nothing(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.press("?")
    assert workbench.page.locator("dialog#keys").is_visible()
    workbench.press("m", "Escape")
    assert not workbench.page.locator("dialog#keys").is_visible()
    assert workbench.saved_now() == []


def test_the_text_is_one_tab_stop(workbench: WorkbenchPage) -> None:
    mark_two(workbench)
    workbench.page.locator("#text").focus()
    workbench.press("Tab")
    assert workbench.page.evaluate("() => document.activeElement.closest('#text')") is None


def test_a_role_is_filled_by_its_number(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "we will close the strait")
    workbench.mark("s")
    roles = workbench.page.locator("button[data-action=arm]")
    number = [roles.nth(n).get_attribute("data-role") for n in range(roles.count())].index("cue") + 1
    workbench.drag_over(0, "said")
    workbench.press(str(number))
    assert workbench.saved() == ["we will close the strait", "said"]
