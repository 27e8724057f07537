import assert from "node:assert/strict";
import { test } from "node:test";
import {
  codePointLength,
  graphemeBeside,
  graphemeEdge,
  indexAt,
  offsetAt,
  sliceOffsets,
} from "../../static/js/lib/codepoints.js";

const FAMILY = "👨‍👩‍👧";

test("an offset counts an astral character once", () => {
  assert.equal(offsetAt("a🚀b", 3), 2);
  assert.equal(indexAt("a🚀b", 2), 3);
  assert.equal(codePointLength("a🚀b"), 3);
});

test("an index between the halves of a pair counts as before the pair", () => {
  assert.equal(offsetAt("a🚀b", 2), 1);
});

test("indices and offsets are inverse at every code point", () => {
  const text = `é🇺🇦 ${FAMILY} नमस्ते שלום 𝔘`;
  for (let offset = 0; offset <= codePointLength(text); offset++) {
    assert.equal(offsetAt(text, indexAt(text, offset)), offset);
  }
});

test("places beyond the text are its end", () => {
  assert.equal(offsetAt("ab", 9), 2);
  assert.equal(indexAt("ab", 9), 2);
});

test("slicing by code points equals slicing the list of code points", () => {
  const text = "x🚀y🚀z";
  assert.equal(sliceOffsets(text, 1, 4), [...text].slice(1, 4).join(""));
});

test("a place inside a family of emoji goes to the family's edge", () => {
  const text = `a${FAMILY}b`;
  assert.equal(graphemeEdge(text, 4, -1), 1);
  assert.equal(graphemeEdge(text, 4, 1), 1 + FAMILY.length);
});

test("a place before a combining mark goes to the letter's edge", () => {
  assert.equal(graphemeEdge("e\u0301a", 1, -1), 0);
  assert.equal(graphemeEdge("e\u0301a", 1, 1), 2);
});

test("a step goes over one grapheme and stops at the text's ends", () => {
  const text = `a${FAMILY}`;
  assert.equal(graphemeBeside(text, 1, 1), text.length);
  assert.equal(graphemeBeside(text, text.length, -1), 1);
  assert.equal(graphemeBeside(text, 0, -1), 0);
  assert.equal(graphemeBeside(text, text.length, 1), text.length);
});
