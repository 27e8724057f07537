/**
 * The statement around a place: the quotation there with its other pieces where a cue splits it, the cue, and who says it.
 *
 * “…,” she said. “…” is one statement with two pieces of content; so is « …, — сказал он. — … ». All indices are UTF-16.
 * @typedef {{start: number, end: number}} Stretch
 * @typedef {{content: Stretch[], cue?: Stretch, source?: Stretch}} Attribution
 */

import { cueCount, cueIn } from "./cues.js";
import { quotationsIn } from "./quotations.js";
import { sentencesIn } from "./sentences.js";
import { trimSpace } from "./words.js";

/** A narrator who goes on for longer than this has begun something else. */
const LONGEST = 160;
const COMMA_END = /[,،，][”“»"’」』]?[,،，]?\s*$/u;
const STOP_INSIDE = /[.!?。！？؟।](?=\s*\S)/u;
const STOP_END = /[.!?。！？؟।]\s*$/u;
const COLON_END = /[:：]\s*$/u;
const COMMA_LAST = /[,،，]\s*[—–-]?\s*$/u;
/** A narrator's aside between dashes inside of one pair of marks. */
const ASIDE = /[,.!?…]\s+[—–]\s+([^—–\n]{3,160}?)[,.]\s+[—–]\s+/gu;

/**
 * @param {string} text one line of it @param {number} start @param {number} end what is selected; equal for a cursor
 * @returns {Attribution | null} null when there is no quotation
 */
export function attributionAt(text, start, end) {
  const quotations = quotationsIn(text).filter(({ depth }) => depth === 0);
  const at = anchor(text, quotations, start, end);
  if (at < 0) return null;
  let [first, last] = [at, at];
  while (first > 0 && isOne(text, quotations, first - 1)) first--;
  while (last + 1 < quotations.length && isOne(text, quotations, last)) last++;
  const content = quotations.slice(first, last + 1);
  const beside = narrators(text, quotations, first, last).find((stretch) => cueCount(text, stretch) > 0);
  if (content.length === 1) {
    const parted = partedInside(text, content[0]);
    if (parted) return parted;
  }
  return { content: content.map(bounds), ...(beside ? cueIn(text, beside) : {}) };
}

/** @param {string} text @param {Stretch[]} quotations @param {number} start @param {number} end @returns {number} which one is meant, or -1 */
function anchor(text, quotations, start, end) {
  const touched = quotations.findIndex((one) => one.start < Math.max(end, start + 1) && one.end > start);
  if (touched >= 0) return touched;
  const sentence = sentencesIn(text).find((one) => one.start <= start && start <= one.end);
  const before = quotations.findLastIndex((one) => one.end <= start);
  const behind = quotations.findIndex((one) => one.start >= end);
  if (before >= 0 && isOne(text, quotations, before)) return before;
  if (sentence && before >= 0 && quotations[before].end > sentence.start) return before;
  if (sentence && behind >= 0 && quotations[behind].start < sentence.end) return behind;
  return -1;
}

/** @param {string} text @param {Stretch[]} quotations @param {number} at @returns {boolean} whether the next quotation goes on with this one */
function isOne(text, quotations, at) {
  const [one, next] = [quotations[at], quotations[at + 1]];
  if (!next) return false;
  const between = text.slice(one.end, next.start);
  if (!/\p{L}/u.test(between) || between.length > LONGEST || between.includes("\n")) return false;
  if (STOP_INSIDE.test(between.trimEnd())) return false;
  const cues = cueCount(text, { start: one.end, end: next.start });
  const isOpenEnded = COMMA_END.test(text.slice(one.start, one.end)) || /^\s*[,،，]/.test(between);
  if (!cues && !isOpenEnded) return false;
  if (COLON_END.test(between)) return cues === 1 && isOpenEnded;
  if (COMMA_LAST.test(between)) return true;
  return STOP_END.test(between)
    ? !hasItsOwn(text, quotations, at + 1)
    : cues > 0 && /^\s*[,،，]|\p{Script=Han}/u.test(between);
}

/** @param {string} text @param {Stretch[]} quotations @param {number} at @returns {boolean} whether a cue of its own follows it */
function hasItsOwn(text, quotations, at) {
  const { start, end } = quotations[at];
  const isOpenEnded = COMMA_END.test(text.slice(start, end)) || /^\s*[,،，]/.test(text.slice(end, end + 3));
  const behind = sentenceRest(text, end, quotations[at + 1]?.start ?? text.length);
  return isOpenEnded && cueCount(text, behind) > 0;
}

/** Where a cue may stand, the likeliest first. @param {string} text @param {Stretch[]} quotations @param {number} first @param {number} last */
function narrators(text, quotations, first, last) {
  const found = quotations
    .slice(first, last)
    .map(({ end }, n) => ({ start: end, end: quotations[first + n + 1].start }));
  const { start } = quotations[first];
  const { end } = quotations[last];
  const from = Math.max(quotations[first - 1]?.end ?? 0, lineStart(text, start));
  const lead = sentencesIn(text.slice(from, start)).at(-1);
  const before = lead ? [{ start: from + lead.start, end: start }] : [];
  const behind = sentenceRest(text, end, quotations[last + 1]?.start ?? text.length);
  const isLedIn =
    /[:：,，、]\s*$/.test(text.slice(from, start)) && !STOP_INSIDE.test(text.slice(from, start).slice(-3));
  return [...found, ...(isLedIn ? [...before, behind] : [behind, ...before])];
}

/** @param {string} text @param {number} start @param {number} limit @returns {Stretch} from there to the end of the sentence */
function sentenceRest(text, start, limit) {
  if (/[.!?。！？؟।][”“»"’」』]?$/u.test(text.slice(0, start)) && /^\s*\p{Lu}/u.test(text.slice(start))) {
    const isReporting = cueCount(text, { start, end: Math.min(start + 60, limit) }) > 0;
    if (!isReporting) return { start, end: start };
  }
  const rest = sentencesIn(text.slice(start, limit))[0];
  return { start, end: start + (rest?.end ?? 0) };
}

/** «Мы ответим, — сказал он. — И жёстко.»: two pieces in one pair of marks. @param {string} text @param {Stretch} quotation @returns {Attribution | null} */
function partedInside(text, { start, end }) {
  for (const { 0: aside, index } of text.slice(start, end).matchAll(ASIDE)) {
    const at = start + index;
    const narrator = { start: at + 1, end: at + aside.length };
    if (!cueCount(text, narrator)) continue;
    const pieces = [trimSpace(text, start, at + 1), trimSpace(text, at + aside.length, end)];
    return { content: pieces.filter((piece) => piece !== null), ...cueIn(text, narrator) };
  }
  return null;
}

/** @param {string} text @param {number} index */
const lineStart = (text, index) => text.lastIndexOf("\n", index - 1) + 1;

/** @param {Stretch} stretch @returns {Stretch} */
const bounds = ({ start, end }) => ({ start, end });
