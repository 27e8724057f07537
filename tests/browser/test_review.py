"""An editor's hands on a reading: from words to records and back, through the queue, a decision without a script."""

import pytest
from playwright.sync_api import Page, expect

from newsannot.accounts.models import Role
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Annotation, Reading
from newsannot.review.actions import accept_reading
from tests.browser.conftest import SignIn
from tests.factories import a_mention, a_reading, a_statement, a_threat, a_user

pytestmark = pytest.mark.django_db(transaction=True)


def submitted() -> Reading:
    """The text of the tests with a mention, a statement and the threat it expresses."""
    reading = a_reading()
    a_mention(reading, "Minister")
    a_threat(reading, a_statement(reading))
    return submit_reading(reading=reading, by=reading.reader)


def opened(page: Page, reading: Reading) -> Page:
    """The page of a reading, its script listening."""
    page.goto(f"/review/readings/{reading.pk}/")
    page.locator("main[data-bound]").wait_for()
    return page


def current(page: Page) -> str | None:
    """The record that is chosen and has the focus."""
    chosen = page.locator(".claim.is-current")
    expect(chosen).to_be_focused()
    return chosen.get_attribute("data-claim")


def test_words_lead_to_their_record_and_keys_through_the_records(sign_in: SignIn) -> None:
    reading = submitted()
    ids = dict(Annotation.objects.filter(reading=reading).values_list("kind", "pk"))
    page = opened(sign_in(a_user(Role.EDITOR)).new_page(), reading)
    page.locator("mark", has_text="said").click()
    assert current(page) == str(ids["statement"])
    expect(page.locator("mark.is-current")).to_have_count(page.locator(f"mark[data-a~='{ids['statement']}']").count())
    page.keyboard.press("k")
    assert current(page) == str(ids["mention"])
    page.keyboard.press("Escape")
    expect(page.locator(".is-current")).to_have_count(0)


def test_brackets_walk_the_queue_but_not_while_one_writes(sign_in: SignIn) -> None:
    first, second = submitted(), submitted()
    page = opened(sign_in(a_user(Role.EDITOR)).new_page(), first)
    page.get_by_text("Return with a comment").click()
    page.get_by_label("What is to be changed").press_sequentially("j]k")
    expect(page.get_by_label("What is to be changed")).to_have_value("j]k")
    page.get_by_text("Return with a comment").click()
    page.keyboard.press("]")
    page.wait_for_url(f"**/review/readings/{second.pk}/")
    page.locator("main[data-bound]").wait_for()
    page.keyboard.press("[")
    page.wait_for_url(f"**/review/readings/{first.pk}/")


def test_everything_is_decided_without_a_script(sign_in: SignIn) -> None:
    by, returned, accepted = a_user(Role.EDITOR), submitted(), submitted()
    page = sign_in(by, java_script_enabled=False).new_page()
    page.goto(f"/review/readings/{returned.pk}/")
    page.get_by_text("Return with a comment").click()
    page.get_by_label("What is to be changed").fill("The speaker is missing.")
    page.get_by_role("button", name="Return", exact=True).click()
    page.goto(f"/review/readings/{accepted.pk}/")
    page.get_by_role("button", name="Accept").click()
    page.get_by_role("link", name="Curated reading").click()
    page.get_by_role("button", name="Publish …").click()
    page.get_by_role("button", name="Publish", exact=True).click()
    page.get_by_role("button", name="Withdraw …").click()
    page.get_by_label("Reason").fill("Too early.")
    page.get_by_role("button", name="Withdraw", exact=True).click()
    expect(page.get_by_text("Too early.")).to_be_visible()
    states = list(Reading.objects.order_by("pk").values_list("state", flat=True))
    assert states == ["returned", "accepted", "withdrawn"]


def test_nothing_overflows_a_telephone(sign_in: SignIn) -> None:
    by, reading = a_user(Role.EDITOR), submitted()
    curated = accept_reading(reading=reading, by=by)
    page = sign_in(by, viewport={"width": 390, "height": 800}).new_page()
    for path in ("/review/", f"/review/readings/{reading.pk}/", f"/review/readings/{curated.pk}/", "/actors/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_on_a_telephone_where_one_is_stands_in_view(sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR), viewport={"width": 390, "height": 844}).new_page()
    page.goto("/review/people/")
    for strip in ("Main", "Review"):
        expect(page.get_by_role("navigation", name=strip).locator("[aria-current]")).to_be_in_viewport(ratio=0.95)
