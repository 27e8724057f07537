"""The main job, end to end: an analyst marks and submits, an editor corrects and publishes, a program reads it back."""

from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from newsannot.annotations.models import Mention, Reading
from newsannot.articles.models import Article, Revision
from tests.browser.workbench_page import WorkbenchPage

SEEDS = sorted((Path(__file__).resolve().parents[3] / "shared" / "seed").glob("*.txt"))
QUOTE = (
    "“If some troops appear there, especially now during the fighting, we proceed from the premise that they will be"
    " legitimate targets,”"
)
CONDITION = "If some troops appear there, especially now during the fighting"
CONSEQUENCE = "they will be legitimate targets"


@pytest.fixture
def demo(transactional_db: None, live_server: LiveServer) -> None:
    """The demo as `make run` makes it."""
    call_command("load_codebook", verbosity=0)
    call_command("load_demo", verbosity=0)


@pytest.fixture
def page(browser: Browser, live_server: LiveServer) -> Page:
    context = browser.new_context(base_url=live_server.url, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(15_000)
    return context.new_page()


def sign_in(page: Page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/account/sign-in/")
    page.locator("[name=username]").fill(name)
    page.locator("[name=password]").fill("newsannot")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "sign-in" not in url)


def choose_actor(bench: WorkbenchPage, field: str, typed: str, name: str) -> None:
    """Type into an actor field and take a name from the list."""
    box = bench.page.get_by_role("combobox", name=field, exact=True)
    box.fill(typed)
    bench.page.get_by_role("option", name=name).first.click()
    bench.wait_until_confirmed()


def block_with(revision: Revision, words: str) -> int:
    """The index of the block that holds the words."""
    return next(i for i, line in enumerate(revision.text.split("\n")) if words in line)


def annotate(page: Page, article: Article) -> Reading:
    """As the analyst: start a reading; mark a mention, a statement with its parts and a threat; submit."""
    page.goto("/")
    page.get_by_role("link", name=article.title).click()
    page.get_by_role("button", name="Start reading").click()
    page.wait_for_url("**/readings/*/")
    reading = Reading.objects.get(pk=int(page.url.rstrip("/").rsplit("/", 1)[1]))
    bench = WorkbenchPage(page, reading)
    at = block_with(reading.revision, QUOTE)

    named = block_with(reading.revision, "Vladimir Putin")
    bench.drag_over(named, "Vladimir Putin")
    bench.mark("m")
    choose_actor(bench, "Actor", "putin", "Vladimir Putin")

    bench.drag_over(at, QUOTE)
    bench.mark("s")
    choose_actor(bench, "Speaker", "Путин", "Vladimir Putin")
    bench.page.locator("fieldset[data-role=cue] [data-action=arm]").click()
    bench.drag_over(at, "said")
    bench.wait_until_confirmed()
    bench.drag_over(at, "Putin")
    bench.press("1")
    bench.wait_until_confirmed()

    bench.press("t")
    bench.wait_until_confirmed()
    expect(page.locator("input[type=hidden][name=issuer]")).to_have_count(1)  # the speaker, until said otherwise
    choose_actor(bench, "Who would be hit", "nato", "NATO")
    page.get_by_role("radio", name="Deterrent").click(force=True)
    bench.wait_until_confirmed()
    page.get_by_label("Consequence", exact=True).select_option("force")
    bench.wait_until_confirmed()
    for role, words in (("condition", CONDITION), ("consequence", CONSEQUENCE)):
        bench.page.locator(f"fieldset[data-role={role}] [data-action=arm]").click()
        bench.drag_over(at, words)
        bench.wait_until_confirmed()

    page.goto(f"/readings/{reading.pk}/submit/")
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("main")).to_contain_text("submitted", ignore_case=True)
    reading.refresh_from_db()
    named = Mention.objects.filter(reading=reading).values_list("actor__name", flat=True)
    assert (reading.state, list(named)) == ("submitted", ["Vladimir Putin"])
    return reading


def review(page: Page, reading: Reading) -> Reading:
    """As the editor: accept from the queue, correct one value, publish."""
    page.goto("/review/")
    page.locator(f"a[href='/review/readings/{reading.pk}/']").click()
    page.get_by_role("button", name="Accept").click()
    curated = Reading.objects.get(revision=reading.revision, reader=None)
    bench = WorkbenchPage(page, curated)
    bench.page.locator("#inspector [data-goes-to]").filter(has_text="If some troops").first.click()
    page.locator("#inspector summary", has_text="More").click()
    page.get_by_label("Speech act", exact=True).select_option("commissive_threat")
    bench.wait_until_confirmed()
    page.goto(f"/review/readings/{curated.pk}/")
    page.get_by_role("button", name="Publish …").click()
    page.locator("#publish").get_by_role("button", name="Publish").click()
    expect(page.get_by_role("button", name="Withdraw …")).to_be_visible()
    curated.refresh_from_db()
    assert curated.state == "published"
    return curated


def read_back(page: Page, article: Article) -> None:
    """As a program with the demo's token: the statement and the threat, with the offsets of the text."""
    text = article.current_revision.text
    headers = {"Authorization": "Token demo-reader-token"}

    def only(kind: str) -> dict[str, object]:
        answer = page.request.get(f"/api/v1/{kind}/?article={article.pk}&q=troops+appear", headers=headers)
        assert answer.status == 200
        (record,) = answer.json()["results"]
        return dict(record)

    statement, threat = only("statements"), only("threats")
    spans = {
        role: [(span["start"], span["end"], span["exact"]) for span in pieces]
        for record in (statement, threat)
        for role, pieces in record["parts"].items()  # type: ignore[attr-defined]
        if pieces
    }

    def stands(words: str) -> list[tuple[int, int, str]]:
        at = text.index(words, text.index(QUOTE))
        return [(at, at + len(words), words)]

    assert spans == {
        "content": stands(QUOTE),
        "cue": stands("said"),
        "source": stands("Putin"),
        "condition": stands(CONDITION),
        "consequence": stands(CONSEQUENCE),
    }
    assert (statement["speaker"]["name"], statement["speech_act"], statement["mode"]) == (  # type: ignore[index]
        "Vladimir Putin",
        "commissive_threat",
        "direct",
    )
    assert (threat["issuer"]["name"], threat["purpose"], threat["consequence"]) == (  # type: ignore[index]
        "Vladimir Putin",
        "deterrent",
        "force",
    )
    assert (threat["primary_statement"], threat["statements"]) == (statement["id"], [statement["id"]])


def do_it_all(page: Page, article: Article) -> None:
    sign_in(page, "analyst")
    reading = annotate(page, article)
    page.context.clear_cookies()
    sign_in(page, "editor")
    review(page, reading)
    read_back(page, article)


def test_the_main_job_on_the_demos_first_article(demo: None, page: Page) -> None:
    do_it_all(page, Article.objects.earliest("pk"))


@pytest.mark.skipif(not SEEDS, reason="the seed article is not beside this checkout")
def test_the_main_job_on_the_seed_article(demo: None, page: Page) -> None:
    call_command("import_articles", str(SEEDS[0]), "--language", "en", verbosity=0)
    do_it_all(page, Article.objects.latest("pk"))
