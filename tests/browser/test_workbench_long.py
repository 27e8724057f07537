"""Long texts: what a mark, a scroll and the page itself cost, in counts, does not grow with the text."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from benchmarks.seed import fill_with_mentions
from newsannot.annotations.models import Reading
from tests.browser.conftest import SignIn
from tests.browser.workbench_page import WorkbenchPage
from tests.factories import a_reading, a_revision

LINE = "Paragraph of twelve words that tells how ships keep to their line."
LAID_OUT = """() => Array.from(document.querySelectorAll('.block'))
  .filter(block => block.checkVisibility({ contentVisibilityAuto: true })).map(block => block.id)"""
# From here on every block that is taken out of the text or put in is noted.
WATCH = """() => {
  window.swapped = [];
  const note = (nodes, sign) => nodes.forEach(node => window.swapped.push(sign + node.id));
  new MutationObserver(changes => changes.forEach(({ addedNodes, removedNodes }) => {
    note(removedNodes, '-');
    note(addedNodes, '+');
  })).observe(document.getElementById('text'), { childList: true, subtree: true });
}"""
NODES = """() => {
  const walker = document.createTreeWalker(document, NodeFilter.SHOW_ALL);
  let count = 1;
  while (walker.nextNode()) count += 1;
  return count;
}"""


@dataclass(frozen=True)
class Work:
    """What the browser did: elements styled anew, boxes laid out anew, layouts in all."""

    styled: int
    laid_out: int
    layouts: int


@pytest.fixture
def open_long(transactional_db: None, sign_in: SignIn) -> Callable[[int], WorkbenchPage]:
    """The workbench on a text of so many lines of twelve words, every other word a mention."""

    def open_it(lines: int) -> WorkbenchPage:
        reading: Reading = a_reading(revision=a_revision("\n".join([LINE] * lines), zones=[]))
        fill_with_mentions(reading, lines * 6, every=2)
        assert reading.reader is not None
        return WorkbenchPage(sign_in(reading.reader).new_page(), reading)

    return open_it


def work_of(workbench: WorkbenchPage, act: Callable[[], object]) -> Work:
    """What the browser does while something is done, as it tells itself."""
    browser = workbench.page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()
    events: list[dict[str, Any]] = []
    ended: list[object] = []
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", lambda _: ended.append("it has"))
    session.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline", "blink"]}})
    act()
    session.send("Tracing.end")
    workbench.wait_for(lambda: ended)
    session.detach()
    layouts = [event["args"]["beginData"]["dirtyObjects"] for event in events if event["name"] == "Layout"]
    styled = [event["args"].get("elementCount", 0) for event in events if event["name"] == "UpdateLayoutTree"]
    return Work(sum(styled), sum(layouts), len(layouts))


def mark_in_the_middle(workbench: WorkbenchPage, lines: int) -> None:
    workbench.drag_over(lines // 2, "words that tells")
    workbench.mark()


def test_a_mark_replaces_its_own_block_alone(open_long: Callable[[int], WorkbenchPage]) -> None:
    workbench = open_long(500)
    workbench.page.evaluate(WATCH)
    mark_in_the_middle(workbench, 500)
    assert sorted(workbench.page.evaluate("() => window.swapped")) == ["+b250", "-b250"]


def test_a_mark_costs_the_same_with_three_thousand_spans_as_with_six_hundred(
    open_long: Callable[[int], WorkbenchPage],
) -> None:
    done = []
    for lines in (100, 500):
        workbench = open_long(lines)
        workbench.drag_over(lines // 2, "words that tells")
        done.append(work_of(workbench, workbench.mark))
        workbench.page.close()
    few, many = done
    assert many.styled < 2 * few.styled
    assert many.laid_out < 2 * few.laid_out
    assert many.layouts <= few.layouts + 2


def test_only_what_is_near_is_laid_out_and_scrolling_brings_the_rest(
    open_long: Callable[[int], WorkbenchPage],
) -> None:
    workbench = open_long(800)
    near = workbench.page.evaluate(LAID_OUT)
    assert near[0] == "b0"
    assert len(near) < 200
    workbench.page.evaluate("() => document.getElementById('b400').scrollIntoView({ behavior: 'instant' })")
    workbench.settle()
    near = workbench.page.evaluate(LAID_OUT)
    assert "b400" in near
    assert len(near) < 250


def test_scrolling_does_not_style_the_text_again_and_again(open_long: Callable[[int], WorkbenchPage]) -> None:
    workbench = open_long(800)
    elements = workbench.page.evaluate("() => document.querySelectorAll('#text *').length")

    def scroll() -> None:
        for _ in range(12):
            workbench.page.evaluate("() => scrollBy({ top: 700, behavior: 'instant' })")
            workbench.settle()

    work = work_of(workbench, scroll)
    assert work.styled < 3 * elements


def test_scripts_keep_no_nodes_beside_the_page_itself(open_long: Callable[[int], WorkbenchPage]) -> None:
    page = open_long(500).page
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    session.send("Performance.enable")
    counted = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
    assert counted["Nodes"] < 1.3 * page.evaluate(NODES)
