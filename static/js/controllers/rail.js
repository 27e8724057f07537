/**
 * The margin rail: where records, by kind, and suggestions lie over the whole text, and what of it is in the window. One canvas,
 * whatever the number of records; a press jumps there. Who does not see it has the list and the keys for the next and the previous.
 */

import { codePointLength } from "../lib/codepoints.js";
import { meantOn, shareOf, strokesOf } from "../lib/strip.js";
import { readRanges } from "../lib/suggested.js";

/** From left to right. A column is drawn in the colour of its name. */
const COLUMNS = ["mention", "statement", "threat", "suggestion"];
const COLOURS = { suggestion: "accent", window: "line" };
const PATIENCE = 120; // ms after the last change

/**
 * @typedef {import("../lib/strip.js").Place} Place
 * @typedef {{kinds: string[], start: number, end: number}} Mark code points
 */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function rail(element, signal) {
  const article = /** @type {HTMLElement} */ (document.getElementById("text"));
  const canvas = document.createElement("canvas");
  const marks = document.createElement("canvas");
  /** The marks of each leaf, until something in it changes. @type {Map<Element, Mark[]>} */
  const read = new Map();
  /** @type {Map<string, Place[]>} */
  const places = new Map();
  /** @type {{start: number, end: number}[]} they stay while a record is open */
  let suggested = [];
  let waiting = 0;
  let frame = 0;
  let windowColour = "";
  element.append(canvas);

  function measure() {
    const at = scaleOf(article);
    const marks = Array.from(article.children).flatMap(marksOn);
    for (const column of COLUMNS) {
      const spans =
        column === "suggestion" ? suggestions() : marks.filter(({ kinds }) => kinds.includes(column));
      const isHidden = article.classList.contains(`without-k-${column}`);
      places.set(column, isHidden ? [] : spans.map(({ start, end }) => ({ from: at(start), to: at(end) })));
    }
  }

  /** @param {Element} leaf */
  function marksOn(leaf) {
    const marks = read.get(leaf) ?? Array.from(leaf.children).flatMap(marksOf);
    read.set(leaf, marks);
    return marks;
  }

  function suggestions() {
    const list = document.querySelector("[data-suggestions]");
    if (list) {
      suggested = Array.from(list.querySelectorAll("[data-ranges]")).flatMap((item) =>
        readRanges(item.getAttribute("data-ranges") ?? ""),
      );
    }
    return suggested;
  }

  function draw() {
    waiting = 0;
    const { clientWidth: width, clientHeight: height } = element;
    if (!width || !article.querySelector(".block")) return;
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
  const swaps = new MutationObserver((changes) => {
    for (const { target } of changes) read.delete(/** @type {Element} */ (target));
  });
  swaps.observe(article, { childList: true, subtree: true });
  signal.addEventListener("abort", () => {
    sizes.disconnect();
    looks.disconnect();
    swaps.disconnect();
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
      read.clear();
      drawSoon();
    },
    { signal },
  );
  element.addEventListener("pointerdown", (event) => element.setPointerCapture(event.pointerId), { signal });
  element.addEventListener("pointerdown", jump, { signal });
  element.addEventListener("pointermove", jump, { signal });
  element.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
}

/**
 * How far down in the article an offset stands, from 0 to 1. Within a leaf its letters tell: most leaves are not laid out.
 * @param {HTMLElement} article @returns {(offset: number) => number}
 */
function scaleOf(article) {
  const { top, height } = article.getBoundingClientRect();
  const boxes = Array.from(article.children, (leaf) => leaf.getBoundingClientRect());
  const starts = Array.from(article.children, (leaf) => startOf(leaf.firstElementChild));
  const last = article.lastElementChild?.lastElementChild;
  const end = startOf(last) + (last?.textContent?.length ?? 0);
  return (offset) => {
    const { part, share } = shareOf(starts, end, offset);
    return (boxes[part].top - top + share * boxes[part].height) / height;
  };
}

/** @param {Element | null | undefined} block @returns {number} */
function startOf(block) {
  return Number(block?.getAttribute("data-s"));
}

/** @param {Element} block @returns {Mark[]} those of its marks that are not set aside */
function marksOf(block) {
  if (!block.firstElementChild) return [];
  /** @type {Mark[]} */
  const marks = [];
  let start = startOf(block);
  for (const node of block.childNodes) {
    const end = start + codePointLength(node.textContent ?? "");
    if (node instanceof Element && !node.classList.contains("is-aside")) {
      const kinds = COLUMNS.filter((kind) => node.classList.contains(`k-${kind}`));
      marks.push({ kinds, start, end });
    }
    start = end;
  }
  return marks;
}
