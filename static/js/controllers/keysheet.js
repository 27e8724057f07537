/** The sheet of all keys behind `?`, made from the page's table of keys when it is first opened. */

import { KEYS, QUESTION_KEYS } from "../lib/keys.js";
import { openDialog } from "./dialog.js";

/** @param {typeof KEYS} groups */
export function openKeySheet(
  groups = document.querySelector("#question") ? [...QUESTION_KEYS, ...KEYS] : KEYS,
) {
  const list = document.querySelector("#keys [data-key-groups]");
  if (list && !list.childElementCount) list.append(...groups.map(group));
  openDialog("keys");
}

/** @param {(typeof KEYS)[number]} group @returns {HTMLElement} */
function group({ title, keys }) {
  const section = element("section", element("h3", title));
  const rows = keys.flatMap(({ shown, does }) => [
    element("dt", ...shown.flatMap(caps)),
    element("dd", does),
  ]);
  const list = element("dl", ...rows);
  list.className = "keys";
  section.append(list);
  return section;
}

/** @param {string} shown “Shift G”, “–” @returns {(Node | string)[]} */
function caps(shown) {
  if (shown === "–") return [shown];
  return shown.split(" ").flatMap((cap) => [element("kbd", cap), " "]);
}

/** @param {string} name @param {(Node | string)[]} content @returns {HTMLElement} */
function element(name, ...content) {
  const made = document.createElement(name);
  made.append(...content);
  return made;
}
