/**
 * The inspector as a sheet on small screens: its handle opens it further by turns, a record opens it half way, its words in sight;
 * looking for a phrase closes it.
 */

import { reveal } from "./navigation.js";

const HEIGHTS = ["peek", "half", "full"];

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function sheet(element, signal) {
  const handle = element.querySelector(".inspector-handle");

  /** @param {string} height */
  function open(height) {
    element.dataset.sheet = height;
    handle?.setAttribute("aria-expanded", String(height !== "peek"));
  }

  function showWords() {
    const words = document.querySelector("mark.is-current");
    if (words) reveal(words);
  }

  let hadRecord = false;

  function follow() {
    const hasRecord = element.querySelector("[data-annotation], [data-conflict]") !== null;
    if (hasRecord && element.dataset.sheet === "peek") {
      open("half");
      requestAnimationFrame(showWords);
    }
    if (!hasRecord && hadRecord && element.dataset.sheet === "half") open("peek");
    hadRecord = hasRecord;
  }

  handle?.addEventListener(
    "click",
    () => open(HEIGHTS[(HEIGHTS.indexOf(element.dataset.sheet ?? "") + 1) % HEIGHTS.length]),
    { signal },
  );
  document.addEventListener("htmx:after:swap", follow, { signal });
  document.getElementById("find-bar")?.addEventListener("focusin", () => open("peek"), { signal });
  follow();
}
