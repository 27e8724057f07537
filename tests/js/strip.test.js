import assert from "node:assert/strict";
import { test } from "node:test";
import { meantOn, shareOf, strokesOf } from "../../static/js/lib/strip.js";

test("strokes that touch are drawn as one, in whole pixels", () => {
  const places = [
    { from: 0.5, to: 0.51 },
    { from: 0.1, to: 0.105 },
    { from: 0.102, to: 0.12 },
  ];
  assert.deepEqual(strokesOf(places, 1000), [
    [100, 20],
    [500, 10],
  ]);
});

test("no stroke is too low to be seen, nor below the rail", () => {
  assert.deepEqual(strokesOf([{ from: 0.25, to: 0.2501 }], 400), [[100, 2]]);
  assert.deepEqual(strokesOf([{ from: 1, to: 1 }], 400), [[398, 2]]);
});

test("ten thousand places are no more strokes than the rail has rows", () => {
  const places = Array.from({ length: 10_000 }, (_, at) => ({ from: at / 10_000, to: (at + 0.5) / 10_000 }));
  assert.deepEqual(strokesOf(places, 800), [[0, 800]]);
});

test("a press near a stroke means it, and elsewhere its own place", () => {
  const places = [
    { from: 0.2, to: 0.3 },
    { from: 0.5, to: 0.5 },
  ];
  assert.equal(meantOn(places, 0.495, 0.01), 0.5);
  assert.equal(meantOn(places, 0.25, 0.01), 0.25);
  assert.equal(meantOn(places, 0.4, 0.01), 0.4);
});

test("an offset lies in the last part that begins before it", () => {
  const starts = [0, 10, 12];
  assert.deepEqual(shareOf(starts, 20, 5), { part: 0, share: 0.5 });
  assert.deepEqual(shareOf(starts, 20, 10), { part: 1, share: 0 });
  assert.deepEqual(shareOf(starts, 20, 16), { part: 2, share: 0.5 });
  assert.deepEqual(shareOf(starts, 20, 99), { part: 2, share: 1 });
  assert.deepEqual(shareOf([0], 0, 0), { part: 0, share: 0 });
});
