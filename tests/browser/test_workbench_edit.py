"""Writing from the text: at once on screen, never lost, taken back when refused, and never over what is newer."""

import pytest
from playwright.sync_api import Page, Route, expect

from newsannot.annotations.models import Annotation, Span
from tests.browser.conftest import OpenWorkbench
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import an_actor

LINE = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
TEXT = f"{LINE}\n\nThe neighbour’s envoy called the warning reckless.\nNobody else spoke about ships or straits."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    return open_workbench(TEXT)


def segments(page: Page) -> list[str]:
    """The words of every mark on the page, flat."""
    return page.locator("#text mark").all_inner_texts()


def current(page: Page) -> list[str]:
    """The words of the marks that are lit."""
    return page.locator("#text mark.is-current").all_inner_texts()


def kinds(workbench: WorkbenchPage) -> list[str]:
    """The kinds of all standing annotations, in the order they were made."""
    standing = Annotation.objects.filter(reading=workbench.reading, deleted_at=None)
    return list(standing.order_by("pk").values_list("kind", flat=True))


def hold_marking(page: Page) -> list[Route]:
    """Keep requests that mark a mention from the server; the list fills with them."""
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/mentions/", hold)
    return held


@pytest.mark.parametrize(("key", "kind"), [("m", "mention"), ("s", "statement"), ("t", "threat")])
def test_one_key_makes_the_selection_a_record(workbench: WorkbenchPage, key: str, kind: str) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark(key)
    assert kinds(workbench) == [kind]
    assert current(workbench.page) == ["a single ship"]


