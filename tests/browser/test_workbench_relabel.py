"""Marked, and meant otherwise: a piece gets another role, a record another kind."""

import pytest
from playwright.sync_api import expect

from newsannot.annotations.actions import change_annotation
from newsannot.annotations.models import Annotation, Span
from tests.browser.conftest import OpenWorkbench
from tests.browser.workbench_page import WorkbenchPage

TEXT = "“We will respond,” Minister Obi warned on Monday.\nNobody else spoke."


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    """A statement whose source and cue are marked the wrong way round, open."""
    page = open_workbench(TEXT)
    page.page.locator("#text").focus()
    page.drag_over(0, "We will respond")
    page.mark("s")
    for words, role in (("warned", "1"), ("Minister Obi", "2")):
        page.drag_over(0, words)
        page.mark(role)
    expect(page.page.locator(".slot[data-role=cue] .quote")).to_have_text("Minister Obi")
    return page


def roles(workbench: WorkbenchPage) -> dict[str, str]:
    """The role of each piece that stands, by its words."""
    spans = Span.objects.filter(annotation__reading=workbench.reading, annotation__deleted_at=None)
    return dict(spans.values_list("exact", "role"))


WRONG = {"We will respond": "content", "warned": "source", "Minister Obi": "cue"}
RIGHT = {"We will respond": "content", "warned": "cue", "Minister Obi": "source"}


def test_a_piece_at_the_cursor_gets_another_role_by_one_key_and_undo_takes_it_back(workbench: WorkbenchPage) -> None:
    assert roles(workbench) == WRONG
    workbench.click(0, "warned")
    workbench.press("Shift+Digit2")
    expect(workbench.page.locator(".slot[data-role=cue] .quote")).to_have_text("warned")
    expect(workbench.page.locator(".slot[data-role=source] .quote")).to_have_text("Minister Obi")
    assert (roles(workbench), workbench.focused()) == (RIGHT, "text")
    workbench.press("z")
    expect(workbench.page.locator(".slot[data-role=cue] .quote")).to_have_text("Minister Obi")
    workbench.wait_until_confirmed()
    assert roles(workbench) == WRONG


def test_a_piece_gets_another_role_by_mouse_and_keeps_the_focus(workbench: WorkbenchPage) -> None:
    remove = workbench.page.locator(".slot[data-role=source]").get_by_role("button", name="Remove these words")
    remove.click()
    expect(workbench.page.locator(".slot[data-role=source] .quote")).to_have_count(0)
    choice = workbench.page.locator(".slot[data-role=cue]").get_by_role("combobox", name="Role of these words")
    choice.focus()
    choice.select_option("Source")
    moved = workbench.page.locator(".slot[data-role=source]")
    expect(moved.locator(".quote")).to_have_text("Minister Obi")
    workbench.hears("Saved. statement, content: We will respond … Minister Obi")
    expect(moved.get_by_role("combobox", name="Role of these words")).to_be_focused()
    workbench.wait_until_confirmed()
    assert roles(workbench) == {"We will respond": "content", "Minister Obi": "source"}


def test_a_role_the_record_lacks_and_words_it_needs_are_said_and_nothing_changes(workbench: WorkbenchPage) -> None:
    workbench.click(0, "warned")
    workbench.press("Shift+Digit7")
    workbench.hears("The record has no such role.")
    workbench.press("n")
    workbench.press("Escape", "Escape")
    workbench.press("Shift+Digit2")
    workbench.hears("No record is open.")
    assert roles(workbench) == WRONG


# --- another kind ---


def kinds(workbench: WorkbenchPage) -> list[str]:
    """The kinds of the records that stand."""
    found = Annotation.objects.standing().filter(reading=workbench.reading)
    return list(found.values_list("kind", flat=True))


def expect_record(workbench: WorkbenchPage, kind: str) -> None:
    """A record of a kind has come into the inspector."""
    expect(workbench.page.locator(f"#inspector [data-annotation][data-kind={kind}]")).to_be_visible()
    workbench.wait_until_confirmed()


def test_a_record_becomes_one_of_another_kind_by_one_key_and_undo_brings_all_back(workbench: WorkbenchPage) -> None:
    workbench.press("Shift+T")
    expect_record(workbench, "threat")
    toast = workbench.page.locator("#messages .toast.is-success")
    expect(toast).to_contain_text("Now a threat. Left out: Source, Cue")
    workbench.hears("Saved. threat, reference: We will respond")
    expect(workbench.page.locator("#text mark.k-threat")).to_have_count(1)
    expect(workbench.page.locator("#text mark.k-statement")).to_have_count(0)
    assert (kinds(workbench), workbench.focused()) == (["threat"], "text")
    workbench.press("z")
    expect_record(workbench, "statement")
    assert (kinds(workbench), roles(workbench)) == (["statement"], WRONG)


def test_another_kind_is_chosen_by_mouse_where_it_says_what_would_be_left_out(workbench: WorkbenchPage) -> None:
    inspector = workbench.page.locator("#inspector")
    inspector.get_by_text("Another kind").click()
    mention = inspector.get_by_role("button", name="Mention")
    expect(mention).to_have_accessible_description("Leaves out: Source, Cue, Quotation")
    mention.click()
    expect_record(workbench, "mention")
    expect(workbench.page.locator("#tally")).to_contain_text("1 mention")
    assert (kinds(workbench), workbench.focused()) == (["mention"], "text")


def test_a_button_of_another_kind_pressed_by_key_leaves_the_focus_in_the_text(workbench: WorkbenchPage) -> None:
    inspector = workbench.page.locator("#inspector")
    inspector.get_by_text("Another kind").press("Enter")
    inspector.get_by_role("button", name="Threat").press("Enter")
    expect_record(workbench, "threat")
    assert workbench.focused() == "text"


def test_what_another_tab_changed_meanwhile_is_not_given_another_kind(workbench: WorkbenchPage) -> None:
    record = Annotation.objects.get(reading=workbench.reading)
    change_annotation(annotation=record, claim={"note": "Later."}, by=workbench.reading.reader)
    workbench.press("Shift+M")
    expect(workbench.page.locator("#messages .is-warning")).to_contain_text("changed")
    assert kinds(workbench) == ["statement"]


def test_the_kind_it_has_is_said(workbench: WorkbenchPage) -> None:
    workbench.press("Shift+S")
    workbench.hears("This is a statement already.")
