/** Finding a phrase in the text whatever its quotation marks, dashes, spaces and case. Offsets are code points. */

/** Signs a reader types alike, each folded onto one of the same length. @type {[RegExp, string][]} */
const ALIKE = [
  [/[“”„‟«»＂]/g, '"'],
  [/[‘’‚‛‹›ʼ＇]/g, "'"],
  [/[‐‑‒–—―−]/g, "-"],
  [/[\s\u200b]/g, " "],
];

/**
 * Every occurrence that does not overlap an earlier one, in UTF-16 indices.
 * @param {string} text @param {string} phrase
 */
export function occurrences(text, phrase) {
  return occurrencesIn(folded(text), phrase);
}

/** @param {string} plain a folded text @param {string} phrase @returns {{start: number, end: number}[]} */
export function occurrencesIn(plain, phrase) {
  const needle = folded(phrase.trim());
  /** @type {{start: number, end: number}[]} */
  const found = [];
  if (!needle) return found;
  for (let at = plain.indexOf(needle); at >= 0; at = plain.indexOf(needle, at + needle.length)) {
    found.push({ start: at, end: at + needle.length });
  }
  return found;
}

/** @param {string} text @returns {string} as long as the text, unit for unit, with signs that are typed alike made alike */
export function folded(text) {
  let plain = text;
  for (const [signs, sign] of ALIKE) plain = plain.replace(signs, sign);
  return Array.from(plain, lowerSameLength).join("");
}

/** @param {string} character */
function lowerSameLength(character) {
  const lower = character.toLowerCase();
  return lower.length === character.length ? lower : character;
}
