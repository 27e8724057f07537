/**
 * The current annotation: chosen by a click on its words, by next and previous, or by the inspector; its marks lit, all others dimmed.
 * @typedef {ReturnType<typeof navigation>} Navigation
 */

import { paint } from "../lib/highlights.js";
import { annotationsOf, caretOffset, contentsOf, segmentsOf } from "../lib/textdom.js";
import { say } from "./messages.js";

/** What may lie over the text, in the page or in main. */
const COVERS = ".topbar, .workbench-head, .find-bar, .inspector, .guide";
const GAP = 12;
const LEAST_FREE = 80;

/** @param {HTMLElement} article @param {HTMLElement} inspector @param {(text: string) => void} announce @param {AbortSignal} signal */
export function navigation(article, inspector, announce, signal) {
  /** @type {string | null} */
  let current = null;
  /** The record that was asked for last and is not there yet. @type {string | null} */
  let awaited = null;

  /** The marks of the current annotation. @type {HTMLElement[]} */
  let lit = [];
  let frame = 0;

  function light() {
    for (const mark of lit) mark.classList.remove("is-current");
    lit = current ? segmentsOf(article, current) : [];
    for (const mark of lit) mark.classList.add("is-current");
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(stepBack);
    });
  }

  /** All others step back a frame later: hundreds of them are styled anew, for which what was saved does not wait. */
  function stepBack() {
    article.classList.toggle("has-current", lit.length > 0);
  }

  /** @param {string} id @returns {HTMLElement[]} its segments; those of the current one are known */
  const marksOf = (id) => (id === current ? lit : segmentsOf(article, id));

  /** @param {string | null} id */
  function set(id) {
    current = id;
    light();
  }

  /** @param {string} id @param {{isQuiet?: boolean, said?: string}} [how] `said`: what is told besides */
  function open(id, { isQuiet = false, said = "" } = {}) {
    set(id);
    if (lit.length) reveal(lit[0]);
    if (!isQuiet) announce([said, lit.length ? described(lit) : ""].filter(Boolean).join(" "));
    awaited = id;
    const arrived = () => {
      if (awaited === id) awaited = null;
    };
    window.htmx
      .ajax("GET", `/annotations/${id}/`, { source: inspector, target: inspector, swap: "innerHTML" })
      .then(arrived, arrived);
  }

  /** After a swap. What was asked for meanwhile stays current. @param {string | null} shown the record in the inspector */
  function follow(shown) {
    if (shown === current || (awaited && shown !== awaited)) light();
    else set(shown);
  }

  /** Let go of the current annotation; the inspector lists all of them again. @param {string} list its address */
  function close(list) {
    awaited = null;
    set(null);
    if (!inspector.querySelector("[data-annotation]")) return;
    window.htmx.ajax("GET", list, { source: inspector, target: inspector, swap: "innerHTML" });
  }

  /** @param {Element} mark @returns {string | undefined} which of its annotations a click means: each in turn */
  function meantBy(mark) {
    const ids = annotationsOf(mark);
    return ids[(ids.indexOf(current ?? "") + 1) % ids.length];
  }

  /** @param {1 | -1} step @returns {void} */
  function go(step) {
    const marks = Array.from(article.querySelectorAll("mark[data-a]"));
    const ids = [...new Set(marks.flatMap(annotationsOf))];
    if (!ids.length) return announce("Nothing is marked yet.");
    const here = current ? ids.indexOf(current) : -1;
    const first = step > 0 ? 0 : ids.length - 1;
    open(here < 0 ? (afterCursor(marks) ?? ids[first]) : ids[(here + step + ids.length) % ids.length]);
  }

  /** To the next record that still lacks something, as the server says. @param {string} url @param {1 | -1} step */
  async function goLacking(url, step) {
    const query = new URLSearchParams({ place: String(Math.max(caretOffset(article), 0)) });
    if (current) query.set("after", current);
    if (step < 0) query.set("back", "1");
    const answer = await fetch(`${url}?${query}`, { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return announce("What is lacking cannot be found now.");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const id = page.querySelector("[data-goes-to]")?.getAttribute("data-goes-to");
    const said = page.body.textContent?.trim() ?? "";
    if (id) open(id, { said });
    else say(said);
  }

  /** @param {Element[]} marks @returns {string | undefined} the first annotation at or after the text cursor */
  function afterCursor(marks) {
    const { anchorNode } = getSelection() ?? {};
    if (!anchorNode || !article.contains(anchorNode)) return undefined;
    const isAfter = Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINS;
    const mark = marks.find((candidate) => anchorNode.compareDocumentPosition(candidate) & isAfter);
    return mark && annotationsOf(mark)[0];
  }

  /** @param {Event} event */
  function hover({ target, type }) {
    const place = /** @type {Element} */ (target);
    const mark = place.closest?.("mark[data-a]");
    const entry = place.closest?.("[data-goes-to]");
    const id = mark ? meantBy(mark) : entry?.getAttribute("data-goes-to");
    const shown = type === "pointerover" || type === "focusin" ? id : null;
    paint("hover", shown ? marksOf(shown).map(contentsOf) : []);
  }

  inspector.addEventListener("htmx:abort", () => (awaited = null), { signal });
  article.addEventListener("pointerover", hover, { signal });
  article.addEventListener("pointerleave", hover, { signal });
  for (const type of ["pointerover", "pointerout", "focusin", "focusout"]) {
    inspector.addEventListener(type, hover, { signal });
  }

  return {
    /** @returns {boolean} whether a record was asked for that is not there yet */
    isAwaited: () =>
      awaited !== null && !inspector.querySelector(`[data-annotation="${CSS.escape(awaited)}"]`),
    /** @returns {string} the record in hand, as it is told */
    described: () => (lit.length ? described(lit) : ""),
    open,
    close,
    follow,
    go,
    goLacking,
    meantBy,
    current: () => current,
  };
}

/** @param {HTMLElement[]} segments @returns {string} "statement by …, content: the words" */
function described(segments) {
  const words = segments
    .map((mark) => mark.textContent?.trim())
    .filter(Boolean)
    .join(" … ");
  return `${ownDescription(segments)}: ${words.length > 120 ? `${words.slice(0, 120)}…` : words}`;
}

/** Of a first segment that is others' as well, what is said of this one. @param {HTMLElement[]} segments @returns {string} */
function ownDescription(segments) {
  const description = (/** @type {Element | undefined} */ mark) =>
    mark?.getAttribute("aria-description") ?? "";
  const own = description(segments.find((mark) => annotationsOf(mark).length === 1)).split(", ")[0];
  const first = description(segments[0]);
  return first.split("; ").find((part) => own && part.split(", ")[0] === own) ?? first;
}

/** Scrolls to the midst of what is free, unless the place is in sight. @param {Element | Range} place */
export function reveal(place) {
  const element = place instanceof Element ? place : place.startContainer.parentElement;
  if (!element || offSight(place, element) === 0) return;
  element.scrollIntoView({ block: "center" });
  scrollBy(0, offSight(place, element));
}

/** How far, in pixels, a place is from the midst of the height that nothing lies over; 0 when it is in sight. @param {Element | Range} place @param {Element} element */
function offSight(place, element) {
  const column = (element.closest("article") ?? element).getBoundingClientRect();
  let [top, bottom] = [0, innerHeight];
  for (const cover of [...document.body.children, ...(element.closest("main")?.children ?? [])]) {
    if (!cover.matches(COVERS)) continue;
    const box = cover.getBoundingClientRect();
    if (!box.height || box.right <= column.left || box.left >= column.right) continue;
    if (box.top + box.bottom < innerHeight) top = Math.max(top, box.bottom);
    else bottom = Math.min(bottom, box.top);
  }
  const { top: from, bottom: to } = place.getBoundingClientRect();
  return bottom - top < LEAST_FREE || (from >= top + GAP && to <= bottom - GAP)
    ? 0
    : (from + to - top - bottom) / 2;
}
