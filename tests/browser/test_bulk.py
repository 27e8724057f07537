"""Readings and assignments changed in bulk, wholly by keyboard: looked at, done and undone; axe on each state."""

import re

import pytest
from playwright.sync_api import Page, expect

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading
from newsannot.review.models import Assignment, BulkDeed
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.factories import a_codebook, a_revision, a_user
from tests.review.assigning import a_batch, an_assignment, handed_in

pytestmark = pytest.mark.django_db(transaction=True)

SHOWN, CHANGE = re.compile(r"/review/bulk/$"), re.compile(r"/review/batches/\d+/change/$")
DEED = re.compile(r"/review/bulk/\d+/$")
WIDE, NARROW = ("light", 1440), ("dark", 390)


def editors_page(sign_in: SignIn, view: tuple[str, int]) -> Page:
    a_codebook()
    colours, width = view
    editor = a_user(Role.EDITOR, first_name="Eva")
    return sign_in(editor, color_scheme=colours, viewport={"width": width, "height": 900}).new_page()


def headed(page: Page, words: str) -> None:
    """Wait until the page is headed so; axe finds nothing on it."""
    expect(page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()
    assert problems(page) == []


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button, exact=True).press("Enter")


def states() -> set[str]:
    return set(Reading.objects.filter(reader__isnull=False).values_list("state", flat=True))


def test_readings_are_chosen_returned_with_a_comment_and_that_undone(sign_in: SignIn) -> None:
    page = editors_page(sign_in, NARROW)
    for title in ("One", "Two"):
        handed_in(a_user(), a_revision(title=title))
    page.goto("/review/")
    for box in page.get_by_role("checkbox").all():
        box.press("Space")
        expect(box).to_be_checked()
    press(page, "Return …")
    page.wait_for_url(SHOWN)
    headed(page, "Return 2 readings?")
    assert states() == {"submitted"}
    page.get_by_label("What is to be changed").press_sequentially("Mind the cues.")
    press(page, "Return 2 readings")
    page.wait_for_url(DEED)
    headed(page, "2 readings returned")
    assert states() == {"returned"}
    press(page, "Undo the whole")
    expect(page.get_by_text("Undone: all of them are as they were.")).to_be_visible()
    headed(page, "2 readings returned")
    assert states() == {"submitted"}


def batch_page(sign_in: SignIn, view: tuple[str, int]) -> tuple[Page, list[User]]:
    """The page of a batch of four in the pool, and two analysts."""
    page = editors_page(sign_in, view)
    people = [a_user(first_name=name) for name in ("Ana", "Ben")]
    batch = a_batch(name="August")
    for _ in range(4):
        an_assignment(batch=batch)
    page.goto(f"/review/batches/{batch.pk}/")
    return page, people


def choose_the_pool(page: Page, button: str) -> None:
    """Choose what lies in the pool by the arrow, and press what is to be changed of it."""
    which = page.locator("select[name=which]")
    for chosen in ("all that are not handed in", "all in the pool"):
        which.press("ArrowDown")
        expect(which.locator("option:checked")).to_have_text(chosen)
    press(page, button)
    page.wait_for_url(CHANGE)


def test_due_dates_are_asked_for_looked_at_set_and_undone(sign_in: SignIn) -> None:
    page, _ = batch_page(sign_in, WIDE)
    choose_the_pool(page, "Due date …")
    headed(page, "Set the due date of 4 assignments")
    page.get_by_label("Due (UTC)").fill("2041-05-06T19:08")
    press(page, "Look at it first")
    headed(page, "Set the due date of 4 assignments?")
    assert Assignment.objects.filter(due_at=None).count() == 4
    press(page, "Set the due date of 4 assignments")
    page.wait_for_url(DEED)
    assert set(Assignment.objects.values_list("due_at__year", flat=True)) == {2041}
    assert problems(page) == []
    press(page, "Undo the whole")
    expect(page.get_by_text("Undone: all of them are as they were.")).to_be_visible()
    assert Assignment.objects.filter(due_at=None).count() == 4
    assert problems(page) == []


def test_work_is_handed_to_two_by_keyboard_and_that_undone(sign_in: SignIn) -> None:
    page, (ana, ben) = batch_page(sign_in, NARROW)
    choose_the_pool(page, "Hand to …")
    headed(page, "Hand over 4 assignments")
    press(page, "Look at it first")
    expect(page.get_by_text("Say to whom.")).to_be_visible()
    headed(page, "Hand over 4 assignments")
    for name in ("Ana", "Ben"):
        page.get_by_role("checkbox", name=name, exact=True).press("Space")
        expect(page.get_by_role("checkbox", name=name, exact=True)).to_be_checked()
    press(page, "Look at it first")
    headed(page, "Hand over 4 assignments?")
    assert Assignment.objects.filter(analyst=None).count() == 4
    press(page, "Hand over 4 assignments")
    page.wait_for_url(DEED)
    headed(page, "4 assignments handed to Ana and Ben")
    assert [Assignment.objects.filter(analyst=one).count() for one in (ana, ben)] == [2, 2]
    press(page, "Undo the whole")
    expect(page.get_by_text("Undone: all of them are as they were.")).to_be_visible()
    assert Assignment.objects.filter(analyst=None).count() == 4
    assert BulkDeed.objects.get().undone_at is not None


def test_work_is_handed_to_two_without_a_script(sign_in: SignIn) -> None:
    a_codebook()
    people, batch = [a_user(first_name=name) for name in ("Ana", "Ben")], a_batch()
    for _ in range(2):
        an_assignment(batch=batch)
    page = sign_in(a_user(Role.EDITOR), java_script_enabled=False).new_page()
    page.goto(f"/review/batches/{batch.pk}/")
    page.locator("select[name=which]").select_option("pool")
    press(page, "Hand to …")
    for one in people:
        page.get_by_role("checkbox", name=one.label, exact=True).check()
    press(page, "Look at it first")
    press(page, "Hand over 2 assignments")
    page.wait_for_url(DEED)
    assert {slot.analyst for slot in Assignment.objects.all()} == set(people)
