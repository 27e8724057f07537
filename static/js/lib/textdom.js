/**
 * The article's blocks in the page, and the two ways between DOM places and points of the text.
 * @typedef {import("./selection.js").Point} Point
 * @typedef {import("./selection.js").Extent} Extent
 */

import { offsetAt } from "./codepoints.js";
import { extentBetween, pointAt } from "./selection.js";

/** @typedef {{readonly element: HTMLElement, readonly start: number, readonly text: string}} PageBlock */

/** Looked up and read when it is asked for: of thousands of blocks few are, and any may have been swapped since. */
class Block {
  /** @param {string} id */
  constructor(id) {
    this.id = id;
  }

  get element() {
    return /** @type {HTMLElement} */ (document.getElementById(this.id));
  }

  get start() {
    return Number(this.element.getAttribute("data-s"));
  }

  get text() {
    return this.element.textContent ?? "";
  }
}

/** @type {WeakMap<Element, PageBlock[]>} */
const known = new WeakMap();

/** @param {Element} article @returns {PageBlock[]} in reading order; listed once: a block that is swapped keeps its name */
export function blocksOf(article) {
  const blocks =
    known.get(article) ?? Array.from(article.querySelectorAll(".block"), ({ id }) => new Block(id));
  known.set(article, blocks);
  return blocks;
}

/**
 * What is selected of the article, snapped to words. Parts outside of the text are left out.
 * @param {PageBlock[]} blocks @param {Selection} selection @param {{language?: string, exactly?: boolean}} options
 * @returns {Extent | null}
 */
export function selectedExtent(blocks, selection, options) {
  if (!selection.rangeCount || !blocks.length) return null;
  const range = selection.getRangeAt(selection.rangeCount - 1);
  if (range.collapsed) return null;
  const start = pointOf(blocks, range.startContainer, range.startOffset);
  const end = pointOf(blocks, range.endContainer, range.endOffset);
  return extentBetween(blocks, start, end, options);
}

/**
 * The point of a DOM boundary, which may name an element and a child. Outside of every block it is the end of the block before.
 * @param {PageBlock[]} blocks @param {Node} node @param {number} offset
 * @returns {Point}
 */
export function pointOf(blocks, node, offset) {
  const range = document.createRange();
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    range.selectNodeContents(blocks[middle].element);
    if (range.comparePoint(node, offset) >= 0) low = middle;
    else high = middle - 1;
  }
  const { element } = blocks[low];
  range.selectNodeContents(element);
  const side = range.comparePoint(node, offset);
  if (side < 0) return { block: low, index: 0 };
  if (side > 0) return { block: low, index: (element.textContent ?? "").length };
  range.setEnd(node, offset);
  return { block: low, index: range.toString().length };
}

/** @param {PageBlock[]} blocks @param {{start: number, end: number}} span code points @returns {Range} */
export function rangeOf(blocks, span) {
  const range = document.createRange();
  const start = pointAt(blocks, span.start);
  const end = pointAt(blocks, span.end);
  range.setStart(...placeOf(blocks[start.block].element, start.index));
  range.setEnd(...placeOf(blocks[end.block].element, end.index));
  return range;
}

/** @param {Element} element a block @param {number} index UTF-16 @returns {[Node, number]} its text node and the index in that */
export function placeOf(element, index) {
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  let before = 0;
  let last = null;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const { length } = /** @type {Text} */ (node);
    if (index <= before + length) return [node, index - before];
    before += length;
    last = /** @type {Text} */ (node);
  }
  return last ? [last, last.length] : [element, 0];
}

/** @param {Element} mark @returns {string[]} the ids of the annotations a segment belongs to */
export function annotationsOf(mark) {
  return (mark.getAttribute("data-a") ?? "").split(" ").filter(Boolean);
}

/** @param {ParentNode} article @param {string} id @returns {HTMLElement[]} the segments of an annotation, in reading order */
export function segmentsOf(article, id) {
  return Array.from(article.querySelectorAll(`mark[data-a~="${CSS.escape(id)}"]`));
}

/** @param {Element} element @returns {Range} over all that is in it */
export function contentsOf(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  return range;
}

/** @param {HTMLElement} article @returns {number} the code point the browser's caret stands at, or -1 */
export function caretOffset(article) {
  const { focusNode, focusOffset = 0 } = getSelection() ?? {};
  if (!focusNode || !article.contains(focusNode)) return -1;
  const blocks = blocksOf(article);
  return offsetOf(blocks, focusNode, focusOffset);
}

/** @param {PageBlock[]} blocks @param {Node} node @param {number} offset a DOM boundary @returns {number} its code point */
export function offsetOf(blocks, node, offset) {
  const { block, index } = pointOf(blocks, node, offset);
  return blocks[block].start + offsetAt(blocks[block].text, index);
}
