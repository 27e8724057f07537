"""Suggestions walked and answered by key."""

import pytest
from playwright.sync_api import Locator, Route, expect

from newsannot.actors.models import Actor
from newsannot.annotations.models import Annotation, Reading
from newsannot.suggestions.actions import reject_suggestion
from newsannot.suggestions.models import Verdict
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_mention, a_reading, a_revision, a_user
from tests.suggestions.making import a_drafted_reading, open_in

FIRST, SECOND = "“We wait,” Adaeze Obi said.", "“If a ship comes, we will strike,” Obi said. “Soon.”"
TEXT = f"{FIRST}\nA line between.\n{SECOND}"


@pytest.fixture
def reading(transactional_db: None) -> Reading:
    return a_drafted_reading(a_reading(by=a_user(), revision=a_revision(TEXT, zones=[])))


@pytest.fixture
def workbench(reading: Reading, sign_in: SignIn) -> WorkbenchPage:
    return opened(reading, sign_in)


def opened(reading: Reading, sign_in: SignIn, **options: object) -> WorkbenchPage:
    page = WorkbenchPage(sign_in(reading.reader, **options).new_page(), reading)
    page.page.wait_for_selector("[data-suggestions]")
    page.page.locator("#text").focus()
    return page


def at_hand(workbench: WorkbenchPage) -> str:
    """The words of the suggestion at hand, which has the focus."""
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.settle()
    return workbench.page.evaluate(
        "() => document.activeElement.closest('[data-at-hand]')?.querySelector('.quote').textContent ?? ''"
    )


def verdicts() -> list[str]:
    return list(Verdict.objects.order_by("pk").values_list("decision", flat=True))


def test_suggestions_are_painted_in_the_text_and_no_mark_is_made(workbench: WorkbenchPage) -> None:
    assert workbench.painted("suggestion") == [
        "“We wait,”",
        "Adaeze Obi",
        "“If a ship comes, we will strike,”",
        "“Soon.”",
        "If a ship comes",
        "we will strike",
        "Obi",
    ]
    assert workbench.page.locator("#text mark").count() == 0


def test_next_and_previous_walk_through_them_and_light_the_one_at_hand(workbench: WorkbenchPage) -> None:
    workbench.press("o")
    assert at_hand(workbench) == "“We wait,”"
    workbench.press("o", "o")
    assert at_hand(workbench) == "“If a ship comes, we will strike,”"
    assert workbench.painted("suggested") == ["“If a ship comes, we will strike,”", "“Soon.”"]
    workbench.press("Shift+o")
    assert at_hand(workbench) == "Adaeze Obi"


def test_accepting_by_key_makes_the_record_and_goes_on_to_the_next(workbench: WorkbenchPage) -> None:
    workbench.press("o", "a")
    assert at_hand(workbench) == "Adaeze Obi"
    assert workbench.page.locator("#text mark").count() == 3
    workbench.press("a")
    assert at_hand(workbench) == "“If a ship comes, we will strike,”"
    assert verdicts() == ["accepted", "accepted"]
    assert [one.origin for one in Annotation.objects.all()] == ["engine", "engine"]


def test_rejecting_by_key_goes_on_and_undo_brings_it_back(workbench: WorkbenchPage) -> None:
    workbench.press("o", "x")
    assert at_hand(workbench) == "Adaeze Obi"
    workbench.open()
    workbench.page.wait_for_selector("[data-suggestions]")
    assert "“We wait,”" not in workbench.painted("suggestion")
    workbench.page.locator("#text").focus()
    workbench.press("z")
    workbench.wait_for(lambda: "“We wait,”" in workbench.painted("suggestion"))
    assert verdicts() == ["rejected"]


def test_one_that_goes_with_another_leaves_the_next_at_hand(workbench: WorkbenchPage) -> None:
    workbench.press("o", "o")
    assert at_hand(workbench) == "Adaeze Obi"
    a_mention(workbench.reading, "Adaeze Obi", actor=Actor.objects.get().pk)
    workbench.page.evaluate(
        """url => htmx.ajax("GET", url, { source: "#inspector", target: "#inspector", swap: "innerHTML" })""",
        f"/readings/{workbench.reading.pk}/suggestions/?with=records",
    )
    workbench.wait_for(lambda: at_hand(workbench) == "“If a ship comes, we will strike,”")


