"""An analyst fills in records: at once saved, never lost, refused in words, and without scripts as well."""

import re

import pytest
from django.core.management import call_command
from playwright.sync_api import Locator, Page, expect

from newsannot.actors.models import Actor
from newsannot.annotations.actions import change_annotation
from newsannot.annotations.models import Annotation, Mention, Reading
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor

QUOTE = "“If a single ship crosses the line,”"


@pytest.fixture
def reading(transactional_db: None) -> Reading:
    """A reading under the real code lists."""
    call_command("load_codebook", verbosity=0)
    return a_reading(by=a_user(), revision=a_revision())


@pytest.fixture
def bench(reading: Reading, sign_in: SignIn) -> WorkbenchPage:
    return WorkbenchPage(sign_in(reading.reader).new_page(), reading)


def open_record(bench: WorkbenchPage, record: Annotation) -> None:
    """Open a record from the list."""
    bench.open()
    bench.page.locator(f"#inspector [data-goes-to='{record.pk}']").click()
    bench.page.wait_for_selector(f"[data-annotation='{record.pk}']")


def in_form(page: Page, label: str):
    return page.locator("#inspector").get_by_label(label, exact=True)


def test_an_actor_is_recorded_while_it_is_named_by_keyboard_alone(bench: WorkbenchPage) -> None:
    bench.drag_over(1, "Minister Adaeze Obi")
    bench.mark("m")
    bench.press("Enter")
    bench.page.locator("#inspector [data-action=arm]").first.focus()
    bench.page.get_by_role("combobox", name="Actor", exact=True).focus()
    bench.page.keyboard.type("Adaeze Obi")
    expect(bench.page.locator("[role=option]").first).to_be_visible()
    bench.press("Enter")
    bench.wait_until_confirmed()
    bench.wait_for(lambda: Mention.objects.get().actor is not None)
    assert (Actor.objects.get().name, Actor.objects.get().kind) == ("Adaeze Obi", "person")
    expect(bench.page.locator("#inspector .chip input")).to_have_value(str(Actor.objects.get().pk))
    assert "mention of Adaeze Obi" in (bench.page.locator("#text mark").get_attribute("aria-description") or "")


def test_changes_in_quick_succession_are_all_saved(bench: WorkbenchPage, reading: Reading) -> None:
    threat = a_threat(reading)
    open_record(bench, threat)
    bench.page.locator("#inspector summary", has_text="More").click()
    in_form(bench.page, "Consequence").select_option("force")
    in_form(bench.page, "PLOVER mode").select_option("violence")
    bench.page.locator("#inspector").get_by_role("radio", name="Veiled").click(force=True)
    in_form(bench.page, "Deadline").fill("1962-10-28")
    in_form(bench.page, "Deadline").press("Enter")
    bench.wait_for(lambda: Threat.objects.get().deadline == "1962-10-28")
    stored = Threat.objects.get()
    assert (stored.consequence, stored.plover_mode, stored.explicitness) == ("force", "violence", "veiled")
    expect(bench.page.locator("#messages .toast.is-error")).to_have_count(0)


def test_what_is_refused_is_said_at_its_field_and_goes_through_when_mended(
    bench: WorkbenchPage, reading: Reading
) -> None:
    open_record(bench, a_threat(reading))
    bench.page.locator("#inspector").get_by_role("radio", name="Compellent").click(force=True)
    error = bench.page.locator("#inspector .field-error")
    expect(error).to_be_visible()
    expect(error).to_contain_text("demands something")
    expect(bench.page.locator("#messages")).to_contain_text("demands something")
    in_form(bench.page, "Demand").select_option("withdrawal")
    expect(error).to_have_count(0)
    bench.wait_for(lambda: Threat.objects.get().purpose == "compellent")
    assert Threat.objects.get().demand_kind == "withdrawal"


def test_a_record_changed_meanwhile_shows_both_versions_to_keep_either(bench: WorkbenchPage, reading: Reading) -> None:
    statement = a_statement(reading)
    open_record(bench, statement)
    change_annotation(annotation=statement, by=reading.reader, claim={"mode": "indirect"})
    bench.page.locator("#inspector").get_by_role("radio", name="Direct").first.click(force=True)
    expect(bench.page.locator("#inspector h2")).to_have_text("Statement changed meanwhile")
    expect(bench.page.locator("#inspector tbody tr")).to_contain_text(["Direct"])
    bench.page.get_by_role("button", name="Save what is chosen").click()
    expect(bench.page.locator("#inspector h2")).to_have_text("Statement")
    assert Statement.objects.get().mode == "direct"


def test_letting_go_of_a_record_lists_all_of_them_again(bench: WorkbenchPage, reading: Reading) -> None:
    mention = a_mention(reading)
    open_record(bench, mention)
    bench.page.locator("#text").focus()
    bench.press("Escape")
    expect(bench.page.locator("#inspector h2")).to_have_text("Marked")
    expect(bench.page.locator("#text.has-current")).to_have_count(0)


