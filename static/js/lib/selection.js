/**
 * From what the browser calls a selection to `{start, end, quote}` in code points of the article's text.
 *
 * The pure half works on blocks `{start, text}` and points `{block, index}`; the DOM half only finds the points.
 * @typedef {{start: number, text: string}} Block a line of text and the code point it starts at
 * @typedef {{block: number, index: number}} Point a place: which block of the list, and the UTF-16 index in it
 * @typedef {{start: number, end: number, quote: string}} Extent a span in code points, with its words
 */

import {
  codePointLength,
  graphemeBeside,
  graphemeEdge,
  indexAt,
  offsetAt,
  sliceOffsets,
} from "./codepoints.js";
import { snapToWords, trimSpace, wordBeside } from "./words.js";

/**
 * What was meant by a selection between two points, in either order.
 * @param {Block[]} blocks in reading order @param {Point} anchor @param {Point} focus
 * @param {{language?: string, exactly?: boolean}} [options] exactly: whole characters rather than whole words
 * @returns {Extent | null} null when nothing but white space is selected
 */
export function extentBetween(blocks, anchor, focus, options = {}) {
  const [first, last] = isBefore(anchor, focus) ? [anchor, focus] : [focus, anchor];
  const text = joined(blocks, first.block, last.block);
  const end =
    joined(blocks, first.block, last.block - 1).length + (last.block > first.block ? 1 : 0) + last.index;
  const range = snapped(text, first.index, end, options);
  if (!range || range.start >= range.end) return null;
  const base = blocks[first.block].start;
  const quote = text.slice(range.start, range.end);
  const start = base + offsetAt(text, range.start);
  return { start, end: start + codePointLength(quote), quote };
}

/** @param {string} text @param {number} start @param {number} end @param {{language?: string, exactly?: boolean}} options */
function snapped(text, start, end, { language, exactly }) {
  if (!exactly) return snapToWords(text, start, end, language);
  return trimSpace(text, graphemeEdge(text, start, -1), graphemeEdge(text, end, 1));
}

/**
 * The extent with one border dragged to an offset, snapped there; the other border stays as it is.
 * @param {Block[]} blocks @param {{start: number, end: number}} extent @param {-1 | 1} side -1: the start
 * @param {number} offset code points @param {{language?: string, exactly?: boolean}} [options]
 * @returns {Extent | null} null when nothing but white space would be left
 */
export function dragged(blocks, extent, side, offset, options = {}) {
  const [from, to] = side < 0 ? [offset, extent.end] : [extent.start, offset];
  if (from >= to) return null;
  const snap = extentBetween(blocks, pointAt(blocks, from), pointAt(blocks, to), options);
  if (!snap) return null;
  return quoted(
    blocks,
    side < 0 ? { start: snap.start, end: extent.end } : { start: extent.start, end: snap.end },
  );
}

/**
 * The point of a code point offset; at a block's end the end of that block, not the start of the next.
 * @param {Block[]} blocks @param {number} offset
 * @returns {Point}
 */
export function pointAt(blocks, offset) {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (blocks[middle].start <= offset) low = middle;
    else high = middle - 1;
  }
  return { block: low, index: indexAt(blocks[low].text, offset - blocks[low].start) };
}

/** @param {Point} a @param {Point} b */
function isBefore(a, b) {
  return a.block < b.block || (a.block === b.block && a.index <= b.index);
}

/** @param {Block[]} blocks @param {number} from @param {number} to both included */
function joined(blocks, from, to) {
  return blocks
    .slice(from, to + 1)
    .map((block) => block.text)
    .join("\n");
}

/**
 * The extent with one border moved by a character or a word; it never becomes empty.
 * @param {Block[]} blocks @param {{start: number, end: number}} extent
 * @param {{side: -1 | 1, step: -1 | 1, by: "word" | "character", language?: string}} move side -1: the start
 * @returns {Extent | null} null when the border cannot go there
 */
export function nudged(blocks, extent, { side, step, by, language }) {
  const from = Math.max(pointAt(blocks, extent.start).block - 1, 0);
  const text = joined(blocks, from, pointAt(blocks, extent.end).block + 1);
  const base = blocks[from].start;
  const range = { start: indexAt(text, extent.start - base), end: indexAt(text, extent.end - base) };
  const edge = side < 0 ? "start" : "end";
  range[edge] =
    by === "word"
      ? wordBeside(text, range[edge], side, step, language)
      : graphemeBeside(text, range[edge], step);
  const quote = text.slice(range.start, range.end);
  if (!quote.trim()) return null;
  return { start: base + offsetAt(text, range.start), end: base + offsetAt(text, range.end), quote };
}

/** @param {Block[]} blocks @param {{start: number, end: number}} span @returns {Extent} the span with its words */
export function quoted(blocks, { start, end }) {
  const first = pointAt(blocks, start).block;
  const text = joined(blocks, first, pointAt(blocks, end).block);
  return { start, end, quote: sliceOffsets(text, start - blocks[first].start, end - blocks[first].start) };
}
