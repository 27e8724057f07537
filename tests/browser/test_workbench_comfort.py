"""What makes long hours bearable: the margin rail, filters, guidelines beside the text, paper."""

import pytest
from django.core.management import call_command
from playwright.sync_api import Route

from newsannot.annotations.models import Annotation, Reading
from tests.browser.conftest import SignIn
from tests.browser.test_workbench_page import problems
from tests.browser.workbench_page import PHONE, WorkbenchPage
from tests.factories import a_mention, a_reading, a_revision, a_statement, a_threat, an_actor
from tests.suggestions.making import a_drafted_reading

LINES = [f"Paragraph {n}: ships and troops keep to their side of the line, as ever.\n" for n in range(60)]
MANY = "".join(LINES)
# For each column of the rail, the pixel rows of the canvas that differ from the gap at its edge.
DRAWN = """() => {
  const canvas = document.querySelector('.workbench-rail canvas');
  if (!canvas) return [];
  const { width, height } = canvas;
  const { data } = canvas.getContext('2d').getImageData(0, 0, width, height);
  const red = (x, y) => data[4 * (y * width + x)];
  return [0, 1, 2, 3].map(column => {
    const x = Math.floor((column + 0.5) * width / 4) - 1;
    return Array.from({ length: height }, (_, y) => y).filter(y => Math.abs(red(x, y) - red(width - 1, y)) > 3);
  });
}"""
SIDE = (
    "() => Array.from(document.querySelectorAll('#text mark'), m => [m.textContent, m.classList.contains('is-aside')])"
)
BOXES = "() => Array.from(document.querySelectorAll('#text mark'), m => m.getBoundingClientRect().toJSON())"
TOLD = "[data-shown-told]"
DOTTED = "() => getComputedStyle(document.getElementById('text'), '::highlight(suggestion)').textDecorationLine"


@pytest.fixture
def reading(transactional_db: None) -> Reading:
    """A text of many windows, marked at its beginning and in its last line."""
    reading = a_reading(revision=a_revision(MANY, zones=[]))
    a_mention(reading, "Paragraph 0")
    a_mention(reading, "Paragraph 59")
    return reading


@pytest.fixture
def workbench(reading: Reading, sign_in: SignIn) -> WorkbenchPage:
    return opened(reading, sign_in)


@pytest.fixture
def two_people(transactional_db: None) -> Reading:
    """Mentions of two actors, a statement of one of them and its threat; two of the four lack something."""
    reading = a_reading()
    minister, envoy = an_actor(), an_actor("Jonas Lind")
    a_mention(reading, "Minister Adaeze Obi", actor=minister.pk)
    a_mention(reading, "The neighbour’s envoy", actor=envoy.pk)
    statement = a_statement(reading, speaker=minister.pk)
    a_threat(reading, statement)
    return reading


def opened(reading: Reading, sign_in: SignIn, **options: object) -> WorkbenchPage:
    page = WorkbenchPage(sign_in(reading.reader, **options).new_page(), reading)
    page.wait_for(lambda: not page.is_busy())
    return page


def rows(workbench: WorkbenchPage, column: int) -> list[int]:
    return workbench.page.evaluate(DRAWN)[column]


def told(workbench: WorkbenchPage) -> str:
    return workbench.page.locator(TOLD).inner_text()


def set_aside(workbench: WorkbenchPage) -> list[str]:
    """The words of the marks that are set aside."""
    return [words for words, is_aside in workbench.page.evaluate(SIDE) if is_aside]


# --- the rail ---


def test_the_rail_shows_where_records_lie(workbench: WorkbenchPage) -> None:
    workbench.wait_for(lambda: rows(workbench, 0))
    height = workbench.page.evaluate("() => document.querySelector('.workbench-rail canvas').height")
    drawn = rows(workbench, 0)
    assert [y for y in drawn if y > 0.1 * height and y < 0.9 * height] == []
    assert (min(drawn) < 10, max(drawn) > height - 20) == (True, True)
    assert [rows(workbench, column) for column in (1, 2, 3)] == [[], [], []]


