"""A threat in full, by keyboard alone: its roles from the text, its codes from one another."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from newsannot.annotations.models import Annotation, Reading
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.browser.workbench_page import LIVE, WorkbenchPage
from tests.factories import a_reading, a_revision, a_statement, a_threat, a_user, an_actor

TEXT = "“Unless your ships leave the strait within 48 hours, we will open fire,” Minister Adaeze Obi said on Monday."


@pytest.fixture
def reading(transactional_db: None) -> Reading:
    """A reading under the real code lists."""
    call_command("load_codebook", verbosity=0)
    return a_reading(by=a_user(), revision=a_revision(TEXT, zones=[]))


@pytest.fixture
def bench(reading: Reading, sign_in: SignIn) -> WorkbenchPage:
    return WorkbenchPage(sign_in(reading.reader).new_page(), reading)


def find(bench: WorkbenchPage, phrase: str) -> None:
    """Select words by finding them."""
    bench.press("/")
    bench.page.keyboard.type(phrase)
    bench.press("Enter", "Escape")
    assert bench.draft() == phrase


def tab_to(bench: WorkbenchPage, selector: str) -> None:
    for _ in range(60):
        if bench.page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
        bench.press("Tab")
    raise AssertionError(f"no {selector} to tab to")


def stored() -> Threat:
    return Threat.objects.get()


def test_a_full_threat_is_marked_by_keyboard_alone(bench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    bench.page.locator("#text").focus()
    bench.press("ArrowRight", "Control+ArrowRight", "Control+ArrowRight", "q")
    bench.wait_until_confirmed()
    expect(bench.page.locator("#record-title")).to_have_text("Statement")
    bench.press("t")
    expect(bench.page.locator("#record-title")).to_have_text("Threat")
    bench.wait_until_confirmed()
    for words, role in [
        ("Unless your ships leave the strait", "2"),
        ("your ships leave the strait", "3"),
        ("we will open fire", "4"),
        ("48 hours", "5"),
    ]:
        find(bench, words)
        bench.press(role)
        bench.wait_until_confirmed()
    chips = bench.page.locator("#inspector .proposals:not(.is-folded) .proposal:not([hidden])")
    assert [" ".join(words.split()) for words in chips.all_text_contents()] == [
        "Purpose suggested: Compellent because “by a time” with a demand leans that way",
        "Condition suggested: By a time because a deadline is given",
        "Deadline suggested: 2025-09-07~ because of “48 hours”: counted from the article’s day, 2025-09-05; "
        "about, for the clock started when it was said",
    ]
    bench.press("v", "v", "v")
    bench.wait_for(lambda: stored().deadline != "")
    assert (stored().purpose, stored().condition_kind, stored().deadline) == ("compellent", "deadline", "2025-09-07~")
    bench.press("Enter")
    tab_to(bench, "[name=issuer_typed]")
    bench.page.keyboard.type("Obi")
    expect(bench.page.locator("[role=option]").first).to_be_visible()
    bench.press("Enter")
    tab_to(bench, "[name=consequence]")
    bench.page.keyboard.type("Mil")
    bench.wait_for(lambda: stored().consequence == "force")
    bench.press("Escape")
    expect(chips).to_have_count(3)
    bench.press("v", "v", "v")
    bench.wait_for(lambda: stored().mid_action != "")
    found = stored()
    assert (found.plover_mode, found.cameo, found.mid_action) == ("violence", "138", "1")
    assert found.issuer is not None
    assert (found.issuer.name, [s.pk for s in found.statements.all()]) == ("Adaeze Obi", [Statement.objects.get().pk])
    assert sorted(found.spans.values_list("role", "exact")) == [
        ("condition", "Unless your ships leave the strait"),
        ("consequence", "we will open fire"),
        ("deadline", "48 hours"),
        ("demand", "your ships leave the strait"),
    ]
    expect(chips).to_have_count(0)


def test_a_proposal_clicked_below_the_fold_is_taken_and_the_next_gets_the_focus(
    bench: WorkbenchPage, reading: Reading
) -> None:
    threat = a_threat(reading_with_strait(reading), consequence="force", condition_kind="none")
    bench.page.goto(f"/readings/{threat.reading_id}/?annotation={threat.pk}")
    bench.page.wait_for_selector("form[data-bound]")
    folded = bench.page.locator("#inspector .proposals.is-folded button:visible")
    expect(folded).to_have_count(3)
    folded.first.focus()
    bench.press("Enter")
    bench.wait_for(lambda: stored().plover_mode == "violence")
    expect(folded).to_have_count(2)
    assert bench.page.evaluate("document.activeElement.dataset.takes") == "cameo"
    bench.press("Enter", "Enter")
    bench.wait_for(lambda: stored().mid_action == "1")
    assert bench.page.evaluate("document.activeElement.localName") == "summary"


def reading_with_strait(reading: Reading) -> Reading:
    """A reading of the text that threats of the tests are made in, by the same person."""
    return a_reading(by=reading.reader, revision=a_revision())


def test_enter_in_a_field_takes_no_proposal(bench: WorkbenchPage, reading: Reading) -> None:
    threat = a_threat(reading_with_strait(reading), consequence="force")
    bench.page.goto(f"/readings/{threat.reading_id}/?annotation={threat.pk}")
    bench.page.wait_for_selector("form[data-bound]")
    bench.page.locator("#inspector .claim-form > details > summary").click()
    field = bench.page.locator("#inspector [name=deadline]")
    field.fill("2025-09-12")
    field.press("Enter")
    bench.wait_for(lambda: stored().deadline == "2025-09-12")
    assert (stored().plover_mode, stored().cameo) == ("", "")


def test_without_scripts_a_proposal_is_taken(reading: Reading, sign_in: SignIn) -> None:
    threat = a_threat(reading_with_strait(reading), consequence="force")
    page = sign_in(reading.reader, java_script_enabled=False).new_page()
    page.goto(f"/readings/{threat.reading_id}/?annotation={threat.pk}")
    page.locator("#inspector .proposals.is-folded").get_by_role("button", name="PLOVER mode").click()
    page.wait_for_load_state()
    assert (stored().plover_mode, stored().cameo) == ("violence", "")


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_in_a_threat_with_proposals(
    reading: Reading, sign_in: SignIn, scheme: str, width: int
) -> None:
    threat = a_threat(reading_with_strait(reading), purpose="", consequence="force")
    context = sign_in(reading.reader, color_scheme=scheme, viewport={"width": width, "height": 900})
    page = context.new_page()
    page.goto(f"/readings/{threat.reading_id}/?annotation={threat.pk}")
    page.wait_for_selector("form[data-bound]")
    assert problems(page) == []
    page.locator("#inspector .claim-form > details > summary").click()
    assert problems(page) == []


def opened(reading: Reading, sign_in: SignIn, annotation: Annotation, **options: object) -> Page:
    page = sign_in(reading.reader, **options).new_page()
    page.goto(f"/readings/{annotation.reading_id}/?annotation={annotation.pk}")
    page.wait_for_selector("form[data-bound]")
    return page


def test_purposes_are_told_apart_with_an_example_beside_the_field(reading: Reading, sign_in: SignIn) -> None:
    page = opened(reading, sign_in, a_threat(reading_with_strait(reading)))
    purpose = page.get_by_role("radiogroup", name="Purpose")
    for name, example in (("Deterrent", "“Do not do X"), ("Compellent", "“Do X, or undo it")):
        choice = purpose.get_by_role("radio", name=name, exact=True)
        gist = page.locator(f"#{choice.get_attribute('aria-describedby')}")
        expect(gist).to_contain_text(example)
        expect(gist.locator(".meaning-example")).not_to_be_empty()


def test_who_reports_whom_is_a_chain_that_leads_to_each_statement(reading: Reading, sign_in: SignIn) -> None:
    inner_reading = reading_with_strait(reading)
    outer = a_statement(inner_reading, speaker=an_actor("Envoy Lind").pk)
    inner = a_statement(inner_reading, speaker=an_actor("Adaeze Obi").pk, parent=outer.pk)
    page = opened(reading, sign_in, a_threat(inner_reading, inner, issuer=inner.statement.speaker_id))
    chain = page.get_by_role("navigation", name="Who reports whom")
    expect(chain.get_by_role("listitem")).to_have_text(["Envoy Lind", "Adaeze Obi", "this threat"])
    chain.get_by_role("link", name="Envoy Lind").press("Enter")
    page.locator(f"#inspector [data-annotation='{outer.pk}']").wait_for()


def test_three_scales_of_trust_stay_apart(reading: Reading, sign_in: SignIn) -> None:
    threat = a_threat(reading_with_strait(reading), credibility="3")
    page = opened(reading, sign_in, threat)
    page.locator("#inspector .claim-form > details > summary").click()
    scales = page.get_by_role("group", name="How far to trust it")
    expect(scales).to_contain_text("Reliability of the source")
    expect(scales.get_by_label("Credibility of the claim", exact=True)).to_have_value("3")
    scales.get_by_role("radio", name="High").locator("xpath=..").click()
    expect(page.locator(LIVE)).to_contain_text("Saved.")
    found = stored()
    assert (found.credibility, found.certainty) == ("3", "high")
