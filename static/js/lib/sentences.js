/**
 * Where sentences and their clauses begin and end, by script: . ! ? … 。！？ ؟ ۔ । ॥, with abbreviations and initials minded.
 * Ranges are UTF-16 indices, without white space at their ends.
 * @typedef {{start: number, end: number}} Stretch
 */

import { trimSpace } from "./words.js";

/** A run of end marks, with the quotation marks and brackets that close behind it. */
const ENDS = /[.!?…。！？．؟۔।॥‼⁇⁈⁉]+(?:[”’"'»›」』》）)\]]|[“‘«](?=[\s,]|$))*/gmu;
/** These end a sentence without a space behind them. */
const NEEDS_NO_SPACE = /[。！？]/;
const FULL_STOP_ALONE = /^\.[^.!?]*$/;
const LOWER = /^[\s—–-]*[\p{Ll}]/u;
const CLAUSE_MARKS = /[,;:،؛、，；：]|\s[—–-]\s|—|[“”„«»「」『』《》"]/gu;
const DIGIT = /\d/;

/** Words a full stop belongs to. */
const ABBREVIATIONS = new Set(
  `mr mrs ms dr prof gen lt col sgt capt maj cmdr adm sen rep gov pres st jr sr rev hon amb messrs mt ft
  no nos vs etc dept inc ltd co corp bros approx est fig vol pp ed eds cf al jan feb mar apr jun jul aug sep sept oct nov dec
  bzw ca usw nr hr fr bd abs art str mio mrd sog vgl evtl ggf inkl
  mme mlle mm av env
  sr sra dr ud uds
  г гг т д п др проф им ул руб млн млрд тыс см ср стр р`.split(/\s+/),
);
/** One letter, or letters with stops between them, before the stop at hand: J. · U.S. · z.B. · т.е. */
const INITIALS = /(?:^|[\s(“„«"'‘’-])(?:(?:\p{L}\.\s?)+\p{L}|\p{Lu})$/u;

/** @param {string} text @returns {Stretch[]} every sentence; a line break ends one */
export function sentencesIn(text) {
  /** @type {Stretch[]} */
  const found = [];
  let start = 0;
  /** @param {number} end */
  const cut = (end) => {
    const sentence = trimSpace(text, start, end);
    if (sentence) found.push(sentence);
    start = end;
  };
  for (const line of text.matchAll(/[^\n]+/g)) {
    start = line.index;
    for (const mark of line[0].matchAll(ENDS)) {
      const at = line.index + mark.index;
      if (isEnd(text, at, mark[0])) cut(at + mark[0].length);
    }
    cut(line.index + line[0].length);
  }
  return found;
}

/** @param {string} text @param {number} at where the marks stand @param {string} marks */
function isEnd(text, at, marks) {
  const after = text.slice(at + marks.length, at + marks.length + 8);
  if (!NEEDS_NO_SPACE.test(marks) && after && !/^\s/.test(after)) return false;
  if (LOWER.test(after)) return false;
  if (!FULL_STOP_ALONE.test(marks) || marks.length > 1) return true;
  const before = text.slice(Math.max(0, at - 24), at);
  const word = before.match(/[\p{L}\p{M}]+$/u)?.[0] ?? "";
  return !ABBREVIATIONS.has(word.toLowerCase()) && !INITIALS.test(before);
}

/** @param {string} text @param {Stretch} sentence @returns {Stretch[]} what its commas, dashes, colons and quotation marks part */
export function clausesIn(text, { start, end }) {
  /** @type {Stretch[]} */
  const found = [];
  let from = start;
  /** @param {number} to */
  const cut = (to) => {
    const clause = trimSpace(text, from, to);
    if (clause) found.push(withoutEndMarks(text, clause));
  };
  for (const mark of text.slice(start, end).matchAll(CLAUSE_MARKS)) {
    const at = start + mark.index;
    if (DIGIT.test(text[at - 1] ?? "") && DIGIT.test(text[at + 1] ?? "")) continue;
    cut(at);
    from = at + mark[0].length;
  }
  cut(end);
  return found.filter((clause) => clause.start < clause.end);
}

/** @param {string} text @param {Stretch} clause @returns {Stretch} */
function withoutEndMarks(text, { start, end }) {
  const marks = text.slice(start, end).match(/[.!?…。！？؟۔।॥]+$/u);
  return { start, end: end - (marks?.[0].length ?? 0) };
}
