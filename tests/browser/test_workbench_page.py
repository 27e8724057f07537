"""The workbench as a page: the text it holds, how it is drawn, and who can use it."""

import base64
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from newsannot.accounts.models import Role
from newsannot.annotations.models import Span
from newsannot.articles.actions import take_in
from newsannot.articles.models import Revision
from tests.browser.conftest import FLAGS, OpenWorkbench, SignIn, chromium_path
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_codebook, a_reading, a_revision, a_user

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"
LINE = "Minister Obi said on Monday: “If a single ship crosses the line, we will close the strait.”"
TEXT = f"{LINE}\n\nThe neighbour’s envoy called the warning reckless.\nقال الوزير إن القوات الأجنبية هدف مشروع."
HOSTILE_LINES = [
    "no\u00a0break, zero\u200bwidth, soft\u00adhyphen, \ufffd for what was NUL",
    "  two  spaces,\ttab and trailing  ",
    "",
    "",
    "<b>markup</b> &amp; <script>alert(1)</script> \"quotes\" 'too' </p>",
    "two\u2028lines and \u2029 paragraphs",
    "\u202eright to left override\u202c and \u2066isolate\u2069",
    "e\u0301 👨‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 𝔘",
    "",
]
HOSTILE = "\n".join(HOSTILE_LINES)
BOXES = "() => Array.from(document.querySelectorAll('.block'), b => b.getBoundingClientRect().toJSON())"
IS_LAID_OUT = "block => block.checkVisibility({ contentVisibilityAuto: true })"
# Only the letters are left of a mark, so that their shapes can be compared.
BARE_MARKS = """mark, mark.is-current { background: none !important; text-decoration: none !important;
  color: inherit !important; border: 0 !important; box-shadow: none !important; opacity: 1 !important; }"""
DIFFERENCE = """async images => {
  const [one, other] = await Promise.all(images.map(async data => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height).getContext("2d");
    canvas.drawImage(image, 0, 0);
    return canvas.getImageData(0, 0, image.width, image.height).data;
  }));
  return one.reduce((most, value, at) => Math.max(most, Math.abs(value - other[at])), 0);
}"""
WORD_BOX = """([id, words]) => {
  const block = document.getElementById(id);
  const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
  const from = block.textContent.indexOf(words);
  const place = index => {
    walker.currentNode = block;
    for (let node = walker.nextNode(), before = 0; node; before += node.length, node = walker.nextNode())
      if (index <= before + node.length) return [node, index - before];
  };
  const range = document.createRange();
  range.setStart(...place(from));
  range.setEnd(...place(from + words.length));
  const { x, y, width, height } = range.getBoundingClientRect();
  return [x, y, width, height].map(length => Math.round(length));
}"""


@pytest.fixture
def workbench(open_workbench: OpenWorkbench) -> WorkbenchPage:
    return open_workbench(TEXT)


