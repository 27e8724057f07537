"""Sending files: how far it is can be seen, and the answer takes the page's place."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from newsannot.articles.models import Article
from tests.browser.conftest import SignIn
from tests.factories import a_user

ARTICLE = re.compile(r"/articles/\d+/$")
BODY = "The minister said on Monday that his country would answer any attack on its ships and its planes."


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The form, its controller listening."""
    page = sign_in(a_user()).new_page()
    page.goto("/articles/new/")
    page.wait_for_selector("form[data-controller~=sending][data-bound]")
    return page


def choose(page: Page, *files: Path) -> None:
    page.get_by_label("Files").set_input_files(files)
    page.get_by_role("button", name="Add").click()


def lines(path: Path, count: int) -> Path:
    path.write_text("\n".join(json.dumps({"title": f"Report {n}", "text": f"{BODY} {n}"}) for n in range(count)))
    return path


def test_one_article_sent_as_a_file_is_opened(page: Page, tmp_path: Path) -> None:
    file = tmp_path / "warning.txt"
    file.write_text(f"A warning\n{BODY}")
    choose(page, file)
    page.wait_for_url(ARTICLE)
    expect(page.locator("#messages")).to_contain_text("The article is added.")
    assert Article.objects.get().title == "A warning"


def test_of_many_it_is_told_what_became_of_each(page: Page, tmp_path: Path) -> None:
    choose(page, lines(tmp_path / "many.jsonl", 3))
    expect(page.get_by_role("heading", level=1)).to_have_text("3 articles added")
    assert page.title() == "Articles added · newsannot"
    assert page.evaluate("() => document.activeElement.id") == "main"


def test_a_refused_file_is_named_and_another_can_be_sent(page: Page, tmp_path: Path) -> None:
    empty, good = tmp_path / "empty.txt", tmp_path / "good.txt"
    empty.touch()
    good.write_text(f"A warning\n{BODY}")
    choose(page, empty)
    expect(page.locator(".field-error")).to_have_text("It is empty.")
    page.wait_for_selector("form[data-controller~=sending][data-bound]")
    choose(page, good)
    page.wait_for_url(ARTICLE)


def test_while_files_are_sent_the_form_is_busy(page: Page, tmp_path: Path) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/articles/new/", hold)
    choose(page, lines(tmp_path / "many.jsonl", 3))
    expect(page.get_by_role("progressbar", name="Sent to the server")).to_be_visible()
    expect(page.locator("[data-sending-words]")).not_to_be_empty()
    expect(page.get_by_role("button", name="Add")).to_be_disabled()
    held[0].continue_()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 articles added")


def test_without_the_server_nothing_is_lost(page: Page, tmp_path: Path) -> None:
    page.route("**/articles/new/", lambda route: route.abort())
    choose(page, lines(tmp_path / "many.jsonl", 3))
    expect(page.locator("[data-sending-words]")).to_have_text("The server cannot be reached. Send the files again.")
    page.unroute("**/articles/new/")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("3 articles added")


def test_who_was_signed_out_is_told(page: Page, tmp_path: Path) -> None:
    page.context.clear_cookies(name="sessionid")
    choose(page, lines(tmp_path / "many.jsonl", 3))
    expect(page.locator("[data-sending-words]")).to_contain_text("You are signed out.")
    assert Article.objects.count() == 0
