"""A session that has ended: one signs in again in place, and what waited is saved."""

import pytest
from playwright.sync_api import expect

from newsannot.annotations.models import Span
from newsannot.statements.models import Statement
from tests.browser.conftest import OpenWorkbench
from tests.browser.test_workbench_unsaved import (
    KEPT,
    TEXT,
    a_statement_in_hand,
    end_session,
    mark,
    sign_in_again,
    unsaved,
    venue,
)
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_user


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    opened = open_workbench(TEXT)
    opened.page.evaluate("() => localStorage.clear()")
    return opened


def test_one_signs_in_again_in_place_and_what_waited_is_saved_in_order(workbench: WorkbenchPage) -> None:
    page = workbench.page
    end_session(page.context)
    mark(workbench, "a single ship")
    dialog = page.get_by_role("dialog", name="Your session has ended")
    dialog.wait_for()
    expect(dialog.get_by_label("Name")).to_have_value(workbench.reading.reader.username)
    expect(dialog.get_by_label("Password")).to_be_focused()
    assert workbench.painted("pending") == ["a single ship"]
    sign_in_again(page, "wrong")
    expect(dialog.get_by_role("alert")).to_contain_text("do not go together")
    dialog.get_by_role("button", name="Not now").click()
    mark(workbench, "Monday")
    page.get_by_role("button", name="2 not saved yet").click()
    sign_in_again(page)
    assert workbench.saved() == ["a single ship", "Monday"]
    expect(unsaved(page)).to_have_text("")
    mark(workbench, "Minister")
    assert workbench.saved() == ["a single ship", "Monday", "Minister"]


def test_the_keyboard_goes_on_where_it_was_after_signing_in_again(workbench: WorkbenchPage) -> None:
    page = workbench.page
    end_session(page.context)
    mark(workbench, "a single ship")
    sign_in_again(page)
    assert workbench.saved() == ["a single ship"]
    assert page.evaluate("() => document.activeElement.id") == "text"


def test_a_form_is_saved_after_signing_in_again(workbench: WorkbenchPage) -> None:
    statement, page = a_statement_in_hand(workbench), workbench.page
    end_session(page.context)
    venue(page).fill("Minsk")
    venue(page).blur()
    sign_in_again(page)
    workbench.wait_for(lambda: Statement.objects.get(pk=statement.pk).venue == "Minsk")
    expect(unsaved(page)).to_have_text("")
    assert page.evaluate(KEPT) == []


def test_what_waited_is_saved_though_the_browser_forgot_all_cookies(workbench: WorkbenchPage) -> None:
    page = workbench.page
    page.context.clear_cookies()
    mark(workbench, "a single ship")
    sign_in_again(page)
    assert workbench.saved() == ["a single ship"]


def test_marks_of_a_lapsed_session_are_saved_after_a_reload_and_a_new_session(workbench: WorkbenchPage) -> None:
    page = workbench.page
    end_session(page.context)
    mark(workbench, "a single ship")
    page.get_by_role("dialog", name="Your session has ended").wait_for()
    page.reload()
    page.locator("[name=username]").fill(workbench.reading.reader.username)
    page.locator("[name=password]").fill("newsannot")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/readings/{workbench.reading.pk}/")
    workbench.wait_for(lambda: workbench.saved_now() == ["a single ship"])


def test_another_person_gets_a_fresh_page_and_nothing_of_the_first(workbench: WorkbenchPage) -> None:
    page, other = workbench.page, a_user()
    end_session(page.context)
    mark(workbench, "a single ship")
    sign_in_again(page, name=other.username)
    page.wait_for_url("**/articles/")
    page.wait_for_load_state("networkidle")
    assert (Span.objects.count(), page.evaluate(KEPT)) == (0, [])
