"""Everything a mouse can do, a keyboard can do."""

import pytest
from playwright.sync_api import expect

from newsannot.annotations.models import Mention
from tests.browser.conftest import OpenWorkbench
from tests.browser.test_workbench_edit import hold_marking
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import an_actor

LINE = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
TEXT = f"{LINE}\n\nThe neighbour’s envoy called the warning reckless.\nNobody else spoke about ships or straits."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    page = open_workbench(TEXT)
    page.page.locator("#text").focus()
    return page


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
    assert workbench.focused() == "text"


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
    workbench.hears("mention, text: Minister Obi")
    workbench.press("n")
    workbench.hears("statement, content: envoy")
    workbench.press("p")
    assert workbench.page.locator("#text mark.is-current").all_inner_texts() == ["Minister Obi"]
    assert workbench.focused() == "text"


def test_enter_goes_to_the_form_and_escape_comes_back(workbench: WorkbenchPage) -> None:
    mark_two(workbench)
    workbench.press("n")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.press("Enter")
    assert workbench.page.evaluate("() => document.activeElement.closest('#inspector') !== null")
    workbench.press("Escape")
    assert workbench.focused() == "text"


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


# --- faster than a frame, faster than the server ---


def test_a_label_key_takes_what_the_key_before_it_selected(workbench: WorkbenchPage) -> None:
    workbench.select(0, 0, 0, len("Minister"))
    workbench.page.evaluate(
        """at => {
            getSelection().extend(b0.firstChild, at);
            const press = { key: "m", code: "KeyM", bubbles: true, cancelable: true };
            document.activeElement.dispatchEvent(new KeyboardEvent("keydown", press));
        }""",
        len("Minister Obi"),
    )
    workbench.settle()
    assert workbench.saved() == ["Minister Obi"]


def test_a_name_typed_before_the_record_is_there_goes_into_its_form(workbench: WorkbenchPage) -> None:
    actor = an_actor("Putin Summers")  # every letter of it is a command
    held = hold_marking(workbench.page)
    workbench.drag_over(0, "Minister Obi")
    workbench.press("m", "Enter", *"put", "Enter")
    held[0].continue_()
    workbench.wait_for(lambda: Mention.objects.filter(actor=actor).exists())
    assert workbench.saved() == ["Minister Obi"]


def test_letters_are_commands_again_when_the_mark_was_refused(workbench: WorkbenchPage) -> None:
    held = hold_marking(workbench.page)
    workbench.drag_over(0, "Minister Obi")
    workbench.press("m", "Enter")
    held[0].fulfill(status=422, body="<p role='alert' data-message='No.'>No.</p>")
    workbench.page.get_by_text("No.", exact=True).wait_for()
    workbench.press("/")
    expect(workbench.page.locator("#find-bar input[name=q]")).to_be_focused()


def test_enter_goes_to_what_the_record_still_lacks(workbench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    workbench.press("Enter")
    expect(workbench.page.get_by_role("combobox", name="Actor", exact=True)).to_be_focused()
    workbench.press("Enter")
    expect(workbench.page.get_by_role("button", name="Remove Adaeze Obi")).to_be_focused()
    workbench.press("Escape")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.page.locator("#text").focus()
    workbench.press("Enter")
    expect(workbench.page.get_by_role("button", name="Remove Adaeze Obi")).to_be_focused()
