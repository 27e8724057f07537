"""Gestures that understand the text: growing, quoting, dragging, lists at the cursor, a phrase marked everywhere."""

import pytest
from playwright.sync_api import Page, expect

from newsannot.annotations.models import Annotation, Span
from newsannot.statements.models import Statement
from newsannot.threats.models import Threat
from tests.browser.conftest import OpenWorkbench, SignIn
from tests.browser.test_workbench_edit import hold_marking
from tests.browser.test_workbench_page import IS_LAID_OUT, PHONE, problems
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_reading, a_revision, an_actor

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
    workbench.press("z")
    workbench.wait_for(lambda: len(parts(workbench)) == 3)


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


def test_a_finger_drags_a_border(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, **PHONE)
    workbench.select(0, 1, 0, 8)
    workbench.page.locator("#selection-bar [data-kind=mention]").tap()
    workbench.wait_until_confirmed()
    span = Span.objects.get(annotation__reading=workbench.reading)
    workbench.page.locator("[data-span]").wait_for()
    session = workbench.page.context.new_cdp_session(workbench.page)
    (x, y), (to_x, to_y) = handle(workbench, span, "end"), workbench.place(0, "respond").end
    for kind, points in (
        ("touchStart", [{"x": x, "y": y}]),
        ("touchMove", [{"x": (x + to_x) / 2, "y": (y + to_y) / 2}]),
        ("touchMove", [{"x": to_x, "y": to_y}]),
        ("touchEnd", []),
    ):
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        workbench.settle()
    assert workbench.saved() == ["We will respond"]


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


# --- a phrase everywhere ---


def find(workbench: WorkbenchPage, phrase: str) -> None:
    workbench.press("/")
    workbench.page.locator("#find-bar input[name=q]").fill(phrase)
    workbench.settle()


def test_a_phrase_is_previewed_thinned_out_marked_and_undone_as_one(workbench: WorkbenchPage) -> None:
    actor = an_actor("Adaeze Obi")
    find(workbench, "Obi")
    bar = workbench.page.locator("#find-bar")
    assert bar.locator("output").all_inner_texts() == ["4 found", "Mark 3 as"]
    assert workbench.painted("search") == ["Obi"] * 3
    workbench.press("Enter", "Enter")
    bar.get_by_role("button", name="Leave out").click()
    assert bar.locator("output").all_inner_texts() == ["2 of 4", "Mark 2 as"]
    assert problems(workbench.page) == []
    bar.get_by_role("combobox", name="Actor of the mentions").fill("Adaeze")
    bar.get_by_role("option", name="Adaeze Obi").first.click()
    bar.get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("2 marked.").wait_for()
    marked = Annotation.objects.filter(reading=workbench.reading, mention__actor=actor)
    assert [annotation.spans.get().start for annotation in marked.order_by("pk")] == [
        TEXT.index("Obi"),
        TEXT.index("Obi’s"),
    ]
    assert workbench.page.locator("#text mark").all_inner_texts() == ["Obi", "Obi"]
    assert workbench.focused() == "text"
    workbench.press("z")
    workbench.wait_for(lambda: workbench.page.locator("#text mark").count() == 0)
    assert parts(workbench) == []
    workbench.press("y")
    workbench.wait_for(lambda: workbench.page.locator("#text mark").count() == 2)


def test_the_selection_is_what_is_looked_for(workbench: WorkbenchPage) -> None:
    workbench.drag_over(1, "Obi")
    workbench.press("/")
    bar = workbench.page.locator("#find-bar")
    assert bar.locator("input[name=q]").input_value() == "Obi"
    assert bar.locator("output").first.inner_text() == "2 of 4"


def test_places_in_a_mention_are_left_out_to_begin_with(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "Minister Obi")
    workbench.mark()
    find(workbench, "Obi")
    assert workbench.page.locator("#find-bar output").all_inner_texts() == ["4 found", "Mark 2 as"]


