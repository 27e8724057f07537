/**
 * A question between readings: digits choose, 0 keeps what the record says, J and K go on and back. The borders that a choice draws
 * are painted while it is pointed at. When the record was changed or something undone beside it, it is asked anew.
 */

import { paint } from "../lib/highlights.js";
import { isForTyping } from "../lib/keys.js";
import { blocksOf, rangeOf } from "../lib/textdom.js";

/** Long enough for the other parts of an answer, a new question among them. */
const PARTS_MS = 60;
/** Whether an answer is awaited, and the next question takes the focus. */
let isAwaited = false;

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function ruling(element, signal) {
  const article = /** @type {HTMLElement} */ (document.querySelector("#text"));
  const tally = /** @type {HTMLElement} */ (document.querySelector("#tally"));
  const { url } = element.dataset;

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { code, ctrlKey, altKey, metaKey, shiftKey } = event;
    const target = /** @type {Element} */ (event.target);
    if (ctrlKey || altKey || metaKey || shiftKey || event.repeat || event.isComposing) return;
    if (isForTyping(target) || document.querySelector("dialog[open]") || isMarking()) return;
    const wanted = buttonFor(code);
    if (!wanted) return;
    event.preventDefault();
    wanted.click();
  }

  /** @param {string} code @returns {HTMLElement | null} */
  function buttonFor(code) {
    if (code === "KeyJ") return element.querySelector("a[rel=next][href]");
    if (code === "KeyK") return element.querySelector("a[rel=prev][href]");
    const digit = /^Digit(\d)$/.exec(code)?.[1];
    return digit ? element.querySelector(`button[aria-keyshortcuts="${digit}"]`) : null;
  }

  /** Digits fill roles while something is selected or a role waits for words. */
  const isMarking = () =>
    Boolean(CSS.highlights?.get("pending")?.size) || document.querySelector(".slot.is-armed") !== null;

  /** @param {Event} event */
  function show({ target, type }) {
    const choice = /** @type {Element} */ (target).closest("[data-places]");
    const places =
      choice instanceof HTMLElement && type !== "pointerout" && type !== "focusout"
        ? JSON.parse(choice.dataset.places ?? "[]")
        : [];
    const blocks = blocksOf(article);
    paint(
      "question",
      places.map((/** @type {[number, number]} */ [start, end]) => rangeOf(blocks, { start, end })),
    );
  }

  function askAnew() {
    setTimeout(() => {
      if (!signal.aborted && !isAwaited && url)
        window.htmx.ajax("GET", `${url}?beside`, { source: element, swap: "none" });
    }, PARTS_MS);
  }

  /** What answers a decision is newer than what was asked before it. */
  function send() {
    isAwaited = true;
    element.dispatchEvent(new CustomEvent("htmx:abort"));
  }

  const observer = new MutationObserver(askAnew);
  observer.observe(tally, { childList: true, characterData: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    paint("question", []);
  });
  document.addEventListener("keydown", press, { signal, capture: true });
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"])
    element.addEventListener(type, show, { signal });
  element.addEventListener("submit", send, { signal });
  element.addEventListener(
    "htmx:error",
    ({ target }) => (isAwaited &&= !(target instanceof HTMLFormElement)),
    { signal },
  );
  document.addEventListener("claim:saved", askAnew, { signal });
  element.addEventListener(
    "click",
    ({ target }) => (isAwaited ||= Boolean(/** @type {Element} */ (target).closest("a"))),
    { signal },
  );
  if (isAwaited) /** @type {HTMLElement | null} */ (element.querySelector("#question-title"))?.focus();
  isAwaited = false;
}
