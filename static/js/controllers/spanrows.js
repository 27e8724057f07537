/**
 * The inspector's rows of spans: which one a nudge means, and where a row's words stand in the text.
 * @typedef {{id: string, start: number, end: number}} SpanRow
 */

import { paint } from "../lib/highlights.js";
import { blocksOf, caretOffset, rangeOf } from "../lib/textdom.js";

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
      const cursor = caretOffset(article);
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
export function spanOf(row) {
  const { span = "", start, end } = /** @type {HTMLElement} */ (row).dataset;
  return { id: span, start: Number(start), end: Number(end) };
}
