import assert from "node:assert/strict";
import { test } from "node:test";

import { delayAfter, newKey, verdictOf } from "../../static/js/lib/resending.js";

test("each failure doubles the wait, up to a minute", () => {
  assert.deepEqual(
    [1, 2, 3, 4, 7, 50].map((tries) => delayAfter(tries)),
    [1000, 2000, 4000, 8000, 60_000, 60_000],
  );
});

test("what the server asks to wait is waited, up to a minute; nonsense is not", () => {
  assert.deepEqual(
    [
      delayAfter(1, "5"),
      delayAfter(4, "5"),
      delayAfter(1, "3600"),
      delayAfter(1, "soon"),
      delayAfter(1, null),
    ],
    [5000, 8000, 60_000, 1000, 1000],
  );
});

test("no answer, failures of the server and passing refusals are tried again; other refusals are final", () => {
  const statuses = [undefined, 0, 500, 502, 503, 408, 425, 429, 200, 204, 400, 403, 404, 409, 413, 422];
  const again = Array(8).fill("again");
  assert.deepEqual(statuses.map(verdictOf), [...again, "saved", "saved", ...Array(6).fill("refused")]);
});

test("keys are long, plain and never the same", () => {
  const keys = Array.from({ length: 1000 }, newKey);
  assert.equal(new Set(keys).size, 1000);
  assert.match(keys[0], /^[0-9a-f]{24}$/);
});