def problems(page: Page) -> list[str]:
    """What axe finds, in short. It leaves imported stylesheets alone: to read them it would write a style, which the
    page forbids."""
    page.evaluate(AXE.read_text())
    found = page.evaluate("() => axe.run(document, { resultTypes: ['violations'], preload: false })")["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def difference(page: Page, one: bytes, other: bytes) -> int:
    """By how much of 255 the pixel differs that differs most between two pictures of one size."""
    return int(page.evaluate(DIFFERENCE, [base64.b64encode(image).decode() for image in (one, other)]))


def test_every_block_holds_exactly_its_slice_of_a_hostile_text(open_workbench: OpenWorkbench) -> None:
    page = open_workbench(HOSTILE).page
    blocks = page.evaluate(
        "() => Array.from(document.querySelectorAll('.block'), b => [Number(b.dataset.s), b.textContent])"
    )
    assert "\n".join(text for _, text in blocks) == HOSTILE
    for start, text in blocks:
        assert HOSTILE[start : start + len(text)] == text


@pytest.mark.parametrize(
    "sign",
    ["\r\n", "\r", "\f", "\0", "\u00a0", "\u200b", "\u00ad", "<b>&amp;</b></p><!--", "\u2028"],
    ids=["crlf", "cr", "form feed", "nul", "no-break space", "zero width", "soft hyphen", "markup", "u+2028"],
)
def test_a_text_taken_in_is_shown_and_marked_to_the_letter(transactional_db: None, sign_in: SignIn, sign: str) -> None:
    a_codebook()
    user = a_user(Role.EDITOR)
    raw = f"A warning to ships\nBefore{sign}after the strait was closed to ships and to everything that flies."
    take_in(items=[{"title": "A warning", "text": raw}], by=user)
    revision = Revision.objects.get()
    workbench = WorkbenchPage(sign_in(user).new_page(), a_reading(by=user, revision=revision))
    blocks = workbench.page.locator("#text .block").evaluate_all("all => all.map(one => one.textContent)")
    assert "\n".join(blocks) == revision.text
    index = len(blocks) - 1
    workbench.drag_over(index, "the strait")
    assert workbench.mark() == ["the strait"]
    span = Span.objects.get()
    assert (revision.text[span.start : span.end], workbench.marks()) == ("the strait", ["the strait"])


def test_every_line_of_a_hostile_text_can_be_marked(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(HOSTILE)
    for index, line in enumerate(HOSTILE_LINES):
        if line:
            workbench.select(index, 0, index, len(line.encode("utf-16-le")) // 2)
            workbench.press("m")
    assert workbench.saved() == [line.strip() for line in HOSTILE_LINES if line]


def test_marking_moves_no_line_and_no_letter(workbench: WorkbenchPage) -> None:
    workbench.page.evaluate("() => document.fonts.ready")
    boxes = workbench.page.evaluate(BOXES)
    arabic = workbench.page.evaluate(WORD_BOX, ["b3", "القوات الأجنبية"])
    workbench.drag_over(0, "If a single ship crosses the line, we will close")
    workbench.mark("s")
    at = TEXT.split("\n")[3].index("القوات")
    workbench.select(3, at, 3, at + len("القوات الأجنبية"))
    workbench.mark()
    assert workbench.page.evaluate(BOXES) == boxes
    assert workbench.page.evaluate(WORD_BOX, ["b3", "القوات الأجنبية"]) == arabic


def test_marking_changes_no_pixel_of_the_letters(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, bypass_csp=True)
    workbench.page.evaluate("() => document.fonts.ready")
    workbench.page.add_style_tag(content=BARE_MARKS)
    lines = [workbench.page.locator(f"#b{index}") for index in (0, 3)]
    before = [line.screenshot() for line in lines]
    at = TEXT.split("\n")[3].index("القوات")
    workbench.select(3, at, 3, at + len("القوات"))
    workbench.mark()
    workbench.select(0, 1, 0, 9)
    workbench.mark()
    workbench.press("Escape", "Escape")
    workbench.wait_for(lambda: not workbench.is_busy())
    workbench.page.evaluate("() => { getSelection().removeAllRanges(); document.activeElement.blur(); }")
    workbench.page.mouse.move(2, 2)
    assert workbench.page.locator("#text mark").count() == 2
    shifts = [difference(workbench.page, line.screenshot(), image) for line, image in zip(lines, before, strict=True)]
    assert max(shifts) < 64


def test_the_page_keeps_to_its_content_policy(workbench: WorkbenchPage) -> None:
    workbench.page.evaluate(
        "() => addEventListener('securitypolicyviolation', event => (window.violations ??= []).push(event.blockedURI))"
    )
    workbench.drag_over(0, "a single ship")
    workbench.mark("s")
    workbench.press("l", "Escape", "/", "Escape", "?", "Escape", "g", "Escape")
    assert workbench.page.evaluate("() => window.violations ?? []") == []


def test_copied_words_are_the_texts_own(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.press("Escape")
    workbench.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    workbench.page.evaluate(
        "() => getSelection().setBaseAndExtent(b0.firstChild, 0, document.getElementById('b2').firstChild, 12)"
    )
    workbench.press("Control+c")
    copied = workbench.page.evaluate("() => navigator.clipboard.readText()")
    workbench.page.context.clear_permissions()
    assert [line for line in copied.split("\n") if line] == [LINE, "The neighbou"]


def test_marks_are_underlined_in_forced_colours(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    workbench.page.emulate_media(forced_colors="active")
    line = workbench.page.evaluate("() => getComputedStyle(document.querySelector('#text mark')).textDecorationLine")
    workbench.page.emulate_media(forced_colors="none")
    assert line == "underline"


def test_paper_shows_the_text_and_no_tools(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "a single ship")
    assert workbench.page.locator("#selection-bar").is_visible()
    workbench.page.emulate_media(media="print")
    tools = ("#text", "#selection-bar", ".topbar", ".workbench-tools")
    seen = [workbench.page.locator(part).is_visible() for part in tools]
    workbench.page.emulate_media(media="screen")
    assert seen == [True, False, False, False]


def test_marking_works_after_going_back_to_the_page(workbench: WorkbenchPage) -> None:
    workbench.page.goto("/guidelines/")
    workbench.page.go_back()
    workbench.page.wait_for_selector("main[data-bound]")
    workbench.drag_over(0, "a single ship")
    assert workbench.mark() == ["a single ship"]


def test_a_page_that_was_kept_whole_goes_on_where_it_was(
    browser: Browser, live_server: LiveServer, sign_in: SignIn, transactional_db: None
) -> None:
    reading = a_reading(revision=a_revision(TEXT, zones=[]))
    cookies = sign_in(reading.reader).cookies()
    with browser.browser_type.launch(
        executable_path=chromium_path(),
        args=[*FLAGS, "--enable-bfcache"],  # without which the shell keeps no page
        ignore_default_args=["--disable-back-forward-cache"],
    ) as keeping:
        page = keeping.new_context(base_url=live_server.url)
        page.add_cookies([{"name": one["name"], "value": one["value"], "url": live_server.url} for one in cookies])
        workbench = WorkbenchPage(page.new_page(), reading)
        workbench.page.evaluate("() => { window.wasKept = true }")
        workbench.page.goto("/guidelines/")
        workbench.page.go_back(wait_until="commit")
        is_kept = workbench.page.evaluate("() => window.wasKept === true")
        workbench.page.wait_for_selector("main[data-bound]")
        workbench.drag_over(0, "a single ship")
        assert (is_kept, workbench.mark()) == (True, ["a single ship"])


def test_a_second_tab_shows_both_marks_after_its_own(workbench: WorkbenchPage) -> None:
    other = WorkbenchPage(workbench.page.context.new_page(), workbench.reading)
    workbench.drag_over(0, "a single ship")
    workbench.mark()
    other.drag_over(0, "close the strait")
    other.mark()
    assert other.page.locator("#text mark").all_inner_texts() == ["a single ship", "close the strait"]


def test_axe_finds_nothing_before_and_after_marking(workbench: WorkbenchPage) -> None:
    assert problems(workbench.page) == []
    for words, key in (("Minister Obi", "m"), ("we will close the strait", "s"), ("If a single ship", "t")):
        workbench.drag_over(0, words)
        workbench.mark(key)
    assert problems(workbench.page) == []
    workbench.drag_over(2, "envoy")
    workbench.press("?")
    assert problems(workbench.page) == []


def test_axe_finds_nothing_in_the_dark(open_workbench: OpenWorkbench) -> None:
    workbench = open_workbench(TEXT, color_scheme="dark")
    workbench.drag_over(0, "we will close the strait")
    workbench.mark("s")
    assert problems(workbench.page) == []


def test_marks_are_named_in_the_accessibility_tree(workbench: WorkbenchPage) -> None:
    workbench.drag_over(0, "we will close the strait")
    workbench.mark("s")
    session = workbench.page.context.new_cdp_session(workbench.page)
    nodes = session.send("Accessibility.getFullAXTree")["nodes"]
    marks = [node for node in nodes if node.get("role", {}).get("value") == "mark"]
    assert [mark["description"]["value"] for mark in marks] == ["statement, content"]


def test_long_texts_are_searched_and_marked_off_screen_too(open_workbench: OpenWorkbench) -> None:
    lines = [f"Paragraph {n} says that ships and troops keep to their side of the line." for n in range(2000)]
    workbench = open_workbench("\n".join(lines))
    assert not workbench.page.locator("#b1987").evaluate(IS_LAID_OUT)
    assert workbench.page.evaluate("() => window.find('Paragraph 1987 says')")
    workbench.settle()
    assert workbench.draft() == "Paragraph 1987 says"
    workbench.drag_over(1990, "troops keep")
    assert workbench.mark() == ["troops keep"]
