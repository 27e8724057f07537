import assert from "node:assert/strict";
import { test } from "node:test";

import { differing, valuesOf } from "../../static/js/lib/pairs.js";

/** @type {import("../../static/js/lib/pairs.js").Pairs} */
const FORM = [
  ["venue", "Minsk"],
  ["addressees", "7"],
  ["addressees", "8"],
  ["note", ""],
];

test("a name's values come in the order of the form", () => {
  assert.deepEqual(valuesOf(FORM, "addressees"), ["7", "8"]);
  assert.deepEqual(valuesOf(FORM, "speaker"), []);
});

test("forms that say the same do not differ", () => {
  assert.deepEqual(differing(FORM, [...FORM]), []);
});

test("changed, added, removed and reordered values are named once each", () => {
  /** @type {import("../../static/js/lib/pairs.js").Pairs} */
  const other = [
    ["venue", "Moscow"],
    ["addressees", "8"],
    ["addressees", "7"],
    ["negated", "on"],
  ];
  assert.deepEqual(differing(other, FORM), ["venue", "addressees", "negated", "note"]);
});
