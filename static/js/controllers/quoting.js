/** The quotation at the selection, or at the text cursor, as one statement: all its pieces, its cue and its source. */

import { attributionAt } from "../lib/attributions.js";
import { indexAt, offsetAt } from "../lib/codepoints.js";
import { pointAt, quoted } from "../lib/selection.js";
import { blocksOf } from "../lib/textdom.js";

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