def test_correcting_opens_the_record_with_the_focus_in_its_form(workbench: WorkbenchPage) -> None:
    workbench.press("o", "o", "c")
    workbench.wait_for(
        lambda: workbench.page.evaluate("() => document.activeElement.closest('form.claim-form') !== null")
    )
    assert verdicts() == ["corrected"]
    workbench.press("Escape", "o")
    assert at_hand(workbench) == "“If a ship comes, we will strike,”"


def test_the_last_one_answered_leaves_the_focus_in_the_text(workbench: WorkbenchPage) -> None:
    for _ in range(5):
        workbench.press("o") if not verdicts() else None
        at_hand(workbench)
        workbench.press("x")
        workbench.wait_for(lambda: not workbench.is_busy())
    assert workbench.page.evaluate("() => document.activeElement.id") == "text"
    assert workbench.painted("suggestion") == []
    assert workbench.page.locator("#suggestions").inner_text().startswith("Suggestions")


def in_sight(workbench: WorkbenchPage) -> list[str]:
    return workbench.page.locator("[data-suggestion]:visible .quote").all_inner_texts()


def test_one_suggestion_is_listed_at_a_time_above_ones_own_records(workbench: WorkbenchPage) -> None:
    assert in_sight(workbench) == ["“We wait,”"]
    workbench.press("o", "o")
    assert in_sight(workbench) == [at_hand(workbench)] == ["Adaeze Obi"]
    workbench.press("a")
    assert in_sight(workbench) == [at_hand(workbench)] == ["“If a ship comes, we will strike,”"]
    expect(workbench.page.locator(".annotation-item")).to_be_in_viewport()


def test_all_suggestions_are_listed_when_asked_for_and_stay_so(workbench: WorkbenchPage) -> None:
    button = workbench.page.get_by_role("button", name="List all")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.click()
    assert len(in_sight(workbench)) == 5
    workbench.page.locator("#text").focus()
    workbench.press("o", "a")
    assert at_hand(workbench) == "Adaeze Obi"
    assert len(in_sight(workbench)) == 4
    expect(button).to_have_attribute("aria-expanded", "true")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "false")
    assert in_sight(workbench) == ["Adaeze Obi"]


def test_an_answer_by_mouse_goes_on_too(workbench: WorkbenchPage) -> None:
    workbench.page.get_by_role("button", name="List all").click()
    workbench.page.locator(".suggestion-words").nth(1).click()
    assert at_hand(workbench) == "Adaeze Obi"
    workbench.page.locator("[data-at-hand]").get_by_role("button", name="Accept").click()
    assert at_hand(workbench) == "“If a ship comes, we will strike,”"
    assert verdicts() == ["accepted"]


def test_hidden_suggestions_are_not_painted_and_shown_again_they_are(workbench: WorkbenchPage) -> None:
    workbench.page.get_by_role("button", name="Hide suggestions").click()
    workbench.wait_for(lambda: workbench.painted("suggestion") == [])
    workbench.page.get_by_role("button", name="Show suggestions").click()
    workbench.wait_for(lambda: len(workbench.painted("suggestion")) == 7)


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_with_a_suggestion_at_hand(
    reading: Reading, sign_in: SignIn, scheme: str, width: int
) -> None:
    page = opened(reading, sign_in, color_scheme=scheme, viewport={"width": width, "height": 900})
    page.press("o")
    assert at_hand(page) == "“We wait,”"
    assert problems(page.page) == []


def test_without_scripts_every_suggestion_can_be_answered(reading: Reading, sign_in: SignIn) -> None:
    page = sign_in(reading.reader, java_script_enabled=False).new_page()
    page.goto(f"/readings/{reading.pk}/")
    page.get_by_role("link", name="Suggestions").click()
    page.locator("[data-suggestion]").first.get_by_role("button", name="Accept").click()
    page.locator("[data-suggestion]").first.get_by_role("button", name="Reject").click()
    assert verdicts() == ["accepted", "rejected"]
    assert page.locator("[data-suggestion]").count() == 3


# --- a lost or slow server ---


def unsaved(workbench: WorkbenchPage) -> Locator:
    return workbench.page.locator("#unsaved")


