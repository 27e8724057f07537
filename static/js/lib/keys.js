/**
 * Which command a key press means. Letters go by their place on the keyboard (`event.code`), so that they
 * work on Arabic, Hebrew and Cyrillic layouts; keys with ctrl, alt or meta belong to the browser.
 * @typedef {Pick<KeyboardEvent, "code" | "key" | "shiftKey" | "ctrlKey" | "altKey" | "metaKey">} Press
 */

/**
 * The one table of keys: the workbench obeys it, the sheet behind `?` shows it, and docs/analysts.md is held to it.
 *
 * `shown` is how a key cap reads, `keys` what it does; `does` is told to people. Without `keys` it is the text cursor's.
 * @typedef {{shown: string[], does: string, keys?: Record<string, string>}} Key
 * @type {{title: string, keys: Key[]}[]}
 */
export const KEYS = [
  {
    title: "Select",
    keys: [
      {
        shown: ["←", "→", "↑", "↓"],
        does: "Move the text cursor; with Shift select, with Ctrl by word or paragraph",
      },
      {
        shown: ["G"],
        does: "Grow the selection: word, clause or quotation, sentence, paragraph",
        keys: { KeyG: "grow" },
      },
      {
        shown: ["Shift G"],
        does: "Shrink it again, back the same steps",
        keys: { "Shift+KeyG": "shrink" },
      },
      {
        shown: ["W"],
        does: "Select whole words, or single letters",
        keys: { KeyW: "snapping" },
      },
      {
        shown: ["[", "]"],
        does: "End of the selection, or of the piece at hand, one word back, on; with Shift its start",
        keys: {
          BracketRight: "nudge end +word",
          BracketLeft: "nudge end -word",
          "Shift+BracketRight": "nudge start +word",
          "Shift+BracketLeft": "nudge start -word",
        },
      },
      {
        shown: [",", "."],
        does: "The same by one character",
        keys: {
          Period: "nudge end +character",
          Comma: "nudge end -character",
          "Shift+Period": "nudge start +character",
          "Shift+Comma": "nudge start -character",
        },
      },
      {
        shown: ["/"],
        does: "Find a phrase: select it, or mark it wherever it stands",
        keys: { Slash: "find" },
      },
      { shown: ["Ctrl Enter"], does: "There: leave this place out, or take it in again" },
    ],
  },
  {
    title: "Mark",
    keys: [
      {
        shown: ["M", "S", "T"],
        does: "Mark the selection as mention, statement or threat",
        keys: { KeyM: "mark mention", KeyS: "mark statement", KeyT: "mark threat" },
      },
      {
        shown: ["Q"],
        does: "The quotation here is a statement: all its pieces, with cue and source",
        keys: { KeyQ: "quotation" },
      },
      {
        shown: ["R"],
        does: "This says it again: the selection is another statement of the open threat",
        keys: { KeyR: "restate" },
      },
      {
        shown: ["1", "–", "9"],
        does: "The selection fills that role of the open record, or is another piece of it; without one, the next will",
        keys: Object.fromEntries(
          [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => [`Digit${digit}`, `role ${digit}`]),
        ),
      },
      {
        shown: ["Shift 1", "–", "9"],
        does: "The piece at hand gets that role instead; where there is room for one, the two change places",
        keys: Object.fromEntries(
          [1, 2, 3, 4, 5, 6, 7, 8, 9].map((digit) => [`Shift+Digit${digit}`, `recast ${digit}`]),
        ),
      },
      { shown: ["Z"], does: "Undo", keys: { KeyZ: "undo" } },
      { shown: ["Y"], does: "Redo", keys: { KeyY: "redo", "Shift+KeyZ": "redo" } },
    ],
  },
  {
    title: "Suggestions",
    keys: [
      {
        shown: ["O"],
        does: "Next suggestion; with Shift the previous one",
        keys: { KeyO: "next-suggestion", "Shift+KeyO": "previous-suggestion" },
      },
      { shown: ["A"], does: "Accept it, and on to the next", keys: { KeyA: "answer accept" } },
      { shown: ["C"], does: "Accept it and correct the record", keys: { KeyC: "answer correct" } },
      { shown: ["X"], does: "Reject it for good, and on to the next", keys: { KeyX: "answer reject" } },
    ],
  },
  {
    title: "Records",
    keys: [
      {
        shown: ["N", "P"],
        does: "Next, previous record",
        keys: { KeyN: "next", KeyJ: "next", KeyP: "previous", KeyK: "previous" },
      },
      {
        shown: ["U"],
        does: "Next record that still lacks something; with Shift the previous one",
        keys: { KeyU: "next-lacking", "Shift+KeyU": "previous-lacking" },
      },
      {
        shown: ["V"],
        does: "Take the first value suggested for the open record",
        keys: { KeyV: "take" },
      },
      {
        shown: ["Shift M", "S", "T"],
        does: "The open record is a mention, statement or threat instead, with its words",
        keys: {
          "Shift+KeyM": "relabel mention",
          "Shift+KeyS": "relabel statement",
          "Shift+KeyT": "relabel threat",
        },
      },
      { shown: ["L"], does: "List the records at the cursor", keys: { KeyL: "stack" } },
      { shown: ["Enter"], does: "Into the record’s form, to what it lacks", keys: { Enter: "enter" } },
      {
        shown: ["Esc"],
        does: "Back to the text; let go of role, selection, record",
        keys: { Escape: "escape" },
      },
      {
        shown: ["Del"],
        does: "Delete the record; with Shift only the piece at hand",
        keys: {
          Delete: "delete",
          Backspace: "delete",
          "Shift+Delete": "remove-piece",
          "Shift+Backspace": "remove-piece",
        },
      },
      {
        shown: ["H"],
        does: "Guidelines beside the text, at what they say of the open record",
        keys: { KeyH: "guidelines" },
      },
      { shown: ["?"], does: "This sheet", keys: {} },
    ],
  },
];

