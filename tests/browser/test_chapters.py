"""Chapters of the guidelines written, proposed to be changed, put in force and withdrawn, by keyboard and with axe."""

import re

import pytest
from playwright.sync_api import Page, expect

from newsannot.accounts.models import Role
from newsannot.codebook.models import Guideline, Proposal
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.factories import a_codebook, a_user

pytestmark = pytest.mark.django_db(transaction=True)
IN_FORCE = re.compile(r"(?<!review)/guidelines/irony/$")
EDITED = re.compile(r"/review/guidelines/irony/$")


def write(page: Page, label: str, words: str) -> None:
    """Put words in place of what stands in a field."""
    page.get_by_label(label).focus()
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).press("Enter")


def test_a_new_chapter_is_looked_at_put_in_force_and_withdrawn(sign_in: SignIn) -> None:
    a_codebook()
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto("/review/guidelines/new/")
    write(page, "Title", "Irony")
    write(page, "Text", "It is rare.")
    press(page, "Look at it first")
    expect(page.locator("article.prose")).to_have_text("It is rare.")
    assert (problems(page), Guideline.objects.count()) == ([], 0)
    write(page, "Why it changes", "Asked for often.")
    press(page, "Put in force")
    page.wait_for_url(IN_FORCE)
    expect(page.get_by_text("The chapter is in force.")).to_be_visible()

    page.goto("/review/guidelines/irony/")
    page.locator("summary", has_text="Withdraw this chapter").press("Enter")
    press(page, "Withdraw the chapter")
    expect(page.locator("#withdrawal-error")).to_be_visible()
    assert problems(page) == []
    write(page, "Why it is withdrawn", "Nobody writes so.")
    press(page, "Withdraw the chapter")
    page.wait_for_url(re.compile(r"/review/codebook/$"))
    expect(page.get_by_text("is withdrawn; its wordings stay on record")).to_be_visible()
    assert list(Guideline.objects.order_by("number").values_list("is_withdrawn", "reason")) == [
        (False, "Asked for often."),
        (True, "Nobody writes so."),
    ]


def test_a_chapter_is_written_anew_on_an_analysts_proposal(sign_in: SignIn) -> None:
    a_codebook()
    Guideline.objects.create(key="irony", number=1, title="Irony", text="It is rare.\n")
    reader = sign_in(a_user(first_name="Ana")).new_page()
    reader.goto("/guidelines/irony/propose/")
    write(reader, "What should change, and why", "Say how it is marked.")
    press(reader, "Propose it")
    reader.wait_for_url(IN_FORCE)
    expect(reader.get_by_text("Handed to the editors.")).to_be_visible()

    page = sign_in(a_user(Role.EDITOR), color_scheme="dark").new_page()
    page.goto("/review/codebook/")
    expect(page.get_by_text("Say how it is marked.")).to_be_visible()
    press(page, "Accept")
    page.wait_for_url(EDITED)
    assert Proposal.objects.get().state == Proposal.State.ACCEPTED
    expect(page.get_by_text("Taken up from a proposal of Ana")).to_be_visible()
    write(page, "Text", "It is rare; mark it.")
    press(page, "Look at it first")
    expect(page.locator(".passage ins")).to_have_text("now: ; mark it")
    assert (problems(page), Guideline.objects.count()) == ([], 1)
    press(page, "Put in force")
    expect(page.locator("#id_reason_error")).to_be_visible()
    write(page, "Why it changes", "Ana asked.")
    press(page, "Put in force")
    page.wait_for_url(IN_FORCE)
    expect(page.get_by_text("In force: version 2.")).to_be_visible()
