"""The living codebook in a browser: a list edited and a reading moved on, by keyboard; axe on its pages."""

import re

import pytest
from playwright.sync_api import expect

from newsannot.accounts.models import Role, User
from newsannot.annotations.actions import submit_reading
from newsannot.annotations.models import Reading
from newsannot.annotations.queries import read_claim
from newsannot.codebook.drafting import add_edit, open_draft, propose_change, put_in_force
from newsannot.codebook.models import Guideline, Scheme
from newsannot.codebook.revising import EditSaid
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.factories import a_codebook, a_reading, a_threat, a_user

DRAFT = "/review/codebook/threat-consequence/draft/"
PORT = {"code": "port", "label": "Port", "definition": "Closing a port."}
STRAIT = {"code": "strait", "label": "Strait", "definition": "Closing a strait."}
SPLIT = EditSaid("split", ("blockade",), (PORT, STRAIT))


def scheme() -> Scheme:
    a_codebook()
    return Scheme.objects.get(key="threat-consequence")


def test_an_editor_splits_a_code_and_puts_it_in_force_by_keyboard(transactional_db: None, sign_in: SignIn) -> None:
    open_draft(scheme=scheme(), by=a_user(Role.EDITOR))
    page = sign_in(a_user(Role.EDITOR)).new_page()
    page.goto(DRAFT)
    page.get_by_role("link", name="Split blockade").press("Enter")
    page.wait_for_url(re.compile(rf"{DRAFT}split/\?codes=blockade$"))
    for number, words in ((1, PORT), (2, STRAIT)):
        for name, value in words.items():
            page.locator(f"[name={name}_{number}]").fill(value)
    page.locator("[name=label_2]").press("Enter")
    page.wait_for_url(re.compile(rf"{DRAFT}$"))
    expect(page.get_by_role("heading", name="Edits so far")).to_be_visible()
    page.get_by_label("Why the list changes").fill("A port is not a strait.")
    page.get_by_role("button", name="Put in force").press("Enter")
    page.wait_for_url(re.compile(r"/codebook/threat-consequence/$"))
    assert page.locator(".code-entry .code").all_inner_texts() == ["force", "port", "strait", "unspecified"]


def test_an_analyst_answers_a_split_by_one_key_and_moves_on(transactional_db: None, sign_in: SignIn) -> None:
    reading = a_reading()
    threats = [a_threat(reading), a_threat(reading)]
    _in_force(a_user(Role.EDITOR))
    assert reading.reader
    page = sign_in(reading.reader).new_page()
    page.goto(f"/readings/{reading.pk}/codebook/")
    page.wait_for_selector("form[data-controller=questions][data-bound]")
    page.keyboard.press("2")
    expect(page.get_by_role("radio", name="Strait").first).to_be_checked()
    page.keyboard.press("1")
    expect(page.get_by_role("radio", name="Port").last).to_be_checked()
    expect(page.get_by_role("button", name="Move to codebook 2")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/readings/{reading.pk}/$"))
    page.wait_for_selector("main[data-bound]")
    assert [read_claim(threat)["consequence"] for threat in threats] == ["strait", "port"]
    assert Reading.objects.get(pk=reading.pk).codebook.number == 2


def _in_force(editor: User) -> None:
    draft = open_draft(scheme=scheme(), by=editor)
    add_edit(draft=draft, version=1, said=SPLIT, by=editor)
    put_in_force(draft=draft, version=2, reason="A port is not a strait.", by=editor)


@pytest.mark.parametrize(("colours", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_on_the_pages_of_the_living_codebook(
    transactional_db: None, sign_in: SignIn, colours: str, width: int
) -> None:
    editor, own, handed_in = a_user(Role.EDITOR), a_reading(), a_reading()
    a_threat(own)
    a_threat(handed_in)
    assert own.reader
    assert handed_in.reader
    submit_reading(reading=handed_in, by=handed_in.reader)
    _in_force(editor)
    Guideline.objects.create(key="threats", number=1, title="Threats", text="Mark them.\n")
    Guideline.objects.create(key="threats", number=2, title="Threats", text="Mark them all.\n", by=editor)
    propose_change(scheme=scheme(), guideline="", code="force", text="Call it arms.", by=own.reader)
    draft = open_draft(scheme=scheme(), by=editor)
    add_edit(draft=draft, version=1, said=EditSaid("retire", ("port",)), by=editor)
    found = {}
    for user, addresses in {
        editor: [
            "/codebook/threat-consequence/",
            "/codebook/threat-consequence/versions/",
            "/guidelines/threats/",
            "/guidelines/threats/versions/",
            "/review/codebook/",
            "/review/codebook/older/",
            DRAFT,
            *(f"{DRAFT}{sort}/?codes=force" for sort in ("add", "change", "merge", "retire", "split")),
            "/review/codebook/threat-consequence/name/",
            "/review/codebook/new/",
            "/review/guidelines/new/",
            "/review/guidelines/threats/",
        ],
        own.reader: [
            "/codebook/threat-consequence/propose/?code=force",
            "/guidelines/threats/propose/",
            f"/readings/{own.pk}/codebook/",
            f"/readings/{own.pk}/",
        ],
    }.items():
        context = sign_in(user, color_scheme=colours, viewport={"width": width, "height": 900})
        page = context.new_page()
        for address in addresses:
            answer = page.goto(address)
            if violations := problems(page):
                found[address] = violations
            assert answer is not None
            assert answer.status == 200
    assert found == {}
