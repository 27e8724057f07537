/**
 * The inspector's rows of spans: which one a nudge means, and where a row's words stand in the text.
 * @typedef {{id: string, start: number, end: number}} SpanRow
 */

import { offsetAt } from "../lib/codepoints.js";
import { paint } from "../lib/highlights.js";
import { blocksOf, pointOf, rangeOf } from "../lib/textdom.js";

/** @param {HTMLElement} article @param {HTMLElement} inspector @param {AbortSignal} signal */
export function spanrows(article, inspector, signal) {
  /** @param {Event} event */
  function point({ target, type }) {
    const row = /** @type {Element} */ (target).closest?.("[data-span]");
    if (!row) return;
    const isOn = type === "pointerover" || type === "focusin";
    paint("hover", isOn ? [rangeOf(blocksOf(article), spanOf(row))] : []);
  }
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) {
    inspector.addEventListener(type, point, { signal });
  }

  return {
    /**
     * @param {Element | undefined} row the one named, else the focused one, the one under the text cursor, the first
     * @returns {SpanRow | null}
     */
    atHand(row) {
      const rows = Array.from(inspector.querySelectorAll("[data-annotation] [data-span]"));
      const cursor = cursorOffset(article);
      const chosen =
        row ??
        rows.find((candidate) => candidate.contains(document.activeElement)) ??
        rows.find((candidate) => spanOf(candidate).start <= cursor && cursor <= spanOf(candidate).end) ??
        rows[0];
      return chosen ? spanOf(chosen) : null;
    },
  };
}

/** @param {Element} row @returns {SpanRow} */
function spanOf(row) {
  const { span = "", start, end } = /** @type {HTMLElement} */ (row).dataset;
  return { id: span, start: Number(start), end: Number(end) };
}

/** @param {HTMLElement} article @returns {number} the code point the browser's caret stands at, or -1 */
function cursorOffset(article) {
  const { focusNode, focusOffset = 0 } = getSelection() ?? {};
  if (!focusNode || !article.contains(focusNode)) return -1;
  const blocks = blocksOf(article);
  const { block, index } = pointOf(blocks, focusNode, focusOffset);
  return blocks[block].start + offsetAt(blocks[block].text, index);
}
