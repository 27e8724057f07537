/**
 * Growing the selection by steps (word, clause or quotation, sentence, paragraph) and shrinking it by just the same ones.
 * @typedef {import("../lib/selection.js").Extent} Extent
 */

import { grown } from "../lib/growing.js";
import { blocksOf, caretOffset } from "../lib/textdom.js";

/**
 * @param {HTMLElement} article @param {import("./drafting.js").Drafting} draft @param {(text: string) => void} announce
 */
export function growth(article, draft, announce) {
  /** What was selected before each step. @type {Extent[]} */
  let steps = [];
  /** Where the last step led: selecting anything else forgets the steps. @type {Extent | null} */
  let reached = null;

  const isWhereItLed = () => {
    const { start, end } = here() ?? {};
    return reached !== null && start === reached.start && end === reached.end;
  };

  function here() {
    const caret = caretOffset(article);
    return draft.get() ?? (caret < 0 ? null : { start: caret, end: caret, quote: "" });
  }

  /** @param {Extent} extent */
  function go(extent) {
    draft.select(extent);
    reached = extent;
    announce(extent.quote || "Nothing is selected.");
  }

  return {
    grow() {
      const from = here();
      if (!from) return announce("Put the text cursor into the text first.");
      const to = grown(blocksOf(article), from, article.lang);
      if (!to) return announce("This is the whole paragraph.");
      if (!isWhereItLed()) steps = [];
      steps.push(from);
      go(to);
    },
    shrink() {
      const to = isWhereItLed() ? steps.pop() : undefined;
      if (to) go(to);
      else announce("There is no step to go back.");
    },
  };
}
