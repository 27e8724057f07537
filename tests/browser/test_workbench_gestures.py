"""Gestures that understand the text: growing, quoting, dragging, lists at the cursor, a phrase marked everywhere."""

import pytest
from playwright.sync_api import Page, expect

from newsannot.annotations.models import Annotation, Span
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.browser.conftest import OpenWorkbench
from tests.browser.test_workbench_edit import hold_marking
from tests.browser.test_workbench_page import problems
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import an_actor

SPLIT = "“We will respond,” Minister Obi warned on Monday. “Any strike is war.” Nobody else spoke."
GERMAN = "„Wir antworten“, sagte die Ministerin. „Jeder Angriff ist Krieg.“"
CHINESE = "「我們將回應，」部長說，「任何攻擊都是戰爭。」"
ARABIC = "قال الوزير: «سنرد على الهجوم، ولن نتراجع.» ثم غادر."
REPEATED = "The ultimatum stands: Obi repeated that they respond. Obi’s envoy left Obinna there."
LINES = [SPLIT, REPEATED, GERMAN, CHINESE, ARABIC]
TEXT = "\n".join(LINES)
HANDLE = """([span, side]) => {
  const { x, top, bottom } = document
    .querySelector(`.span-handle[data-of="${span}"][data-side=${side}]`).getBoundingClientRect();
  return [x, side === "start" ? top - 2 : bottom + 2];
}"""
CARET = "([block, at]) => getSelection().collapse(document.getElementById(block).firstChild, at)"


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    page = open_workbench(TEXT)
    page.page.locator("#text").focus()
    return page


def put_cursor(workbench: WorkbenchPage, block: int, words: str) -> None:
    """The text cursor, at the beginning of words, by no mouse."""
    workbench.page.evaluate(CARET, [f"b{block}", LINES[block].index(words)])
    workbench.settle()


def parts(workbench: WorkbenchPage) -> list[tuple[str, str]]:
    """Roles and words of all spans that stand, in the order of the text."""
    workbench.wait_until_confirmed()
    spans = Span.objects.filter(annotation__reading=workbench.reading, annotation__deleted_at=None)
    return list(spans.order_by("start", "end", "pk").values_list("role", "exact"))


def handle(workbench: WorkbenchPage, span: Span, side: str) -> tuple[float, float]:
    """Where a hand takes hold of a border."""
    x, y = workbench.page.evaluate(HANDLE, [str(span.pk), side])
    return x, y


# --- growing and shrinking ---


def test_the_selection_grows_by_one_key_and_shrinks_by_the_same_steps(workbench: WorkbenchPage) -> None:
    put_cursor(workbench, 0, "respond")
    grown = []
    for _ in range(5):
        workbench.press("g")
        grown.append(workbench.draft())
    assert grown == [
        "respond",
        "We will respond",
        "“We will respond,”",
        "“We will respond,” Minister Obi warned on Monday.",
        SPLIT,
    ]
    workbench.press("g")
    workbench.hears("This is the whole paragraph.")
    shrunk = []
    for _ in range(5):
        workbench.press("Shift+G")
        shrunk.append(workbench.draft())
    assert shrunk == [*grown[-2::-1], None]
    assert workbench.page.evaluate("() => getSelection().focusOffset") == SPLIT.index("respond")


def test_what_was_selected_by_letters_is_what_shrinking_comes_back_to(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "respond")
    workbench.press("Comma", "Comma", "g", "g", "Shift+G", "Shift+G")
    assert workbench.draft() == "respo"
    assert workbench.mark() == ["respo"]


@pytest.mark.parametrize(
    ("block", "word", "sentence"),
    [(3, "攻擊", CHINESE), (4, "نتراجع", "قال الوزير: «سنرد على الهجوم، ولن نتراجع.»")],
    ids=["chinese", "arabic"],
)
def test_growing_comes_to_the_sentence_in_other_scripts(
    workbench: WorkbenchPage, block: int, word: str, sentence: str
) -> None:
    put_cursor(workbench, block, word)
    grown = []
    for _ in range(6):
        workbench.press("g")
        grown.append(workbench.draft())
    assert sentence in grown
    assert grown[-1] == LINES[block]


