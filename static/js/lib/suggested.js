/** Pure arithmetic of suggestions: where they stand, and which one is next. Offsets are code points. */

/** @param {string} written “3 8 12 20” @returns {{start: number, end: number}[]} */
export function readRanges(written) {
  const numbers = written.split(" ").filter(Boolean).map(Number);
  return Array.from({ length: Math.floor(numbers.length / 2) }, (_, at) => ({
    start: numbers[2 * at],
    end: numbers[2 * at + 1],
  }));
}

/**
 * The suggestion beside the one at hand. When that was answered and is gone, the one that followed it; at either end it goes round.
 * @param {number[]} starts where each begins, in order @param {{here: number, place: number, step: 1 | -1}} from the index of the
 * one at hand (-1: none), where it begins or began, and which way @returns {number} an index
 */
export function besideSuggestion(starts, { here, place, step }) {
  const { length } = starts;
  if (here >= 0) return (here + step + length) % length;
  const following = starts.findIndex((start) => start >= place);
  if (step > 0) return Math.max(following, 0);
  return ((following < 0 ? length : following) - 1 + length) % length;
}
