"""A phrase marked wherever it stands: previewed, thinned out, undone as one."""

import pytest
from playwright.sync_api import expect

from newsannot.annotations.models import Annotation
from newsannot.threats.models import Threat
from tests.browser.conftest import OpenWorkbench, SignIn
from tests.browser.test_workbench_gestures import TEXT, parts
from tests.browser.test_workbench_page import IS_LAID_OUT, problems
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_reading, a_revision, an_actor


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    page = open_workbench(TEXT)
    page.page.locator("#text").focus()
    return page


def find(workbench: WorkbenchPage, phrase: str) -> None:
    workbench.press("/")
    workbench.page.locator("#find-bar input[name=q]").fill(phrase)
    workbench.settle()


def test_a_phrase_is_previewed_thinned_out_marked_and_undone_as_one(workbench: WorkbenchPage) -> None:
    actor = an_actor("Adaeze Obi")
    find(workbench, "Obi")
    bar = workbench.page.locator("#find-bar")
    assert bar.locator("output").all_inner_texts() == ["4 found", "Mark 3 as"]
    assert workbench.painted("search") == ["Obi"] * 3
    workbench.press("Enter", "Enter")
    bar.get_by_role("button", name="Leave out").click()
    assert bar.locator("output").all_inner_texts() == ["2 of 4", "Mark 2 as"]
    assert problems(workbench.page) == []
    bar.get_by_role("combobox", name="Actor of the mentions").fill("Adaeze")
    bar.get_by_role("option", name="Adaeze Obi").first.click()
    bar.get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("2 marked.").wait_for()
    marked = Annotation.objects.filter(reading=workbench.reading, mention__actor=actor)
    assert [annotation.spans.get().start for annotation in marked.order_by("pk")] == [
        TEXT.index("Obi"),
        TEXT.index("Obi’s"),
    ]
    assert workbench.page.locator("#text mark").all_inner_texts() == ["Obi", "Obi"]
    assert workbench.focused() == "text"
    workbench.press("z")
    workbench.wait_for(lambda: workbench.page.locator("#text mark").count() == 0)
    assert parts(workbench) == []
    workbench.press("y")
    workbench.wait_for(lambda: workbench.page.locator("#text mark").count() == 2)


def test_the_selection_is_what_is_looked_for(workbench: WorkbenchPage) -> None:
    workbench.drag_over(1, "Obi")
    workbench.press("/")
    bar = workbench.page.locator("#find-bar")
    assert bar.locator("input[name=q]").input_value() == "Obi"
    assert bar.locator("output").first.inner_text() == "2 of 4"


def test_places_in_a_mention_are_left_out_to_begin_with(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    find(workbench, "Obi")
    assert workbench.page.locator("#find-bar output").all_inner_texts() == ["4 found", "Mark 2 as"]


def test_another_phrase_asks_anew_whom_it_names(workbench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    find(workbench, "Obi")
    workbench.press("Tab")
    workbench.page.get_by_role("option", name="Adaeze Obi").first.wait_for()
    workbench.press("Enter")
    chip = workbench.page.locator("#find-bar .chip")
    expect(chip).to_have_count(1)
    workbench.page.locator("#find-bar input[name=q]").fill("envoy")
    expect(chip).to_have_count(0)


def test_places_that_are_not_coded_are_left_out(transactional_db: None, sign_in: SignIn) -> None:
    text = "Obi spoke.\nAbout the author: Obi writes."
    reading = a_reading(revision=a_revision(text))
    workbench = WorkbenchPage(sign_in(reading.reader).new_page(), reading)
    find(workbench, "Obi")
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("1 marked.").wait_for()
    assert workbench.saved() == ["Obi"]


def test_a_phrase_is_marked_for_whom_it_names_by_five_keys(workbench: WorkbenchPage) -> None:
    actor = an_actor("Adaeze Obi")
    find(workbench, "Obi")
    workbench.press("Tab")
    workbench.page.get_by_role("option", name="Adaeze Obi").first.wait_for()
    workbench.press("Enter", "Enter")
    workbench.page.get_by_text("3 marked.").wait_for()
    assert Annotation.objects.filter(reading=workbench.reading, mention__actor=actor).count() == 3


def test_of_marking_again_and_again_only_the_last_is_told(workbench: WorkbenchPage) -> None:
    for phrase, told in (("Obi", "3 marked."), ("respond", "2 marked."), ("Obi", "Nothing new to mark.")):
        find(workbench, phrase)
        if told.startswith("Nothing"):
            workbench.press("Enter", "Control+Enter")
        workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
        workbench.page.get_by_text(told).wait_for()
        assert workbench.page.locator("#messages .toast").count() == 1


def test_what_was_told_to_be_marked_is_told_no_more_once_it_is_undone(workbench: WorkbenchPage) -> None:
    find(workbench, "Obi")
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    told = workbench.page.get_by_text("3 marked.")
    told.wait_for()
    workbench.page.locator("#text").focus()
    workbench.press("z")
    expect(told).to_have_count(0)
    workbench.hears("Undone.")


def test_a_place_is_left_out_and_taken_in_again_by_key(workbench: WorkbenchPage) -> None:
    find(workbench, "Obi")
    told = workbench.page.locator("#find-bar output").nth(1)
    workbench.press("Enter", "Control+Enter")
    expect(told).to_have_text("Mark 2 as")
    workbench.press("Control+Enter")
    expect(told).to_have_text("Mark 3 as")


def test_the_places_of_a_threat_are_references_of_one_by_keyboard_alone(workbench: WorkbenchPage) -> None:
    find(workbench, "respond")
    workbench.press(*["Tab"] * 4)
    assert workbench.page.evaluate("() => document.activeElement.textContent") == "Threat"
    workbench.press("Enter")
    workbench.page.get_by_text("2 marked.").wait_for()
    assert parts(workbench) == [("reference", "respond"), ("reference", "respond")]
    assert Threat.objects.filter(reading=workbench.reading).count() == 1


def test_a_phrase_is_marked_off_screen_too(open_workbench: OpenWorkbench) -> None:
    lines = [f"Paragraph {n} says that ships and troops keep to their side." for n in range(2400)]
    lines[3] = lines[2300] = "Here Admiral Wu spoke."
    workbench = open_workbench("\n".join(lines))
    assert not workbench.page.locator("#b2300").evaluate(IS_LAID_OUT)
    find(workbench, "Admiral Wu")
    assert workbench.painted("search") == ["Admiral Wu"] * 2
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("2 marked.").wait_for()
    assert workbench.saved() == ["Admiral Wu"] * 2
    assert workbench.page.locator("#b2300 mark").text_content() == "Admiral Wu"


def test_too_many_places_are_refused_with_the_field_named(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench("ship " * 501)
    find(workbench, "ship")
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("Piece: These are 501 places; at most 500 can be marked at once.").wait_for()
    assert workbench.saved() == []
    assert workbench.painted("pending") == []
