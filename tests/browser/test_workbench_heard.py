"""What one hears who does not see the screen: what was done, what is refused, headings, names of what can be used."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from newsannot.annotations.actions import delete_annotation
from newsannot.annotations.models import Annotation
from newsannot.statements.models import Statement
from tests.browser.conftest import OpenWorkbench, SignIn
from tests.browser.test_workbench_unsaved import TEXT as UNSAVED_TEXT
from tests.browser.test_workbench_unsaved import a_statement_in_hand, changed_by_another, venue
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor

LINE = "“We will close the strait,” Minister Obi warned on Monday. “Any strike is war.” Nobody else spoke."
TEXT = f"{LINE}\nThe ultimatum stands."
# What has to have a name.
NAMED = {
    *("button", "link", "textbox", "searchbox", "combobox", "checkbox", "radio", "radiogroup", "listbox", "option"),
    *("dialog", "region", "complementary", "navigation"),
}
OUTLINE = """() => Array.from(document.querySelectorAll("h1, h2, h3, h4, [role=heading]"))
  .filter(heading => heading.checkVisibility())
  .map(heading => [Number(heading.ariaLevel ?? heading.localName.slice(1)), heading.textContent.trim()])"""


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    page = open_workbench(TEXT)
    page.page.locator("#text").focus()
    return page


def tree(page: Page) -> list[tuple[str, str, str]]:
    """Role, name and description of every node of the accessibility tree that is not ignored."""
    nodes = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    told = ("role", "name", "description")
    return [
        tuple(str(node.get(one, {}).get("value", "")) for one in told)  # type: ignore[misc]
        for node in nodes
        if not node["ignored"]
    ]


def nameless(page: Page) -> list[str]:
    """The roles of what has to have a name, and has none."""
    return [role for role, name, _ in tree(page) if role in NAMED and not name.strip()]


# --- what was done ---


def test_a_mark_is_told_with_its_name_and_words(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.press("m")
    workbench.hears("Saved. mention, text: Minister Obi")


def test_undo_redo_and_deletion_are_told_each_time(workbench: WorkbenchPage) -> None:
    for words in ("Minister Obi", "Monday"):
        workbench.drag_over(0, words)
        workbench.mark()
    heard = []
    for key in ("z", "z", "y", "y", "Delete"):
        workbench.press(key)
        workbench.wait_until_confirmed()
        workbench.wait_for(lambda: not workbench.said().startswith("Saved."))
        heard.append(workbench.said())
    assert heard == [
        "Undone.",
        "Undone.\u00a0",  # a screen reader says again only what has changed
        "Done again. mention, text: Minister Obi",
        "Done again. mention, text: Monday",
        "Deleted.",
    ]


def test_a_moved_border_is_told_before_and_after_it_is_saved(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    workbench.press("BracketRight")
    workbench.hears("Saved. mention, text: Minister Obi warned")


def test_a_saved_form_is_told_with_what_it_still_lacks(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Any strike is war")
    workbench.mark("s")
    workbench.page.locator("#inspector .claim-form > details > summary").click()
    venue = workbench.page.locator("#inspector [name=venue]")
    venue.fill("Minsk")
    venue.press("Tab")
    workbench.hears("Saved. Still to say: speaker")


def test_a_refusal_is_told_in_a_live_region(workbench: WorkbenchPage) -> None:
    workbench.press("z")
    refusal = workbench.page.locator("#messages[role=status][aria-live=polite] .is-warning")
    expect(refusal).to_contain_text("nothing to undo")


def test_a_filter_of_a_list_is_told_by_its_count_alone(sign_in: SignIn) -> None:
    for title in ("A warning", "A reply"):
        a_revision(f"{title}\nShips keep to their side.", title=title)
    page = sign_in(a_user()).new_page()
    page.goto("/articles/")
    expect(page.locator("main [aria-live], main [role=status]")).to_have_count(1)
    page.get_by_role("searchbox").press_sequentially("warning")
    expect(page.locator("main [role=status]")).to_have_text("1 article.")


# --- names ---


def test_every_piece_of_a_record_is_named_in_the_tree(workbench: WorkbenchPage) -> None:
    speaker = an_actor("Vladimir Putin")
    workbench.page.evaluate("() => getSelection().collapse(document.querySelector('#b0').firstChild, 3)")
    workbench.press("q")
    workbench.wait_until_confirmed()
    form = workbench.page.locator("#inspector")
    form.get_by_role("combobox", name="Speaker", exact=True).fill("Vladimir")
    form.get_by_role("option", name="Vladimir Putin").first.click()
    workbench.wait_for(lambda: Statement.objects.get(reading=workbench.reading).speaker_id == speaker.pk)
    workbench.wait_until_confirmed()
    assert [description for role, _, description in tree(workbench.page) if role == "mark"] == [
        "statement by Vladimir Putin, content, 1 of 2",
        "statement by Vladimir Putin, source",
        "statement by Vladimir Putin, cue",
        "statement by Vladimir Putin, content, 2 of 2",
    ]


def test_every_record_is_reached_in_order_and_named_by_one_key(workbench: WorkbenchPage) -> None:
    for words, key in (("We will close the strait", "s"), ("Minister Obi", "m"), ("strike", "t")):
        workbench.drag_over(0, words)
        workbench.mark(key)
    workbench.press("Escape")
    workbench.wait_for(lambda: not workbench.is_busy())
    heard = []
    for _ in range(3):
        workbench.press("n")
        workbench.wait_for(lambda: not workbench.is_busy())
        heard.append(workbench.said())
    assert sorted(heard) == [
        "mention, text: Minister Obi",
        "statement, content: We will close the strait",
        "threat, reference: strike",
    ]


@pytest.mark.parametrize("kind", ["mention", "statement", "threat"])
def test_all_that_can_be_used_has_a_name(sign_in: SignIn, kind: str) -> None:
    reading = a_reading()
    statement = a_statement(reading, speaker=an_actor().pk)
    record = {"mention": a_mention, "threat": lambda one: a_threat(one, statement)}.get(kind, lambda _: statement)(
        reading
    )
    page = sign_in(reading.reader).new_page()
    page.goto(f"/readings/{reading.pk}/?annotation={record.pk}")
    page.wait_for_selector("form[data-bound]")
    page.locator("#inspector .claim-form > details > summary").click()
    assert nameless(page) == []
    page.locator("#text").press("/")
    page.keyboard.type("the")
    assert nameless(page) == []


def test_a_chosen_actor_is_told_with_its_field(workbench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    workbench.press("Enter", "Enter")
    chip = workbench.page.get_by_role("group", name="Actor").get_by_role("button", name="Remove Adaeze Obi")
    expect(chip).to_be_focused()


def test_headings_lead_through_article_and_inspector(sign_in: SignIn) -> None:
    text = "Strait closed\nThe minister spoke.\nWhy now?\nNobody knows."
    revision = a_revision(text, title="Strait closed", zones=[("headline", 0, 13), ("heading", 34, 42)])
    reading = a_reading(revision=revision)
    page = sign_in(reading.reader).new_page()
    page.goto(f"/readings/{reading.pk}/")
    page.wait_for_selector("main[data-bound]")
    expect(page.locator("#suggestions[data-suggestions]")).to_be_visible()
    assert page.evaluate(OUTLINE) == [
        [1, "Strait closed"],
        [2, "Strait closed"],
        [2, "Why now?"],
        [2, "Marked"],
        [3, "Suggestions"],
    ]


def test_landmarks_are_one_each_and_named(workbench: WorkbenchPage) -> None:
    roles = ("banner", "navigation", "main", "complementary", "article")
    found = {role: workbench.page.get_by_role(role).count() for role in roles}  # type: ignore[arg-type]
    assert found == dict.fromkeys(roles, 1)


@pytest.mark.parametrize(
    ("key", "role", "name"), [("?", "dialog", "Keys"), ("/", "search", None), ("h", "region", "Guidelines")]
)
def test_what_opens_is_named_takes_the_focus_and_gives_it_back(
    workbench: WorkbenchPage, key: str, role: Any, name: str | None
) -> None:
    place = workbench.page.get_by_role(role, name=name)
    workbench.press(key)
    expect(place).to_be_visible()
    workbench.wait_for(lambda: place.evaluate("place => place.contains(document.activeElement)"))
    workbench.press("Escape")
    expect(place).to_be_hidden()
    assert workbench.focused() == "text"


def test_what_was_is_in_regions_with_names(workbench: WorkbenchPage) -> None:
    page, reading = workbench.page, workbench.reading
    gone, kept = a_mention(reading, "Monday"), a_mention(reading, "Minister Obi")
    delete_annotation(annotation=gone, by=reading.reader)
    page.goto(f"/annotations/{kept.pk}/history/")
    expect(page.get_by_role("region", name=f"History of mention {kept.pk}")).to_be_visible()
    page.goto(f"/readings/{reading.pk}/deleted/")
    expect(page.get_by_role("region", name="Deleted 1")).to_be_visible()


def test_the_next_record_under_review_is_told_by_its_words(sign_in: SignIn) -> None:
    reading = a_reading()
    a_mention(reading, "Minister Adaeze Obi")
    Annotation.objects.get(reading=reading)
    reading.state = "submitted"
    reading.save(update_fields=["state"])
    page = sign_in(a_user("editor")).new_page()
    page.goto(f"/review/readings/{reading.pk}/")
    page.locator("main[data-bound]").wait_for()
    page.keyboard.press("j")
    expect(page.get_by_role("article", name="Mention Minister Adaeze Obi")).to_be_focused()


# --- both versions, and the bin, as they are heard ---

CONFLICT = """
- region "Statement changed meanwhile":
  - heading "Statement changed meanwhile" [level=2]
  - paragraph: we will close the strait
  - paragraph: This statement was changed while you filled in its form.
  - paragraph:
    - text: /By yourself, elsewhere,/
    - time
    - text: ". Nothing of yours was stored yet: choose for each field which version stays."
  - table "Both versions, field by field":
    - caption: Both versions, field by field
    - rowgroup:
      - row "Field Yours What stands":
        - columnheader "Field"
        - columnheader "Yours"
        - columnheader "What stands"
    - rowgroup:
      - row:
        - rowheader "Venue"
        - 'cell "Venue: keep yours, Minsk"':
          - 'radio "Venue: keep yours, Minsk" [checked]'
        - 'cell "Venue: keep what stands, Moscow"':
          - 'radio "Venue: keep what stands, Moscow"'
      - row:
        - rowheader "Note"
        - 'cell "Note: keep yours, nothing"':
          - 'radio "Note: keep yours, nothing"'
        - 'cell "Note: keep what stands, Seen live"':
          - 'radio "Note: keep what stands, Seen live" [checked]'
  - button "Save what is chosen"
  - link "Keep all that stands"
