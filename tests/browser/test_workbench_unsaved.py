"""Nothing is lost: drafts, a lapsed session, a lost or slow server, two tabs and two people."""

from typing import Any
from urllib.parse import urljoin

import pytest
from django.test import Client
from playwright.sync_api import BrowserContext, Dialog, Page, Route, expect

from newsannot.accounts.models import Role
from newsannot.annotations.actions import change_annotation, submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.statements.models import Statement
from tests.browser.conftest import OpenWorkbench, SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_mention, a_reading, a_user, an_actor

LINE = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
TEXT = f"{LINE}\n\nThe neighbour’s envoy called the warning reckless.\nNobody else spoke about ships or straits."
KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('unsaved.'))"


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    opened = open_workbench(TEXT)
    opened.page.evaluate("() => localStorage.clear()")
    return opened


def mark(workbench: WorkbenchPage, words: str, key: str = "m") -> None:
    workbench.drag_over(0, words)
    workbench.press(key)


def unsaved(page: Page) -> Any:
    return page.locator("#unsaved")


def a_statement_in_hand(workbench: WorkbenchPage) -> Statement:
    """A statement, its form in the inspector with everything unfolded."""
    mark(workbench, "we will close the strait", "s")
    workbench.wait_until_confirmed()
    workbench.page.locator("#inspector .claim-form summary").first.click()
    return Statement.objects.get(reading=workbench.reading)


def venue(page: Page) -> Any:
    return page.locator("#inspector .claim-form [name=venue]")


