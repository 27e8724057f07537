"""The review, end to end: two code a text blind, an editor decides by keyboard alone, both see what became of it."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.models import Role, User
from newsannot.actors.models import Actor
from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from newsannot.articles.models import Revision
from newsannot.review.models import AgreementReport, Dispute, Ruling
from newsannot.review.tasks import make_agreement_report
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import SEEN, WorkbenchPage
from tests.factories import a_revision, a_user, an_actor

SEEDS = sorted((Path(__file__).resolve().parents[3] / "shared" / "seed").glob("*.txt"))
DEMO = settings.BASE_DIR / "fixtures/demo/articles/01-vladivostok-troops.json"
OPEN = "“If some troops appear there, especially now during the fighting, we proceed from the premise that they will be"
WARNING = f"{OPEN} legitimate targets,”"
CONDITION = "If some troops appear there, especially now during the fighting"
CONSEQUENCE = "they will be legitimate targets"
ANSWER = "“It will definitely not be single digits, but in the thousands,”"
ADDED = "“And that is a fact, but it is still a little too early to talk about it.”"


@dataclass(frozen=True)
class Case:
    """A text, the people who read it, and the actors it names."""

    revision: Revision
    ana: User
    ben: User
    eva: User


def case_of(text: str) -> Case:
    call_command("load_codebook", verbosity=0)
    for name, kind in (
        ("Vladimir Putin", "person"),
        ("Volodymyr Zelenskyy", "person"),
        ("Donald Trump", "person"),
        ("Russia", "state"),
        ("Ukraine", "state"),
        ("NATO", "group"),
    ):
        an_actor(name, kind)
    people = [a_user(role, first_name=name) for name, role in (("Ana", Role.ANALYST), ("Ben", Role.ANALYST))]
    return Case(a_revision(text), *people, a_user(Role.EDITOR, first_name="Eva"))


# --- The analysts ---------------------------------------------------------------------------------


class Coder:
    """An analyst with a reading of their own in a browser of their own."""

    def __init__(self, context: BrowserContext, case: Case) -> None:
        self.page = context.new_page()
        self.lines = case.revision.text.split("\n")
        self.page.goto(f"/articles/{case.revision.article_id}/")
        self.page.get_by_role("button", name="Start reading").click()
        self.page.wait_for_selector("main[data-reading]")
        number = self.page.locator("main[data-reading]").get_attribute("data-reading")
        self.bench = WorkbenchPage(self.page, Reading.objects.get(pk=int(number or 0)))

    def block(self, words: str) -> int:
        """The line that holds the words."""
        return next(at for at, line in enumerate(self.lines) if words in line)

    def mark(self, key: str, words: str, within: str = "") -> None:
        """Select words and label them; `within` says in which line they stand."""
        self.bench.drag_over(self.block(within or words), words)
        self.bench.mark(key)
        self.page.wait_for_selector("#inspector [data-annotation]")

    def fill(self, role: str, words: str, within: str) -> None:
        """Give the open record a piece of a role."""
        self.page.locator(f"#inspector fieldset[data-role={role}] [data-action=arm]").click()
        before = len(self.bench.saved())
        self.bench.drag_over(self.block(within), words)
        self.bench.wait_for(lambda: len(self.bench.saved_now()) == before + 1)
        self.bench.wait_until_confirmed()

    def name(self, field: str, actor: str) -> None:
        """Choose an actor in place of whoever is there."""
        box = self.page.locator(f".typeahead[data-name={field}]")
        for chip in box.locator(".chip-remove").all():
            chip.click()
            self.saved()
        box.get_by_role("combobox").fill(actor)
        self.page.get_by_role("option", name=actor).first.click()
        expect(box.locator(".chip")).to_contain_text([actor])
        self.saved()

    def choose(self, field: str, value: str) -> None:
        """Take a code, by radio or from a list."""
        control = self.page.locator(f"#inspector [name={field}]").first
        for folded in self.page.locator(f"#inspector details:not([open]):has([name={field}])").all():
            folded.locator("> summary").click()
        if control.evaluate("control => control.tagName") == "SELECT":
            control.select_option(value)
        else:
            self.page.locator(f"#inspector [name={field}][value={value}]").locator("xpath=..").click()
        self.saved()

    def saved(self) -> None:
        """Wait until the form is saved."""
        self.bench.wait_until_confirmed()
        expect(self.page.locator("#unsaved")).to_have_text("")

    def submit(self) -> Reading:
        """Hand the reading in."""
        self.page.goto(f"/readings/{self.bench.reading.pk}/submit/")
        self.page.get_by_role("button", name="Submit").click()
        expect(self.page.locator("main")).to_contain_text("submitted", ignore_case=True)
        return Reading.objects.get(pk=self.bench.reading.pk)


def ana_codes(ana: Coder) -> None:
    """Everything, to the letter."""
    ana.mark("m", "Vladimir Putin")
    ana.name("actor", "Vladimir Putin")

    ana.mark("s", WARNING)
    ana.name("speaker", "Vladimir Putin")
    ana.choose("mode", "direct")
    ana.fill("cue", "said", WARNING)
    ana.fill("source", "Putin", WARNING)
    ana.bench.press("t")
    expect(ana.page.locator("#inspector h2")).to_have_text("Threat")
    ana.name("harm_targets", "NATO")
    ana.choose("purpose", "deterrent")
    ana.choose("consequence", "force")
    ana.fill("condition", CONDITION, WARNING)
    ana.fill("consequence", CONSEQUENCE, WARNING)

    ana.mark("s", ANSWER)
    ana.fill("content", ADDED, ANSWER)
    ana.name("speaker", "Volodymyr Zelenskyy")
    ana.choose("mode", "direct")
    ana.choose("speech_act", "assertive")


def ben_codes(ben: Coder) -> None:
    """Something else of each sort."""
    ben.mark("m", "Donald Trump")
    ben.name("actor", "Donald Trump")

    ben.mark("s", f"{OPEN} legitimate targets", WARNING)
    ben.name("speaker", "Russia")
    ben.choose("mode", "mixed")
    ben.fill("cue", "said", WARNING)
    ben.bench.press("t")
    expect(ben.page.locator("#inspector h2")).to_have_text("Threat")
    ben.name("harm_targets", "Ukraine")
    ben.choose("purpose", "unclear")
    ben.choose("consequence", "force")
    ben.fill("consequence", CONSEQUENCE, WARNING)

    ben.mark("s", ANSWER)
    ben.name("speaker", "Volodymyr Zelenskyy")
    ben.choose("mode", "direct")
    ben.choose("speech_act", "commissive_promise")


# --- The editor -----------------------------------------------------------------------------------

WANTED = {
    "Is this a mention?": ["Yes, a mention", "No mention here"],
    "Borders of the content": ["targets,”", ADDED],
    "Borders of the source": ["Putin"],
    "Speaker": ["Vladimir Putin"],
    "Quotation": ["Direct"],
    "Speech act": [],
    "Borders of the condition": [CONDITION],
    "Issuer": ["Vladimir Putin"],
    "Who would be hit": ["NATO"],
    "Purpose": ["Deterrent"],
}
"""What is chosen of each question, in the order of the text; of the speech act nothing that the two say."""


class Judge:
    """An editor at the questions, with nothing but a keyboard."""

    def __init__(self, page: Page, revision: Revision) -> None:
        self.page, self.asked = page, list[str]()
        self.left = {label: list(values) for label, values in WANTED.items()}
        page.goto("/review/")
        page.get_by_role("link", name=revision.article.title).first.press("Enter")
        page.get_by_role("link", name="Compare").press("Enter")
        page.get_by_role("button", name="Compare 2 readings").press("Enter")
        expect(page.locator("#question[data-bound]")).to_be_visible()
        expect(page.locator("main[data-bound]")).to_be_visible()

    def decide_all(self) -> None:
        """Answer each question by one key, or correct the record and keep what it says then."""
        count = Dispute.objects.undecided().count()
        for left in range(count - 1, -1, -1):
            title = self.page.locator("#question-title")
            label = title.inner_text()
            self.asked.append(label)
            wanted = self.left[label]
            if wanted:
                self.press_for(wanted.pop(0))
            else:
                self.say_otherwise()
            words = f"{left} undecided" if left else "All decided"
            expect(self.page.locator("#undecided")).to_have_text(words)
            expect(title).to_be_focused()

    def press_for(self, words: str) -> None:
        """Press the key of the choice that says so."""
        choice = next(one for one in self.page.locator(".question-choice").all() if words in one.evaluate(SEEN))
        self.page.keyboard.press(choice.get_attribute("aria-keyshortcuts") or "")

    def say_otherwise(self) -> None:
        """Go into the record, say what neither does, come back and keep that."""
        self.page.locator("#inspector details:not([open]):has([name=speech_act]) > summary").press("Enter")
        self.page.locator("#inspector [name=speech_act]").press("d")
        expect(self.page.locator(".question-stands")).to_have_count(0)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("0")

    def finish(self) -> None:
        """Accept what was compared."""
        self.page.get_by_role("button", name="Finish").press("Enter")
        expect(self.page.get_by_text("Finished: 2 readings accepted.")).to_be_visible()


# --- What came of it ------------------------------------------------------------------------------


def nothing_is_seen_of(other: Coder, by: Coder) -> None:
    """Somebody who codes the same text sees nothing of the other's reading."""
    assert by.bench.marks() == []
    reading = other.bench.reading.pk
    record = other.bench.reading.annotations.earliest("pk").pk
    places = [f"/readings/{reading}/", f"/annotations/{record}/", f"/review/readings/{reading}/"]
    assert [by.page.request.get(place).status for place in places] == [404, 404, 404]


