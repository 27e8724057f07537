/** A button that puts the text of the element it names (`data-copies="ID"`) on the clipboard, and says so. */

import { say } from "./messages.js";

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function copy(element, signal) {
  element.addEventListener(
    "click",
    async () => {
      const source = document.getElementById(element.dataset.copies ?? "");
      if (!source) return;
      try {
        await navigator.clipboard.writeText(source.textContent?.trim() ?? "");
        say("Copied.");
      } catch {
        getSelection()?.selectAllChildren(source);
        say("The browser forbids copying here. The words are selected: copy them by hand.", "warning");
      }
    },
    { signal },
  );
}