def test_a_new_mark_comes_onto_the_rail_and_a_deleted_one_goes(workbench: WorkbenchPage) -> None:
    workbench.drag_over(4, "ships and troops")
    workbench.mark("t")
    workbench.wait_for(lambda: rows(workbench, 2))
    workbench.press("Delete")
    workbench.wait_for(lambda: not rows(workbench, 2))
    assert Annotation.objects.filter(reading=workbench.reading, deleted_at=None).count() == 2


def test_a_press_on_the_rail_jumps_there(workbench: WorkbenchPage) -> None:
    workbench.wait_for(lambda: rows(workbench, 0))
    box = workbench.page.locator(".workbench-rail").bounding_box()
    assert box is not None
    last = workbench.page.locator("#text mark").last
    assert last.evaluate("mark => mark.getBoundingClientRect().top > innerHeight")
    workbench.page.mouse.click(box["x"] + 3, box["y"] + box["height"] - 6)
    workbench.settle()
    assert last.evaluate("mark => mark.getBoundingClientRect().top < innerHeight")
    assert workbench.draft() is None


def test_the_rail_shows_what_is_in_the_window(workbench: WorkbenchPage) -> None:
    workbench.wait_for(lambda: rows(workbench, 0))
    shaded = """() => {
      const canvas = document.querySelector('.workbench-rail canvas');
      const { data } = canvas.getContext('2d').getImageData(canvas.width - 1, 0, 1, canvas.height);
      return Array.from({ length: canvas.height }, (_, y) => y).find(y => data[4 * y + 3] > 0);
    }"""
    assert workbench.page.evaluate(shaded) == 0
    workbench.page.evaluate("() => scrollTo({ top: 1500, behavior: 'instant' })")
    workbench.settle()
    assert workbench.page.evaluate(shaded) > 100


def test_suggestions_are_on_the_rail_in_a_column_of_their_own(transactional_db: None, sign_in: SignIn) -> None:
    text = f"“We wait,” Adaeze Obi said.\n{MANY}"
    workbench = opened(a_drafted_reading(a_reading(revision=a_revision(text, zones=[]))), sign_in)
    workbench.wait_for(lambda: rows(workbench, 3))
    assert max(rows(workbench, 3)) < 20


def test_a_telephone_has_no_rail(reading: Reading, sign_in: SignIn) -> None:
    assert not opened(reading, sign_in, **PHONE).page.locator(".workbench-rail").is_visible()


# --- filters ---


def test_one_actors_records_stay_and_nothing_moves(two_people: Reading, sign_in: SignIn) -> None:
    workbench = opened(two_people, sign_in)
    boxes = workbench.page.evaluate(BOXES)
    workbench.page.locator("select[data-shows=who]").select_option("Jonas Lind")
    workbench.wait_for(lambda: told(workbench))
    assert told(workbench) == "1 of 4 records shown."
    assert [words for words, is_aside in workbench.page.evaluate(SIDE) if not is_aside] == ["The neighbour’s envoy"]
    assert workbench.page.locator(".annotation-item:visible .quote").all_inner_texts() == ["The neighbour’s envoy"]
    assert workbench.page.locator(".inspector-section.of-statement").is_hidden()
    assert workbench.page.evaluate(BOXES) == boxes


def test_what_lacks_something_is_told_from_what_is_complete(two_people: Reading, sign_in: SignIn) -> None:
    a_mention(two_people, "the strait")
    workbench = opened(two_people, sign_in)
    workbench.page.locator("select[data-shows=state]").select_option("lacking")
    workbench.wait_for(lambda: told(workbench))
    seen, lacking = workbench.page.locator(".annotation-item:visible"), ".annotation-item:visible .annotation-lacks"
    assert told(workbench) == "3 of 5 records shown."
    assert (seen.count(), workbench.page.locator(lacking).count()) == (3, 3)
    workbench.page.locator("select[data-shows=state]").select_option("complete")
    workbench.wait_for(lambda: told(workbench) == "2 of 5 records shown.")
    assert (seen.count(), workbench.page.locator(lacking).count()) == (2, 0)