def claims_in(reading: Reading, kind: str) -> list[dict[str, object]]:
    records = Annotation.objects.standing().filter(reading=reading, kind=kind).order_by("pk")
    return [dict(read_record(record).claim) for record in records]


def what_was_decided_stands(case: Case) -> None:
    """The curated reading says what the editor ruled, and rests on both readings."""
    curated = Reading.objects.curated().get(revision=case.revision)
    actors = dict(Actor.objects.values_list("pk", "name"))
    (mention,) = claims_in(curated, "mention")
    warning, answer = claims_in(curated, "statement")
    (threat,) = claims_in(curated, "threat")
    assert actors[mention["actor"]] == "Vladimir Putin"
    assert (actors[warning["speaker"]], warning["mode"]) == ("Vladimir Putin", "direct")
    assert answer["speech_act"] == "directive"
    assert ([actors[pk] for pk in threat["harm_targets"]], threat["purpose"]) == (["NATO"], "deterrent")
    words = list(curated.annotations.get(kind="threat").spans.values_list("exact", flat=True).order_by("start"))
    assert words == [CONDITION, CONSEQUENCE]
    assert Ruling.objects.standing().filter(dispute__curated__reading=curated).count() == 12
    assert {record.derived_from.count() for record in curated.annotations.filter(kind="threat")} == {2}


