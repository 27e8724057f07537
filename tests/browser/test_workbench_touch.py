"""Fingers: a long press selects, the bar stands at the foot, a tap opens, a border is dragged."""

from playwright.sync_api import expect

from newsannot.annotations.models import Annotation, Span
from tests.browser.conftest import OpenWorkbench
from tests.browser.test_workbench_gestures import TEXT as GESTURES
from tests.browser.test_workbench_gestures import handle
from tests.browser.workbench_page import PHONE

LINE = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
TEXT = f"{LINE}\n\nThe neighbour’s envoy called the warning reckless.\nقال الوزير إن القوات الأجنبية هدف مشروع."
# What a telephone does by itself when a finger rests on a word: this browser, without a screen, leaves it out.
SELECTS_WHEN_HELD = """at => document.addEventListener("touchstart", () => setTimeout(() => {
  const selection = getSelection();
  selection.collapse(document.getElementById("b0").firstChild, at + 1);
  selection.modify("move", "backward", "word");
  selection.modify("extend", "forward", "word");
}, 500), { once: true })"""
SELECT_WORDS = """words => {
  const walker = document.createTreeWalker(document.getElementById("b0"), NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const at = node.data.indexOf(words);
    if (at >= 0) return getSelection().setBaseAndExtent(node, at, node, at + words.length);
  }
}"""


def test_a_long_press_selects_a_word_and_its_handles_more_to_be_marked(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    page, (x, y) = workbench.page, workbench.place(0, "Minister").start
    page.evaluate(SELECTS_WHEN_HELD, LINE.index("Minister"))
    hold = {"x": x, "y": y, "duration": 900, "gestureSourceType": "touch"}
    page.context.new_cdp_session(page).send("Input.synthesizeTapGesture", hold)
    workbench.wait_for(lambda: workbench.draft() == "Minister")
    bar = page.get_by_role("toolbar", name="Mark the selection")
    expect(bar).to_be_in_viewport(ratio=1)
    workbench.select(0, 0, 0, len("Minister Obi"))
    assert workbench.draft() == "Minister Obi"
    bar.get_by_role("button", name="Mention").tap()
    assert workbench.saved() == ["Minister Obi"]
    expect(bar).to_be_hidden()
    expect(page.locator("#inspector [data-annotation]")).to_be_in_viewport()


def test_a_second_selection_can_be_marked_while_a_record_is_open(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    bar = workbench.page.get_by_role("toolbar", name="Mark the selection")
    for words in ("Minister Obi", "Monday"):
        workbench.page.evaluate(SELECT_WORDS, words)
        workbench.settle()
        expect(bar).to_be_in_viewport(ratio=1)
        bar.get_by_role("button", name="Mention").tap()
        workbench.wait_until_confirmed()
    assert workbench.saved() == ["Minister Obi", "Monday"]


def test_a_tap_on_a_mark_opens_its_record(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    workbench.select(0, 0, 0, len("Minister Obi"))
    workbench.page.locator("#selection-bar [data-kind=mention]").tap()
    assert workbench.saved() == ["Minister Obi"]
    workbench.page.locator("#text").press("Escape")
    workbench.page.locator("#text mark").tap()
    workbench.page.locator("#inspector [data-annotation]").wait_for()
    assert workbench.page.locator("#text mark.is-current").all_inner_texts() == ["Minister Obi"]


def test_the_bar_stands_at_the_foot_where_fingers_select(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    workbench.select(0, 0, 0, len("Minister Obi"))
    box = workbench.page.locator("#selection-bar").bounding_box()
    assert box is not None
    assert box["y"] + box["height"] > 844 - 24
    assert box["x"] + box["width"] <= 390


def test_nothing_is_wider_than_a_telephone(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    assert workbench.page.evaluate("() => document.documentElement.scrollWidth") == 390


def test_an_armed_role_is_filled_by_the_bar(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    workbench.select(0, 0, 0, len("Minister Obi"))
    workbench.page.locator("#selection-bar [data-kind=statement]").tap()
    workbench.wait_until_confirmed()
    workbench.page.locator("button[data-action=arm][data-role=cue]").tap()
    at = LINE.index("said")
    workbench.page.evaluate("at => getSelection().setBaseAndExtent(b0.lastChild, at, b0.lastChild, at + 4)", at - 12)
    workbench.settle()
    workbench.page.locator("#selection-bar [data-action=use]").tap()
    assert workbench.saved() == ["Minister Obi", "said"]
    assert Annotation.objects.filter(reading=workbench.reading).count() == 1


def test_a_finger_drags_a_border(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(GESTURES, **PHONE)
    workbench.select(0, 1, 0, 8)
    workbench.page.locator("#selection-bar [data-kind=mention]").tap()
    workbench.wait_until_confirmed()
    span = Span.objects.get(annotation__reading=workbench.reading)
    workbench.page.locator("[data-span]").wait_for()
    session = workbench.page.context.new_cdp_session(workbench.page)
    (x, y), (to_x, to_y) = handle(workbench, span, "end"), workbench.place(0, "respond").end
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": (x + to_x) / 2, "y": (y + to_y) / 2}]),
        ("touchMove", [{"x": to_x, "y": to_y}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        workbench.settle()
    assert workbench.saved() == ["We will respond"]