def test_another_phrase_asks_anew_whom_it_names(workbench: WorkbenchPage) -> None:
    an_actor("Adaeze Obi")
    find(workbench, "Obi")
    workbench.press("Tab")
    workbench.page.get_by_role("option", name="Adaeze Obi").first.wait_for()
    workbench.press("Enter")
    chip = workbench.page.locator("#find-bar .chip")
    expect(chip).to_have_count(1)
    workbench.page.locator("#find-bar input[name=q]").fill("envoy")
    expect(chip).to_have_count(0)


def test_places_that_are_not_coded_are_left_out(transactional_db: None, sign_in: SignIn) -> None:
    text = "Obi spoke.\nAbout the author: Obi writes."
    reading = a_reading(revision=a_revision(text))
    workbench = WorkbenchPage(sign_in(reading.reader).new_page(), reading)
    find(workbench, "Obi")
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("1 marked.").wait_for()
    assert workbench.saved() == ["Obi"]


def test_a_phrase_is_marked_for_whom_it_names_by_five_keys(workbench: WorkbenchPage) -> None:
    actor = an_actor("Adaeze Obi")
    find(workbench, "Obi")
    workbench.press("Tab")
    workbench.page.get_by_role("option", name="Adaeze Obi").first.wait_for()
    workbench.press("Enter", "Enter")
    workbench.page.get_by_text("3 marked.").wait_for()
    assert Annotation.objects.filter(reading=workbench.reading, mention__actor=actor).count() == 3


def test_of_marking_again_and_again_only_the_last_is_told(workbench: WorkbenchPage) -> None:
    for phrase, told in (("Obi", "3 marked."), ("respond", "2 marked."), ("Obi", "Nothing new to mark.")):
        find(workbench, phrase)
        if told.startswith("Nothing"):
            workbench.press("Enter", "Control+Enter")
        workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
        workbench.page.get_by_text(told).wait_for()
        assert workbench.page.locator("#messages .toast").count() == 1


def test_a_place_is_left_out_and_taken_in_again_by_key(workbench: WorkbenchPage) -> None:
    find(workbench, "Obi")
    told = workbench.page.locator("#find-bar output").nth(1)
    workbench.press("Enter", "Control+Enter")
    expect(told).to_have_text("Mark 2 as")
    workbench.press("Control+Enter")
    expect(told).to_have_text("Mark 3 as")


def test_the_places_of_a_threat_are_references_of_one_by_keyboard_alone(workbench: WorkbenchPage) -> None:
    find(workbench, "respond")
    workbench.press(*["Tab"] * 4)
    assert workbench.page.evaluate("() => document.activeElement.textContent") == "Threat"
    workbench.press("Enter")
    workbench.page.get_by_text("2 marked.").wait_for()
    assert parts(workbench) == [("reference", "respond"), ("reference", "respond")]
    assert Threat.objects.filter(reading=workbench.reading).count() == 1


def test_a_phrase_is_marked_off_screen_too(open_workbench: OpenWorkbench) -> None:
    lines = [f"Paragraph {n} says that ships and troops keep to their side." for n in range(2400)]
    lines[3] = lines[2300] = "Here Admiral Wu spoke."
    workbench = open_workbench("\n".join(lines))
    assert not workbench.page.locator("#b2300").evaluate(IS_LAID_OUT)
    find(workbench, "Admiral Wu")
    assert workbench.painted("search") == ["Admiral Wu"] * 2
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("2 marked.").wait_for()
    assert workbench.saved() == ["Admiral Wu"] * 2
    assert workbench.page.locator("#b2300 mark").text_content() == "Admiral Wu"


def test_too_many_places_are_refused_with_the_field_named(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench("ship " * 501)
    find(workbench, "ship")
    workbench.page.locator("#find-bar").get_by_role("button", name="Mention").click()
    workbench.page.get_by_text("Piece: These are 501 places; at most 500 can be marked at once.").wait_for()
    assert workbench.saved() == []
    assert workbench.painted("pending") == []


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
    workbench.page.locator("[data-role=cue] .span-tools form button").focus()
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
