/**
 * UTF-16 indices of a string to and from code points, the unit of every stored offset.
 *
 * "Index" always means UTF-16 units (what the DOM counts), "offset" always means code points.
 */

/** @param {string} text @param {number} index UTF-16 index @returns {number} code points before it; half a pair counts as none */
export function offsetAt(text, index) {
  let offset = 0;
  for (let i = 0; i < index && i < text.length; offset++) {
    i += isPair(text, i) ? 2 : 1;
    if (i > index) break;
  }
  return offset;
}

/** @param {string} text @param {number} offset code points @returns {number} its UTF-16 index, at most the text's length */
export function indexAt(text, offset) {
  let index = 0;
  for (let n = 0; n < offset && index < text.length; n++) index += isPair(text, index) ? 2 : 1;
  return index;
}

/** @param {string} text @returns {number} its length in code points */
export function codePointLength(text) {
  return offsetAt(text, text.length);
}

/** @param {string} text @param {number} start @param {number} end code points @returns {string} */
export function sliceOffsets(text, start, end) {
  return text.slice(indexAt(text, start), indexAt(text, end));
}

/**
 * The boundary of a user-perceived character at or beside an index.
 * @param {string} text @param {number} index UTF-16 @param {-1 | 1} side where to go from inside a grapheme
 * @returns {number} UTF-16 index
 */
export function graphemeEdge(text, index, side) {
  const inside = segmenter("grapheme").segment(text).containing(index);
  if (!inside || inside.index === index) return Math.min(Math.max(index, 0), text.length);
  return side < 0 ? inside.index : inside.index + inside.segment.length;
}

/** @param {string} text @param {number} index UTF-16 @param {-1 | 1} step @returns {number} the next grapheme boundary that way */
export function graphemeBeside(text, index, step) {
  if (step > 0) return index >= text.length ? text.length : graphemeEdge(text, index + 1, 1);
  return index <= 0 ? 0 : graphemeEdge(text, index - 1, -1);
}

/** @type {Map<string, Intl.Segmenter>} */
const segmenters = new Map();

/** @param {"grapheme" | "word"} granularity @param {string} [language] BCP 47; an unknown one falls back */
export function segmenter(granularity, language = "und") {
  const key = `${granularity} ${language}`;
  const known = segmenters.get(key);
  if (known) return known;
  let made;
  try {
    made = new Intl.Segmenter(language, { granularity });
  } catch {
    made = new Intl.Segmenter("und", { granularity });
  }
  segmenters.set(key, made);
  return made;
}

/** @param {string} text @param {number} index */
function isPair(text, index) {
  return (text.codePointAt(index) ?? 0) > 0xffff;
}