# --- words or letters ---


def test_letters_are_selected_instead_of_words_and_that_is_seen(workbench: WorkbenchPage) -> None:
    button = workbench.page.locator("[data-action=snapping]")
    assert button.inner_text() == "By word"
    at = SPLIT.index("respond")
    workbench.select(0, at + 1, 0, at + 4)
    assert workbench.draft() == "respond"
    workbench.press("w")
    assert (workbench.draft(), button.inner_text()) == ("esp", "By letter")
    assert workbench.mark() == ["esp"]
    workbench.open()
    assert button.inner_text() == "By letter"
    button.click()
    workbench.drag_over(0, "Minister")
    assert (workbench.draft(), button.inner_text()) == ("Minister", "By word")


# --- quotations ---


@pytest.mark.parametrize("words", ["respond", "warned", "strike"])
def test_a_split_quotation_is_one_statement_from_either_half_or_its_cue(workbench: WorkbenchPage, words: str) -> None:
    workbench.drag_over(0, words)
    workbench.press("q")
    assert parts(workbench) == [
        ("content", "“We will respond,”"),
        ("source", "Minister Obi"),
        ("cue", "warned"),
        ("content", "“Any strike is war.”"),
    ]
    assert Statement.objects.get(reading=workbench.reading).mode == "direct"
    assert workbench.focused() == "text"


def test_a_quotation_is_one_post_and_undone_as_one(workbench: WorkbenchPage) -> None:
    posts: list[str] = []
    workbench.page.on("request", lambda request: request.method == "POST" and posts.append(request.url))
    put_cursor(workbench, 0, "respond")
    workbench.press("q")
    assert len(parts(workbench)) == 4
    workbench.press("z")
    workbench.wait_for(lambda: workbench.page.locator("#text mark").count() == 0)
    assert [url.split("/")[-2] for url in posts] == ["statements", "undo"]
    assert parts(workbench) == []


@pytest.mark.parametrize(
    ("block", "words", "expected"),
    [
        (
            2,
            "Angriff",
            [
                ("content", "„Wir antworten“"),
                ("cue", "sagte"),
                ("source", "die Ministerin"),
                ("content", "„Jeder Angriff ist Krieg.“"),
            ],
        ),
        (
            3,
            "回應",
            [("content", "「我們將回應，」"), ("source", "部長"), ("cue", "說"), ("content", "「任何攻擊都是戰爭。」")],
        ),
        (4, "سنرد", [("cue", "قال"), ("source", "الوزير"), ("content", "«سنرد على الهجوم، ولن نتراجع.»")]),
    ],
    ids=["german", "chinese", "arabic"],
)
def test_quotations_in_other_marks(
    workbench: WorkbenchPage, block: int, words: str, expected: list[tuple[str, str]]
) -> None:
    put_cursor(workbench, block, words)
    workbench.press("q")
    assert parts(workbench) == expected


def test_the_bar_offers_the_quotation_to_the_mouse_where_there_is_one(workbench: WorkbenchPage) -> None:
    button = workbench.page.locator("#selection-bar [data-action=quotation]")
    workbench.drag_over(1, "envoy")
    expect(button).to_be_hidden()
    workbench.drag_over(0, "strike")
    button.click()
    assert [role for role, _ in parts(workbench)] == ["content", "source", "cue", "content"]


def test_a_quotation_that_is_a_statement_already_is_opened_and_not_doubled(workbench: WorkbenchPage) -> None:
    put_cursor(workbench, 0, "respond")
    workbench.press("q")
    made = parts(workbench)
    workbench.press("Escape", "Escape")
    put_cursor_in_mark(workbench, "strike")
    workbench.press("q")
    expect(workbench.page.locator("#inspector [data-annotation]")).to_be_visible()
    assert workbench.said().startswith("This quotation is a statement already.")
    assert parts(workbench) == made


def test_where_nothing_is_quoted_that_is_said(workbench: WorkbenchPage) -> None:
    put_cursor(workbench, 1, "envoy")
    workbench.press("q")
    workbench.hears("There is no quotation here.")


