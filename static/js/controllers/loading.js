/** Modules that come behind the page. One that failed may be failed for this page for good, as the browser keeps it: a new page has it. */

import { sayOnce } from "./toasts.js";

/**
 * @template T
 * @param {Promise<T>} coming what `import()` gave
 * @returns {Promise<T | null>} null, and told, when it could not be had
 */
export async function loaded(coming) {
  try {
    return await coming;
  } catch {
    const again = document.createElement("a");
    again.href = location.href;
    again.textContent = "Reload";
    sayOnce(
      "A part of this page could not be loaded. Reload it when the server can be reached: nothing is lost.",
      "error",
      again,
    );
    return null;
  }
}

/** @param {() => void} task done as soon as the page has nothing else to do */
export function whenIdle(task) {
  if ("requestIdleCallback" in window) requestIdleCallback(task, { timeout: 2000 });
  else setTimeout(task);
}
