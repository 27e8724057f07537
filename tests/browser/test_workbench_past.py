"""Bringing back, in the browser: a deleted record from the list of them, and a record as an earlier version had it."""

from playwright.sync_api import Page, expect

from newsannot.annotations.actions import change_annotation
from newsannot.annotations.models import Annotation
from newsannot.annotations.queries import read_record
from tests.browser.conftest import OpenWorkbench
from tests.factories import a_mention, piece

TEXT = "Minister Obi warned the neighbour.\n\nThe neighbour’s envoy called it reckless."


def marked(page: Page) -> list[str]:
    """The words of every mark on the page."""
    return page.locator("#text mark").all_inner_texts()


def test_a_record_is_restored_from_the_deleted_ones_and_undone_again(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT)
    page, reading = workbench.page, workbench.reading
    expect(page.get_by_role("link", name="Deleted (1)")).to_have_count(0)
    gone = a_mention(reading, "neighbour")
    workbench.open()
    page.locator("#text mark").click()
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("link", name="Deleted (1)").click()
    expect(page.get_by_role("heading", name="Deleted")).to_be_visible()
    expect(page.locator(".deleted-item .quote")).to_have_text("neighbour")
    assert marked(page) == []
    page.get_by_role("button", name="Restore mention neighbour").click()
    expect(page.locator(f"#inspector [data-annotation='{gone.pk}']")).to_be_visible()
    expect(page.locator("#text mark.is-current")).to_have_text("neighbour")
    expect(page.locator("#tally")).to_contain_text("1 mention")
    workbench.wait_until_confirmed()
    assert Annotation.objects.get(pk=gone.pk).deleted_at is None
    page.locator("#text").focus()
    workbench.press("z")
    expect(page.locator("#text mark")).to_have_count(0)
    workbench.press("y")
    expect(page.locator("#text mark")).to_have_text("neighbour")


def test_a_version_is_looked_at_and_restored(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT)
    page, reading = workbench.page, workbench.reading
    mention = a_mention(reading, "Minister Obi", note="first seen here")
    before = read_record(mention)
    change_annotation(
        annotation=mention,
        claim={"note": "first heard here"},
        parts={"text": [piece(reading, "Obi")]},
        by=reading.reader,
    )
    workbench.open()
    page.locator("#text mark").click()
    page.get_by_role("link", name="History").click()
    steps = page.locator(".history-step")
    expect(steps).to_have_count(2)
    expect(steps.first.locator("del")).to_have_text(["was: Minister ", "was: seen"])
    expect(steps.first.locator("ins")).to_have_text(["now: heard"])
    expect(steps.first.locator("dd").first).to_have_attribute("title", "was 0–12, now 9–12")
    expect(page.locator("#text mark.is-current")).to_have_text("Obi")
    page.get_by_role("button", name="Restore this version 1").click()
    expect(page.locator("#text mark.is-current")).to_have_text("Minister Obi")
    expect(page.locator("textarea[name=note]")).to_have_value("first seen here")
    workbench.wait_until_confirmed()
    assert read_record(mention) == before
