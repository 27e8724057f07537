"""Work from the pool by one key, and back to it, in a browser."""

import pytest
from playwright.sync_api import expect

from newsannot.accounts.models import Role
from newsannot.review.models import Assignment, Batch
from tests.browser.conftest import SignIn
from tests.factories import a_codebook, a_revision, a_user
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
    page.get_by_role("button", name="Take back").click()
    expect(page.get_by_text("Taken back: it is in the pool.")).to_be_visible()
    assert (Assignment.objects.get().analyst, Batch.objects.count()) == (None, 1)