def listed(workbench: WorkbenchPage) -> list[str]:
    """The words of the suggestions that are not answered."""
    return workbench.page.locator("[data-suggestion]:not([hidden]) .quote").all_inner_texts()


def test_answers_given_offline_are_kept_shown_as_unsaved_and_sent_in_order_later(workbench: WorkbenchPage) -> None:
    page = workbench.page
    page.context.set_offline(True)
    workbench.press("o", "x", "a")
    expect(unsaved(workbench)).to_have_text("2 not saved yet")
    assert at_hand(workbench) == "“If a ship comes, we will strike,”"
    assert listed(workbench)[0] == "“If a ship comes, we will strike,”"
    assert workbench.painted("pending") == ["Adaeze Obi"]
    assert verdicts() == []
    page.context.set_offline(False)
    workbench.wait_for(lambda: verdicts() == ["rejected", "accepted"])
    expect(unsaved(workbench)).to_have_text("")
    assert at_hand(workbench) == "“If a ship comes, we will strike,”"
    assert workbench.painted("pending") == []


def test_answers_that_wait_survive_the_page(workbench: WorkbenchPage) -> None:
    page = workbench.page
    page.route("**/reject/", lambda route: route.abort())
    workbench.press("o", "x")
    expect(unsaved(workbench)).to_have_text("1 not saved yet")
    page.close()
    again = WorkbenchPage(page.context.new_page(), workbench.reading)
    again.wait_for(lambda: verdicts() == ["rejected"])
    again.page.wait_for_selector("[data-suggestions]")
    expect(again.page.locator("[data-suggestion]:not([hidden])")).to_have_count(4)


@pytest.mark.parametrize(("key", "made"), [("a", "accepted"), ("x", "rejected"), ("c", "corrected")])
def test_an_answer_whose_own_answer_was_lost_is_carried_out_once(workbench: WorkbenchPage, key: str, made: str) -> None:
    lost = [True]

    def lose(route: Route) -> None:
        if lost:
            lost.clear()
            route.fetch()
            route.abort()
        else:
            route.continue_()

    workbench.page.route("**/suggestions/*/*/", lose)
    workbench.press("o", key)
    unsaved(workbench).get_by_role("button").click()
    expect(unsaved(workbench)).to_have_text("")
    assert verdicts() == [made]
    assert Annotation.objects.count() == (0 if key == "x" else 1)
    assert workbench.page.locator("#messages .is-error").count() == 0


def test_an_answer_that_is_refused_is_told_and_the_list_is_asked_for_anew(workbench: WorkbenchPage) -> None:
    first = open_in(workbench.reading)[0]
    reject_suggestion(reading=workbench.reading, fingerprint=first.fingerprint, by=workbench.reading.reader)
    workbench.press("o", "a")
    workbench.page.get_by_text("This suggestion is not open any more").wait_for()
    expect(workbench.page.locator("[data-suggestion]:not([hidden])")).to_have_count(4)
    assert verdicts() == ["rejected"]


def test_answers_given_faster_than_the_server_all_arrive(workbench: WorkbenchPage) -> None:
    workbench.page.keyboard.press("o")
    for key in "axax":
        workbench.page.keyboard.press(key)
    workbench.wait_for(lambda: verdicts() == ["accepted", "rejected", "accepted", "rejected"])
    expect(workbench.page.locator("[data-suggestion]:not([hidden])")).to_have_count(1)


SCROLLING = """() => Array.from(document.querySelectorAll("#inspector, #inspector *"))
  .filter(one => /auto|scroll/.test(getComputedStyle(one).overflowY) && one.scrollHeight > one.clientHeight)
  .map(one => one.id)"""


@pytest.mark.parametrize(("width", "height"), [(1440, 420), (390, 700)])
def test_the_list_scrolls_with_what_stands_beside_the_text_alone(
    reading: Reading, sign_in: SignIn, width: int, height: int
) -> None:
    page = opened(reading, sign_in, viewport={"width": width, "height": height})
    page.press("o", "o", "o", "o")
    assert at_hand(page) == "If a ship comes"
    assert page.page.evaluate(SCROLLING) == ["inspector"]
    expect(page.page.locator("[data-at-hand]").get_by_role("button", name="Reject")).to_be_in_viewport()
    expect(page.page.get_by_role("button", name="Next suggestion")).to_be_in_viewport()
