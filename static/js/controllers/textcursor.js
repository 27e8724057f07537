/** A text cursor for an article that is not editable: arrows, words, lines, shift to select, always inside the text. */

import { caretMoveFor } from "../lib/keys.js";
import { reveal } from "./navigation.js";

/** @param {HTMLElement} main @param {HTMLElement} article @param {AbortSignal} signal */
export function textcursor(main, article, signal) {
  const bar = document.createElement("span");
  bar.className = "text-cursor";
  bar.hidden = true;
  bar.setAttribute("aria-hidden", "true");
  main.append(bar);

  /** @param {KeyboardEvent} event */
  function press(event) {
    const move = event.target === article ? caretMoveFor(event) : null;
    const selection = getSelection();
    if (!move || !selection) return;
    event.preventDefault();
    if (!selection.focusNode || !article.contains(selection.focusNode)) enter(article, selection);
    else if (move.granularity === "documentboundary") toBoundary(article, selection, move);
    else step(article, selection, move);
    draw(true);
  }

  /** @param {boolean} isMoved bring it into view and show it even if the mouse was used before */
  function draw(isMoved = false) {
    const selection = getSelection();
    const isInText =
      document.activeElement === article && selection?.focusNode && article.contains(selection.focusNode);
    bar.hidden = !isInText || (!isMoved && bar.hidden);
    if (bar.hidden || !selection?.focusNode) return;
    const box = caretBox(selection.focusNode, selection.focusOffset);
    const home = main.getBoundingClientRect();
    bar.style.left = `${box.left - home.left - main.clientLeft + main.scrollLeft}px`;
    bar.style.top = `${box.top - home.top - main.clientTop + main.scrollTop}px`;
    bar.style.height = `${box.height}px`;
    if (isMoved) reveal(bar);
  }

  article.addEventListener("keydown", press, { signal });
  article.addEventListener("blur", () => draw(), { signal });
  document.addEventListener("selectionchange", () => draw(), { signal });
  document.addEventListener("htmx:after:swap", () => draw(), { signal });
  window.addEventListener("resize", () => draw(), { signal });
  article.addEventListener("pointerdown", () => (bar.hidden = true), { signal });
}

/** @param {HTMLElement} article @param {Selection} selection */
function enter(article, selection) {
  /** @param {Element} element */
  const isInSight = (element) => element.getBoundingClientRect().bottom > 90;
  const leaf = Array.from(article.children).find(isInSight) ?? article.children[0];
  const blocks = Array.from(leaf?.children ?? []);
  const first = blocks.find((block) => block.textContent && isInSight(block)) ?? blocks[0];
  if (first) selection.collapse(first, 0);
}

/**
 * One move; from the first or last line, where the next one would leave the text, to that line's edge.
 * @param {HTMLElement} article @param {Selection} selection
 * @param {{alter: string, direction: string, granularity: string}} move
 */
function step(article, selection, { alter, direction, granularity }) {
  const { anchorNode, anchorOffset, focusNode, focusOffset } = selection;
  if (!anchorNode || !focusNode) return;
  selection.modify(alter, direction, granularity);
  const isMoved = selection.focusNode !== focusNode || selection.focusOffset !== focusOffset;
  if (isMoved && selection.focusNode && article.contains(selection.focusNode)) return;
  selection.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  if (granularity === "line" || granularity === "paragraph")
    selection.modify(alter, direction, "lineboundary");
}

/** @param {HTMLElement} article @param {Selection} selection @param {{alter: string, direction: string}} move */
function toBoundary(article, selection, { alter, direction }) {
  const blocks = article.querySelectorAll(".block");
  const block = direction === "forward" ? blocks[blocks.length - 1] : blocks[0];
  const offset = direction === "forward" ? block.childNodes.length : 0;
  if (alter === "extend") selection.extend(block, offset);
  else selection.collapse(block, offset);
}

/** @param {Node} node @param {number} offset @returns {{left: number, top: number, height: number}} in the viewport */
function caretBox(node, offset) {
  const range = document.createRange();
  range.setStart(node, offset);
  const [box] = range.getClientRects();
  if (box?.height) return box;
  const element = node instanceof Element ? (node.children[offset] ?? node) : node.parentElement;
  const { left, right, top, height } = /** @type {Element} */ (element).getBoundingClientRect();
  const isRightToLeft = getComputedStyle(/** @type {Element} */ (element)).direction === "rtl";
  return { left: isRightToLeft ? right : left, top, height: Math.max(Math.min(height, 28), 16) };
}
