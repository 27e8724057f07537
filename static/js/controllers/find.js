/**
 * Find a phrase: all occurrences painted and counted, Enter drafts the next one, Escape goes back to the text with it selected. Or mark
 * them all: those that cut a word, stand in a mention already or are not coded are left out to begin with, any other can be.
 * @typedef {{element: HTMLElement, base: number, text: string, start: number, end: number, isLeftOut: boolean}} Hit UTF-16 indices in a block that starts at the code point `base`
 */

import { offsetAt } from "../lib/codepoints.js";
import { paint } from "../lib/highlights.js";
import { folded, occurrencesIn } from "../lib/phrases.js";
import { blocksOf, placeOf } from "../lib/textdom.js";
import { cutsWord } from "../lib/words.js";
import { reveal } from "./navigation.js";

/** Painting more would only slow the typing down. */
const MOST = 1000;
/** A selection longer than this is not looked for. */
const LONGEST = 200;
const MENTION = "mark.k-mention";

/**
 * @param {HTMLElement} main @param {HTMLElement} article
 * @param {(kind: string, extents: import("../lib/selection.js").Extent[], actor: string) => void} apply marks all the places
 * @param {AbortSignal} signal
 */
export function find(main, article, apply, signal) {
  const bar = /** @type {HTMLFormElement | null} */ (main.querySelector("#find-bar"));
  const input = bar?.querySelector("input");
  const [found, chosen] = bar?.querySelectorAll("output") ?? [];
  const all = /** @type {HTMLElement | null} */ (bar?.querySelector("[data-mark-all]"));
  const actor = /** @type {HTMLElement | null} */ (bar?.querySelector(".typeahead"));
  /** @type {{element: HTMLElement, base: number, text: string, plain: string}[]} */
  let blocks = [];
  /** @type {Hit[]} */
  let hits = [];
  let here = -1;
  /** Where the text cursor stood: a field in focus takes it away. @type {Range | null} */
  let before = null;

  function search() {
    const phrase = input?.value ?? "";
    hits = blocks.flatMap(({ element, base, text, plain }) => {
      const ranges = occurrencesIn(plain, phrase);
      const hasMentions = ranges.length > 0 && element.querySelector(MENTION) !== null;
      const isUncoded = element.matches(".z-boilerplate");
      return ranges.map((range) => ({
        element,
        base,
        text,
        ...range,
        isLeftOut:
          isUncoded || cutsWord(text, range.start, range.end) || (hasMentions && isMentioned(element, range)),
      }));
    });
    here = -1;
    askFor(phrase);
    show();
  }

  /** Whom another phrase names is another question. @param {string} phrase */
  function askFor(phrase) {
    if (!actor || actor.dataset.words === phrase) return;
    actor.dataset.words = phrase;
    actor.dispatchEvent(new Event("reset"));
  }

  const meant = () => hits.filter((hit) => !hit.isLeftOut);

  function show() {
    paint("search", meant().slice(0, MOST).map(rangeOfHit));
    paint("cursor", hits[here] ? [rangeOfHit(hits[here])] : []);
    if (!input?.value.trim()) found.textContent = "";
    else found.textContent = here < 0 ? `${hits.length} found` : `${here + 1} of ${hits.length}`;
    if (all) all.hidden = !hits.length;
    if (chosen) chosen.textContent = `Mark ${meant().length} as`;
    const skip = bar?.querySelector("[data-action=find-skip]");
    skip?.setAttribute("aria-pressed", String(hits[here]?.isLeftOut ?? false));
    skip?.toggleAttribute("disabled", here < 0);
  }

  /** @param {1 | -1} step */
  function go(step) {
    if (!hits.length) return;
    here = here < 0 && step < 0 ? hits.length - 1 : (here + step + hits.length) % hits.length;
    show();
    uncover(rangeOfHit(hits[here]));
  }

  /** Into sight, and from under the bar. @param {Range} range */
  function uncover(range) {
    reveal(range);
    const hidden = (bar?.getBoundingClientRect().bottom ?? 0) + 8 - range.getBoundingClientRect().top;
    if (hidden > 0) scrollBy(0, -hidden);
  }

  function skip() {
    const hit = hits[here];
    if (!hit) return;
    hit.isLeftOut = !hit.isLeftOut;
    show();
  }

  /** @param {Event} event */
  function next(event) {
    event.preventDefault();
    go(1);
  }

  /** @param {import("../lib/selection.js").Extent | null} draft what is selected: that is looked for, from there */
  function open(draft) {
    if (!bar || !input) return;
    if (bar.hidden) before = selectionIn(article);
    bar.hidden = false;
    blocks = blocksOf(article).map(({ element, start, text }) => ({
      element,
      base: start,
      text,
      plain: folded(text),
    }));
    if (draft && draft.quote.length <= LONGEST && !draft.quote.includes("\n")) input.value = draft.quote;
    input.focus();
    input.select();
    search();
    here = draft ? hits.findIndex((hit) => extentOf(hit).start === draft.start) : -1;
    if (here >= 0) show();
  }

  function close() {
    if (!bar || bar.hidden) return;
    const hit = hits[here];
    end();
    if (hit) selectRange(rangeOfHit(hit));
  }

  function end() {
    if (bar) bar.hidden = true;
    hits = [];
    here = -1;
    show();
    article.focus({ preventScroll: true });
    if (before?.startContainer.isConnected && before.endContainer.isConnected) selectRange(before);
  }

  /** @param {string} kind */
  function markAll(kind) {
    const extents = meant().map(extentOf);
    if (!extents.length) return;
    const whom =
      /** @type {HTMLInputElement | null} */ (bar?.querySelector("input[name=actor]"))?.value ?? "";
    end();
    apply(kind, extents, kind === "mention" ? whom : "");
  }

  /** Whom they name is known: the next key marks them. */
  function named() {
    if (bar?.querySelector("input[name=actor]"))
      /** @type {HTMLElement | null} */ (bar.querySelector("[data-kind=mention]"))?.focus();
  }

  bar?.addEventListener("submit", next, { signal });
  input?.addEventListener("input", search, { signal });
  actor?.addEventListener("change", named, { signal });
  bar?.addEventListener(
    "keydown",
    (event) => {
      if (event.defaultPrevented) return;
      if (event.key === "Escape") close();
      else if (event.key === "Enter" && event.ctrlKey) skip();
      else if (event.key === "Enter" && event.shiftKey && event.target === input) go(-1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    },
    { signal },
  );
  return { open, close, skip, markAll, previous: () => go(-1) };
}

/** @param {Hit} hit @returns {import("../lib/selection.js").Extent} */
function extentOf({ base, text, start, end }) {
  return {
    start: base + offsetAt(text, start),
    end: base + offsetAt(text, end),
    quote: text.slice(start, end),
  };
}

/** @param {HTMLElement} element a block @param {{start: number, end: number}} place @returns {boolean} whether a mention covers it */
function isMentioned(element, { start, end }) {
  return [start + 1, end].every((index) => placeOf(element, index)[0].parentElement?.closest(MENTION));
}

/** @param {Hit} hit @returns {Range} */
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

/** @param {HTMLElement} article @returns {Range | null} what is selected in it, or where the cursor stands */
function selectionIn(article) {
  const selection = getSelection();
  const isInText = selection?.rangeCount && article.contains(selection.anchorNode);
  return isInText ? selection.getRangeAt(0).cloneRange() : null;
}
