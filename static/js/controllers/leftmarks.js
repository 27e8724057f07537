/** Marks that wait in this browser to be saved in a reading that is not open: said on any other page, with the way there. */

import { whenFree } from "../lib/locks.js";
import { say } from "./toasts.js";
import { shelf } from "./unsaved.js";

export async function tellLeftMarks() {
  const here = document.querySelector("main[data-reading]")?.getAttribute("data-reading");
  /** @type {Map<string, number>} */
  const counts = new Map();
  for (const name of shelf.names("marks.")) {
    const reading = name.split(".")[1];
    const count = shelf.find(name)?.length ?? 0;
    if (reading !== here)
      await whenFree(`newsannot.${name}`, () => counts.set(reading, (counts.get(reading) ?? 0) + count));
  }
  for (const [reading, count] of counts) tell(reading, count);
}

/** @param {string} reading @param {number} count */
function tell(reading, count) {
  const link = document.createElement("a");
  link.href = `/readings/${reading}/`;
  link.textContent = "Open it";
  say(`${count === 1 ? "A mark" : `${count} marks`} in a reading wait to be saved.`, "error", link);
}
