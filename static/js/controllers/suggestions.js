/**
 * Suggestions, walked one after the other and answered by one key each. They are painted with dots under the words, which never
 * touches the document; the one at hand is painted full.
 */

import { paint } from "../lib/highlights.js";
import { besideSuggestion, readRanges } from "../lib/suggested.js";
import { blocksOf, rangeOf } from "../lib/textdom.js";
import { reveal } from "./navigation.js";

/** The first thing to correct in a record; of an actor that is known, the button that removes it. */
const FIRST_FIELD = ".chip-remove, .typeahead:not(:has(.chip)) input:not([type=hidden]), select";

/** @typedef {{start: number, end: number}} Span */

/**
 * @param {{main: HTMLElement, article: HTMLElement, inspector: HTMLElement, announce: (text: string) => void}} page
 * @param {AbortSignal} signal
 */
export function suggestions({ main, article, inspector, announce }, signal) {
  const address = `/readings/${main.dataset.reading}/suggestions/`;
  /** @type {string | null} the suggestion at hand */
  let current = null;
  /** Where the one at hand begins, or began before it was answered. */
  let place = 0;
  /** @type {"next" | "previous" | "record" | null} what is to come into focus after the swap under way */
  let awaited = null;
  /** @type {Span[]} what was painted last: it stays while a record is open */
  let known = [];

  const list = () => inspector.querySelector("[data-suggestions]");
  const items = () =>
    /** @type {HTMLElement[]} */ (Array.from(inspector.querySelectorAll("[data-suggestion]")));
  const atHand = () => items().find((item) => item.dataset.suggestion === current);

  function repaint() {
    const blocks = blocksOf(article);
    if (list()) known = items().flatMap(rangesOf);
    const item = atHand();
    paint(
      "suggestion",
      known.map((span) => rangeOf(blocks, span)),
    );
    paint("suggested", item ? rangesOf(item).map((span) => rangeOf(blocks, span)) : []);
  }

  /** @param {HTMLElement | undefined} item */
  function show(item) {
    for (const other of items()) {
      other.toggleAttribute("data-at-hand", other === item);
      other.querySelector(".suggestion-words")?.setAttribute("aria-expanded", String(other === item));
    }
    repaint();
  }

  /** @param {HTMLElement} item */
  function choose(item) {
    current = item.dataset.suggestion ?? null;
    show(item);
    const [first] = rangesOf(item);
    place = first.start;
    /** @type {HTMLElement} */ (item.querySelector(".suggestion-words")).focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    bring(rangeOf(blocksOf(article), first));
  }

  /** @param {1 | -1} step */
  function go(step) {
    if (!list()) return fetchList(step);
    const all = items();
    if (!all.length) return announce("Nothing is suggested.");
    const starts = all.map((item) => rangesOf(item)[0].start);
    const here = all.findIndex((item) => item.dataset.suggestion === current);
    choose(all[besideSuggestion(starts, { here, place, step })]);
  }

  /** The records and suggestions take the place of what stands beside the text. @param {1 | -1} step */
  function fetchList(step) {
    awaited = step > 0 ? "next" : "previous";
    window.htmx.ajax("GET", `${address}?with=records`, {
      source: inspector,
      target: inspector,
      swap: "innerHTML",
    });
  }

  /** @param {string} wish accept, correct or reject */
  function answer(wish) {
    const item = atHand();
    if (!item) return announce("No suggestion is at hand; O goes to the next one.");
    const button = item.querySelector(`button[data-answer=${wish}]`);
    if (button instanceof HTMLButtonElement) button.form?.requestSubmit(button);
  }

  /** An answer is sent, by key or by hand: then the next one comes, or the record to correct. @param {SubmitEvent} event */
  function sent({ target, submitter }) {
    const form = /** @type {HTMLElement} */ (target);
    const item = /** @type {HTMLElement | null} */ (form.closest("[data-suggestion]"));
    if (!item || !form.hasAttribute("data-answers")) return;
    place = rangesOf(item)[0].start;
    awaited = submitter?.dataset.answer === "correct" ? "record" : "next";
  }

  /** After a swap: what was awaited comes into focus; else all stays as it is. */
  function refresh() {
    if (list() && !atHand()) current = null;
    const record = inspector.querySelector("[data-annotation]");
    if (awaited === "record" && record) correct(record);
    else if (awaited && awaited !== "record" && list()) goOn(awaited === "next" ? 1 : -1);
    else show(atHand());
  }

  /** @param {Element} record */
  function correct(record) {
    awaited = null;
    /** @type {HTMLElement | null} */ (record.querySelector(FIRST_FIELD))?.focus();
    repaint();
  }

  /** @param {1 | -1} step */
  function goOn(step) {
    awaited = null;
    if (items().length) go(step);
    else finish();
  }

  function finish() {
    repaint();
    announce("Nothing is left to suggest.");
    article.focus({ preventScroll: true });
  }

  inspector.addEventListener("submit", (event) => sent(/** @type {SubmitEvent} */ (event)), { signal });
  document.addEventListener(
    "htmx:finally:request",
    () => {
      awaited = null;
    },
    { signal },
  );

  return {
    refresh,
    /** @type {Record<string, (...words: string[]) => unknown>} by the names the keys give them */
    commands: {
      "next-suggestion": () => go(1),
      "previous-suggestion": () => go(-1),
      answer,
    },
    /** @param {Element} button within a suggestion */
    open(button) {
      choose(/** @type {HTMLElement} */ (button.closest("[data-suggestion]")));
    },
  };
}

/** Into sight; on a small screen above the sheet, which covers the lower half. @param {Range} words */
function bring(words) {
  if (matchMedia("(max-width: 58rem)").matches) scrollBy({ top: words.getBoundingClientRect().top - 130 });
  else reveal(words);
}

/** @param {HTMLElement} item @returns {Span[]} where its words stand */
function rangesOf(item) {
  return readRanges(item.dataset.ranges ?? "");
}