# --- pieces ---


def test_another_piece_is_added_by_the_roles_number_and_taken_away_by_key(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will respond")
    workbench.mark("s")
    workbench.drag_over(0, "Any strike is war")
    workbench.press("3")
    assert parts(workbench) == [("content", "We will respond"), ("content", "Any strike is war")]
    workbench.drag_over(0, "warned")
    workbench.press("2")
    assert len(parts(workbench)) == 3
    put_cursor_in_mark(workbench, "Any strike")
    workbench.press("Shift+Delete")
    workbench.wait_for(lambda: parts(workbench) == [("content", "We will respond"), ("cue", "warned")])
    assert workbench.focused() == "text"
    assert workbench.said() == "Taken away. statement, content: We will respond … warned"
    workbench.press("z")
    workbench.wait_for(lambda: len(parts(workbench)) == 3)


def test_a_piece_taken_away_without_the_server_is_kept_and_sent_later(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will respond")
    workbench.mark("s")
    workbench.drag_over(0, "warned")
    workbench.press("2")
    assert len(parts(workbench)) == 2
    workbench.page.context.set_offline(True)
    workbench.page.get_by_role("button", name="Remove these words").click()
    expect(workbench.page.locator("#unsaved")).to_have_text("1 not saved yet")
    workbench.page.context.set_offline(False)
    workbench.wait_for(lambda: parts(workbench) == [("content", "We will respond")])
    workbench.hears("Taken away. statement, content: We will respond")


def put_cursor_in_mark(workbench: WorkbenchPage, words: str) -> None:
    """The text cursor into a mark's words, opening nothing."""
    workbench.page.evaluate(
        """words => {
            const marks = Array.from(document.querySelectorAll("#text mark"));
            const mark = marks.find(one => one.textContent.includes(words));
            getSelection().collapse(mark.firstChild, 2);
        }""",
        words,
    )
    workbench.settle()


def test_the_last_content_of_a_statement_stays_and_says_why(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will respond")
    workbench.mark("s")
    workbench.press("Shift+Delete")
    workbench.hears("This piece must stay: delete the record instead.")


def test_pieces_are_named_by_their_number(workbench: WorkbenchPage) -> None:
    speaker = an_actor("Vladimir Putin")
    put_cursor(workbench, 0, "respond")
    workbench.press("q")
    workbench.wait_until_confirmed()
    form = workbench.page.locator("#inspector")
    form.get_by_role("combobox", name="Speaker", exact=True).fill("Vladimir")
    form.get_by_role("option", name="Vladimir Putin").first.click()
    workbench.wait_for(lambda: Statement.objects.get(reading=workbench.reading).speaker_id == speaker.pk)
    workbench.wait_for(
        lambda: (
            workbench.page.locator("#text mark").first.get_attribute("aria-description")
            == "statement by Vladimir Putin, content, 1 of 2"
        )
    )
    workbench.page.locator("#text").focus()
    workbench.press("Escape", "n")
    assert workbench.said().startswith("statement by Vladimir Putin, content, 1 of 2")


# --- borders dragged ---


def test_a_border_is_dragged_painted_and_saved_when_let_go(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will")
    workbench.mark("s")
    span = Span.objects.get(annotation__reading=workbench.reading)
    workbench.press_mouse(handle(workbench, span, "end"), workbench.place(0, "respond").end)
    assert "We will respond" in workbench.painted("pending")
    assert Span.objects.get().exact == "We will"
    workbench.let_go()
    assert workbench.saved() == ["We will respond"]
    workbench.press_mouse(handle(workbench, span, "start"), workbench.place(0, "will").start)
    workbench.let_go()
    assert workbench.saved() == ["will respond"]


def test_escape_takes_a_dragged_border_back(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will")
    workbench.mark("s")
    span = Span.objects.get(annotation__reading=workbench.reading)
    where = handle(workbench, span, "end")
    workbench.press_mouse(where, workbench.place(0, "respond").end)
    workbench.press("Escape")
    assert workbench.painted("pending") == []
    workbench.let_go()
    assert workbench.saved() == ["We will"]
    assert handle(workbench, span, "end") == where


def test_a_border_dragged_over_the_other_one_stays_where_it_last_could_be(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "respond")
    workbench.mark("s")
    span = Span.objects.get(annotation__reading=workbench.reading)
    workbench.drag(handle(workbench, span, "end"), workbench.place(0, "We").start)
    assert workbench.saved() == ["respond"]


def test_a_border_is_dragged_in_right_to_left_text(workbench: WorkbenchPage) -> None:
    workbench.drag_over(4, "على الهجوم")
    workbench.mark("s")
    span = Span.objects.get(annotation__reading=workbench.reading)
    x, y = workbench.place(4, "سنرد").start
    workbench.drag(handle(workbench, span, "start"), (x, y))
    assert workbench.saved() == ["سنرد على الهجوم"]


def test_a_border_dragged_in_a_text_that_changed_is_refused_and_mended(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will")
    workbench.mark("s")
    span = Span.objects.get(annotation__reading=workbench.reading)
    workbench.page.evaluate("() => { document.querySelector('#b0').lastChild.data = ' translated,” she said.' }")
    workbench.drag(handle(workbench, span, "end"), workbench.place(0, "translated").end)
    workbench.page.locator("#messages .is-warning").wait_for()
    workbench.wait_for(lambda: workbench.page.locator("#b0").inner_text() == SPLIT)
    assert workbench.saved() == ["We will"]


def test_a_swap_waits_while_a_border_is_dragged(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "We will")
    workbench.mark("s")
    span = Span.objects.get(annotation__reading=workbench.reading)
    held = hold_marking(workbench.page)
    workbench.drag_over(0, "Minister")
    workbench.press("m")
    workbench.press_mouse(handle(workbench, span, "end"), workbench.place(0, "respond").end)
    held[0].continue_()
    workbench.page.wait_for_timeout(400)
    assert workbench.page.locator("#text mark").all_inner_texts() == ["We will"]
    workbench.let_go()
    workbench.wait_for(lambda: sorted(workbench.saved()) == ["Minister", "We will respond"])


# --- records on the same words ---


def mark_twice(workbench: WorkbenchPage) -> list[int]:
    """Two mentions of the same words; their ids."""
    for _ in range(2):
        workbench.drag_over(0, "Minister Obi")
        workbench.mark()
    return list(Annotation.objects.filter(reading=workbench.reading).order_by("pk").values_list("pk", flat=True))


def current(page: Page) -> str | None:
    return page.locator("#inspector [data-annotation]").get_attribute("data-annotation")


def test_records_on_the_same_words_are_listed_at_the_cursor_and_chosen_by_keyboard(workbench: WorkbenchPage) -> None:
    one, two = mark_twice(workbench)
    put_cursor_in_mark(workbench, "Minister")
    workbench.press("l")
    links = workbench.page.locator("#stack a")
    expect(links).to_have_count(2)
    workbench.hears("2 records here.")
    assert problems(workbench.page) == []
    workbench.press("ArrowDown", "ArrowDown")
    assert workbench.page.evaluate("() => document.activeElement.dataset.goesTo") == str(one)
    workbench.press("Enter")
    workbench.page.locator(f"#inspector [data-annotation='{one}']").wait_for()
    expect(workbench.page.locator("#stack")).to_be_hidden()
    put_cursor_in_mark(workbench, "Minister")
    workbench.page.locator("#text").focus()
    workbench.press("l")
    expect(links).to_have_count(2)
    workbench.press("Escape")
    expect(workbench.page.locator("#stack")).to_be_hidden()
    assert (workbench.focused(), current(workbench.page)) == ("text", str(one))
    assert two != one


def test_a_number_beside_the_words_lists_their_records_to_the_mouse(workbench: WorkbenchPage) -> None:
    one, _ = mark_twice(workbench)
    workbench.press("Escape")
    workbench.click(0, "Minister")
    badge = workbench.page.locator(".stack-badge")
    assert badge.inner_text() == "2"
    badge.click()
    workbench.page.locator(f"#stack [data-goes-to='{one}']").click()
    workbench.page.locator(f"#inspector [data-annotation='{one}']").wait_for()
    workbench.page.mouse.click(5, 500)
    workbench.press("Escape")
    workbench.wait_for(lambda: not workbench.is_busy())
    expect(badge).to_be_hidden()


# --- threats said again ---


def test_a_threat_is_said_again_by_one_key_and_referred_to_by_another(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "strike")
    workbench.mark("t")
    workbench.drag_over(1, "they respond")
    workbench.press("r")
    workbench.wait_until_confirmed()
    threat = Threat.objects.get(reading=workbench.reading)
    assert [statement.spans.get().exact for statement in threat.statements.all()] == ["they respond"]
    assert current(workbench.page) == str(threat.pk)
    workbench.drag_over(1, "The ultimatum")
    workbench.press("1")
    assert parts(workbench) == [("reference", "strike"), ("reference", "The ultimatum"), ("content", "they respond")]
    assert workbench.focused() == "text"
    workbench.press("z", "z")
    workbench.wait_for(lambda: parts(workbench) == [("reference", "strike")])
    assert threat.statements.count() == 0


def test_without_an_open_threat_nothing_is_said_again(workbench: WorkbenchPage) -> None:
    workbench.drag_over(1, "they respond")
    workbench.press("r")
    workbench.hears("Open the threat that is said again first.")
    assert workbench.draft() == "they respond"


# --- the focus ---


def test_the_focus_stays_on_the_button_or_goes_to_the_text_after_a_swap(workbench: WorkbenchPage) -> None:
    put_cursor(workbench, 0, "respond")
    workbench.press("q")
    workbench.wait_until_confirmed()
    later = workbench.page.locator("[data-role=cue] [data-action=nudge][data-side=end][data-step='1']")
    later.focus()
    workbench.press("Enter")
    workbench.wait_for(lambda: ("cue", "warned on") in parts(workbench))
    assert later.evaluate("button => button === document.activeElement")
    workbench.page.locator('[data-role=cue] form[action$="/delete/"] button').focus()
    workbench.press("Enter")
    workbench.wait_for(lambda: len(parts(workbench)) == 3)
    assert workbench.focused() == "text"
    workbench.page.locator("#inspector .is-danger").focus()
    workbench.press("Enter")
    workbench.wait_for(lambda: parts(workbench) == [])
    assert workbench.focused() == "text"


# --- what is still lacking ---


def test_the_next_record_that_lacks_something_is_opened_and_said(workbench: WorkbenchPage) -> None:
    first, second = mark_twice(workbench)
    workbench.press("Escape")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.press("u")
    workbench.page.locator(f"#inspector [data-annotation='{first}']").wait_for()
    assert workbench.said().startswith("Mention lacks actor. mention, text: Minister Obi")
    workbench.press("u")
    workbench.page.locator(f"#inspector [data-annotation='{second}']").wait_for()
    workbench.press("Shift+U")
    workbench.page.locator(f"#inspector [data-annotation='{first}']").wait_for()
    assert workbench.focused() == "text"


def test_where_nothing_is_lacking_that_is_said(workbench: WorkbenchPage) -> None:
    workbench.press("u")
    workbench.page.get_by_text("Every record says what is asked for.").wait_for()


# --- the sheet of keys ---


def test_the_sheet_tells_of_every_key_of_the_table(workbench: WorkbenchPage) -> None:
    workbench.press("?")
    told = workbench.page.locator("#keys dd").all_inner_texts()
    table = workbench.page.evaluate(
        """async () => {
            const { src } = document.querySelector("script[type=module]");
            const { KEYS } = await import(src.replace("app.js", "lib/keys.js"));
            return KEYS.flatMap(group => group.keys.map(key => key.does));
        }"""
    )
    assert told == table
    assert len(told) > 15
    workbench.press("Escape", "?")
    assert workbench.page.locator("#keys dd").count() == len(told)
    assert workbench.page.locator("#keys-title").evaluate("title => title === document.activeElement")