/** The keys of a question between readings; ruling.js obeys them, and they stand first on the sheet of its page. */
export const QUESTION_KEYS = [
  {
    title: "The question",
    keys: [
      { shown: ["1", "–", "9"], does: "This value; while words are selected, the role they fill" },
      { shown: ["0"], does: "What the record says now" },
      { shown: ["J", "K"], does: "Next, previous question" },
      { shown: ["E"], does: "Say why; Enter leads back to the question" },
    ],
  },
];

/** The keys of the list of articles, which has a sheet of its own; shown, obeyed and held to the documentation in the same way. */
export const LIST_KEYS = [
  {
    title: "The list of articles",
    keys: [
      {
        shown: ["J", "K"],
        does: "Next, previous article",
        keys: { KeyJ: "next", KeyK: "previous" },
      },
      { shown: ["Enter"], does: "Open it" },
      { shown: ["N"], does: "Take the next one from the work there is, and open it" },
      { shown: ["/"], does: "Search the articles" },
      { shown: ["?"], does: "This sheet" },
    ],
  },
];

/** @type {Record<string, string>} */
const LIST_COMMANDS = Object.assign({}, ...LIST_KEYS[0].keys.map((key) => key.keys ?? {}));

/** @type {Record<string, string>} */
const COMMANDS = Object.assign({}, ...KEYS.flatMap(({ keys }) => keys.map((key) => key.keys ?? {})));

/** Keys told by their sign, wherever a layout puts them. @type {Record<string, string>} */
const SIGNS = { "?": "help", "/": "find" };

/** @param {Press} press @returns {string | null} the command, for example "mark mention" */
export function commandFor(press) {
  return commandOf(COMMANDS, press);
}

/** @param {Press} press @returns {string | null} next, previous, find, help */
export function listCommandFor(press) {
  return commandOf(LIST_COMMANDS, press);
}

/** @param {Record<string, string>} commands @param {Press} press */
function commandOf(commands, press) {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const sign = SIGNS[press.key];
  if (sign) return sign;
  return commands[press.shiftKey ? `Shift+${press.code}` : press.code] ?? null;
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
