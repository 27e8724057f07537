/** The quotation at the selection, or at the text cursor, as one statement: all its pieces, its cue and its source. */

import { attributionAt } from "../lib/attributions.js";
import { indexAt, offsetAt } from "../lib/codepoints.js";
import { pointAt, quoted } from "../lib/selection.js";
import { annotationsOf, blocksOf, rangeOf, segmentsOf } from "../lib/textdom.js";

const CONTENT = /\bl\d-content\b/;

/**
 * @param {HTMLElement} article @param {{start: number, end: number}} extent code points
 * @returns {import("./marking.js").Piece[]} in the order of the text; empty when nothing is quoted there
 */
export function quotationAt(article, { start, end }) {
  const blocks = blocksOf(article);
  const block = blocks[pointAt(blocks, start).block];
  const { text } = block;
  const found = attributionAt(text, indexAt(text, start - block.start), indexAt(text, end - block.start));
  if (!found) return [];
  const stretches = [
    ...found.content.map((stretch) => ({ role: "content", ...stretch })),
    ...(found.cue ? [{ role: "cue", ...found.cue }] : []),
    ...(found.source ? [{ role: "source", ...found.source }] : []),
  ];
  return stretches
    .sort((one, other) => one.start - other.start)
    .map((stretch) => ({
      role: stretch.role,
      extent: quoted(blocks, {
        start: block.start + offsetAt(text, stretch.start),
        end: block.start + offsetAt(text, stretch.end),
      }),
    }));
}

/**
 * @param {HTMLElement} article @param {import("./marking.js").Piece[]} pieces of a quotation
 * @returns {string | undefined} the record that has just its words for content already
 */
export function standingFor(article, pieces) {
  const quotes = pieces.filter(({ role }) => role === "content").map(({ extent }) => extent);
  const { endContainer } = rangeOf(blocksOf(article), { start: quotes[0].start, end: quotes[0].start + 1 });
  const mark = endContainer.parentElement?.closest("mark");
  const words = quotes.map(({ quote }) => quote).join("");
  return (mark ? annotationsOf(mark) : []).find((id) => contentOf(article, id) === words);
}

/** @param {HTMLElement} article @param {string} id @returns {string} */
function contentOf(article, id) {
  const segments = segmentsOf(article, id).filter(({ className }) => CONTENT.test(className));
  return segments.map(({ textContent }) => textContent).join("");
}