def sees_the_rulings(coder: Coder, differing: int) -> None:
    """The analyst goes from the count on top to the rulings on their reading."""
    coder.page.goto("/articles/")
    coder.page.get_by_role("link", name="Inbox").click()
    coder.page.get_by_role("link", name="Rulings").first.click()
    expect(coder.page.locator("li.ruling")).to_have_count(12)
    expect(coder.page.locator("li.ruling dl.difference:has(ins, del)")).to_have_count(differing)


def replies(coder: Coder) -> None:
    """The analyst answers the ruling on the speech act."""
    ruling = coder.page.locator("li.ruling", has_text="Speech act")
    expect(ruling.locator("del")).to_have_text("Promise")
    expect(ruling.locator("ins")).to_have_text("Directive")
    ruling.get_by_role("link", name="Speech act").click()
    coder.page.locator(".talk-new > summary").click()
    coder.page.get_by_label("Your comment").fill("It binds him.")
    coder.page.get_by_role("button", name="Comment").click()
    expect(coder.page.locator(".comment.is-own")).to_contain_text("It binds him.")


RECKONED = {
    ("where", "Mentions", "Records, F1"): "0.00 2 records",  # Putin, Trump: no counterpart
    ("where", "Statements", "Records, F1"): "1.00 4 records",
    ("where", "Threats", "Records, F1"): "1.00 2 records",
    ("where", "Content", "Spans, F1 exact"): "0.40 5 spans",  # of three and two one alike: 2 × 1 / 5
    ("where", "Content", "Spans, F1 overlap"): "0.80 5 spans",  # two touch: 2 × 2 / 5
    ("where", "Cue", "Spans, F1 exact"): "1.00 2 spans",
    ("where", "Condition", "Spans, F1 exact"): "0.00 1 span",
    ("where", "Consequence", "Spans, F1 exact"): "1.00 2 spans",
    # direct, mixed; direct, direct: 1 - 3 × (4 - 2) / (16 - 3² - 1²); agreed as often as by chance, 1/2
    ("what", "Statement: Quotation", "Values, α"): "0.00 2 records",
    ("what", "Statement: Quotation", "Values, Cohen’s κ"): "0.00 2 records",
    # Putin, Russia; Zelenskyy twice: 1 - 3 × (4 - 2) / (16 - 1² - 1² - 2²); (1/2 - 1/4) / (1 - 1/4)
    ("what", "Statement: Speaker", "Values, α"): "0.40 2 records",
    ("what", "Statement: Speaker", "Values, Cohen’s κ"): "0.33 2 records",
    ("what", "Threat: Purpose", "Values, α"): "0.00 1 record",  # deterrent, unclear: 1 - 1 × 2 / (4 - 1² - 1²)
}
"""Figures of what Ana and Ben coded, reckoned by hand: by table, line and column."""


