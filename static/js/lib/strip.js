/** Pure arithmetic of the margin rail. A place is a stretch of the text's height, from 0 to 1; rows are whole pixels. */

/** @typedef {{from: number, to: number}} Place */

/** Nothing on the rail is lower than this, or nobody would see it. */
const LOWEST = 2;

/**
 * @param {Place[]} places in any order @param {number} height of the rail
 * @returns {[number, number][]} top and height of each stroke, those that touch drawn as one
 */
export function strokesOf(places, height) {
  const rows = places
    .map(({ from, to }) => {
      const top = Math.min(Math.floor(from * height), height - LOWEST);
      return { top, bottom: Math.max(Math.ceil(to * height), top + LOWEST) };
    })
    .sort((one, other) => one.top - other.top);
  /** @type {typeof rows} */
  const merged = [];
  for (const row of rows) {
    const last = merged.at(-1);
    if (last && row.top <= last.bottom) last.bottom = Math.max(last.bottom, row.bottom);
    else merged.push(row);
  }
  return merged.map(({ top, bottom }) => [top, bottom - top]);
}

/**
 * Where a click means to go: to the stroke it nearly meets, else just there.
 * @param {Place[]} places @param {number} at from 0 to 1 @param {number} reach how far beside a stroke still means it
 * @returns {number} from 0 to 1
 */
export function meantOn(places, at, reach) {
  let [meant, least] = [at, reach];
  for (const { from, to } of places) {
    const away = Math.max(from - at, at - to, 0);
    if (away < least) [meant, least] = [away ? from : at, away];
  }
  return meant;
}

/**
 * @param {number[]} starts where each part of a text begins, in order; offsets are code points
 * @param {number} end of the last part @param {number} offset
 * @returns {{part: number, share: number}} which part it lies in, and how far in it, from 0 to 1
 */
export function shareOf(starts, end, offset) {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (starts[middle] <= offset) low = middle;
    else high = middle - 1;
  }
  const length = (starts[low + 1] ?? end) - starts[low];
  return { part: low, share: length ? Math.min((offset - starts[low]) / length, 1) : 0 };
}
