/** Binds controllers to the elements that name them, now and after every swap; one AbortSignal an element. */

import { dialogs } from "./controllers/dialog.js";
import { loaded } from "./controllers/loading.js";
import { messages } from "./controllers/messages.js";
import { shelf } from "./controllers/unsaved.js";
import { sendCsrfHeader } from "./lib/csrf.js";

/** @typedef {(element: HTMLElement, signal: AbortSignal) => void} Controller */

/** Loaded by the first page that names them. @type {Record<string, () => Promise<Controller>>} */
const CONTROLLERS = {
  "actor-card": async () => (await import("./controllers/actorcard.js")).actorCard,
  claim: async () => (await import("./controllers/claim.js")).claim,
  copy: async () => (await import("./controllers/copy.js")).copy,
  kept: async () => (await import("./controllers/kept.js")).kept,
  filter: async () => (await import("./controllers/filter.js")).filter,
  sheet: async () => (await import("./controllers/sheet.js")).sheet,
  sending: async () => (await import("./controllers/sending.js")).sending,
  review: async () => (await import("./controllers/review.js")).review,
  rows: async () => (await import("./controllers/rows.js")).rows,
  shortcut: async () => (await import("./controllers/shortcut.js")).shortcut,
  ruling: async () => (await import("./controllers/ruling.js")).ruling,
  "submit-on-change": async () => (await import("./controllers/submitonchange.js")).submitOnChange,
  questions: async () => (await import("./controllers/questions.js")).questions,
  proposals: async () => (await import("./controllers/proposals.js")).proposals,
  rail: async () => (await import("./controllers/rail.js")).rail,
  guide: async () => (await import("./controllers/guide.js")).guide,
  look: async () => (await import("./controllers/look.js")).look,
  typeahead: async () => (await import("./controllers/typeahead.js")).typeahead,
  workbench: async () => (await import("./controllers/workbench.js")).workbench,
};

/** @type {Map<Element, AbortController>} */
const bound = new Map();

/** @param {Element} root */
function bind(root) {
  const within = root.querySelectorAll("[data-controller]");
  for (const element of root.matches("[data-controller]") ? [root, ...within] : within) {
    if (bound.has(element) || !(element instanceof HTMLElement)) continue;
    const lifetime = new AbortController();
    bound.set(element, lifetime);
    connect(element, lifetime.signal);
  }
}

/** @param {HTMLElement} element gets `data-bound` when its controllers listen @param {AbortSignal} signal */
async function connect(element, signal) {
  for (const name of (element.dataset.controller ?? "").split(" ")) {
    const coming = CONTROLLERS[name]?.();
    const controller = coming && (await loaded(coming));
    if (!signal.aborted) controller?.(element, signal);
  }
  element.dataset.bound = "";
}

function release() {
  for (const [element, lifetime] of bound) {
    if (element.isConnected) continue;
    lifetime.abort();
    bound.delete(element);
  }
}

sendCsrfHeader();
messages();
dialogs();
document.addEventListener("signed-out", async (event) => {
  const signin = await loaded(import("./controllers/signin.js"));
  signin?.askToSignIn(/** @type {CustomEvent<HTMLTemplateElement>} */ (event).detail);
});
shelf.tidy();
// A page that is left before they came needs neither.
if (shelf.names("form.").length) import("./controllers/kept.js").catch(() => {});
if (shelf.names("marks.").length)
  import("./controllers/leftmarks.js").then((left) => left.tellLeftMarks()).catch(() => {});
bind(document.body);
document.addEventListener("htmx:after:swap", release);
document.addEventListener("htmx:after:process", ({ target }) => bind(/** @type {Element} */ (target)));
