"""Whatever an analyst does in a reading is undone by one key after a reload, and done again by another."""

from collections.abc import Callable

import pytest
from django.core.management import call_command

from newsannot.annotations.models import Annotation, Reading
from newsannot.annotations.queries import read_record
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, a_user, an_actor
from tests.suggestions.making import a_drafted_reading

TEXT = (
    "Minister Adaeze Obi said on Monday: “If a single ship crosses the line,” she warned, “we will close the strait.”\n"
    "The neighbour’s envoy said nothing. The ultimatum stands, Obi repeated.\n"
    "The harbour master of Port Vell answered: “We keep our lights on.”"
)


@pytest.fixture
def reading(transactional_db: None) -> Reading:
    """A mention, a statement and the threat it expresses, and what the rules suggest."""
    call_command("load_codebook", verbosity=0)
    obi = an_actor()
    reading = a_reading(by=a_user(), revision=a_revision(TEXT, zones=[]))
    a_mention(reading, "Minister Adaeze Obi")
    statement = a_statement(reading, speaker=obi.pk)
    a_threat(reading, statement)
    return a_drafted_reading(reading)


def standing(reading: Reading) -> dict[int, object]:
    """What every record of the reading says, and where."""
    return {one.pk: read_record(one) for one in Annotation.objects.filter(reading=reading, deleted_at=None)}


def open_record(bench: WorkbenchPage, kind: str) -> None:
    record = Annotation.objects.filter(reading=bench.reading, kind=kind).earliest("pk")
    bench.page.goto(f"/readings/{bench.reading.pk}/?annotation={record.pk}")
    bench.page.wait_for_selector("form[data-bound]")
    bench.page.locator("#text").focus()


def mark(bench: WorkbenchPage) -> None:
    bench.drag_over(1, "envoy")
    bench.press("m")


def quote(bench: WorkbenchPage) -> None:
    bench.drag_over(2, "lights")
    bench.press("q")


def find_and_mark_all(bench: WorkbenchPage) -> None:
    bench.press("/")
    bench.page.keyboard.type("said")
    bench.press("Tab", "Tab", "Tab", "Enter")


def fill_a_role(bench: WorkbenchPage) -> None:
    open_record(bench, "statement")
    bench.drag_over(0, "she")
    bench.press("1")


def move_a_border(bench: WorkbenchPage) -> None:
    open_record(bench, "mention")
    bench.press("BracketRight")


def remove_a_piece(bench: WorkbenchPage) -> None:
    open_record(bench, "threat")
    bench.press("Shift+Delete")


def change_a_field(bench: WorkbenchPage) -> None:
    open_record(bench, "statement")
    bench.page.locator("#inspector .claim-form > details > summary").click()
    bench.page.locator("#inspector [name=venue]").fill("Minsk")
    bench.page.locator("#inspector [name=venue]").press("Tab")


def name_an_actor(bench: WorkbenchPage) -> None:
    open_record(bench, "mention")
    bench.press("Enter")
    bench.page.get_by_role("option", name="Adaeze Obi").first.wait_for()
    bench.press("Enter")


def say_a_threat_again(bench: WorkbenchPage) -> None:
    open_record(bench, "threat")
    bench.drag_over(1, "The ultimatum stands")
    bench.press("r")


def express_a_threat(bench: WorkbenchPage) -> None:
    open_record(bench, "statement")
    bench.press("t")


def delete(bench: WorkbenchPage) -> None:
    open_record(bench, "threat")
    bench.press("Delete")


def accept_a_suggestion(bench: WorkbenchPage) -> None:
    bench.page.wait_for_selector("[data-suggestions]")
    bench.press("o", "a")


@pytest.mark.parametrize(
    "do",
    [
        mark,
        quote,
        find_and_mark_all,
        fill_a_role,
        move_a_border,
        remove_a_piece,
        change_a_field,
        name_an_actor,
        say_a_threat_again,
        express_a_threat,
        delete,
        accept_a_suggestion,
    ],
)
def test_it_is_undone_after_a_reload_and_done_again(
    reading: Reading, sign_in: SignIn, do: Callable[[WorkbenchPage], None]
) -> None:
    before = standing(reading)
    bench = WorkbenchPage(sign_in(reading.reader).new_page(), reading)
    bench.page.locator("#text").focus()
    do(bench)
    bench.wait_for(lambda: standing(reading) != before and not bench.is_busy())
    after = standing(reading)
    bench.open()
    bench.press("z")
    bench.wait_for(lambda: standing(reading) == before)
    bench.open()
    bench.press("y")
    bench.wait_for(lambda: standing(reading) == after)
