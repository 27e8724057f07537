"""How few keys or clicks a statement with speaker, cue and content takes, on the demo's first article: six at most."""

from dataclasses import dataclass, field

import pytest
from django.core.management import call_command

from newsannot.accounts.models import User
from newsannot.actors.models import Actor
from newsannot.annotations.actions import open_reading
from newsannot.articles.models import Article
from newsannot.statements.models import Statement
from newsannot.suggestions.actions import draft_suggestions
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_mention

QUOTE = "If some troops appear there"


@dataclass
class Counted:
    """The workbench, with every key and click on it counted."""

    bench: WorkbenchPage
    count: int = field(default=0)

    def press(self, *keys: str) -> None:
        """Press keys; a chord is one of each of its keys."""
        for chord in keys:
            self.bench.press(chord)
            self.count += len(chord.split("+"))
            self.bench.wait_for(lambda: not self.bench.is_busy())

    def click(self, words: str) -> None:
        """Click into words of the text."""
        self.bench.click(self.block(words), words)
        self.count += 1

    def block(self, words: str) -> int:
        """The index of the block that holds the words."""
        lines = self.bench.reading.revision.text.split("\n")
        return next(index for index, line in enumerate(lines) if words in line)

    def is_offered(self, name: str) -> None:
        """Wait until a name is the first of a list."""
        self.bench.page.locator("[role=option]", has_text=name).first.wait_for()


@pytest.fixture
def counted(transactional_db: None, sign_in: SignIn) -> Counted:
    call_command("load_codebook", verbosity=0)
    call_command("load_demo", verbosity=0)
    analyst, article = User.objects.get(username="analyst"), Article.objects.earliest("pk")
    draft_suggestions(revision_ids=[article.current_revision.pk], by=None)
    reading = open_reading(revision=article.current_revision, by=analyst)
    bench = WorkbenchPage(sign_in(analyst).new_page(), reading)
    bench.page.wait_for_selector("[data-suggestions]")
    return Counted(bench)


def recorded(counted: Counted) -> tuple[str, list[tuple[str, str]]]:
    """The speaker, and the words of each role, of the one statement there is."""
    counted.bench.wait_for(lambda: Statement.objects.filter(reading=counted.bench.reading, speaker=None).count() == 0)
    statement = Statement.objects.get(reading=counted.bench.reading, deleted_at=None)
    assert statement.speaker is not None
    return statement.speaker.name, list(statement.spans.order_by("role").values_list("role", "exact"))


PUTIN = (
    "Vladimir Putin",
    [
        (
            "content",
            "“If some troops appear there, especially now during the fighting, we proceed from the premise that they"
            " will be legitimate targets,”",
        ),
        ("cue", "said"),
        ("source", "Putin"),
    ],
)


def test_with_the_mouse_and_the_quotation_key(counted: Counted) -> None:
    counted.click(QUOTE)
    counted.press("q", "Enter")
    counted.is_offered("Vladimir Putin")
    counted.press("Enter")
    assert (recorded(counted), counted.count) == (PUTIN, 4)


def test_from_the_keyboard_where_the_text_cursor_is_in_the_line(counted: Counted) -> None:
    here = "id => getSelection().collapse(document.getElementById(id), 0)"
    counted.bench.page.evaluate(here, f"b{counted.block(QUOTE)}")
    counted.bench.page.locator("#text").focus()
    counted.press("ArrowRight", "q", "Enter")
    counted.is_offered("Vladimir Putin")
    counted.press("Enter")
    assert (recorded(counted), counted.count) == (PUTIN, 4)


def test_a_suggested_statement_takes_one_key_and_those_that_lead_to_it(counted: Counted) -> None:
    counted.bench.page.get_by_role("button", name="List all").click()
    suggestion = counted.bench.page.locator("[data-suggestion]", has_text=QUOTE).filter(has_text="Statement").first
    suggestion.locator("button").first.click()
    counted.count += 2
    counted.press("a")
    assert (recorded(counted), counted.count) == (PUTIN, 3)


def test_where_the_speaker_was_named_before_one_key_is_enough(counted: Counted) -> None:
    a_mention(counted.bench.reading, "Putin", actor=Actor.objects.get(name="Vladimir Putin").pk)
    counted.bench.open()
    counted.click(QUOTE)
    counted.press("q")
    assert (recorded(counted), counted.count) == (PUTIN, 2)
