/**
 * Enter goes into the record's form, even before the record is there: what is typed meanwhile is kept for its first field, so that
 * letters of a name never become commands.
 */

import { isForTyping } from "../lib/keys.js";

const FIELDS =
  "[data-annotation] :is(.chip-remove, input:not([type=hidden]):not([hidden]), select, textarea)";

/** @param {HTMLElement} inspector @param {() => boolean} isAwaited whether a record is on its way into it */
export function entering(inspector, isAwaited) {
  /** What was typed since Enter, while the record is awaited. @type {string[] | null} */
  let typed = null;

  /** @returns {HTMLElement | null} the first field, which has the focus */
  function focusFirst() {
    const field = /** @type {HTMLElement | null} */ (inspector.querySelector(FIELDS));
    field?.focus();
    return field;
  }

  return {
    enter() {
      if (isAwaited()) typed = [];
      else focusFirst();
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
    arrived() {
      const keys = typed;
      if (!keys || isAwaited()) return;
      typed = null;
      const field = focusFirst();
      if (!(field instanceof HTMLInputElement) || field.type !== "text") return;
      field.value += keys.filter((key) => key !== "Enter").join("");
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