def test_a_threat_is_made_of_the_statement_at_hand(bench: WorkbenchPage, reading: Reading) -> None:
    speaker = an_actor()
    statement = a_statement(reading, speaker=speaker.pk)
    open_record(bench, statement)
    bench.page.locator("#text").focus()
    bench.press("t")
    expect(bench.page.locator("#inspector h2")).to_have_text("Threat")
    threat = Threat.objects.get()
    assert ([s.pk for s in threat.statements.all()], threat.issuer) == ([statement.pk], speaker)
    expect(bench.page.locator("#text mark.t-threat").first).to_have_text(QUOTE)


def test_the_tally_counts_along(bench: WorkbenchPage) -> None:
    bench.drag_over(1, "Minister Adaeze Obi")
    bench.mark("m")
    expect(bench.page.locator("#tally")).to_contain_text("1 mention")
    bench.press("z")
    expect(bench.page.locator("#tally")).to_contain_text("0 mentions")


def test_definitions_are_at_hand(bench: WorkbenchPage, reading: Reading) -> None:
    open_record(bench, a_threat(reading))
    bench.page.get_by_role("button", name="What the codes of Purpose mean").click()
    expect(bench.page.locator("#codes-threat-purpose")).to_be_visible()
    expect(bench.page.locator("#codes-threat-purpose")).to_contain_text("Changes how things are")


def test_on_a_telephone_the_record_rises_as_a_sheet_beside_its_words(reading: Reading, sign_in: SignIn) -> None:
    a_mention(reading)
    context = sign_in(reading.reader, viewport={"width": 390, "height": 844}, has_touch=True)
    bench = WorkbenchPage(context.new_page(), reading)
    sheet, words = bench.page.locator("aside.inspector"), bench.page.locator("#text mark").first
    expect(sheet).to_have_attribute("data-sheet", "peek")
    height = tall(sheet)
    words.tap()
    expect(sheet).to_have_attribute("data-sheet", "half")
    bench.wait_for(lambda: height < tall(sheet) < 844 / 2)
    assert bench.page.evaluate("document.documentElement.scrollWidth") == 390
    bench.page.get_by_role("button", name="Show more or less").tap()
    expect(sheet).to_have_attribute("data-sheet", "full")


def tall(element: Locator) -> float:
    box = element.bounding_box()
    assert box is not None
    return box["height"]


def top_and_bottom(element: Locator) -> tuple[float, float]:
    box = element.bounding_box()
    assert box is not None
    return box["y"], box["y"] + box["height"]


def test_on_a_telephone_the_words_of_a_record_stand_above_its_sheet(reading: Reading, sign_in: SignIn) -> None:
    a_mention(reading, "The neighbour’s envoy")
    context = sign_in(reading.reader, viewport={"width": 390, "height": 640}, has_touch=True)
    bench = WorkbenchPage(context.new_page(), reading)
    words, sheet = bench.page.locator("#text mark"), bench.page.locator("aside.inspector")
    before = top_and_bottom(words)
    assert before[1] > 640 * 0.54  # where the sheet will be
    words.tap()
    bench.wait_for(lambda: top_and_bottom(words)[1] < top_and_bottom(sheet)[0])
    assert top_and_bottom(words)[0] > top_and_bottom(bench.page.locator(".workbench-head"))[1]


def test_on_a_telephone_guidelines_open_and_a_phrase_is_found_in_sight(reading: Reading, sign_in: SignIn) -> None:
    context = sign_in(reading.reader, viewport={"width": 390, "height": 640}, has_touch=True)
    bench = WorkbenchPage(context.new_page(), reading)
    for _ in range(2):
        bench.page.locator(".inspector-handle").tap()
    bench.page.locator("[data-action=find]").tap()
    bar = bench.page.locator("#find-bar")
    bar.get_by_role("searchbox").fill("warns neighbour")
    expect(bar.locator("output").first).to_have_text("1 found")
    assert top_and_bottom(bench.page.locator("#b0"))[1] < top_and_bottom(bench.page.locator(".inspector"))[0]
    assert top_and_bottom(bench.page.locator("#b0"))[1] < top_and_bottom(bar)[0]
    bar.get_by_role("button", name="Close").tap()
    bench.page.get_by_role("link", name="Guidelines").last.tap()
    expect(bench.page.locator("#guide")).to_be_visible()


def test_without_scripts_a_record_is_opened_filled_in_deleted_and_brought_back(
    reading: Reading, sign_in: SignIn
) -> None:
    statement = a_statement(reading)
    page = sign_in(reading.reader, java_script_enabled=False).new_page()
    page.goto(f"/readings/{reading.pk}/")
    page.locator("#inspector a", has_text="a single ship").click()
    page.get_by_role("combobox", name="Speaker", exact=True).fill("Adaeze Obi")
    page.get_by_role("button", name="Save").click()
    assert Statement.objects.get().speaker.name == "Adaeze Obi"
    expect(page.locator("#inspector .chip")).to_contain_text("Adaeze Obi")
    page.get_by_role("button", name="Delete").click()
    assert Annotation.objects.standing().count() == 0
    page.get_by_role("button", name="Undo").click()
    assert [a.pk for a in Annotation.objects.standing()] == [statement.pk]
    page.get_by_role("link", name="Submit").click()
    page.get_by_role("button", name=re.compile("Submit")).click()
    reading.refresh_from_db()
    assert reading.state == "submitted"
