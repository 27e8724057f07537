/** Forms whose fields are kept while they are not saved: read into pairs, filled in again, and the note that says so. */

import { valuesOf } from "../lib/pairs.js";
import { chip } from "./chips.js";

/** Fields the server draws anew each time. */
const ASIDE = ["csrfmiddlewaretoken", "version"];

/** @param {HTMLFormElement} form @returns {import("../lib/pairs.js").Pairs} what it says now, without files and passwords */
export function pairsOf(form) {
  /** @type {import("../lib/pairs.js").Pairs} */
  const pairs = [];
  for (const [name, value] of new FormData(form)) {
    const control = form.elements.namedItem(name);
    const isSecret = control instanceof HTMLInputElement && control.type === "password";
    if (typeof value === "string" && !isSecret && !ASIDE.includes(name)) pairs.push([name, value]);
  }
  return pairs;
}

/** @param {HTMLFormElement} form @returns {import("../lib/pairs.js").Pairs} what it said when the server drew it */
export function drawnPairsOf(form) {
  const drawn = /** @type {HTMLFormElement} */ (form.cloneNode(true));
  drawn.reset();
  return pairsOf(drawn);
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} the names shown on its chips, by their values */
export function chipNames(form) {
  const inputs = /** @type {HTMLInputElement[]} */ (Array.from(form.querySelectorAll(".chip input")));
  return Object.fromEntries(
    inputs.map((input) => [
      input.value,
      input.closest(".chip")?.firstChild?.textContent?.trim() ?? input.value,
    ]),
  );
}

/**
 * Fill a form in again.
 * @param {HTMLFormElement} form @param {import("../lib/pairs.js").Pairs} pairs @param {Record<string, string>} [names] of chips
 */
export function fillIn(form, pairs, names = {}) {
  for (const control of form.elements) {
    if (control instanceof HTMLInputElement) fillInput(control, valuesOf(pairs, control.name));
    else if (control instanceof HTMLTextAreaElement || control instanceof HTMLSelectElement)
      control.value = valuesOf(pairs, control.name)[0] ?? "";
  }
  for (const typeahead of form.querySelectorAll(".typeahead[data-name]"))
    fillTypeahead(/** @type {HTMLElement} */ (typeahead), pairs, names);
}

/** @param {HTMLElement} typeahead @param {import("../lib/pairs.js").Pairs} pairs @param {Record<string, string>} names */
function fillTypeahead({ dataset, children }, pairs, names) {
  const name = dataset.name ?? "";
  const [chips, input] = Array.from(children);
  const made = valuesOf(pairs, name).map((value) =>
    chip(name, value, names[value] ?? value.replace(/^new:(\w+:)?/, "")),
  );
  chips.replaceChildren(...made);
  if (input instanceof HTMLInputElement) input.hidden = dataset.multiple === undefined && made.length > 0;
}

/** @param {HTMLInputElement} input @param {string[]} values */
function fillInput(input, values) {
  if (input.type === "checkbox" || input.type === "radio") input.checked = values.includes(input.value);
  else if (!["hidden", "file", "password"].includes(input.type)) input.value = values[0] ?? "";
}

/** Show controls where they are folded away. @param {HTMLFormElement} form @param {string[]} names */
export function unfold(form, names) {
  for (const name of names) {
    const control = form.querySelector(`[name="${CSS.escape(name)}"]`);
    let folded = control?.closest("details:not(.many)");
    while (folded) {
      folded.setAttribute("open", "");
      folded = folded.parentElement?.closest("details");
    }
  }
}

/**
 * Say in a form that it shows what was typed before; takes the place of an earlier note.
 * @param {HTMLFormElement} form @param {{save?: () => void, discard: () => void}} acts
 */
export function noteRestored(form, { save, discard }) {
  dropNote(form);
  const note = document.createElement("div");
  note.className = "notice is-caution restored";
  note.setAttribute("role", "status");
  const words = document.createElement("p");
  words.className = "notice-title";
  words.textContent = "Restored what you had typed";
  const actions = document.createElement("p");
  actions.className = "cluster";
  actions.append("It is not saved yet.");
  if (save) actions.append(button("Save it", "is-primary", save));
  actions.append(button("Discard it", "is-quiet", discard));
  note.append(words, actions);
  form.prepend(note);
}

/** @param {HTMLFormElement} form */
export function dropNote(form) {
  form.querySelector(".restored")?.remove();
}

/** @param {string} words @param {string} tone @param {() => void} act */
function button(words, tone, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = `button is-small ${tone}`;
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}
