import assert from "node:assert/strict";
import { test } from "node:test";
import { occurrences } from "../../static/js/lib/phrases.js";

const found = (text, phrase) => occurrences(text, phrase).map(({ start, end }) => text.slice(start, end));

test("a phrase is found whatever its case and quotation marks", () => {
  assert.deepEqual(found('“No,” he said. "no," she said', '"no,"'), ["“No,”", '"no,"']);
});

test("a space finds a no-break space and a dash any dash", () => {
  assert.deepEqual(found("48\u00a0hours, 2022–2023", "48 hours"), ["48\u00a0hours"]);
  assert.deepEqual(found("48\u00a0hours, 2022–2023", "2022-2023"), ["2022–2023"]);
});

test("a letter whose lower case is longer does not shift what follows", () => {
  assert.deepEqual(found("İİ war 🚀 WAR", "war"), ["war", "WAR"]);
});

test("an empty phrase is nowhere", () => {
  assert.deepEqual(found("text", "  "), []);
});