def end_session(context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")


def sign_in_again(page: Page, typed: str = "newsannot", name: str = "") -> None:
    dialog = page.get_by_role("dialog", name="Your session has ended")
    dialog.wait_for()
    if name:
        dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Password").fill(typed)
    page.keyboard.press("Enter")


def changed_by_another(statement: Statement, **claim: str) -> None:
    """The record is changed elsewhere meanwhile."""
    change_annotation(annotation=Annotation.objects.get(pk=statement.pk), by=statement.reading.reader, claim=claim)


# --- a lost or slow server ---


def test_what_could_not_be_saved_is_sent_by_itself_in_order_once_the_network_is_back(workbench: WorkbenchPage) -> None:
    page = workbench.page
    page.context.set_offline(True)
    for words in ("Minister", "Monday", "a single ship"):
        mark(workbench, words)
    expect(unsaved(page)).to_have_text("3 not saved yet")
    page.get_by_text("cannot be reached").wait_for()
    assert workbench.painted("pending") == ["Minister", "Monday", "a single ship"]
    page.context.set_offline(False)
    assert workbench.saved() == ["Minister", "Monday", "a single ship"]
    expect(unsaved(page)).to_have_text("")
    assert page.locator("#messages .is-error").count() == 0
    assert page.evaluate(KEPT) == []


def test_what_is_loaded_behind_the_page_is_there_when_the_network_goes_before_the_text_was_touched(
    workbench: WorkbenchPage,
) -> None:
    page = workbench.page
    workbench.open()
    came = "() => performance.getEntriesByType('resource').filter(({ name, responseEnd }) => responseEnd && %s).length"
    late = "/(growth|growing|quoting|keysheet|claim|proposals|typeahead|signin)\\.js$/.test(name)"
    workbench.wait_for(lambda: page.evaluate(came % late) == 8)
    page.context.set_offline(True)
    workbench.drag_over(0, "single")
    workbench.press("g")
    assert workbench.draft() == "If a single ship crosses the line"
    workbench.press("q")
    expect(unsaved(page)).to_have_text("1 not saved yet")
    workbench.press("?")
    expect(page.locator("#keys dt").first).to_be_visible()
    workbench.press("Escape")
    page.context.set_offline(False)
    assert LINE[LINE.index("“") :] in workbench.saved()


def test_a_part_of_the_page_that_cannot_be_had_is_told_with_a_way_out_that_loses_nothing(
    open_workbench: OpenWorkbench,
) -> None:
    workbench = open_workbench(TEXT)
    page = workbench.page
    page.route("**/growth*.js", lambda route: route.abort())
    workbench.open()
    workbench.drag_over(0, "single")
    workbench.press("g")
    told = page.locator("#messages .is-error")
    expect(told).to_contain_text("nothing is lost")
    workbench.press("g")
    expect(told).to_have_count(1)
    page.unroute("**/growth*.js")
    told.get_by_role("link", name="Reload").click()
    page.wait_for_selector("main[data-bound]")
    expect(told).to_have_count(0)
    workbench.drag_over(0, "single")
    workbench.press("g")
    assert workbench.draft() == "If a single ship crosses the line"


def test_the_server_failing_for_a_while_loses_nothing(workbench: WorkbenchPage) -> None:
    answers = [503, 500]

    def fail(route: Route) -> None:
        if answers:
            route.fulfill(status=answers.pop(), body="busy")
        else:
            route.continue_()

    workbench.page.route("**/mentions/", fail)
    mark(workbench, "a single ship")
    expect(unsaved(workbench.page)).to_have_text("1 not saved yet")
    workbench.page.get_by_role("button", name="not saved yet").click()
    assert workbench.saved() == ["a single ship"]


def test_a_slow_server_shows_that_something_is_not_saved_yet(workbench: WorkbenchPage) -> None:
    held: list[Route] = []
    workbench.page.route("**/mentions/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    mark(workbench, "a single ship")
    expect(unsaved(workbench.page)).to_have_text("")
    expect(unsaved(workbench.page)).to_have_text("1 not saved yet")
    held[0].continue_()
    expect(unsaved(workbench.page)).to_have_text("")
    assert workbench.saved() == ["a single ship"]


def test_an_answer_that_was_lost_doubles_nothing(workbench: WorkbenchPage) -> None:
    lost = [True]

    def lose(route: Route) -> None:
        if lost:
            lost.clear()
            route.fetch()
            route.abort()
        else:
            route.continue_()

    workbench.page.route("**/mentions/", lose)
    mark(workbench, "a single ship")
    unsaved(workbench.page).get_by_role("button").click()
    assert workbench.saved() == ["a single ship"]
    assert workbench.page.locator("#text mark").all_inner_texts() == ["a single ship"]


def test_what_waits_survives_the_page_and_what_no_longer_fits_is_shown(workbench: WorkbenchPage) -> None:
    page = workbench.page
    page.evaluate("() => { document.querySelector('#b0').firstChild.data = 'Translated words stand here now' }")
    page.context.set_offline(True)
    mark(workbench, "words stand")
    mark(workbench, "here")
    expect(unsaved(page)).to_have_text("2 not saved yet")
    page.context.set_offline(False)
    page.close()
    again = page.context.new_page()
    workbench = WorkbenchPage(again, workbench.reading)
    again.get_by_text("“words stand” waited to be saved").wait_for()
    again.get_by_text("“here” waited to be saved").wait_for()
    assert workbench.saved() == []
    workbench.open()
    again.get_by_text("“here” waited to be saved").wait_for()
    while again.locator(".toast-close").count():
        again.locator(".toast-close").first.click()
    assert again.evaluate(KEPT) == []


def test_a_tab_leaves_to_another_what_that_one_is_sending(workbench: WorkbenchPage) -> None:
    workbench.page.route("**/mentions/", lambda route: route.abort())
    mark(workbench, "a single ship")
    expect(unsaved(workbench.page)).to_have_text("1 not saved yet")
    other = WorkbenchPage(workbench.page.context.new_page(), workbench.reading)
    other.page.wait_for_timeout(500)
    assert (other.saved_now(), other.painted("pending")) == ([], [])
    workbench.page.close()
    other.open()
    other.wait_for(lambda: other.saved_now() == ["a single ship"])


def test_marks_that_wait_elsewhere_are_told_on_every_page(workbench: WorkbenchPage) -> None:
    page = workbench.page
    page.route("**/mentions/", lambda route: route.abort())
    mark(workbench, "a single ship")
    expect(unsaved(page)).to_have_text("1 not saved yet")
    page.goto("/articles/")
    page.get_by_text("A mark in a reading wait").wait_for()
    page.unroute("**/mentions/")
    page.get_by_role("link", name="Open it").click()
    page.wait_for_url(f"**/readings/{workbench.reading.pk}/")
    workbench.wait_for(lambda: workbench.saved_now() == ["a single ship"])


def test_leaving_asks_only_while_something_is_not_saved(workbench: WorkbenchPage) -> None:
    page = workbench.page
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    mark(workbench, "Minister")
    workbench.wait_until_confirmed()
    workbench.open()
    assert asked == []
    page.context.set_offline(True)
    mark(workbench, "Monday")
    expect(unsaved(page)).to_have_text("1 not saved yet")
    page.context.set_offline(False)
    page.route("**/mentions/", lambda route: route.abort())
    workbench.open()
    assert asked == ["beforeunload"]


# --- half-filled forms ---


def test_what_was_typed_is_there_again_after_the_tab_was_killed(workbench: WorkbenchPage) -> None:
    statement = a_statement_in_hand(workbench)
    venue(workbench.page).press_sequentially("Min")
    workbench.page.close(run_before_unload=False)
    page = workbench.page.context.new_page()
    page.goto(f"/readings/{workbench.reading.pk}/?annotation={statement.pk}")
    page.get_by_text("Restored what you had typed").wait_for()
    expect(venue(page)).to_be_visible()
    expect(venue(page)).to_have_value("Min")
    page.get_by_role("button", name="Save it").click()
    expect(page.get_by_text("Restored what you had typed")).to_have_count(0)
    statement.refresh_from_db()
    assert (statement.venue, page.evaluate(KEPT)) == ("Min", [])


def test_what_was_restored_can_be_discarded(workbench: WorkbenchPage) -> None:
    statement = a_statement_in_hand(workbench)
    venue(workbench.page).press_sequentially("Min")
    workbench.page.reload()
    page = workbench.page
    page.goto(f"/readings/{workbench.reading.pk}/?annotation={statement.pk}")
    page.get_by_role("button", name="Discard it").click()
    expect(venue(page)).to_have_value("")
    expect(page.get_by_text("Restored what you had typed")).to_have_count(0)
    assert page.evaluate(KEPT) == []


def test_an_actor_chosen_offline_is_kept_and_saved_when_the_network_is_back(workbench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    statement, page = a_statement_in_hand(workbench), workbench.page
    page.locator("#inspector").get_by_role("combobox", name="Speaker", exact=True).fill("Adaeze Obi")
    page.get_by_role("option", name="Adaeze Obi").first.wait_for()
    page.route("**/annotations/*/", lambda route: route.abort())
    page.get_by_role("option", name="Adaeze Obi").first.click()
    expect(unsaved(page)).to_have_text("1 not saved yet")
    page.unroute("**/annotations/*/")
    page.goto(f"/readings/{workbench.reading.pk}/?annotation={statement.pk}")
    expect(page.locator("#inspector .chip").first).to_contain_text("Adaeze Obi")
    workbench.wait_for(lambda: Statement.objects.get(pk=statement.pk).speaker_id is not None)
    expect(unsaved(page)).to_have_text("")
    assert page.evaluate(KEPT) == []


def test_a_form_that_was_left_unsaved_is_saved_all_the_same(workbench: WorkbenchPage) -> None:
    statement, page = a_statement_in_hand(workbench), workbench.page
    page.route(f"**/annotations/{statement.pk}/", lambda route: route.abort())
    venue(page).fill("Minsk")
    venue(page).blur()
    expect(unsaved(page)).to_have_text("1 not saved yet")
    page.get_by_role("link", name="All records").click()
    expect(page.locator("#inspector [data-annotation]")).to_have_count(0)
    expect(unsaved(page)).to_have_text("1 not saved yet")
    page.unroute(f"**/annotations/{statement.pk}/")
    unsaved(page).get_by_role("button").click()
    expect(unsaved(page)).to_have_text("")
    assert Statement.objects.get(pk=statement.pk).venue == "Minsk"


def test_somebody_elses_drafts_are_forgotten(workbench: WorkbenchPage, sign_in: SignIn) -> None:
    a_statement_in_hand(workbench)
    venue(workbench.page).press_sequentially("Min")
    context = workbench.page.context
    workbench.page.close()
    end_session(context)
    client = Client()
    client.force_login(a_user())
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": urljoin(workbench.page.url, "/")}
    context.add_cookies([cookie])  # type: ignore[list-item]
    page = context.new_page()
    page.goto("/articles/")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(KEPT) == []


# --- ordinary forms ---


def test_the_comment_of_a_returned_reading_outlives_the_page_and_the_session(sign_in: SignIn) -> None:
    reading: Reading = a_reading()
    a_mention(reading)
    submit_reading(reading=reading, by=reading.reader)
    editor = a_user(Role.EDITOR)
    context = sign_in(editor)
    page = context.new_page()
    page.goto(f"/review/readings/{reading.pk}/")
    page.evaluate("() => localStorage.clear()")
    page.get_by_text("Return with a comment").click()
    page.locator("[data-kept][data-bound]").wait_for(state="attached")
    page.get_by_label("What is to be changed").fill("The speaker is another.")
    page.reload()
    page.get_by_text("Restored what you had typed").wait_for()
    end_session(context)
    page.get_by_role("button", name="Return", exact=True).click()
    page.locator("[name=username]").fill(editor.username)
    page.locator("[name=password]").fill("newsannot")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/review/readings/{reading.pk}/")
    expect(page.get_by_label("What is to be changed")).to_have_value("The speaker is another.")
    page.get_by_role("button", name="Return", exact=True).click()
    page.wait_for_load_state("networkidle")
    reading.refresh_from_db()
    page.goto("/review/")
    page.wait_for_load_state("networkidle")
    assert (reading.state, page.evaluate(KEPT)) == ("returned", [])


def test_a_pasted_article_outlives_the_page_until_it_is_added(sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto("/articles/new/")
    page.evaluate("() => localStorage.clear()")
    page.locator("[data-kept][data-bound]").wait_for()
    page.locator("textarea[name=text]").fill("A headline\n\nThe words that were pasted.")
    page.reload()
    page.get_by_text("Restored what you had typed").wait_for()
    expect(page.locator("textarea[name=text]")).to_have_value("A headline\n\nThe words that were pasted.")
    page.get_by_role("button", name="Discard it").click()
    expect(page.locator("textarea[name=text]")).to_have_value("")
    assert page.evaluate(KEPT) == []
