import assert from "node:assert/strict";
import { test } from "node:test";
import { besideSuggestion, readRanges } from "../../static/js/lib/suggested.js";

test("ranges are read in pairs", () => {
  assert.deepEqual(readRanges("3 8 12 20"), [
    { start: 3, end: 8 },
    { start: 12, end: 20 },
  ]);
  assert.deepEqual(readRanges(""), []);
});

test("next and previous go on from the one at hand, and round at the ends", () => {
  const from = (here, step) => besideSuggestion([0, 5, 9], { here, place: 0, step });
  assert.deepEqual([from(0, 1), from(2, 1), from(0, -1), from(2, -1)], [1, 0, 2, 1]);
});

test("once the one at hand is answered, the next is the one that followed it", () => {
  const from = (place, step) => besideSuggestion([0, 9, 9, 20], { here: -1, place, step });
  assert.deepEqual([from(0, 1), from(5, 1), from(9, 1), from(21, 1)], [0, 1, 1, 0]);
  assert.deepEqual([from(0, -1), from(5, -1), from(21, -1)], [3, 0, 3]);
});
