/**
 * Enter goes into the record's form, even before the record is there: what is typed meanwhile is kept for that field, so that
 * letters of a name never become commands.
 */

import { isForTyping } from "../lib/keys.js";

/** What is asked for and says nothing. */
const LACKING =
  '.field.is-wanted:is(:has([data-chips]):not(:has(.chip)), :has(:is(option, input)[value=""]:checked))';
const CONTROL =
  ".chip-remove, input:not([type=hidden], [type=radio], [hidden]), input[type=radio]:checked, select, textarea";

/** @param {HTMLElement} inspector @param {() => boolean} isAwaited whether a record is on its way into it */
export function entering(inspector, isAwaited) {
  /** What was typed since Enter, while the record is awaited. @type {string[] | null} */
  let typed = null;

  const enterForm = () => focusFirst(inspector.querySelector("[data-annotation]"));

  return {
    enter() {
      if (isAwaited()) typed = [];
      else enterForm();
    },
    /** @param {KeyboardEvent} event @param {Element} target @returns {boolean} whether the key is kept for the form */
    keeps({ key, ctrlKey, altKey, metaKey }, target) {
      if (key === "Escape") typed = null;
      if (!typed || isForTyping(target)) return false;
      if (ctrlKey || altKey || metaKey || (key.length > 1 && key !== "Enter")) return false;
      typed.push(key);
      return true;
    },
    /** A record came into the inspector. */
    async arrived() {
      const keys = typed;
      if (!keys || isAwaited()) return;
      typed = null;
      const field = enterForm();
      if (!(field instanceof HTMLInputElement) || field.type !== "text") return;
      field.value += keys.filter((key) => key !== "Enter").join("");
      await whenBound(field.closest("[data-controller=typeahead]"));
      if (field.value) field.dispatchEvent(new InputEvent("input", { bubbles: true }));
      if (keys.includes("Enter"))
        field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true }));
    },
    /** None will come. */
    cancel() {
      typed = null;
    },
  };
}

/** @param {Element | null} record @returns {HTMLElement | null} its first field that lacks something, else its first: it gets the focus */
export function focusFirst(record) {
  const home = record?.querySelector(LACKING) ?? record?.querySelector("form.claim-form");
  const control = /** @type {HTMLElement | null | undefined} */ (home?.querySelector(CONTROL));
  control?.focus();
  return control ?? null;
}

/** @param {Element | null} element with a controller, or none @returns {Promise<void>} when that listens */
async function whenBound(element) {
  if (!element || element.hasAttribute("data-bound")) return;
  await new Promise((done) => {
    new MutationObserver(done).observe(element, { attributeFilter: ["data-bound"] });
  });
}
