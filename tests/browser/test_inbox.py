"""The list of articles by keyboard."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.factories import a_revision, a_user

pytestmark = pytest.mark.django_db(transaction=True)
FOCUSED = "() => document.activeElement.textContent.trim()"


@pytest.fixture
def inbox(sign_in: SignIn) -> Page:
    """Three articles, the newest on top."""
    for title in ("Third", "Second", "First"):
        a_revision("Obi spoke.", title=title)
    page = sign_in(a_user()).new_page()
    page.goto("/articles/")
    page.wait_for_selector("main[data-bound]")
    return page


def test_keys_go_through_the_articles_and_open_one(inbox: Page) -> None:
    seen = []
    for key in ("j", "j", "k", "k", "j", "j", "j"):
        inbox.keyboard.press(key)
        seen.append(inbox.evaluate(FOCUSED))
    assert seen == ["First", "Second", "First", "First", "Second", "Third", "Third"]
    inbox.keyboard.press("Enter")
    expect(inbox.get_by_role("heading", level=1)).to_have_text("Third")


def test_the_keys_of_the_list_are_told_and_typing_is_left_alone(inbox: Page) -> None:
    inbox.keyboard.press("?")
    sheet = inbox.get_by_role("dialog", name="Keys")
    expect(sheet.locator("dd").first).to_have_text("Next, previous article")
    inbox.keyboard.press("j")
    assert problems(inbox) == []
    inbox.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    inbox.keyboard.press("/")
    expect(inbox.locator("#inbox-words")).to_be_focused()
    with inbox.expect_response(lambda response: "q=jk" in response.url):
        inbox.keyboard.type("jk")
    expect(inbox.locator("#inbox-words")).to_have_value("jk")
    expect(inbox.get_by_text("No article answers to that").first).to_be_visible()
