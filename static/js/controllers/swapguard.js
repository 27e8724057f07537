/**
 * Guards the text while htmx swaps blocks: no block older than the one on screen, none under a pressed mouse; the selection is
 * kept as places in the text, and the focus is never lost.
 */

import { blocksOf, placeOf, pointOf } from "../lib/textdom.js";

/** @param {HTMLElement} main @param {HTMLElement} article @param {() => boolean} isDown is the mouse pressed in the text @param {AbortSignal} signal */
export function swapguard(main, article, isDown, signal) {
  /** @type {HtmxContext[]} */
  const held = [];
  /** @type {(() => void)[]} */
  let restores = [];

  /** @param {Event} event */
  function before(event) {
    const { ctx, tasks } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
    const blocks = tasks.filter(({ fragment }) => fragment.firstElementChild?.matches(".block"));
    if (blocks.length && isDown()) {
      event.preventDefault();
      ctx.isHeld = true;
      held.push(ctx);
      return;
    }
    for (const task of blocks) {
      if (isStale(task)) tasks.splice(tasks.indexOf(task), 1);
    }
    if (ctx.response && ctx.response.status >= 400 && ![409, 422].includes(ctx.response.status))
      dropMain(tasks);
    restores = [selectionKeeper(article), focusKeeper(main, article)];
  }

  async function releaseHeld() {
    for (const ctx of held.splice(0)) {
      ctx.isHeld = false;
      await window.htmx.swap(ctx);
      document.dispatchEvent(new CustomEvent("bench:swapped", { detail: ctx }));
    }
  }

  function after() {
    for (const restore of restores.splice(0)) restore();
  }

  document.addEventListener("htmx:before:swap", before, { signal });
  document.addEventListener("htmx:after:swap", after, { signal });
  article.addEventListener("bench:released", releaseHeld, { signal });
}

/** @param {HtmxTask} task @returns {boolean} whether the page already shows a later version of the block */
function isStale({ fragment }) {
  const fresh = /** @type {HTMLElement} */ (fragment.firstElementChild);
  const shown = document.getElementById(fresh.id);
  return Number(fresh.dataset.v) < Number(shown?.dataset.v ?? 0);
}

/** @param {HtmxTask[]} tasks */
function dropMain(tasks) {
  const main = tasks.findIndex(({ type }) => type === "main");
  if (main >= 0) tasks.splice(main, 1);
}

/** @param {HTMLElement} article @returns {() => void} sets the selection to the same words again */
function selectionKeeper(article) {
  const selection = getSelection();
  const { anchorNode, focusNode } = selection ?? {};
  if (
    !selection ||
    !anchorNode ||
    !focusNode ||
    !article.contains(anchorNode) ||
    !article.contains(focusNode)
  )
    return () => {};
  const blocks = blocksOf(article);
  const anchor = pointOf(blocks, anchorNode, selection.anchorOffset);
  const focus = pointOf(blocks, focusNode, selection.focusOffset);
  return () => {
    if (anchorNode.isConnected && focusNode.isConnected) return;
    const now = blocksOf(article);
    selection.setBaseAndExtent(
      ...placeOf(now[anchor.block].element, anchor.index),
      ...placeOf(now[focus.block].element, focus.index),
    );
  };
}

/** @param {HTMLElement} main @param {HTMLElement} article @returns {() => void} focuses the like of what was focused, else the text */
function focusKeeper(main, article) {
  const focused = document.activeElement;
  if (!focused || !main.contains(focused)) return () => {};
  const like = [
    "name",
    "data-action",
    "data-role",
    "data-side",
    "data-step",
    "data-span",
    "data-goes-to",
    "aria-label",
  ]
    .filter((attribute) => focused.hasAttribute(attribute))
    .map((attribute) => `[${attribute}="${CSS.escape(focused.getAttribute(attribute) ?? "")}"]`)
    .join("");
  const home = like ? homeOf(focused) : "";
  const selector = focused.id ? `#${CSS.escape(focused.id)}` : like && home + focused.localName + like;
  return () => {
    if (focused.isConnected) return;
    const successor = selector ? main.querySelector(selector) : null;
    /** @type {HTMLElement} */ (successor ?? article).focus({ preventScroll: true });
  };
}

/** @param {Element} element @returns {string} selects the row or field it stands in; empty when it stands in none */
function homeOf(element) {
  for (const name of ["data-span", "data-suggestion", "id"]) {
    const row = element.closest(name === "id" ? ".field[id]" : `[${name}]`);
    if (row) return `[${name}="${CSS.escape(row.getAttribute(name) ?? "")}"] `;
  }
  return "";
}
