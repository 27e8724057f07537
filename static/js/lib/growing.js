/**
 * A selection one step larger: word, clause or quotation, sentence, paragraph; whichever of them is the next larger one around it.
 * @typedef {import("./selection.js").Block} Block
 * @typedef {import("./selection.js").Extent} Extent
 * @typedef {{start: number, end: number}} Stretch
 */

import { indexAt, offsetAt, segmenter } from "./codepoints.js";
import { quotationsAround, quotationsIn } from "./quotations.js";
import { pointAt } from "./selection.js";
import { clausesIn, sentencesIn } from "./sentences.js";
import { snapToWords, trimSpace } from "./words.js";

/**
 * @param {Block[]} blocks in reading order @param {{start: number, end: number}} extent code points; empty for a cursor
 * @param {string} [language]
 * @returns {Extent | null} null when it is whole paragraphs already
 */
export function grown(blocks, extent, language) {
  const first = pointAt(blocks, extent.start).block;
  const last = pointAt(blocks, extent.end).block;
  const text = blocks
    .slice(first, last + 1)
    .map((block) => block.text)
    .join("\n");
  const base = blocks[first].start;
  const from = { start: indexAt(text, extent.start - base), end: indexAt(text, extent.end - base) };
  const next = unitsAround(text, from, language)
    .filter((unit) => covers(unit, from) && length(unit) > length(from))
    .sort((a, b) => length(a) - length(b))[0];
  if (!next) return null;
  return {
    start: base + offsetAt(text, next.start),
    end: base + offsetAt(text, next.end),
    quote: text.slice(next.start, next.end),
  };
}

/** @param {string} text lines @param {Stretch} range @param {string} [language] @returns {Stretch[]} every unit that might hold the range */
export function unitsAround(text, range, language) {
  const quotations = quotationsAround(quotationsIn(text), range.start, range.end);
  const sentences = sentencesIn(text);
  const sentence = hull(sentences, range);
  const units = [wordAround(text, range, language), ...quotations, trimSpace(text, 0, text.length)];
  if (sentence) units.push(balanced(text, sentence, quotations));
  if (sentence && sentences.some((one) => covers(one, range)))
    units.push(hull(clausesIn(text, sentence), range));
  return units.filter((unit) => unit !== null);
}

/**
 * The part of a sentence that lies in the same quotation as the range, where that quotation goes on beyond the sentence.
 * @param {string} text @param {Stretch} sentence @param {Stretch[]} quotations around the range, the innermost first
 */
function balanced(text, sentence, quotations) {
  const around = quotations.find((quotation) => !covers(sentence, quotation));
  if (!around) return sentence;
  return trimSpace(text, Math.max(sentence.start, around.start + 1), Math.min(sentence.end, around.end - 1));
}

/** @param {string} text @param {Stretch} range @param {string} [language] @returns {Stretch | null} */
function wordAround(text, { start, end }, language) {
  if (start < end) return snapToWords(text, start, end, language);
  const words = segmenter("word", language).segment(text);
  const found = [words.containing(start), words.containing(Math.max(start - 1, 0))].find(
    (word) => word?.isWordLike,
  );
  return found ? { start: found.index, end: found.index + found.segment.length } : null;
}

/** @param {Stretch[]} units in order @param {Stretch} range @returns {Stretch | null} from the unit it begins in to the one it ends in */
function hull(units, range) {
  const touched = units.filter(
    (unit) => unit.start < Math.max(range.end, range.start + 1) && unit.end > range.start,
  );
  const last = touched.at(-1);
  const before = units.findLast((unit) => unit.end <= range.start);
  if (!last) return range.start === range.end && before ? before : null;
  return { start: Math.min(touched[0].start, range.start), end: Math.max(last.end, range.end) };
}

/** @param {Stretch} outer @param {Stretch} inner */
const covers = (outer, inner) => outer.start <= inner.start && inner.end <= outer.end;

/** @param {Stretch} stretch */
const length = ({ start, end }) => end - start;
