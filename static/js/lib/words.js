/** Borders that respect words: what a reader meant by a roughly drawn selection. All indices are UTF-16. */

import { graphemeEdge, segmenter } from "./codepoints.js";

/** Scripts without spaces (or, like Korean, with particles glued on): a dictionary's guess must not move a border. */
const HOLDS_AT_CHARACTERS =
  /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Hang}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}\p{sc=Tibt}]/u;
const APOSTROPHES = /['’ʼ＇]/gu;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const SPACE = /[\s\u200b\u2060]/;

/**
 * The selection meant by [start, end): whole graphemes, no outer white space, whole words.
 *
 * Only ever grows into the rest of a word: never over a quotation mark, a space or punctuation.
 * @param {string} text @param {number} start @param {number} end @param {string} [language]
 * @returns {{start: number, end: number} | null} null when only white space is selected
 */
export function snapToWords(text, start, end, language) {
  const core = trimSpace(text, graphemeEdge(text, start, -1), graphemeEdge(text, end, 1));
  if (!core) return null;
  return { start: wordEdge(text, core.start, -1, language), end: wordEdge(text, core.end, 1, language) };
}

/** @param {string} text @param {number} start @param {number} end @returns {boolean} whether a border runs through a word; quick, for many */
export function cutsWord(text, start, end) {
  return joins(text[start - 1], text[start]) || joins(text[end - 1], text[end]);
}

/** @param {string | undefined} one @param {string | undefined} other @returns {boolean} whether two neighbours are of one word */
function joins(one = " ", other = " ") {
  return LETTER.test(one) && LETTER.test(other) && !HOLDS_AT_CHARACTERS.test(one + other);
}

/**
 * @param {string} text @param {number} start @param {number} end
 * @returns {{start: number, end: number} | null} the same without white space at its ends
 */
export function trimSpace(text, start, end) {
  let from = start;
  let to = end;
  while (from < to && SPACE.test(text[from])) from++;
  while (to > from && SPACE.test(text[to - 1])) to--;
  return from < to ? { start: from, end: to } : null;
}

/**
 * The border one word further: a start goes from word start to word start, an end from word end to word end, and both stop
 * at the edges of a line.
 * @param {string} text @param {number} index @param {-1 | 1} side of the span: -1 its start, 1 its end
 * @param {-1 | 1} step @param {string} [language]
 */
export function wordBeside(text, index, side, step, language) {
  const borders = [];
  for (const word of segmenter("word", language).segment(text)) {
    if (word.isWordLike) borders.push(...bordersIn(word, side));
    else if (word.segment === "\n") borders.push(word.index + (side < 0 ? 1 : 0));
  }
  return step > 0
    ? (borders.find((border) => border > index) ?? text.length)
    : (borders.findLast((border) => border < index) ?? 0);
}

/**
 * Where a border belongs that was dropped at an index: at the edge of the word it cuts, if it cuts one.
 * @param {string} text @param {number} index @param {-1 | 1} side @param {string} [language]
 */
function wordEdge(text, index, side, language) {
  const word = segmenter("word", language).segment(text).containing(index);
  if (!word?.isWordLike || word.index === index || HOLDS_AT_CHARACTERS.test(word.segment)) return index;
  const borders = bordersIn(word, side);
  const edge =
    side < 0 ? borders.findLast((border) => border <= index) : borders.find((border) => border >= index);
  return edge ?? index;
}

/**
 * Where a span may start (or end) in a word: at its edge, and at an apostrophe, so that "Putin’s" can give
 * "Putin" and "l’accord" can give "accord".
 * @param {Intl.SegmentData} word @param {-1 | 1} side
 */
function bordersIn(word, side) {
  const edge = side < 0 ? word.index : word.index + word.segment.length;
  const cuts = [...word.segment.matchAll(APOSTROPHES)].map(
    (found) => word.index + found.index + (side < 0 ? 1 : 0),
  );
  return side < 0 ? [edge, ...cuts] : [...cuts, edge];
}
