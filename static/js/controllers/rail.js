/**
 * The margin rail: where records, by kind, and suggestions lie over the whole text, and what of it is in the window. One canvas,
 * whatever the number of records; a press jumps there. Who does not see it has the list and the keys for the next and the previous.
 */

import { meantOn, shareOf, strokesOf } from "../lib/strip.js";
import { readRanges } from "../lib/suggested.js";

/** From left to right. A column is drawn in the colour of its name. */
const COLUMNS = ["mention", "statement", "threat", "suggestion"];
const COLOURS = { suggestion: "accent", window: "line" };
const PATIENCE = 120; // ms after the last change

/**
 * @typedef {import("../lib/strip.js").Place} Place
 * @typedef {{kinds: string[], from: number, to: number}} Piece a mark, as shares of its block's letters
 * @typedef {(column: string, box: DOMRect, from: number, to: number) => void} Add `box` is the block's
 */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function rail(element, signal) {
  const article = /** @type {HTMLElement} */ (document.getElementById("text"));
  const canvas = document.createElement("canvas");
  const marks = document.createElement("canvas");
  /** What is known of each block; a block that changed is another element. @type {WeakMap<Element, Piece[]>} */
  let read = new WeakMap();
  /** @type {Map<string, Place[]>} */
  let places = new Map();
  /** @type {{start: number, end: number}[]} they stay while a record is open */
  let suggested = [];
  let waiting = 0;
  let frame = 0;
  let windowColour = "";
  element.append(canvas);

  function measure() {
    const { top, height } = article.getBoundingClientRect();
    places = new Map(COLUMNS.map((name) => [name, []]));
    /** @type {Add} */
    const add = (column, box, from, to) => {
      const at = (/** @type {number} */ share) => (box.top - top + share * box.height) / height;
      places.get(column)?.push({ from: at(from), to: at(to) });
    };
    for (const block of article.children) measureMarks(block, add);
    measureSuggestions(add);
  }

  /** @param {Element} block @param {Add} add */
  function measureMarks(block, add) {
    const pieces = read.get(block) ?? piecesOf(block);
    read.set(block, pieces);
    if (!pieces.length) return;
    const box = block.getBoundingClientRect();
    for (const { kinds, from, to } of pieces) {
      for (const kind of kinds)
        if (!article.classList.contains(`without-k-${kind}`)) add(kind, box, from, to);
    }
  }

  /** @param {Add} add */
  function measureSuggestions(add) {
    const list = document.querySelector("[data-suggestions]");
    if (list) {
      suggested = Array.from(list.querySelectorAll("[data-ranges]")).flatMap((item) =>
        readRanges(item.getAttribute("data-ranges") ?? ""),
      );
    }
    if (!suggested.length) return;
    const blocks = Array.from(article.children, (element) => ({
      element,
      start: Number(element.getAttribute("data-s")),
      length: element.textContent?.length ?? 0,
    }));
    for (const { start, end } of suggested) {
      const { block, share } = shareOf(blocks, start);
      const last = shareOf(blocks, end);
      add(
        "suggestion",
        blocks[block].element.getBoundingClientRect(),
        share,
        last.block === block ? last.share : 1,
      );
    }
  }

  function draw() {
    waiting = 0;
    const { clientWidth: width, clientHeight: height } = element;
    if (!width || !article.firstElementChild) return;
    measure();
    for (const each of [canvas, marks]) {
      each.width = width * devicePixelRatio;
      each.height = height * devicePixelRatio;
    }
    const pen = marks.getContext("2d");
    pen?.scale(devicePixelRatio, devicePixelRatio);
    const column = width / COLUMNS.length;
    COLUMNS.forEach((name, at) => {
      if (pen) pen.fillStyle = colour(name);
      for (const [top, high] of strokesOf(places.get(name) ?? [], height))
        pen?.fillRect(at * column, top, column - 1, high);
    });
    windowColour = colour("window");
    show();
  }

  /** @param {string} name @returns {string} what the stylesheet makes of it by day or night */
  function colour(name) {
    canvas.style.color = `var(--${COLOURS[/** @type {keyof typeof COLOURS} */ (name)] ?? name})`;
    return getComputedStyle(canvas).color;
  }

  /** The strokes as they were drawn, over the part of the text that is in the window. */
  function show() {
    frame = 0;
    const pen = canvas.getContext("2d");
    if (!pen || !canvas.width || !marks.width) return;
    const { top, height } = article.getBoundingClientRect();
    const share = canvas.height / height;
    pen.clearRect(0, 0, canvas.width, canvas.height);
    pen.fillStyle = windowColour;
    pen.fillRect(0, -top * share, canvas.width, innerHeight * share);
    pen.drawImage(marks, 0, 0);
  }

  function drawSoon() {
    clearTimeout(waiting);
    waiting = setTimeout(draw, PATIENCE);
  }

  /** @param {PointerEvent} event */
  function jump({ clientY, buttons, type }) {
    if (!(buttons & 1)) return;
    const { top, height } = element.getBoundingClientRect();
    const at = Math.min(Math.max((clientY - top) / height, 0), 1);
    const meant = type === "pointerdown" ? meantOn([...places.values()].flat(), at, 5 / height) : at;
    const box = article.getBoundingClientRect();
    scrollBy({ top: box.top + meant * box.height - innerHeight / 2, behavior: "instant" });
  }

  /** What is sticky begins below the head, however high that is. */
  function resized() {
    const head = element.parentElement?.querySelector(".workbench-head");
    if (head instanceof HTMLElement)
      element.parentElement?.style.setProperty("--head", `${head.offsetHeight}px`);
    drawSoon();
  }

  const sizes = new ResizeObserver(resized);
  sizes.observe(article);
  sizes.observe(element);
  const looks = new MutationObserver(drawSoon);
  looks.observe(document.documentElement, { attributeFilter: ["data-theme"] });
  signal.addEventListener("abort", () => {
    sizes.disconnect();
    looks.disconnect();
    clearTimeout(waiting);
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawSoon, { signal });
  document.addEventListener("htmx:after:swap", drawSoon, { signal });
  document.addEventListener(
    "scroll",
    () => {
      if (!frame) frame = requestAnimationFrame(show);
    },
    { signal, passive: true },
  );
  article.addEventListener(
    "shown",
    () => {
      read = new WeakMap();
      drawSoon();
    },
    { signal },
  );
  element.addEventListener("pointerdown", (event) => element.setPointerCapture(event.pointerId), { signal });
  element.addEventListener("pointerdown", jump, { signal });
  element.addEventListener("pointermove", jump, { signal });
  element.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
}

/** @param {Element} block @returns {Piece[]} its marks that are not set aside */
function piecesOf(block) {
  if (!block.firstElementChild) return [];
  const length = block.textContent?.length || 1;
  /** @type {Piece[]} */
  const pieces = [];
  let at = 0;
  for (const node of block.childNodes) {
    const to = at + (node.textContent?.length ?? 0);
    if (node instanceof Element && !node.classList.contains("is-aside")) {
      const kinds = COLUMNS.filter((kind) => node.classList.contains(`k-${kind}`));
      pieces.push({ kinds, from: at / length, to: to / length });
    }
    at = to;
  }
  return pieces;
}
