"""The journey of an export: asked for by format, kinds and filter, watched, downloaded and opened."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from newsannot.accounts.models import Role
from newsannot.dataset.exporting import write_export
from newsannot.dataset.models import Export
from tests.browser.conftest import SignIn
from tests.calling import Published, a_publication
from tests.factories import a_user

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20_000
"""Milliseconds: the row asks every two seconds how far it is, and machines of tests are busy."""


@pytest.fixture
def made() -> Published:
    """One of two publications."""
    a_publication(title="Another")
    return a_publication(title="Wanted")


@pytest.fixture
def page(made: Published, sign_in: SignIn) -> Page:
    """The page of exports."""
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto("/exports/")
    return page


def ask(page: Page, made: Published) -> None:
    """Ask for the statements of one article as JSONL."""
    page.locator("#id_format").select_option("jsonl")
    for kind in ("Mentions", "Threats"):
        page.get_by_role("checkbox", name=kind).uncheck()
    page.get_by_text("Only some of them").click()
    page.locator("#id_speaker").fill(str(made.speaker))
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.locator("li[id^=export-]")).to_contain_text("Waiting", timeout=PATIENCE)


def test_records_are_picked_written_downloaded_and_opened(page: Page, made: Published, tmp_path: Path) -> None:
    ask(page, made)
    row = page.locator("li[id^=export-]")
    expect(row).to_contain_text(f"speaker: {made.speaker}")
    write_export(Export.objects.get().pk)
    link = row.get_by_role("link", name=re.compile("Download"))
    expect(link).to_be_visible(timeout=PATIENCE)
    with page.expect_download() as download:
        link.click()
    download.value.save_as(tmp_path / "out.jsonl")
    text, statement = (json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines())
    assert (text["title"], statement["id"]) == ("Wanted", str(made.statement.public_id))
    for span in statement["parts"]["content"]:
        assert text["text"][span["start"] : span["end"]] == span["exact"]
    row.get_by_role("button", name=re.compile("Discard")).click()
    expect(page.locator("li[id^=export-]")).to_have_count(0, timeout=PATIENCE)


def test_one_that_is_not_wanted_any_more_is_cancelled_and_leaves_nothing(page: Page, made: Published) -> None:
    ask(page, made)
    page.get_by_role("button", name=re.compile("Cancel")).click()
    expect(page.locator("li[id^=export-]")).to_have_count(0, timeout=PATIENCE)
    assert Export.objects.count() == 0


def test_a_filter_nobody_understands_is_named_and_the_rest_stays(page: Page) -> None:
    page.locator("#id_format").select_option("csv")
    page.get_by_text("Only some of them").click()
    page.locator("#id_speaker").fill("somebody")
    page.get_by_role("button", name="Export", exact=True).click()
    expect(page.get_by_text("“somebody”").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator("#id_format")).to_have_value("csv")
    expect(page.locator("#id_speaker")).to_have_value("somebody")
