"""The journey of an import by keyboard: a file sent, names mapped, tried again, brought in, its reading opened."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from newsannot.accounts.models import Role
from newsannot.annotations.models import Annotation
from newsannot.dataset.import_jobs import run_import
from newsannot.dataset.models import ImportJob
from tests.browser.conftest import SignIn
from tests.dataset.test_imports_pages import QUOTE, a_corpus, a_line
from tests.factories import a_codebook, a_revision, a_user

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20_000
"""Milliseconds: the page asks every two seconds how far it is, and machines of tests are busy."""


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The page of imports."""
    a_codebook()
    a_revision()
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto("/imports/")
    return page


def reach(page: Page, name: str, role: str = "button") -> None:
    """Tab until what has this name has the focus."""
    wanted = page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]
    expect(wanted).to_be_visible(timeout=PATIENCE)
    for _ in range(60):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The keyboard does not reach {name}.")


def worked(page: Page) -> None:
    """The worker ends what the page waits for."""
    expect(page.locator("#import-progress")).to_be_visible(timeout=PATIENCE)
    run_import(ImportJob.objects.get().pk)
    expect(page.locator("#import-progress")).to_have_count(0, timeout=PATIENCE)


def test_a_file_is_mapped_tried_and_brought_in_by_keyboard(page: Page, tmp_path: Path) -> None:
    (tmp_path / "corpus.zip").write_bytes(a_corpus(a_line(1, "Quote", QUOTE)).read())
    reach(page, "New import", "link")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/new/")
    page.locator("[name=uploads]").set_input_files(tmp_path / "corpus.zip")
    reach(page, "Try it")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/imports/\d+/$"))
    worked(page)

    expect(page.get_by_text("The label “Quote” is none of ours")).to_be_visible(timeout=PATIENCE)
    reach(page, "Quote 1×", "combobox")
    page.keyboard.type("Statement: content")
    expect(page.get_by_label("Quote")).to_have_value("statement.content")
    reach(page, "Try again")
    page.keyboard.press("Enter")
    worked(page)

    expect(page.get_by_text("1 record would be new")).to_be_visible(timeout=PATIENCE)
    assert Annotation.objects.count() == 0
    reach(page, "Bring it in")
    page.keyboard.press("Enter")
    worked(page)

    expect(page.get_by_text("1 record came in")).to_be_visible(timeout=PATIENCE)
    reach(page, "Minister warns neighbour", "link")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/readings/\d+/$"))
    expect(page.locator("#text mark").first).to_have_text(QUOTE, timeout=PATIENCE)
    page.wait_for_load_state("networkidle")


def test_one_that_is_not_wanted_any_more_is_cancelled(page: Page, tmp_path: Path) -> None:
    (tmp_path / "corpus.zip").write_bytes(a_corpus().read())
    page.goto("/imports/new/")
    page.locator("[name=uploads]").set_input_files(tmp_path / "corpus.zip")
    page.get_by_role("button", name="Try it").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_text("Discarded; nothing of it is kept.")).to_be_visible(timeout=PATIENCE)
    assert ImportJob.objects.count() == 0
