import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import {
  caretMoveFor,
  commandFor,
  KEYS,
  LIST_KEYS,
  listCommandFor,
  QUESTION_KEYS,
} from "../../static/js/lib/keys.js";

const press = (code, more = {}) => ({
  code,
  key: "",
  shiftKey: false,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

test("letters go by place, so an Arabic layout marks too", () => {
  assert.equal(commandFor(press("KeyM", { key: "ة" })), "mark mention");
  assert.equal(commandFor(press("KeyS", { key: "ы" })), "mark statement");
  assert.equal(commandFor(press("KeyT", { key: "א" })), "mark threat");
});

test("keys with ctrl, alt or meta belong to the browser", () => {
  for (const held of ["ctrlKey", "altKey", "metaKey"]) {
    assert.equal(commandFor(press("KeyT", { [held]: true })), null);
  }
});

test("shift tells redo from undo and the start border from the end border", () => {
  assert.equal(commandFor(press("KeyZ")), "undo");
  assert.equal(commandFor(press("KeyZ", { shiftKey: true })), "redo");
  assert.equal(commandFor(press("BracketRight")), "nudge end +word");
  assert.equal(commandFor(press("BracketRight", { shiftKey: true })), "nudge start +word");
});

test("shift with the letter of a kind gives the open record that kind", () => {
  assert.equal(commandFor(press("KeyT", { shiftKey: true })), "relabel threat");
});

test("a shifted letter that means nothing does nothing", () => {
  assert.equal(commandFor(press("KeyA", { shiftKey: true })), null);
});

test("question mark and slash go by their sign on any layout", () => {
  assert.equal(commandFor(press("Minus", { key: "?", shiftKey: true })), "help");
  assert.equal(commandFor(press("Digit7", { key: "/", shiftKey: true })), "find");
});

test("in a list J and K go through it, and the workbench's other keys mean nothing", () => {
  assert.equal(listCommandFor(press("KeyJ")), "next");
  assert.equal(listCommandFor(press("KeyK", { key: "л" })), "previous");
  assert.equal(listCommandFor(press("Slash", { key: "/" })), "find");
  assert.equal(listCommandFor(press("KeyM")), null);
  assert.equal(listCommandFor(press("KeyJ", { ctrlKey: true })), null);
});

test("digits arm the roles", () => {
  assert.equal(commandFor(press("Digit2", { key: "2" })), "role 2");
  assert.equal(commandFor(press("Digit2", { key: "@", shiftKey: true })), "recast 2");
});

test("arrows move the text cursor, ctrl by words, shift extends", () => {
  assert.deepEqual(caretMoveFor(press("ArrowRight", { ctrlKey: true, shiftKey: true })), {
    alter: "extend",
    direction: "right",
    granularity: "word",
  });
  assert.deepEqual(caretMoveFor(press("ArrowDown")), {
    alter: "move",
    direction: "forward",
    granularity: "line",
  });
  assert.equal(caretMoveFor(press("KeyA")), null);
});

test("no key is given two meanings, and none is one the browser needs to be used", () => {
  const pressed = KEYS.flatMap(({ keys }) => keys.flatMap((key) => Object.keys(key.keys ?? {})));
  assert.deepEqual(pressed, [...new Set(pressed)]);
  const browsers =
    /^(Shift\+)?(Tab|Space|F\d+|Arrow\w+|Home|End|Page\w+|ContextMenu|Insert|Alt\w*|Control\w*|Meta\w*)$/;
  assert.deepEqual(
    pressed.filter((code) => browsers.test(code)),
    [],
  );
});

test("the editors' guide tells of every key of a question", () => {
  const guide = readFileSync(new URL("../../docs/editors.md", import.meta.url), "utf8");
  const caps = QUESTION_KEYS.flatMap(({ keys }) => keys.flatMap((key) => key.shown));
  assert.deepEqual(
    caps.filter((cap) => cap !== "–" && !guide.includes(`\`${cap}\``)),
    [],
  );
});

test("the analysts' guide tells of every key", () => {
  const guide = readFileSync(new URL("../../docs/analysts.md", import.meta.url), "utf8");
  const caps = [...KEYS, ...LIST_KEYS].flatMap(({ keys }) =>
    keys.flatMap((key) => key.shown.flatMap((cap) => cap.split(" "))),
  );
  assert.deepEqual(
    caps.filter((cap) => cap !== "–" && !guide.includes(`<kbd>${cap}</kbd>`)),
    [],
  );
});