def test_a_kind_is_hidden_by_its_box(two_people: Reading, sign_in: SignIn) -> None:
    workbench = opened(two_people, sign_in)
    workbench.page.locator("input[data-hides=mention]").uncheck()
    workbench.wait_for(lambda: told(workbench) == "2 of 4 records shown.")
    assert set_aside(workbench) == ["The neighbour’s envoy"]


def test_a_filter_outlives_the_page_and_an_open_record(two_people: Reading, sign_in: SignIn) -> None:
    workbench = opened(two_people, sign_in)
    workbench.page.locator("select[data-shows=who]").select_option("Jonas Lind")
    workbench.wait_for(lambda: told(workbench))
    aside = set_aside(workbench)
    workbench.open()
    workbench.wait_for(lambda: set_aside(workbench) == aside)
    assert workbench.page.locator("select[data-shows=who]").input_value() == "Jonas Lind"
    workbench.page.locator(".annotation-item:visible").click()
    workbench.page.locator("#inspector [data-annotation]").wait_for()
    assert (told(workbench), set_aside(workbench)) == ("1 of 4 records shown.", aside)


def test_show_all_shows_all(two_people: Reading, sign_in: SignIn) -> None:
    workbench = opened(two_people, sign_in)
    workbench.page.locator("select[data-shows=who]").select_option("Jonas Lind")
    workbench.page.locator("input[data-hides=threat]").uncheck()
    workbench.page.locator("button[data-shows-all]").click()
    workbench.wait_for(lambda: set_aside(workbench) == [])
    assert workbench.page.locator(".annotation-item:visible").count() == 4
    assert workbench.page.locator("input[data-hides]:not(:checked)").count() == 0
    assert not workbench.page.locator("button[data-shows-all]").is_visible()


def test_the_rail_leaves_out_what_is_filtered_away(workbench: WorkbenchPage) -> None:
    workbench.wait_for(lambda: rows(workbench, 0))
    workbench.page.locator("input[data-hides=mention]").uncheck()
    workbench.wait_for(lambda: not rows(workbench, 0))
    assert rows(workbench, 0) == []


# --- guidelines ---


@pytest.fixture
def with_guidelines(workbench: WorkbenchPage) -> WorkbenchPage:
    call_command("load_codebook", verbosity=0)
    return workbench


def chapter(workbench: WorkbenchPage) -> str | None:
    shown = workbench.page.locator("#guide [data-chapter]")
    shown.wait_for()
    workbench.wait_for(lambda: not workbench.is_busy())
    return shown.get_attribute("data-chapter")


def test_guidelines_open_beside_the_text_by_key_and_close_by_key(with_guidelines: WorkbenchPage) -> None:
    workbench = with_guidelines
    workbench.page.locator("#text").focus()
    workbench.press("h")
    assert chapter(workbench) == "reading"
    assert workbench.page.evaluate("() => document.activeElement.id") == "guide"
    workbench.press("Escape")
    assert not workbench.page.locator("#guide").is_visible()
    assert workbench.page.evaluate("() => document.activeElement.id") == "text"


def test_guidelines_turn_to_the_kind_of_the_open_record(with_guidelines: WorkbenchPage) -> None:
    workbench = with_guidelines
    workbench.page.locator("#text mark").first.click()
    workbench.page.locator("#inspector [data-annotation]").wait_for()
    workbench.page.locator("[data-guide]").click()
    assert chapter(workbench) == "mentions"
    workbench.drag_over(4, "ships and troops")
    workbench.mark("s")
    workbench.page.locator("#guide [data-chapter=statements]").wait_for()
    assert workbench.page.url.endswith(f"/readings/{workbench.reading.pk}/")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (1000, "dark")])
def test_axe_finds_nothing_with_filter_and_guidelines(
    reading: Reading, sign_in: SignIn, width: int, scheme: str
) -> None:
    call_command("load_codebook", verbosity=0)
    workbench = opened(reading, sign_in, viewport={"width": width, "height": 900}, color_scheme=scheme)
    workbench.page.locator("input[data-hides=threat]").uncheck()
    workbench.page.locator("[data-guide]").click()
    chapter(workbench)
    assert problems(workbench.page) == []


