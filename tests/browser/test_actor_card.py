"""Who that is: a card beside an actor's chip, by pointer, by focus and by click; gone again without a trace."""

import pytest
from playwright.sync_api import Locator, expect

from newsannot.actors.actions import add_tenure
from newsannot.annotations.actions import change_annotation
from newsannot.statements.models import Statement
from tests.browser.conftest import OpenWorkbench
from tests.browser.test_workbench_page import problems
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import an_actor

TEXT = "“We will close the strait,” Minister Adaeze Obi said on Monday."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    """A statement whose speaker is known, open in the inspector."""
    obi = an_actor("Adaeze Obi")
    add_tenure(person=obi, organisation=an_actor("Portland", kind="state"), office="Minister", from_on="2004", by=None)
    workbench = open_workbench(TEXT)
    workbench.drag_over(0, "We will close the strait")
    workbench.mark("s")
    workbench.wait_until_confirmed()
    statement = Statement.objects.get(reading=workbench.reading)
    change_annotation(annotation=statement, claim={"speaker": obi.pk}, by=workbench.reading.reader)
    workbench.page.goto(f"{workbench.page.url.split('?')[0]}?annotation={statement.pk}")
    workbench.page.locator("#actor-card[data-bound]").wait_for(state="attached")
    return workbench


def chip(workbench: WorkbenchPage) -> Locator:
    """The chip of the speaker."""
    return workbench.page.locator(".typeahead[data-name=speaker] .chip")


def card(workbench: WorkbenchPage) -> Locator:
    """The card."""
    return workbench.page.locator("#actor-card")


def test_pointing_at_a_chip_shows_its_card_and_leaving_takes_it_away(workbench: WorkbenchPage) -> None:
    chip(workbench).hover()
    expect(card(workbench)).to_contain_text("Minister, Portland")
    box = card(workbench).bounding_box()
    assert box
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 1280
    workbench.page.mouse.move(5, 5)
    expect(card(workbench)).to_be_hidden()


def test_the_card_stays_while_the_pointer_is_in_it(workbench: WorkbenchPage) -> None:
    chip(workbench).hover()
    card(workbench).get_by_role("link", name="Adaeze Obi").hover()
    workbench.page.wait_for_timeout(600)
    expect(card(workbench)).to_be_visible()


def test_focus_shows_the_card_as_a_description_and_escape_takes_it_away(workbench: WorkbenchPage) -> None:
    button = chip(workbench).get_by_role("button")
    workbench.page.locator("[data-role=content] button").last.focus()
    workbench.press("Tab")
    expect(button).to_be_focused()
    expect(card(workbench)).to_be_visible()
    assert problems(workbench.page) == []
    assert button.get_attribute("aria-describedby") == "actor-card"
    workbench.press("Escape")
    expect(card(workbench)).to_be_hidden()
    assert button.get_attribute("aria-describedby") is None
    assert workbench.page.evaluate("() => document.activeElement.className") == "chip-remove"


def test_a_click_shows_the_card_at_once_and_removing_the_chip_takes_it_away(workbench: WorkbenchPage) -> None:
    chip(workbench).click(position={"x": 6, "y": 6})
    expect(card(workbench)).to_be_visible()
    chip(workbench).get_by_role("button").click()
    expect(card(workbench)).to_be_hidden()
