/**
 * Which command a key press means. Letters go by their place on the keyboard (`event.code`), so that they
 * work on Arabic, Hebrew and Cyrillic layouts; keys with ctrl, alt or meta belong to the browser.
 * @typedef {Pick<KeyboardEvent, "code" | "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">} Press
 */

/** @type {Record<string, string>} */
const COMMANDS = {
  KeyM: "mark mention",
  KeyS: "mark statement",
  KeyT: "mark threat",
  KeyZ: "undo",
  "Shift+KeyZ": "redo",
  KeyY: "redo",
  KeyN: "next",
  KeyJ: "next",
  KeyP: "previous",
  KeyK: "previous",
  Enter: "enter",
  Escape: "escape",
  Delete: "delete",
  Backspace: "delete",
  BracketRight: "nudge end +word",
  BracketLeft: "nudge end -word",
  "Shift+BracketRight": "nudge start +word",
  "Shift+BracketLeft": "nudge start -word",
  Period: "nudge end +character",
  Comma: "nudge end -character",
  "Shift+Period": "nudge start +character",
  "Shift+Comma": "nudge start -character",
  Slash: "find",
};
for (let digit = 1; digit <= 9; digit++) COMMANDS[`Digit${digit}`] = `role ${digit}`;

/** Keys told by their sign, wherever a layout puts them. @type {Record<string, string>} */
const SIGNS = { "?": "help", "/": "find" };

/** @param {Press} press @returns {string | null} the command, for example "mark mention" */
export function commandFor(press) {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const sign = SIGNS[press.key];
  if (sign) return sign;
  return COMMANDS[press.shiftKey ? `Shift+${press.code}` : press.code] ?? null;
}

/**
 * How a key press moves the text cursor, in the words of `Selection.modify`.
 * @param {Press} press
 * @returns {{alter: "move" | "extend", direction: string, granularity: string} | null}
 */
export function caretMoveFor(press) {
  if (press.metaKey || press.altKey) return null;
  const alter = press.shiftKey ? "extend" : "move";
  const jump = press.ctrlKey;
  switch (press.code) {
    case "ArrowLeft":
    case "ArrowRight":
      return {
        alter,
        direction: press.code.slice(5).toLowerCase(),
        granularity: jump ? "word" : "character",
      };
    case "ArrowUp":
    case "ArrowDown":
      return {
        alter,
        direction: press.code === "ArrowUp" ? "backward" : "forward",
        granularity: jump ? "paragraph" : "line",
      };
    case "Home":
    case "End":
      return {
        alter,
        direction: press.code === "Home" ? "backward" : "forward",
        granularity: jump ? "documentboundary" : "lineboundary",
      };
    default:
      return null;
  }
}

/** @param {EventTarget | null} target @returns {boolean} whether what is typed there is text or drives a widget of its own */
export function isForTyping(target) {
  if (!(target instanceof Element)) return false;
  return (
    target.closest(
      "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog",
    ) !== null
  );
}