# --- calm ---


def test_nothing_moves_for_whom_motion_is_too_much(reading: Reading, sign_in: SignIn) -> None:
    workbench = opened(reading, sign_in, reduced_motion="reduce")
    workbench.page.locator("#text").focus()
    workbench.press("ArrowRight")
    moving = """() => document.getAnimations().filter(one => one.effect.getComputedTiming().duration > 50).length"""
    assert workbench.page.locator(".text-cursor").is_visible()
    assert workbench.page.evaluate(moving) == 0


def test_lines_are_of_a_length_one_reads_and_the_measure_outlives_a_wide_window(
    reading: Reading, sign_in: SignIn
) -> None:
    workbench = opened(reading, sign_in, viewport={"width": 2400, "height": 900})
    signs = workbench.page.evaluate(
        """() => {
            const { width } = document.querySelector("#b0").getBoundingClientRect();
            return width / (parseFloat(getComputedStyle(document.querySelector("#b0")).fontSize) * 0.5);
        }"""
    )
    assert 45 < signs < 90


# --- empty, late, wrong ---


def test_an_empty_reading_says_how_to_begin(sign_in: SignIn, transactional_db: None) -> None:
    workbench = opened(a_reading(), sign_in)
    assert workbench.page.locator("#inspector .empty-title").inner_text() == "Nothing is marked yet"
    assert workbench.page.locator("#inspector .empty kbd").all_inner_texts() == ["M", "S", "T", "?"]


def test_a_record_that_is_late_is_seen_to_be_on_its_way(workbench: WorkbenchPage) -> None:
    held: list[Route] = []
    workbench.page.route("**/annotations/*/", lambda route: held.append(route))  # noqa: PLW0108 - Playwright marks it
    workbench.press("n")
    late = "() => Number(getComputedStyle(document.querySelector('#inspector')).opacity) < 0.7"
    workbench.wait_for(lambda: workbench.page.evaluate(late))
    held[0].continue_()
    workbench.page.locator("#inspector [data-annotation]").wait_for()
    workbench.wait_for(lambda: not workbench.page.evaluate(late))


def test_a_record_that_cannot_be_shown_is_told_and_the_list_stays(workbench: WorkbenchPage) -> None:
    workbench.page.route("**/annotations/*/", lambda route: route.fulfill(status=500, body="broken"))
    workbench.press("n")
    workbench.page.locator("#messages .is-error").wait_for()
    assert workbench.page.locator("#inspector .annotation-item").count() == 2


# --- paper ---


def test_paper_shows_text_and_records_and_nothing_to_press(with_guidelines: WorkbenchPage) -> None:
    workbench = with_guidelines
    workbench.press("h")
    chapter(workbench)
    workbench.page.emulate_media(media="print")
    shown, hidden = ("#text", ".workbench-facts", ".annotation-item"), (".workbench-rail", ".filter", "#guide")
    parts = (*shown, *hidden, ".shown-note", ".workbench-tools")
    seen = [workbench.page.locator(part).first.is_visible() for part in parts]
    workbench.page.emulate_media(media="screen")
    assert seen == [True, True, True, False, False, False, False, False]


def test_suggestions_are_not_printed(transactional_db: None, sign_in: SignIn) -> None:
    workbench = opened(a_drafted_reading(), sign_in)
    workbench.wait_for(lambda: workbench.painted("suggestion"))
    assert workbench.page.evaluate(DOTTED) == "underline"
    workbench.page.emulate_media(media="print")
    assert workbench.page.evaluate(DOTTED) == "none"


def test_an_open_menu_has_the_keys_and_closes_by_escape(reading: Reading, sign_in: SignIn) -> None:
    workbench = opened(reading, sign_in)
    menu = workbench.page.locator("#account-menu")
    workbench.page.locator(".menu-button").click()
    workbench.press("n")
    assert (menu.is_visible(), workbench.page.locator("#inspector [data-annotation]").count()) == (True, 0)
    workbench.press("Escape")
    assert menu.is_hidden()
