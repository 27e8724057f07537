"""Comments and rulings as people meet them: from the count on top to the record, a reply in place, and read."""

from playwright.sync_api import BrowserContext, Page, expect

from newsannot.review.discussing import write_comment
from newsannot.review.models import Comment
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_unsaved import end_session, sign_in_again
from tests.factories import a_mention
from tests.review.disputing import disputed

KEPT = "() => Object.keys(localStorage).filter(key => key.startsWith('unsaved.'))"


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


def begin_comment(page: Page, words: str) -> None:
    """Unfold the form of a new comment in the inspector and type."""
    page.locator("#inspector .talk-new > summary").click()
    page.locator("#inspector .talk-new[open]").get_by_label("Your comment").fill(words)


def test_a_half_typed_comment_outlives_another_record_a_reload_and_the_session(
    transactional_db: None, sign_in: SignIn
) -> None:
    case = disputed()
    editing = sign_in(case.eva)
    page: Page = editing.new_page()
    record, other = case.curated.annotations.get(), a_mention(case.curated)
    address = f"/readings/{case.curated.pk}/?annotation="
    page.goto(f"{address}{record.pk}")
    page.wait_for_selector("#inspector .talk-new form[data-bound]", state="attached")
    begin_comment(page, "Half a")

    page.locator(f"mark[data-a~='{other.pk}']").first.click()
    expect(page.locator(f"#talk-{other.pk}")).to_be_attached()
    assert page.locator("#inspector").get_by_label("Your comment").input_value() == ""
    page.locator(f"mark[data-a='{record.pk}']").first.click()
    expect(page.locator("#inspector").get_by_label("Your comment")).to_have_value("Half a")

    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    field = page.locator("#inspector").get_by_label("Your comment")
    expect(field).to_have_value("Half a")
    expect(field).to_be_visible()
    field.fill("Half a thought.")
    said_after_signing_in_again(editing, page)
    assert list(Comment.objects.values_list("body", flat=True)) == ["Half a thought."]
    assert page.evaluate(KEPT) == []


def said_after_signing_in_again(context: BrowserContext, page: Page) -> None:
    """Send the comment in a session that has ended, sign in, and send it again."""
    send = page.locator("#inspector .talk-new").get_by_role("button", name="Comment")
    end_session(context)
    send.click()
    sign_in_again(page)
    expect(page.get_by_role("dialog", name="Your session has ended")).to_be_hidden()
    send.click()
    expect(page.locator("#inspector .comment.is-own")).to_contain_text("Half a thought.")


def test_a_half_typed_reply_to_a_ruling_is_there_after_a_reload(transactional_db: None, sign_in: SignIn) -> None:
    case = disputed()
    ruling = case.rule()
    write_comment(about=ruling, body="Is it?", by=case.ana)
    page = sign_in(case.ben).new_page()
    page.goto(f"/review/rulings/{ruling.pk}/")
    page.wait_for_selector(".thread form[data-bound]", state="attached")
    page.locator(".thread summary", has_text="Reply").click()
    page.get_by_label("Your reply").fill("I thi")
    page.once("dialog", lambda dialog: dialog.accept())
    page.reload()
    expect(page.get_by_label("Your reply")).to_have_value("I thi")
    expect(page.get_by_label("Your reply")).to_be_visible()
    page.get_by_label("Your reply").fill("I think so.")
    page.locator(".thread").get_by_role("button", name="Reply").click()
    expect(page.locator(".comment.is-own")).to_contain_text("I think so.")
    assert page.evaluate(KEPT) == []
