/**
 * How much is not saved yet, shown on the head of the page ("3 not saved yet"); leaving asks first while anything is.
 *
 * Each who keeps something tells its own number; the button has all of them try at once (`unsaved:retry`).
 */

import { shelfOf } from "../lib/shelf.js";

/** @type {Map<string, {count: number, isShown: boolean}>} */
const told = new Map();

/** The shelf of the person the page was made for. */
export const shelf = shelfOf(storage(), document.getElementById("messages")?.dataset.person ?? "");

/** Browsers that forbid storage throw at its very name. @returns {Storage} */
function storage() {
  try {
    return localStorage;
  } catch {
    return /** @type {Storage} */ ({
      length: 0,
      key: () => null,
      getItem: () => null,
      setItem: () => {},
      removeItem: () => {},
      clear: () => {},
    });
  }
}

/** @param {string} who @param {number} count @param {{isShown?: boolean}} [how] `isShown: false`: leaving asks, the head is silent */
export function tellUnsaved(who, count, { isShown = true } = {}) {
  if (count) told.set(who, { count, isShown });
  else told.delete(who);
  draw();
  if (told.size) addEventListener("beforeunload", ask);
  else removeEventListener("beforeunload", ask);
}

/** Let the page go without a question: it is somebody else's now. */
export function giveUp() {
  told.clear();
  removeEventListener("beforeunload", ask);
}

/** @param {BeforeUnloadEvent} event */
function ask(event) {
  event.preventDefault();
}

function draw() {
  const place = document.getElementById("unsaved");
  const shown = Array.from(told.values()).filter(({ isShown }) => isShown);
  const count = shown.reduce((sum, one) => sum + one.count, 0);
  const words = count ? `${count} not saved yet` : "";
  if (!count) document.querySelector("#messages [data-about=connection]")?.remove();
  if (!place || place.textContent === words) return;
  place.replaceChildren(...(words ? [retryButton(words)] : []));
}

/** @param {string} words */
function retryButton(words) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "unsaved-button";
  button.title = "Kept in this browser, and sent by itself. Press to send it now";
  button.textContent = words;
  button.addEventListener("click", retry);
  return button;
}

/** Have everybody who keeps something send it now. */
export function retry() {
  document.dispatchEvent(new CustomEvent("unsaved:retry"));
}
