/**
 * A question between readings: digits choose, 0 keeps what the record says, J and K go on and back, E says why. The borders that a choice draws
 * are painted while it is pointed at, and the words in question are brought into sight. When the record was changed or something
 * undone beside it, it is asked anew.
 *
 * Keys are obeyed by the question on the page, bound or not yet: a fast hand's next key is not the workbench's.
 */

import { paint } from "../lib/highlights.js";
import { isForTyping } from "../lib/keys.js";
import { blocksOf, rangeOf, segmentsOf } from "../lib/textdom.js";
import { reveal } from "./navigation.js";

/** Long enough for the other parts of an answer, a new question among them. */
const PARTS_MS = 60;
/** The question that an answer is awaited for; the next one takes the focus. @type {HTMLElement | null} */
let awaitedFor = null;

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function ruling(element, signal) {
  const article = /** @type {HTMLElement} */ (document.querySelector("#text"));
  const tally = /** @type {HTMLElement} */ (document.querySelector("#tally"));
  const { url } = element.dataset;

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
      if (!signal.aborted && !awaitedFor && url)
        window.htmx.ajax("GET", `${url}?beside`, { source: element, swap: "none" });
    }, PARTS_MS);
  }

  /** What answers a decision is newer than what was asked before it. */
  function send() {
    awaitedFor = element;
    element.dispatchEvent(new CustomEvent("htmx:abort"));
  }

  /** No other question came of it. @param {Event} event */
  function finish({ target }) {
    if (target !== element) awaitedFor = null;
  }

  const observer = new MutationObserver(askAnew);
  observer.observe(tally, { childList: true, characterData: true, subtree: true });
  signal.addEventListener("abort", () => {
    observer.disconnect();
    paint("question", []);
  });
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"])
    element.addEventListener(type, show, { signal });
  element.addEventListener("submit", send, { signal });
  element.addEventListener("keydown", leaveReason, { signal });
  element.addEventListener(
    "click",
    ({ target }) => /** @type {Element} */ (target).closest("a[href]") && send(),
    { signal },
  );
  element.addEventListener("htmx:finally:request", finish, { signal });
  document.addEventListener("claim:saved", askAnew, { signal });
  if (awaitedFor && awaitedFor !== element) focusTitle(element);
  awaitedFor = null;
  if (element.dataset.record !== shown) showWords(article, element.dataset.record ?? "");
}

/** The record whose words were brought into sight. @type {string | undefined} */
let shown;

/** Bring the words in question into sight, once they are painted. @param {HTMLElement} article @param {string} record */
function showWords(article, record) {
  shown = record;
  setTimeout(() => {
    const [mark] = segmentsOf(article, record);
    if (mark) reveal(mark);
  }, PARTS_MS);
}

/** Enter or Escape in reason or note leads back to the question, where a key decides. @param {KeyboardEvent} event */
function leaveReason(event) {
  const { key, isComposing, target } = event;
  if (!["Enter", "Escape"].includes(key) || isComposing) return;
  if (!(/** @type {Element} */ (target).matches("select, input"))) return;
  event.preventDefault();
  focusTitle(document);
}

/** @param {ParentNode} within */
function focusTitle(within) {
  /** @type {HTMLElement | null} */ (within.querySelector("#question-title"))?.focus();
}

/** @param {Element | null} question @returns {boolean} whether there is a reason to give */
function askWhy(question) {
  const reason = /** @type {HTMLDetailsElement | null} */ (
    question?.querySelector("details.question-reason")
  );
  if (!reason) return false;
  reason.open = true;
  reason.querySelector("select")?.focus();
  return true;
}

/** @param {KeyboardEvent} event */
function press(event) {
  const { code, ctrlKey, altKey, metaKey, shiftKey } = event;
  const target = /** @type {Element} */ (event.target);
  if (ctrlKey || altKey || metaKey || shiftKey || event.repeat || event.isComposing) return;
  if (isForTyping(target) || document.querySelector("dialog[open]") || isMarking()) return;
  const question = document.querySelector("#question");
  if (code === "KeyE" && askWhy(question)) return event.preventDefault();
  const wanted = question && buttonFor(question, code);
  const isSlip = question?.querySelector("form.question-form") && /^Digit\d$/.test(code);
  if (!wanted && !isSlip) return;
  event.preventDefault();
  if (question !== awaitedFor) wanted?.click();
}

/** @param {Element} question @param {string} code @returns {HTMLElement | null} */
function buttonFor(question, code) {
  if (code === "KeyJ") return question.querySelector("a[rel=next][href]");
  if (code === "KeyK") return question.querySelector("a[rel=prev][href]");
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  return digit ? question.querySelector(`button[aria-keyshortcuts="${digit}"]`) : null;
}

/** Digits fill roles while something is selected or a role waits for words. */
const isMarking = () =>
  Boolean(CSS.highlights?.get("pending")?.size) || document.querySelector(".slot.is-armed") !== null;

document.addEventListener("keydown", press, { capture: true });
