"""The workbench in a real Chromium: how soon one reads, how soon a mark is painted, how it scrolls, what it weighs.

Alone: `.venv/bin/python benchmarks/browser.py [WORDS:SPANS …]`. Every figure is the median of some repetitions with the
best beside it: what else the machine does only ever adds. A frame lasts 17 ms, and every figure ends with one: each is
taken from the browser's own time of the event to the end of the page's work on the first frame that shows the outcome
(of letting go: the words painted and the bar beside them).
"""

import shutil
import statistics
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.place import scratch_database, server  # noqa: E402

SIZES = [
    (words, spans) for words in (1_000, 10_000, 100_000) for spans in (10, 100, 1_000, 10_000) if spans * 10 <= words
]
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
LOADS, MARKS, SCROLLS = 3, 9, 3
SCROLLED_WORDS = 10_000

# Runs before the page's own scripts. `painted` resolves when the first frame in which it is so has been rendered. What
# is asked in a frame sees what the page did in it only if it comes after that: so letting go is heard last, on window.
PROBE = """
window.bench = {};
const painted = async isSo => {
  do await new Promise(requestAnimationFrame); while (!isSo());
  return new Promise(done => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => done(performance.now());
    channel.port2.postMessage(0);
  });
};
painted(() => document.querySelector('#text .block')?.getClientRects().length).then(at => { bench.readable = at; });
addEventListener('pointerup', async event => {
  const isShown = () => CSS.highlights.get('pending')?.size && !document.getElementById('selection-bar').hidden;
  bench.optimistic = await painted(isShown) - event.timeStamp;
});
addEventListener('keydown', event => {
  if (event.code !== 'KeyM') return;
  const observer = new MutationObserver(async () => {
    observer.disconnect();
    bench.confirmed = await painted(() => true) - event.timeStamp;
  });
  observer.observe(document.getElementById('text'), { childList: true, subtree: true });
}, true);
"""
# The middle of the first and the last of some words in a block, scrolled to the middle of the window.
PLACE = """async number => {
  const block = document.getElementById(`b${number}`);
  block.scrollIntoView({ block: 'center', behavior: 'instant' });
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  const range = document.createRange();
  range.selectNodeContents(block);
  const [box] = range.getClientRects();
  return [box.left + 60, box.left + 260, (box.top + box.bottom) / 2];
}"""
# Down through the text, 100 pixels a frame; the milliseconds between frames.
SCROLL = """async () => {
  scrollTo({ top: 0, behavior: 'instant' });
  await new Promise(done => setTimeout(done, 400));
  const frames = [];
  let last = performance.now();
  for (let n = 0; n < 240; n++) {
    scrollBy({ top: 100, behavior: 'instant' });
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    frames.push(now - last);
    last = now;
  }
  return frames;
}"""


@dataclass(frozen=True, slots=True)
class Case:
    """A reading of so many words with so many spans, and the session of whom it belongs to."""

    words: int
    spans: int
    reading: int
    session: str
    blocks: int


@dataclass(frozen=True, slots=True)
class Seen:
    """What was measured on a case, in milliseconds and megabytes."""

    readable: Sequence[float]
    optimistic: Sequence[float]
    confirmed: Sequence[float]
    frames: Sequence[Sequence[float]]
    heap: float
    renderer: float