def figures_on(page: Page, table: str) -> dict[tuple[str, str, str], str]:
    """Each figure of a table of agreement, by line and column, as it is read."""
    rows = page.locator(f"section:has(#{table}) table.figures tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.innerText.split(/\\s+/).filter(Boolean).join(' ')))"
    )
    columns = rows[0]
    return {(table, row[0], column): words for row in rows[1:] for column, words in zip(columns, row, strict=True)}


def the_figures_are_those_reckoned(judge: Judge, case: Case) -> None:
    """The editor has agreement computed; of the two it is what was reckoned by hand, and leads to the cases."""
    judge.page.goto(f"/review/agreement/?article={case.revision.article_id}")
    judge.page.get_by_role("button", name="Compute").press("Enter")
    expect(judge.page.get_by_text("Waiting for the worker")).to_be_visible()
    make_agreement_report(AgreementReport.objects.get().pk)
    judge.page.goto(f"/review/agreement/?article={case.revision.article_id}&group={case.ana.pk}-{case.ben.pk}")
    shown = figures_on(judge.page, "where") | figures_on(judge.page, "what")
    assert {name: shown.get(name) for name in RECKONED} == RECKONED
    judge.page.locator(".figure[href*='field%3Aspeaker']", has_text="0.33").press("Enter")
    expect(judge.page.locator(".case-words")).to_have_count(1)
    expect(judge.page.locator(".tellings")).to_contain_text("Russia")


def review_all(text: str, sign_in: SignIn) -> None:
    """The whole of it on one text."""
    case = case_of(text)
    ana, ben = Coder(sign_in(case.ana), case), Coder(sign_in(case.ben), case)
    ana_codes(ana)
    nothing_is_seen_of(ana, by=ben)
    ben_codes(ben)
    ana.submit(), ben.submit()
    judge = Judge(sign_in(case.eva).new_page(), case.revision)
    judge.decide_all()
    assert len(judge.asked) == 12
    judge.finish()
    what_was_decided_stands(case)
    sees_the_rulings(ana, differing=1)
    sees_the_rulings(ben, differing=12)
    replies(ben)
    judge.page.goto("/review/inbox/")
    expect(judge.page.get_by_role("button", name="Ben commented on a ruling")).to_be_visible()
    the_figures_are_those_reckoned(judge, case)


def test_two_code_an_editor_decides_and_both_see_it(
    transactional_db: None, live_server: LiveServer, sign_in: SignIn
) -> None:
    review_all("\n".join(json.loads(DEMO.read_text(encoding="utf-8"))["lines"]), sign_in)


@pytest.mark.skipif(not SEEDS, reason="the seed article is not beside this checkout")
def test_two_code_the_seed_article_and_an_editor_decides(
    transactional_db: None, live_server: LiveServer, sign_in: SignIn
) -> None:
    review_all(SEEDS[0].read_text(encoding="utf-8"), sign_in)
