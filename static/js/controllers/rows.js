/** A list of links: J and K go through them, Enter opens one as ever, / goes to the search, ? shows the keys. */

import { isForTyping, LIST_KEYS, listCommandFor } from "../lib/keys.js";
import { loaded } from "./loading.js";

/** @param {HTMLElement} element holds the list, the search and the sheet of keys @param {AbortSignal} signal */
export function rows(element, signal) {
  /** @param {1 | -1} step */
  function go(step) {
    const links = /** @type {HTMLElement[]} */ (Array.from(element.querySelectorAll(".list-link")));
    const here = links.findIndex((link) => link.closest("li")?.contains(document.activeElement));
    const link = links[here < 0 && step < 0 ? links.length - 1 : here + step];
    link?.focus();
    link?.scrollIntoView({ block: "nearest" });
  }

  /** @type {Record<string, () => unknown>} */
  const commands = {
    next: () => go(1),
    previous: () => go(-1),
    find: () => /** @type {HTMLElement | null} */ (element.querySelector("input[type=search]"))?.focus(),
    help: async () => (await loaded(import("./keysheet.js")))?.openKeySheet(LIST_KEYS),
  };

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.defaultPrevented || isForTyping(event.target) || document.querySelector("dialog[open]")) return;
    const command = listCommandFor(event);
    if (!command) return;
    event.preventDefault();
    commands[command]();
  }

  document.addEventListener("keydown", press, { signal });
}