def cases(sizes: Sequence[tuple[int, int]]) -> list[Case]:
    """A reading for each size, its mentions spread evenly over the text."""
    from benchmarks import seed
    from newsannot.annotations.actions import open_reading

    by = seed.keeper()
    session = seed.sign_in(by)
    made = []
    for number, (words, spans) in enumerate(sizes):
        revision = seed.an_article(910_000 + number, words, by).current_revision
        reading = open_reading(revision=revision, by=by)
        seed.fill_with_mentions(reading, spans, every=words // spans)
        made.append(Case(words, spans, reading.pk, session, len(revision.block_starts)))
    return made


def launched(playwright: Any, port: int, session: str) -> tuple[Any, Any]:
    """A browser, and a page of it in which whose session it is is signed in."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        sys.exit("The browser benchmark needs Chromium.")
    browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
    url = f"http://127.0.0.1:{port}"
    context = browser.new_context(base_url=url, viewport={"width": 1440, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": session, "url": url}])
    return browser, context.new_page()


def measure(playwright: Any, port: int, case: Case) -> Seen:
    """Measure one case in a browser of its own."""
    browser, page = launched(playwright, port, case.session)
    page.add_init_script(PROBE)
    readable = [_load(page, case) for _ in range(LOADS + 1)][1:]
    heap, renderer = _memory(browser, page)
    frames = [page.evaluate(SCROLL) for _ in range(SCROLLS)] if case.words == SCROLLED_WORDS else []
    marks = [_mark(page, case.blocks * (n + 1) // (MARKS + 2)) for n in range(MARKS)]
    browser.close()
    return Seen(readable, [m[0] for m in marks], [m[1] for m in marks], frames, heap, renderer)


def _load(page: Any, case: Case) -> float:
    page.goto(f"/readings/{case.reading}/")
    page.wait_for_selector("main[data-bound]")
    page.wait_for_timeout(300)
    return float(page.evaluate("() => bench.readable"))


def _mark(page: Any, block: int) -> tuple[float, float]:
    """Drag over words and press M: ms from letting go to the words painted, from the key to what was saved painted."""
    page.evaluate("() => { bench.optimistic = bench.confirmed = 0; }")
    begin, end, y = page.evaluate(PLACE, block)
    page.mouse.move(begin, y)
    page.mouse.down()
    page.mouse.move(end, y, steps=5)
    page.mouse.up()
    optimistic = _when(page, "optimistic")
    page.keyboard.press("m")
    confirmed = _when(page, "confirmed")
    page.wait_for_timeout(150)
    page.keyboard.press("Escape")
    page.wait_for_timeout(150)
    return optimistic, confirmed


def _when(page: Any, name: str) -> float:
    for _ in range(400):
        if taken := page.evaluate("name => bench[name]", name):
            return float(taken)
        page.wait_for_timeout(25)
    sys.exit(f"Nothing was painted ({name}).")


def _memory(browser: Any, page: Any) -> tuple[float, float]:
    """The JavaScript heap, and what the page's process has for itself, in MB, after garbage was collected."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    metrics = {m["name"]: m["value"] for m in session.send("Performance.getMetrics")["metrics"]}
    processes = browser.new_browser_cdp_session().send("SystemInfo.getProcessInfo")["processInfo"]
    private = [_private(process["id"]) for process in processes if process["type"] == "renderer"]
    return metrics["JSHeapUsedSize"] / 1e6, max(private, default=0.0)


def _private(pid: int) -> float:
    rows = [line.split() for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()]
    return sum(int(row[1]) for row in rows if row[0] in {"Private_Clean:", "Private_Dirty:"}) * 1024 / 1e6


def told(values: Sequence[float]) -> str:
    """The median, and the best beside it."""
    return f"{statistics.median(values):.0f} (best {min(values):.0f})"


def main() -> None:
    """Measure every size, or those that the arguments name."""
    sizes = [(int(w), int(s)) for w, _, s in (arg.partition(":") for arg in sys.argv[1:])] or SIZES
    print("in ms, MB; wanted: letting go ≤ 20, key ≤ 60, text of 100,000 words ≤ 800, no frame over 50, < 100 MB")
    print(
        f"{'words':>8} {'spans':>6} {'first text':>20} {'let go → painted':>20}"
        f" {'key → saved':>20} {'heap':>6} {'renderer':>9}"
    )
    with scratch_database(), server() as port:
        made = cases(sizes)
        from playwright.sync_api import sync_playwright

        with sync_playwright() as playwright:
            for case in made:
                seen = measure(playwright, port, case)
                print(
                    f"{case.words:>8} {case.spans:>6} {told(seen.readable):>20} {told(seen.optimistic):>20}"
                    f" {told(seen.confirmed):>20} {seen.heap:>6.0f} {seen.renderer:>9.0f}",
                    flush=True,
                )
                for frames in seen.frames:
                    slow = sum(1 for frame in frames if frame > 50)
                    print(f"{'':>15} scrolling: longest frame {max(frames):.0f} ms, {slow} of {len(frames)} over 50 ms")


if __name__ == "__main__":
    main()
