/**
 * Quotations in all marks of the world: “ ” " " « » „ “ » « 「 」 ‘ ’ …, nested ones too. Ranges are UTF-16 indices and take in the marks.
 * @typedef {{start: number, end: number, depth: number}} Quotation depth 0: in no other one
 */

/** Which signs close what a sign opened. @type {Record<string, string>} */
const CLOSERS = {
  "“": "”",
  "„": "“”",
  "”": "”",
  "«": "»",
  "»": "«",
  "‹": "›",
  "‘": "’",
  "‚": "‘’",
  "「": "」",
  "『": "』",
  "《": "》",
  '"': '"',
  "'": "'",
};
const MARKS = /[“”„«»‹›‘’‚「」『』《》"']/gu;
/** Signs that both open and close: where they stand tells. */
const BOTH = new Set(["”", "»", '"', "'", "‘"]);
/** A closing sign that also is an apostrophe. */
const APOSTROPHES = new Set(["’", "'"]);
const LETTER = /[\p{L}\p{N}]/u;
const BEFORE_OPENING = /[\s([{—–:\-/]|[“”„«»‹「『《"‘]/u;
const SINGLE = /[‘’‚‹›']/;

/** @param {string} text @returns {Quotation[]} in the order they begin; an opening mark that stays open holds to its line's end */
export function quotationsIn(text) {
  /** @type {Quotation[]} */
  const found = [];
  for (const line of text.matchAll(/[^\n]+/g)) found.push(...inLine(line[0], line.index));
  return found.sort((a, b) => a.start - b.start);
}

/** @param {string} line @param {number} base @returns {Quotation[]} */
function inLine(line, base) {
  /** @type {{sign: string, at: number}[]} */
  const open = [];
  /** @type {{start: number, end: number}[]} */
  const found = [];
  for (const { 0: sign, index: at } of line.matchAll(MARKS)) {
    const level = open.findLastIndex((opened) => CLOSERS[opened.sign].includes(sign));
    if (level >= 0 && isClosing(line, at, sign, open[level].at)) {
      found.push({ start: base + open[level].at, end: base + at + 1 });
      open.length = level;
    } else if (isOpening(line, at, sign)) {
      open.push({ sign, at });
    }
  }
  if (open.length && goesOn(line, open[0])) {
    found.push({ start: base + open[0].at, end: base + line.trimEnd().length });
  }
  return found.map((one) => ({ ...one, depth: found.filter((other) => holds(other, one)).length }));
}

/** @param {{start: number, end: number}} outer @param {{start: number, end: number}} inner */
const holds = (outer, inner) => outer !== inner && outer.start <= inner.start && inner.end <= outer.end;

/** @param {string} line @param {{sign: string, at: number}} opened @returns {boolean} whether a paragraph is quoted and the quotation goes on behind it */
function goesOn(line, { sign, at }) {
  return !SINGLE.test(sign) && line.slice(0, at).trim() === "";
}

/** @param {string} line @param {number} at @param {string} sign @param {number} from where it was opened */
function isClosing(line, at, sign, from) {
  if (at === from + 1 && sign !== "”" && sign !== "»") return false;
  const next = line[at + 1] ?? "";
  if (APOSTROPHES.has(sign) || sign === '"') return !LETTER.test(next);
  return true;
}

/** @param {string} line @param {number} at @param {string} sign */
function isOpening(line, at, sign) {
  if (!(sign in CLOSERS)) return false;
  const before = line[at - 1] ?? " ";
  const next = line[at + 1] ?? " ";
  if (!BOTH.has(sign)) return true;
  return BEFORE_OPENING.test(before) && !/\s/.test(next);
}

/** @param {Quotation[]} quotations @param {number} start @param {number} end @returns {Quotation[]} those around the range, the innermost first */
export function quotationsAround(quotations, start, end) {
  return quotations
    .filter((quotation) => quotation.start <= start && end <= quotation.end)
    .sort((a, b) => a.end - a.start - (b.end - b.start));
}
