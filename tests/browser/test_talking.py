"""Comments and rulings as people meet them: from the count on top to the record, a reply in place, and read."""

from playwright.sync_api import expect

from newsannot.review.discussing import write_comment
from newsannot.review.models import Comment
from tests.browser.conftest import SignIn
from tests.review.disputing import disputed


def test_an_analyst_goes_from_the_inbox_to_the_record_and_replies_in_place(
    transactional_db: None, sign_in: SignIn
) -> None:
    case = disputed()
    case.rule(note="It is reported.")
    asked = write_comment(about=case.record, body="Why direct?", by=case.eva)
    page = sign_in(case.ana).new_page()
    page.goto("/articles/")
    page.get_by_role("link", name="Inbox 2 unread").click()
    page.get_by_role("button", name="Eva commented on a record").click()
    inspector = page.locator("#inspector")
    expect(inspector.get_by_text("Why direct?")).to_be_visible()
    expect(inspector.locator("dl.difference")).to_contain_text("Indirect")
    thread = inspector.locator(".thread", has_text="Why direct?")
    thread.locator("summary", has_text="Reply").click()
    thread.get_by_label("Your reply").fill("@ghost")
    thread.get_by_role("button", name="Reply").click()
    expect(inspector.get_by_role("alert")).to_have_text("Nobody called @ghost may see this.")
    thread.get_by_label("Your reply").fill("It is quoted.")
    thread.get_by_role("button", name="Reply").click()
    expect(inspector.locator(".comment.is-own")).to_contain_text("It is quoted.")
    thread.get_by_role("button", name="Resolve").click()
    expect(inspector.get_by_text("resolved by Ana")).to_be_visible()
    assert list(Comment.objects.filter(parent=asked).values_list("body", flat=True)) == ["It is quoted."]
    page.goto("/review/inbox/")
    expect(page.get_by_text("1 unread").first).to_be_visible()
    page.get_by_role("button", name="Mark all read").click()
    expect(page.get_by_text("Everything is read")).to_be_visible()
