"""The workbench as a person uses it: places in the text, gestures, keys, and what came of them."""

import time
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page, Request, expect

from newsannot.annotations.models import Reading, Span

PHONE: dict[str, Any] = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
# The client rectangles of some words in a block: where a hand would begin and end to drag over them.
ENDS = """([id, words, nth]) => {
  const block = document.getElementById(id);
  const text = block.textContent;
  let from = -1;
  for (let n = 0; n <= nth; n++) from = text.indexOf(words, from + 1);
  if (from < 0) throw new Error(`no ${words} in ${id}`);
  const place = (index, isEnd) => {
    const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(), before = 0; node; before += node.length, node = walker.nextNode()) {
      if (index < before + node.length || (isEnd && index === before + node.length)) return [node, index - before];
    }
  };
  const range = document.createRange();
  range.setStart(...place(from, false));
  range.setEnd(...place(from + words.length, true));
  block.scrollIntoView({ block: "nearest" });
  const boxes = range.getClientRects();
  const first = boxes[0];
  const last = boxes[boxes.length - 1];
  const isRtl = getComputedStyle(block).direction === "rtl";
  return {
    start: [isRtl ? first.right - 2 : first.left + 2, (first.top + first.bottom) / 2],
    end: [isRtl ? last.left + 2 : last.right - 2, (last.top + last.bottom) / 2],
  };
}"""
SELECT = """([id, from, toId, to]) => {
  const node = (id) => document.getElementById(id).firstChild;
  getSelection().setBaseAndExtent(node(id), from, node(toId), to);
}"""
PAINTED = "name => Array.from(CSS.highlights.get(name) ?? [], range => range.toString())"
# Every line break between blocks is one code point of the text, though not of the page.
DRAFT = """() => {
  const [range] = CSS.highlights.get("pending") ?? [];
  if (!range) return null;
  return Array.from(document.querySelectorAll(".block"))
    .filter(block => range.intersectsNode(block))
    .map(block => {
      const part = document.createRange();
      part.selectNodeContents(block);
      if (block.contains(range.startContainer)) part.setStart(range.startContainer, range.startOffset);
      if (block.contains(range.endContainer)) part.setEnd(range.endContainer, range.endOffset);
      return part.toString();
    }).join("\\n");
}"""
# A page that paints nothing fails its test: playwright itself waits for a promise without end.
FRAMES = """() => new Promise((done, fail) => {
  setTimeout(() => fail(new Error("nothing was painted for 20 seconds")), 20_000);
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 20)));
})"""
# The words of an element that are seen.
SEEN = """element => {
  const copy = element.cloneNode(true);
  for (const heard of copy.querySelectorAll('.visually-hidden')) heard.remove();
  return copy.textContent.trim();
}"""
LIVE = "main > [role=status].visually-hidden"
SECONDS = 5


@dataclass(frozen=True)
class Place:
    """Where words stand in the window, in CSS pixels, each end just inside of them."""

    start: tuple[float, float]
    end: tuple[float, float]


