/** Finding a phrase in the text whatever its quotation marks, dashes, spaces and case. Offsets are code points. */

/** Signs a reader types alike, each folded onto one of the same length. @type {[RegExp, string][]} */
const ALIKE = [
  [/[“”„‟«»＂]/g, '"'],
  [/[‘’‚‛‹›ʼ＇]/g, "'"],
  [/[‐‑‒–—―−]/g, "-"],
  [/[\s\u200b]/g, " "],
];

/**
 * @param {string} text @param {string} phrase
 * @returns {{start: number, end: number}[]} UTF-16 ranges of every occurrence that does not overlap an earlier one
 */
export function occurrences(text, phrase) {
  const haystack = folded(text);
  const needle = folded(phrase.trim());
  /** @type {{start: number, end: number}[]} */
  const found = [];
  if (!needle) return found;
  for (let at = haystack.indexOf(needle); at >= 0; at = haystack.indexOf(needle, at + needle.length)) {
    found.push({ start: at, end: at + needle.length });
  }
  return found;
}

/** @param {string} text @returns {string} as long as the text, unit for unit */
function folded(text) {
  let plain = text;
  for (const [signs, sign] of ALIKE) plain = plain.replace(signs, sign);
  return [...plain].map(lowerSameLength).join("");
}

/** @param {string} character */
function lowerSameLength(character) {
  const lower = character.toLowerCase();
  return lower.length === character.length ? lower : character;
}
