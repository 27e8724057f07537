"""Work from the pool by one key, and back to it, in a browser."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from newsannot.accounts.models import Role
from newsannot.annotations.actions import open_reading
from newsannot.review.assigning import return_abandoned, take_next
from newsannot.review.models import Assignment, Batch
from newsannot.statements.models import Statement
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_codebook, a_revision, a_statement, a_user
from tests.review.assigning import a_batch, an_assignment

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_next_one_is_a_key_away_but_not_while_one_types(sign_in: SignIn) -> None:
    a_codebook()
    ana = a_user()
    slot = an_assignment(batch=a_batch(note="Mind the cues."))
    page = sign_in(ana).new_page()
    page.goto("/articles/")
    page.locator("[data-controller=shortcut][data-bound]").wait_for()
    page.get_by_label("Words in the title or text").press_sequentially("n")
    expect(page.locator("#inbox-words")).to_have_value("n")
    page.locator("#inbox-words").blur()
    page.keyboard.press("n")
    page.wait_for_url("**/readings/*/")
    expect(page.get_by_text("Mind the cues.")).to_be_visible()
    assert Assignment.objects.get(pk=slot.pk).analyst == ana


def test_a_batch_is_made_and_taken_back_without_a_script(sign_in: SignIn) -> None:
    a_revision()
    ana = a_user(first_name="Ana")
    page = sign_in(a_user(Role.EDITOR), java_script_enabled=False).new_page()
    page.goto("/review/batches/new/")
    page.get_by_label("Name").fill("August")
    page.get_by_label("Analysts for each article").fill("1")
    page.get_by_label("Ana", exact=True).check()
    page.get_by_role("button", name="Look at it first").click()
    page.get_by_role("button", name="Make the batch").click()
    expect(page.get_by_role("heading", name="August")).to_be_visible()
    assert Assignment.objects.get().analyst == ana
    page.get_by_role("button", name="Take back from Ana").click()
    expect(page.get_by_text("Taken back: it is in the pool.")).to_be_visible()
    assert (Assignment.objects.get().analyst, Batch.objects.count()) == (None, 1)


def test_a_lease_that_ends_while_its_holder_types_loses_nothing(sign_in: SignIn) -> None:
    a_codebook()
    ana, ben, slot = a_user(), a_user(), an_assignment()
    reading = open_reading(revision=take_next(by=ana).revision, by=ana)
    statement = a_statement(reading)
    bench = WorkbenchPage(sign_in(ana).new_page(), reading)
    bench.page.locator(f"#inspector [data-goes-to='{statement.pk}']").click()
    bench.page.wait_for_selector("#inspector .claim-form[data-bound]")
    bench.page.locator("#inspector .claim-form summary").first.click()
    venue = bench.page.locator("#inspector .claim-form [name=venue]")
    venue.press_sequentially("In the ha")

    return_abandoned(at=timezone.now() + timedelta(days=2), by=None)
    assert take_next(by=ben) == slot

    venue.press_sequentially("rbour")
    venue.press("Tab")
    bench.wait_for(lambda: Statement.objects.get().venue == "In the harbour")
    bench.drag_over(3, "envoy")
    bench.press("m")
    assert "envoy" in bench.saved()
    bench.page.goto(f"/readings/{reading.pk}/submit/")
    bench.page.get_by_role("button", name="Submit").click()
    expect(bench.page.locator("main")).to_contain_text("submitted", ignore_case=True)
    slot.refresh_from_db()
    reading.refresh_from_db()
    assert (slot.analyst, reading.state) == (ben, "submitted")