class WorkbenchPage:
    """An open reading in a browser tab."""

    def __init__(self, page: Page, reading: Reading) -> None:
        self.page, self.reading = page, reading
        self.coming: set[Request] = set()
        page.on("request", self._expect)
        page.on("requestfinished", self._have)
        page.on("requestfailed", self._have)
        self.open()

    def _expect(self, request: Request) -> None:
        if request.resource_type == "script":
            self.coming.add(request)

    def _have(self, request: Request) -> None:
        self.coming.discard(request)

    def open(self) -> None:
        """Load the page and wait until its controllers listen."""
        self.page.goto(f"/readings/{self.reading.pk}/")
        self.page.wait_for_selector("main[data-bound]")

    # --- places and gestures ---

    def place(self, block: int, words: str, nth: int = 0) -> Place:
        """Where the nth occurrence of words in a block is, once what came into sight with it is laid out."""
        ends, before = self.page.evaluate(ENDS, [f"b{block}", words, nth]), None
        for _ in range(100):
            self.page.evaluate(FRAMES)
            ends, before = self.page.evaluate(ENDS, [f"b{block}", words, nth]), ends
            if ends == before:
                return Place(tuple(ends["start"]), tuple(ends["end"]))
        raise AssertionError(f"{words} never stood still")

    def drag(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        """Press, move in steps, let go."""
        self.press_mouse(begin, end)
        self.let_go()

    def press_mouse(self, begin: tuple[float, float], end: tuple[float, float]) -> None:
        """The first half of a drag: the mouse stays down."""
        self.page.mouse.move(*begin)
        self.page.mouse.down()
        self.page.mouse.move(*end, steps=4)
        self.settle()

    def let_go(self) -> None:
        """The second half of a drag."""
        self.page.mouse.up()
        self.settle()

    def drag_over(self, block: int, words: str) -> None:
        """Select words with the mouse."""
        place = self.place(block, words)
        self.drag(place.start, place.end)

    def click(self, block: int, words: str, times: int = 1, button: Any = "left") -> None:
        """Click into words, just after their first half letter."""
        x, y = self.place(block, words).start
        middle = (x + self.place(block, words).end[0]) / 2
        self.page.mouse.click(middle, y, click_count=times, button=button)
        self.settle()

    def select(self, block: int, start: int, to_block: int, end: int) -> None:
        """Set the browser's selection by UTF-16 indices into the blocks' first text nodes."""
        self.page.evaluate(SELECT, [f"b{block}", start, f"b{to_block}", end])
        self.settle()

    def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        for key in keys:
            self.page.keyboard.press(key)
            self.settle()

    def settle(self) -> None:
        """Wait until what was just done has been handled and painted, by scripts that it made the page load too."""
        self.page.evaluate(FRAMES)
        while self.coming:
            self.wait_for(lambda: not self.coming)
            self.page.evaluate(FRAMES)

    # --- what came of it ---

    def painted(self, name: str) -> list[str]:
        """The words painted under a highlight name."""
        return self.page.evaluate(PAINTED, name)

    def draft(self) -> str | None:
        """The words that would be marked now, as they are painted."""
        return self.page.evaluate(DRAFT)

    def said(self) -> str:
        """What the live region says."""
        return self.page.locator(LIVE).inner_text()

    def hears(self, words: str) -> None:
        """Wait until the live region says just this."""
        expect(self.page.locator(LIVE)).to_have_text(words)

    def focused(self) -> str:
        """The id of the focused element."""
        return str(self.page.evaluate("() => document.activeElement.id"))

    def marks(self) -> list[str]:
        """The words of every mark on the page, flat."""
        return self.page.locator("#text mark").all_inner_texts()

    def mark(self, key: str = "m") -> list[str]:
        """Press a label key and answer with the words of all spans saved, in the order they were made."""
        self.press(key)
        return self.saved()

    def saved(self) -> list[str]:
        """The words of all spans of the reading in the database, once nothing is pending."""
        self.wait_until_confirmed()
        return self.saved_now()

    def saved_now(self) -> list[str]:
        """The same, whatever is pending."""
        return list(
            Span.objects.filter(annotation__reading=self.reading).order_by("pk").values_list("exact", flat=True)
        )

    def wait_until_confirmed(self) -> None:
        """Wait until no mark is waiting for the server's word."""
        self.wait_for(lambda: not self.painted("pending") and not self.is_busy())

    def is_busy(self) -> bool:
        """Whether htmx has a request under way."""
        return self.page.locator(".htmx-request").count() > 0

    def wait_for(self, is_so: Any) -> None:
        """Ask again until it is so; fail after some seconds. (Playwright's own needs eval, which the page forbids.)"""
        deadline = time.monotonic() + SECONDS
        while not is_so():
            if time.monotonic() > deadline:
                raise AssertionError("waited in vain")
            self.page.wait_for_timeout(25)