"""
GONE = """
- region "Statement deleted meanwhile":
  - heading "Statement deleted meanwhile" [level=2]
  - paragraph: we will close the strait
  - paragraph: This statement was deleted while you filled in its form.
  - paragraph:
    - text: It can be restored from
    - link "the deleted records"
    - text: . What you had entered is below.
  - table "Both versions, field by field":
    - caption: Both versions, field by field
    - rowgroup:
      - row "Field Yours What stands"
    - rowgroup:
      - row "Venue Minsk —":
        - rowheader "Venue"
        - cell "Minsk"
        - cell "—"
  - link "All records"
"""
BIN = """
- region "Deleted 2 records":
  - heading "Deleted 2 records" [level=2]
  - link "All records"
  - list "Deleted records, the last first":
    - listitem:
      - paragraph: Monday
      - paragraph: Mention of Adaeze Obi
      - paragraph:
        - text: /Deleted by analyst\\d+,/
        - time
      - button "Restore mention Monday"
      - link "History of mention Monday"
    - listitem:
      - paragraph: Minister Obi
      - paragraph: Mention
      - paragraph:
        - text: /Deleted by analyst\\d+,/
        - time
      - button "Restore mention Minister Obi"
      - link "History of mention Minister Obi"
"""


def test_both_versions_are_heard_each_value_once(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(UNSAVED_TEXT)
    statement, page = a_statement_in_hand(workbench), workbench.page
    changed_by_another(statement, venue="Moscow", note="Seen live")
    venue(page).fill("Minsk")
    venue(page).blur()
    expect(page.get_by_role("heading", name="Statement changed meanwhile")).to_be_focused()
    expect(page.locator("#inspector")).to_match_aria_snapshot(CONFLICT)
    assert nameless(page) == []


def test_a_record_deleted_meanwhile_is_told_with_what_was_entered(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(UNSAVED_TEXT)
    statement, page = a_statement_in_hand(workbench), workbench.page
    delete_annotation(annotation=Annotation.objects.get(pk=statement.pk), by=workbench.reading.reader)
    venue(page).fill("Minsk")
    venue(page).blur()
    expect(page.get_by_role("heading", name="Statement deleted meanwhile")).to_be_focused()
    expect(page.locator("#inspector")).to_match_aria_snapshot(GONE)
    assert nameless(page) == []


def test_the_bin_is_heard_record_by_record_and_tells_what_is_restored(workbench: WorkbenchPage) -> None:
    page, reading = workbench.page, workbench.reading
    for words, actor in (("Minister Obi", None), ("Monday", an_actor().pk)):
        delete_annotation(annotation=a_mention(reading, words, actor=actor), by=reading.reader)
    page.goto(f"/readings/{reading.pk}/deleted/")
    page.wait_for_selector("main[data-bound]")
    expect(page.locator("#inspector")).to_match_aria_snapshot(BIN)
    assert nameless(page) == []
    page.get_by_role("button", name="Restore mention Monday").press("Enter")
    expect(page.locator("#messages")).to_contain_text("The mention is restored.")
    expect(page.get_by_role("region", name="Mention")).to_be_visible()
    workbench.wait_until_confirmed()
    assert workbench.focused() == "text"
