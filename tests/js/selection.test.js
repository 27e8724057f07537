import assert from "node:assert/strict";
import { test } from "node:test";
import { extentBetween, nudged, pointAt, quoted } from "../../static/js/lib/selection.js";

/** The text cut at LF, each block with the code point it starts at, as the page has it. */
function blocksOf(text) {
  let start = 0;
  return text.split("\n").map((line) => {
    const block = { start, text: line };
    start += [...line].length + 1;
    return block;
  });
}

const TEXT = "The 🚀 flew.\n\n“No,” he said. “Never!”\nEnd 🇺🇦 here";
const BLOCKS = blocksOf(TEXT);
const slice = ({ start, end }) => [...TEXT].slice(start, end).join("");
const at = (block, index) => ({ block, index });

test("a selection in one block gives its code points and words", () => {
  assert.deepEqual(extentBetween(BLOCKS, at(0, 7), at(0, 11)), { start: 6, end: 10, quote: "flew" });
});

test("a backward selection gives the same as a forward one", () => {
  assert.deepEqual(extentBetween(BLOCKS, at(2, 12), at(0, 5)), extentBetween(BLOCKS, at(0, 5), at(2, 12)));
});

test("a selection across blocks, an empty one between, is the slice of the text", () => {
  const extent = extentBetween(BLOCKS, at(0, 7), at(2, 4));
  assert.equal(extent.quote, "flew.\n\n“No,");
  assert.equal(slice(extent), extent.quote);
});

test("a triple click that ends at the next block's start is the block alone", () => {
  const extent = extentBetween(BLOCKS, at(2, 0), at(3, 0));
  assert.equal(extent.quote, "“No,” he said. “Never!”");
  assert.equal(slice(extent), extent.quote);
});

test("a triple click before an empty block is the block alone", () => {
  assert.equal(extentBetween(BLOCKS, at(0, 0), at(1, 0)).quote, "The 🚀 flew.");
});

test("the gap between two blocks is nothing", () => {
  assert.equal(extentBetween(BLOCKS, at(0, 12), at(2, 0)), null);
  assert.equal(extentBetween(BLOCKS, at(1, 0), at(1, 0)), null);
});

test("a flag of two code points is taken whole", () => {
  const extent = extentBetween(BLOCKS, at(3, 4), at(3, 6));
  assert.equal(extent.quote, "🇺🇦");
  assert.equal(extent.end - extent.start, 2);
  assert.equal(slice(extent), extent.quote);
});

test("exactly takes the borders as they are", () => {
  assert.equal(extentBetween(BLOCKS, at(0, 8), at(0, 10), { exactly: true }).quote, "le");
});

test("every offset has a point, and a block's end is not the next one's start", () => {
  assert.deepEqual(pointAt(BLOCKS, 0), at(0, 0));
  assert.deepEqual(pointAt(BLOCKS, 11), at(0, 12));
  assert.deepEqual(pointAt(BLOCKS, 12), at(1, 0));
  assert.deepEqual(pointAt(BLOCKS, 13), at(2, 0));
  assert.deepEqual(pointAt(BLOCKS, [...TEXT].length), at(3, 13));
});

test("the words of a span are the slice of the text", () => {
  for (const span of [
    { start: 0, end: 3 },
    { start: 4, end: 20 },
    { start: 37, end: 42 },
  ]) {
    assert.equal(quoted(BLOCKS, span).quote, slice(span));
  }
});

test("a border is nudged by a word and by a character", () => {
  const flew = { start: 6, end: 10 };
  const by = (side, step, unit) => nudged(BLOCKS, flew, { side, step, by: unit });
  assert.equal(by(1, 1, "character").quote, "flew.");
  assert.equal(by(1, -1, "character").quote, "fle");
  assert.equal(by(-1, -1, "word").quote, "The 🚀 flew");
  assert.equal(by(-1, 1, "character").quote, "lew");
});

test("a nudge stops at a block's end, then crosses it in code points of the text", () => {
  const never = { start: 29, end: 34 };
  assert.equal(slice(never), "Never");
  const move = { side: 1, step: 1, by: "word" };
  const line = nudged(BLOCKS, never, move);
  assert.equal(line.quote, "Never!”");
  const wider = nudged(BLOCKS, line, move);
  assert.equal(wider.quote, "Never!”\nEnd");
  assert.equal(slice(wider), wider.quote);
});

test("a nudge that would empty the span is refused", () => {
  assert.equal(nudged(BLOCKS, { start: 0, end: 3 }, { side: 1, step: -1, by: "word" }), null);
});
