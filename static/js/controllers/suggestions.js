/**
 * Suggestions, walked one after the other and answered by one key each. They are painted with dots under the words, which never
 * touches the document; the one at hand is painted full, and of the list it alone, else the first, is in sight, until all are asked for.
 */

import { paint } from "../lib/highlights.js";
import { besideSuggestion, readRanges } from "../lib/suggested.js";
import { blocksOf, rangeOf } from "../lib/textdom.js";
import { focusFirst } from "./entering.js";
import { reveal } from "./navigation.js";

/** @typedef {{start: number, end: number}} Span */

/**
 * @param {{main: HTMLElement, article: HTMLElement, inspector: HTMLElement, announce: (text: string) => void}} page
 * @param {import("./marking.js").Marking} marks
 * @param {AbortSignal} signal
 */
export function suggestions({ main, article, inspector, announce }, marks, signal) {
  const address = `/readings/${main.dataset.reading}/suggestions/`;
  /** @type {string | null} the suggestion at hand */
  let current = null;
  /** Where the one at hand begins, or began before it was answered. */
  let place = 0;
  /** @type {1 | -1 | 0} which way to go once the list is there */
  let awaited = 0;
  /** Whether the record of an accepted one is to be corrected when it comes. */
  let isCorrecting = false;
  /** @type {Span[]} what was painted last: it stays while a record is open */
  let known = [];

  const list = () => inspector.querySelector("[data-suggestions]");
  const all = () =>
    /** @type {HTMLElement[]} */ (Array.from(inspector.querySelectorAll("[data-suggestion]")));
  const items = () => all().filter((item) => !item.hidden);
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

  /** All of them beside the text, or only the one at hand: what people marked stands below. */
  function toggleList() {
    inspector.classList.toggle("is-listing");
    tellListed();
  }

  function tellListed() {
    const button = inspector.querySelector("[data-action=list-suggestions]");
    button?.setAttribute("aria-expanded", String(inspector.classList.contains("is-listing")));
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
    const open = items();
    if (!open.length) return announce("Nothing is suggested.");
    const starts = open.map((item) => rangesOf(item)[0].start);
    const here = open.findIndex((item) => item.dataset.suggestion === current);
    choose(open[besideSuggestion(starts, { here, place, step })]);
  }

  /** The records and suggestions take the place of what stands beside the text. @param {1 | -1} step */
  function fetchList(step) {
    awaited = step;
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

  /**
   * An answer goes the way of every write from the text: kept in the browser, sent in its turn and again until the server has it.
   * What was answered leaves the list at once. @param {SubmitEvent} event
   */
  function send(event) {
    const form = /** @type {HTMLFormElement} */ (event.target);
    const item = /** @type {HTMLElement | null} */ (form.closest("[data-suggestion]"));
    const wish = event.submitter?.dataset.answer;
    if (!item || !wish) return;
    event.preventDefault();
    event.stopPropagation();
    place = rangesOf(item)[0].start;
    isCorrecting = wish === "correct";
    const words = item.querySelector(".quote")?.textContent ?? "";
    const extents = wish === "reject" ? [] : rangesOf(item).map((span) => ({ ...span, quote: words }));
    marks.answer(form.action, { suggestion: item.dataset.suggestion ?? "", wish, words }, extents);
    if (isCorrecting) article.focus({ preventScroll: true });
    else goOn(1);
  }

  /** Those whose answer is under way are out of sight, in every list that comes meanwhile. */
  function hideAnswered() {
    const sent = marks.answering();
    for (const item of all()) item.hidden = sent.has(item.dataset.suggestion ?? "");
    repaint();
  }

  /**
   * The server has spoken. @param {import("./marking.js").Answers} answers @param {boolean} isSaved it is gone for good; else
   * the list is asked for anew
   */
  function answered({ suggestion, wish }, isSaved) {
    const item = all().find(({ dataset }) => dataset.suggestion === suggestion);
    if (isSaved) return item?.remove();
    if (wish === "correct") isCorrecting = false;
    if (list())
      window.htmx.ajax("GET", address, { source: inspector, target: "#suggestions", swap: "outerHTML" });
  }

  /** After a swap: what was awaited comes into focus; else all stays as it is. */
  function refresh() {
    hideAnswered();
    tellListed();
    const record = inspector.querySelector("[data-annotation]");
    if (isCorrecting && record) return correct(record);
    if (awaited && list()) return goOn(awaited);
    if (list() && current && !atHand()) return leaveGone();
    show(atHand());
  }

  /** The one at hand went with another that was answered: the next one is at hand. */
  function leaveGone() {
    current = null;
    if (items().length && isWalking()) go(1);
    else show(undefined);
  }

  const isWalking = () => document.activeElement === article || inspector.contains(document.activeElement);

  /** @param {Element} record */
  function correct(record) {
    isCorrecting = false;
    focusFirst(record);
    repaint();
  }

  /** @param {1 | -1} step */
  function goOn(step) {
    awaited = 0;
    if (items().length) go(step);
    else finish();
  }

  function finish() {
    repaint();
    announce("Nothing is left to suggest.");
    article.focus({ preventScroll: true });
  }

  /** The one at hand comes as such: what is out of sight could not take the focus again. @param {Event} event */
  function keepAtHand(event) {
    for (const { fragment } of /** @type {CustomEvent<HtmxDetail>} */ (event).detail.tasks)
      fragment.querySelector(`[data-suggestion="${current}"]`)?.toggleAttribute("data-at-hand", true);
  }

  document.addEventListener("htmx:before:swap", keepAtHand, { signal });
  inspector.addEventListener("submit", (event) => send(/** @type {SubmitEvent} */ (event)), {
    signal,
    capture: true,
  });
  document.addEventListener(
    "htmx:finally:request",
    () => {
      awaited = 0;
    },
    { signal },
  );

  return {
    refresh,
    hideAnswered,
    answered,
    /** @type {Record<string, (...words: string[]) => unknown>} by the names the keys give them */
    commands: {
      "next-suggestion": () => go(1),
      "previous-suggestion": () => go(-1),
      "list-suggestions": toggleList,
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
