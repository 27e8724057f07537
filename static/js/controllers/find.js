/** Find a phrase: all occurrences painted, Enter drafts the next one, Escape goes back to the text with it selected. */

import { paint } from "../lib/highlights.js";
import { folded, occurrencesIn } from "../lib/phrases.js";
import { blocksOf, placeOf } from "../lib/textdom.js";
import { reveal } from "./navigation.js";

/** Painting more would only slow the typing down. */
const MOST = 1000;

/** @param {HTMLElement} main @param {HTMLElement} article @param {AbortSignal} signal */
export function find(main, article, signal) {
  const bar = /** @type {HTMLFormElement | null} */ (main.querySelector("#find-bar"));
  const input = bar?.querySelector("input");
  const output = bar?.querySelector("output");
  /** @type {{element: HTMLElement, plain: string}[]} */
  let blocks = [];
  /** @type {{element: HTMLElement, start: number, end: number}[]} */
  let hits = [];
  let here = -1;

  function search() {
    const phrase = input?.value ?? "";
    hits = blocks
      .flatMap(({ element, plain }) => occurrencesIn(plain, phrase).map((range) => ({ element, ...range })))
      .slice(0, MOST);
    here = -1;
    show();
  }

  function show() {
    paint("search", hits.map(rangeOfHit));
    paint("cursor", hits[here] ? [rangeOfHit(hits[here])] : []);
    if (!output) return;
    if (!input?.value.trim()) output.textContent = "";
    else output.textContent = here < 0 ? `${hits.length} found` : `${here + 1} of ${hits.length}`;
  }

  /** @param {1 | -1} step */
  function go(step) {
    if (!hits.length) return;
    here = here < 0 && step < 0 ? hits.length - 1 : (here + step + hits.length) % hits.length;
    show();
    reveal(rangeOfHit(hits[here]));
  }

  /** @param {Event} event */
  function next(event) {
    event.preventDefault();
    go(1);
  }

  function open() {
    if (!bar || !input) return;
    bar.hidden = false;
    blocks = blocksOf(article).map(({ element, text }) => ({ element, plain: folded(text) }));
    input.focus();
    input.select();
    search();
  }

  function close() {
    if (!bar || bar.hidden) return;
    const hit = hits[here];
    bar.hidden = true;
    hits = [];
    here = -1;
    show();
    article.focus({ preventScroll: true });
    if (hit) selectRange(rangeOfHit(hit));
  }

  bar?.addEventListener("submit", next, { signal });
  input?.addEventListener("input", search, { signal });
  bar?.addEventListener(
    "keydown",
    (event) => {
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && event.shiftKey && event.target === input) go(-1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  return { open, close, previous: () => go(-1) };
}

/** @param {{element: HTMLElement, start: number, end: number}} hit @returns {Range} */
function rangeOfHit({ element, start, end }) {
  const shown = document.getElementById(element.id) ?? element;
  const range = document.createRange();
  range.setStart(...placeOf(shown, start));
  range.setEnd(...placeOf(shown, end));
  return range;
}

/** @param {Range} range */
function selectRange({ startContainer, startOffset, endContainer, endOffset }) {
  getSelection()?.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
}
