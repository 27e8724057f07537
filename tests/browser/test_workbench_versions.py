"""Two tabs, two people: a write that came too late is shown both versions."""

import pytest
from playwright.sync_api import expect

from newsannot.accounts.models import Role
from newsannot.annotations.actions import submit_reading
from newsannot.review.actions import accept_reading
from newsannot.statements.models import Statement
from tests.browser.conftest import OpenWorkbench, SignIn
from tests.browser.test_workbench_page import problems
from tests.browser.test_workbench_unsaved import (
    KEPT,
    TEXT,
    a_statement_in_hand,
    changed_by_another,
    end_session,
    sign_in_again,
    unsaved,
    venue,
)
from tests.browser.workbench_page import LIVE, WorkbenchPage
from tests.factories import a_reading, a_statement, a_user


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    opened = open_workbench(TEXT)
    opened.page.evaluate("() => localStorage.clear()")
    return opened


def test_a_draft_against_an_older_version_shows_both(workbench: WorkbenchPage) -> None:
    statement = a_statement_in_hand(workbench)
    venue(workbench.page).press_sequentially("Minsk")
    changed_by_another(statement, venue="Moscow")
    page = workbench.page
    page.goto(f"/readings/{workbench.reading.pk}/?annotation={statement.pk}")
    page.get_by_text("Changed meanwhile").wait_for()
    cells = page.locator("#inspector tbody tr").first.locator("td").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["Minsk", "Moscow"]
    page.get_by_role("link", name="Keep all that stands").click()
    expect(venue(page)).to_have_value("Moscow")
    expect(page.get_by_text("Restored what you had typed")).to_have_count(0)
    assert page.evaluate(KEPT) == []


def test_two_tabs_choose_field_by_field(workbench: WorkbenchPage) -> None:
    statement, page = a_statement_in_hand(workbench), workbench.page
    changed_by_another(statement, venue="Moscow", note="Seen live")
    venue(page).fill("Minsk")
    venue(page).blur()
    expect(page.get_by_role("heading", name="Changed meanwhile")).to_be_focused()
    both = page.get_by_role("table", name="Both versions, field by field")
    expect(both.get_by_role("radio", name="Note: keep yours, nothing")).not_to_be_checked()
    expect(page.locator("[data-conflict] > .quote")).to_have_text("we will close the strait")
    yours = page.get_by_role("radio", name="Venue: keep yours, Minsk")
    expect(yours).to_be_checked()
    stands = page.get_by_role("radio", name="keep what stands, Seen live")
    expect(stands).to_be_checked()
    page.get_by_role("button", name="Save what is chosen").click()
    expect(venue(page)).to_have_value("Minsk")
    saved = Statement.objects.get(pk=statement.pk)
    assert (saved.venue, saved.note) == ("Minsk", "Seen live")
    assert page.evaluate(KEPT) == []


def test_two_people_on_one_reading_are_shown_both_versions(sign_in: SignIn) -> None:
    reading = a_reading()
    a_statement(reading)
    submit_reading(reading=reading, by=reading.reader)
    one, other = a_user(Role.EDITOR), a_user(Role.EDITOR)
    curated = accept_reading(reading=reading, by=one)
    statement = Statement.objects.get(reading=curated)
    pages = [sign_in(person, viewport={"width": 1280, "height": 900}).new_page() for person in (one, other)]
    for page in pages:
        page.goto(f"/readings/{curated.pk}/?annotation={statement.pk}")
        page.wait_for_selector("form[data-bound]")
        page.locator("#inspector .claim-form summary").first.click()
    for page, place in zip(pages, ("Moscow", "Minsk"), strict=True):
        venue(page).fill(place)
        venue(page).press("Tab")
    expect(pages[0].locator(LIVE)).to_contain_text("Saved.")
    pages[1].get_by_text("Changed meanwhile").wait_for()
    cells = pages[1].locator("#inspector tbody tr").first.locator("td").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["Minsk", "Moscow"]
    assert Statement.objects.get(pk=statement.pk).venue == "Moscow"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_in_what_is_asked_and_told(open_workbench: OpenWorkbench, scheme: str, width: int) -> None:
    workbench = open_workbench(TEXT, color_scheme=scheme, viewport={"width": width, "height": 900})
    statement, page = a_statement_in_hand(workbench), workbench.page
    venue(page).press_sequentially("Minsk")
    page.goto(f"/readings/{workbench.reading.pk}/?annotation={statement.pk}")
    page.get_by_text("Restored what you had typed").wait_for()
    end_session(page.context)
    venue(page).fill("Minsk, at noon")
    venue(page).blur()
    page.get_by_role("dialog", name="Your session has ended").wait_for()
    expect(unsaved(page)).to_have_text("1 not saved yet")
    assert problems(page) == []
    changed_by_another(statement, venue="Moscow")
    sign_in_again(page)
    page.get_by_text("Changed meanwhile").wait_for()
    page.get_by_text("You are signed in again").wait_for()
    expect(page.locator("aside.inspector")).to_have_attribute("data-sheet", "half")
    assert problems(page) == []
