"""The page of agreement in a browser: computed while one waits, read, followed to the cases, taken away as a sheet."""

import csv
import re
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from newsannot.accounts.models import Role, User
from newsannot.annotations.models import Reading
from newsannot.codebook.models import CodebookVersion, Guideline
from newsannot.review.models import AgreementReport
from newsannot.review.tasks import make_agreement_report
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.factories import a_codebook, a_revision, a_user
from tests.review.test_agreement_pages import read_by


@pytest.fixture
def three_weeks(transactional_db: None) -> tuple[User, User]:
    """Two texts that Ana and Ben read alike three weeks ago, and one today, under a new codebook, that they did not."""
    ana, ben = a_user(first_name="Ana"), a_user(first_name="Ben")
    old = [a_revision(title=f"Old {nth}") for nth in range(2)]
    new = a_revision(title="New")
    for by in (ana, ben):
        for revision in old:
            read_by(by, revision)
        read_by(by, new, "title" if by == ben else "name", more="envoy" if by == ben else "")
    schemes = list(a_codebook().schemes.all())
    newer = CodebookVersion.objects.create(number=2, reason="Titles are names")
    newer.schemes.set(schemes)
    Guideline.objects.create(key="mentions", number=1, title="Mentions", text="All names.")
    Guideline.objects.create(key="mentions", number=2, title="Mentions", text="All names and titles.")
    past = timezone.now() - timezone.timedelta(days=21)
    Reading.objects.filter(revision__in=old).update(submitted_at=past)
    Reading.objects.filter(revision=new).update(codebook=newer)
    return ana, ben


def computed(page: Page) -> None:
    """Have the figures made; the page shows them by itself once the worker is done."""
    page.goto("/review/agreement/")
    page.get_by_role("button", name="Compute").click()
    expect(page.get_by_text("Waiting for the worker")).to_be_visible()
    make_agreement_report(AgreementReport.objects.get().pk)
    expect(page.get_by_role("heading", name="Where something was marked")).to_be_visible(timeout=20_000)


def test_figures_come_by_themselves_and_each_leads_to_its_cases(
    three_weeks: tuple[User, User], sign_in: SignIn, tmp_path: Path
) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    computed(page)
    records = page.locator("section:has(#where) tr.is-whole", has_text="Mentions").locator(".figure").first
    expect(records).to_have_text(re.compile(r"^0\.67\s*3 records$"))  # one of Ana’s, two of Ben’s: 2 × 1 / 3
    records.click()
    expect(page.locator(".case-words")).to_have_text(["envoy"])
    with page.expect_download() as cases:
        page.get_by_role("link", name="These as CSV").click()
    cases.value.save_as(tmp_path / "cases.csv")
    (case,) = csv.DictReader((tmp_path / "cases.csv").read_text(encoding="utf-8").splitlines())
    assert (case["title"], case["words"]) == ("New", "envoy")
    page.get_by_role("link", name="Agreement", exact=True).first.click()
    with page.expect_download() as figures:
        page.get_by_role("link", name="All figures as CSV").click()
    figures.value.save_as(tmp_path / "figures.csv")
    rows = list(csv.DictReader((tmp_path / "figures.csv").read_text(encoding="utf-8").splitlines()))
    of_records = {
        (row["codebook"], row["value"], row["compared"])
        for row in rows
        if (row["measure"], row["kind"], row["coders"]) == ("records_f1", "mention", "all")
    }
    assert of_records == {("1", "1.0", "4"), ("2", "0.6667", "3")}


def test_the_course_over_time_shows_what_changed_and_what_fell(three_weeks: tuple[User, User], sign_in: SignIn) -> None:
    page = sign_in(a_user(Role.EDITOR)).new_page()
    computed(page)
    expect(page.locator("section:has(#versions) .is-drop")).to_have_text("▼ −0.33")
    expect(page.locator(".chart-mark")).to_have_count(1)
    expect(page.locator(".chart-label.is-strong")).to_have_text("G1 v2")
    caption = page.locator(".chart figcaption")
    expect(caption).to_contain_text("Codebook version 2: Titles are names")
    expect(caption).to_contain_text("Guideline “Mentions”, version 2")
    page.locator("section:has(#times) tbody tr").last.locator(".figure").first.click()
    expect(page.locator(".case-words")).to_have_text(["envoy"])


@pytest.mark.parametrize(("scheme", "width"), [("light", 1440), ("dark", 390)])
def test_axe_finds_nothing_on_figures_and_cases(
    three_weeks: tuple[User, User], sign_in: SignIn, scheme: str, width: int
) -> None:
    ana, ben = three_weeks
    page = sign_in(a_user(Role.EDITOR), color_scheme=scheme, viewport={"width": width, "height": 900}).new_page()
    computed(page)
    assert problems(page) == []
    page.goto(f"/review/agreement/cases/?codebook=2&kind=mention&name=field:form&group={ana.pk}-{ben.pk}")
    expect(page.locator("table.confusion")).to_be_visible()
    assert problems(page) == []
