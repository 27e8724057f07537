import assert from "node:assert/strict";
import { test } from "node:test";
import { megabytes } from "../../static/js/lib/sizes.js";

test("sizes are told in megabytes, the smallest as a tenth", () => {
  assert.deepEqual([0, 1, 30 * 1024 * 1024, 1.26 * 1024 * 1024].map(megabytes), [
    "0.1 MB",
    "0.1 MB",
    "30.0 MB",
    "1.3 MB",
  ]);
});
