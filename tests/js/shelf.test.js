import assert from "node:assert/strict";
import { test } from "node:test";

import { shelfOf } from "../../static/js/lib/shelf.js";

const DAY = 24 * 60 * 60 * 1000;

/** @param {Record<string, string>} [filled] @param {number} [room] characters it holds @returns {Storage} */
function storageOf(filled = {}, room = Number.POSITIVE_INFINITY) {
  const items = new Map(Object.entries(filled));
  return {
    get length() {
      return items.size;
    },
    key: (n) => Array.from(items.keys())[n] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => {
      if (value.length > room) throw new Error("full");
      items.set(key, value);
    },
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

test("what is kept is found again by the same person, and by nobody else", () => {
  const storage = storageOf();
  assert.equal(shelfOf(storage, "7").keep("claim.12", { venue: "Minsk" }), true);
  assert.deepEqual(shelfOf(storage, "7").find("claim.12"), { venue: "Minsk" });
  assert.equal(shelfOf(storage, "8").find("claim.12"), null);
  assert.equal(shelfOf(storage, "77").find("claim.12"), null);
});

test("what is forgotten is gone, and forgetting what is not there does nothing", () => {
  const shelf = shelfOf(storageOf(), "7");
  shelf.keep("claim.12", 1);
  shelf.forget("claim.12");
  shelf.forget("claim.13");
  assert.deepEqual([shelf.find("claim.12"), shelf.names("")], [null, []]);
});

test("names are those that begin so, in order, and the person's own", () => {
  const storage = storageOf();
  const shelf = shelfOf(storage, "7");
  for (const name of ["marks.2.b", "claim.1", "marks.2.a", "marks.21.c"]) shelf.keep(name, []);
  shelfOf(storage, "8").keep("marks.2.z", []);
  assert.deepEqual(shelf.names("marks.2."), ["marks.2.a", "marks.2.b"]);
});

test("nothing is kept for nobody, and nothing fails when the storage is full", () => {
  const storage = storageOf();
  assert.equal(shelfOf(storage, "").keep("claim.12", 1), false);
  assert.equal(storage.length, 0);
  assert.equal(shelfOf(storageOf({}, 10), "7").keep("claim.12", "many words"), false);
});

test("what is broken is not found", () => {
  assert.equal(shelfOf(storageOf({ "unsaved.7.claim.1": "{" }), "7").find("claim.1"), null);
});

test("tidying forgets what others left and what is two weeks old, and nothing that is not its own", () => {
  const storage = storageOf({ theme: "dark", "unsaved.7.broken": "{" });
  shelfOf(storage, "7", () => 0).keep("old", 1);
  shelfOf(storage, "7", () => DAY).keep("young", 1);
  shelfOf(storage, "8", () => 15 * DAY).keep("other", 1);
  shelfOf(storage, "7", () => 15 * DAY).tidy();
  assert.deepEqual(
    Array.from({ length: storage.length }, (_, n) => storage.key(n)),
    ["theme", "unsaved.7.young"],
  );
});

test("as long as nobody is signed in, everything stays", () => {
  const storage = storageOf();
  shelfOf(storage, "7", () => 0).keep("old", 1);
  shelfOf(storage, "", () => 100 * DAY).tidy();
  assert.equal(storage.length, 1);
});
