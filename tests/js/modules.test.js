import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";

const ROOT = resolve(import.meta.dirname, "../../static/js");
const IMPORTS = /(?:from|import\()\s*"(\.[^"]+)"/g;

/** @returns {Map<string, string[]>} each module of ours → those it imports, at once or later */
function modules() {
  const names = readdirSync(ROOT, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".js"),
  );
  return new Map(
    names.map((name) => {
      const path = join(ROOT, name);
      const imported = Array.from(readFileSync(path, "utf8").matchAll(IMPORTS), ([, to]) => to);
      return [path, imported.map((to) => resolve(dirname(path), to))];
    }),
  );
}

/** @param {Map<string, string[]>} graph @returns {string[]} a module from which one comes round to itself, and the way */
function circleIn(graph) {
  const done = new Set();
  /** @param {string} module @param {string[]} way @returns {string[]} */
  function walk(module, way) {
    if (way.includes(module)) return [...way, module];
    if (done.has(module)) return [];
    const circle = (graph.get(module) ?? [])
      .map((next) => walk(next, [...way, module]))
      .find((found) => found.length);
    done.add(module);
    return circle ?? [];
  }
  return [...graph.keys()].map((module) => walk(module, [])).find((found) => found.length) ?? [];
}

test("no modules import one another in a circle: their hashed names could never be told", () => {
  assert.deepEqual(circleIn(modules()), []);
});