def test_key_works_on_an_arabic_layout(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.page.evaluate(
        """() => document.activeElement.dispatchEvent(
            new KeyboardEvent("keydown", { key: "ة", code: "KeyM", bubbles: true, cancelable: true }))"""
    )
    workbench.settle()
    assert workbench.saved() == ["a single ship"]


def test_highlight_is_painted_before_the_server_answers(workbench: WorkbenchPage) -> None:
    held = hold_marking(workbench.page)
    workbench.drag_over(0, "a single ship")
    workbench.press("m")
    assert workbench.painted("pending") == ["a single ship"]
    assert segments(workbench.page) == []
    held[0].continue_()
    assert workbench.saved() == ["a single ship"]
    assert segments(workbench.page) == ["a single ship"]


def test_eight_rapid_marks_are_eight_records(workbench: WorkbenchPage) -> None:
    words = ["Minister", "Monday", "single", "ship", "crosses", "line", "close", "strait"]
    for word in words:
        place = workbench.place(0, word)
        workbench.page.mouse.dblclick(place.start[0] + 3, place.start[1])
        workbench.settle()
        workbench.page.keyboard.press("m")
    assert workbench.saved() == words
    assert segments(workbench.page) == words


def test_crossing_spans_are_three_segments(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.drag_over(0, "ship crosses the line")
    workbench.mark("s")
    assert segments(workbench.page) == ["a single ", "ship", " crosses the line"]


def test_a_span_over_two_blocks_repaints_both(workbench: WorkbenchPage) -> None:
    workbench.drag(workbench.place(0, "the strait").start, workbench.place(2, "neighbour").end)
    workbench.mark("s")
    assert segments(workbench.page) == ["the strait.”", "The neighbour"]


def test_repeated_click_goes_through_the_records_under_it(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.drag_over(0, "ship crosses the line")
    workbench.mark("s")
    workbench.press("Escape")
    workbench.click(0, "ship")
    first = current(workbench.page)
    workbench.page.wait_for_timeout(400)
    workbench.click(0, "ship")
    assert sorted([first, current(workbench.page)]) == [["a single ", "ship"], ["ship", " crosses the line"]]


def test_delete_takes_the_record_away_and_undo_brings_it_back(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.press("Delete")
    workbench.wait_for(lambda: segments(workbench.page) == [])
    assert kinds(workbench) == []
    workbench.press("z")
    workbench.wait_for(lambda: segments(workbench.page) == ["a single ship"])
    assert kinds(workbench) == ["mention"]


def test_undo_then_redo(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.press("z")
    workbench.wait_for(lambda: segments(workbench.page) == [])
    workbench.press("y")
    workbench.wait_for(lambda: segments(workbench.page) == ["a single ship"])
    assert kinds(workbench) == ["mention"]


def test_borders_of_a_draft_are_nudged_before_it_is_saved(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "single ship")
    workbench.press("BracketRight", "Shift+BracketLeft", "Period")
    assert workbench.draft() == "a single ship crosses "
    workbench.press("Comma")
    assert workbench.mark() == ["a single ship crosses"]


def test_borders_of_a_saved_span_are_nudged_one_key_after_the_other(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "single ship")
    workbench.mark()
    for _ in range(3):
        workbench.page.keyboard.press("BracketRight")
    workbench.wait_for(lambda: workbench.saved() == ["single ship crosses the line"])
    assert "".join(segments(workbench.page)) == "single ship crosses the line"


def test_an_armed_role_takes_the_next_selection(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "we will close the strait")
    workbench.mark("s")
    workbench.page.locator("button[data-action=arm][data-role=cue]").click()
    assert workbench.page.locator("button[data-action=arm][data-role=cue]").get_attribute("aria-pressed") == "true"
    workbench.drag_over(0, "said")
    workbench.wait_for(lambda: len(workbench.saved()) == 2)
    spans = Span.objects.filter(annotation__reading=workbench.reading).order_by("pk")
    assert list(spans.values_list("role", "exact")) == [("content", "we will close the strait"), ("cue", "said")]


def test_escape_disarms_a_role(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "we will close the strait")
    workbench.mark("s")
    workbench.page.locator("button[data-action=arm][data-role=cue]").click()
    workbench.press("Escape")
    workbench.drag_over(0, "said")
    assert workbench.draft() == "said"
    assert Span.objects.filter(annotation__reading=workbench.reading).count() == 1


def test_a_record_that_is_about_somebody_else_is_named_so_at_once(workbench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    an_actor("Vladimir Putin")
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    named = []
    for name in ("Adaeze Obi", "Vladimir Putin"):
        form = workbench.page.locator("#inspector")
        if named:
            form.locator(".chip-remove").click()
        form.get_by_role("combobox", name="Actor", exact=True).fill(name)
        form.get_by_role("option", name=name).first.click()
        expect(workbench.page.locator("#text mark")).to_have_attribute("aria-description", f"mention of {name}, text")
        named.append(name)
    assert segments(workbench.page) == ["Minister Obi"]


# --- refusals and losses ---


def test_a_quote_that_is_not_in_the_text_is_taken_back_with_a_message(workbench: WorkbenchPage) -> None:
    workbench.page.evaluate(
        "() => { document.querySelector('#b0').firstChild.data = 'Translated words stand here now' }"
    )
    workbench.drag_over(0, "words stand")
    workbench.press("m")
    workbench.page.locator("#messages .is-warning").wait_for()
    assert workbench.painted("pending") == []
    assert workbench.saved() == []


def test_the_same_refusal_is_told_once(workbench: WorkbenchPage) -> None:
    workbench.press("z", "z", "z")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.page.locator("#messages .is-warning").wait_for()
    assert workbench.page.locator("#messages .toast").count() == 1


# --- swaps ---


def test_a_swap_waits_while_the_mouse_is_down(workbench: WorkbenchPage) -> None:
    held = hold_marking(workbench.page)
    workbench.drag_over(0, "a single ship")
    workbench.press("m")
    workbench.press_mouse(workbench.place(0, "crosses").start, workbench.place(0, "the line").end)
    held[0].continue_()
    workbench.page.wait_for_timeout(400)
    assert segments(workbench.page) == []
    workbench.let_go()
    workbench.wait_for(lambda: segments(workbench.page) == ["a single ship"])
    assert workbench.draft() == "crosses the line"


def test_a_selection_survives_the_swap_of_its_block(workbench: WorkbenchPage) -> None:
    held = hold_marking(workbench.page)
    workbench.drag_over(0, "a single ship")
    workbench.press("m")
    workbench.drag_over(0, "close the strait")
    held[0].continue_()
    workbench.wait_for(lambda: segments(workbench.page) == ["a single ship"])
    assert workbench.page.evaluate("() => getSelection().toString()") == "close the strait"
    assert workbench.draft() == "close the strait"


def test_an_older_block_never_replaces_a_newer_one(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    block = '<p class="block" id="b0" data-s="0" data-v="0">old</p>'
    workbench.page.evaluate(
        "text => htmx.swap({ sourceElement: document.body, target: document.body, swap: 'none', text })",
        f'<hx-partial hx-target="#b0" hx-swap="outerHTML">{block}</hx-partial>',
    )
    assert segments(workbench.page) == ["a single ship"]


def test_focus_and_scroll_stay_where_they_were(workbench: WorkbenchPage) -> None:
    workbench.page.set_viewport_size({"width": 1280, "height": 300})
    workbench.drag_over(3, "Nobody")
    before = workbench.page.evaluate("() => scrollY")
    workbench.mark()
    assert workbench.page.evaluate("() => [document.activeElement.id, scrollY]") == ["text", before]
