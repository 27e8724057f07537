/**
 * Handles at the borders of the pieces of the record in the inspector, to drag with mouse or finger. The keyboard nudges instead.
 *
 * While one is dragged its new words are painted; letting go saves them, Escape or a lost pointer takes them back.
 * @typedef {import("../lib/selection.js").Extent} Extent
 * @typedef {import("./spanrows.js").SpanRow} SpanRow
 * @typedef {{span: SpanRow, side: -1 | 1, extent: Extent | null, dx: number, dy: number}} Drag `dx`, `dy`: from the pointer to the line
 */

import { dragged } from "../lib/selection.js";
import { blocksOf, offsetOf, rangeOf } from "../lib/textdom.js";
import { placeFromPoint } from "./drafting.js";
import { spanOf } from "./spanrows.js";

const RIGHT_TO_LEFT = /[\p{sc=Arab}\p{sc=Hebr}\p{sc=Syrc}\p{sc=Thaa}]/u;
/** So near to the window's edge, in pixels, a drag scrolls. */
const EDGE = 90;

/**
 * @param {HTMLElement} main @param {HTMLElement} article @param {HTMLElement} inspector
 * @param {{isEditable: boolean, isExact: () => boolean, changed: () => void, moved: (span: string, extent: Extent) => void, movedSpan: (span: string) => Extent | undefined}} tell
 * @param {AbortSignal} signal
 */
export function handles(main, article, inspector, tell, signal) {
  const layer = document.createElement("div");
  layer.className = "span-handles";
  layer.setAttribute("aria-hidden", "true");
  main.append(layer);
  /** @type {Drag | null} */
  let drag = null;
  let frame = 0;

  /** After the paint: where they stand must not keep it waiting. */
  function placeSoon() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(place);
  }

  function place() {
    if (drag || !tell.isEditable) return;
    const rows = Array.from(inspector.querySelectorAll("[data-annotation] [data-span]"), spanOf);
    const blocks = blocksOf(article);
    layer.replaceChildren(...rows.flatMap((span) => [handle(blocks, span, -1), handle(blocks, span, 1)]));
  }

  /** @param {ReturnType<typeof blocksOf>} blocks @param {SpanRow} span @param {-1 | 1} side */
  function handle(blocks, span, side) {
    const element = document.createElement("i");
    element.className = `span-handle ${side < 0 ? "is-start" : "is-end"}`;
    element.dataset.of = span.id;
    element.dataset.side = side < 0 ? "start" : "end";
    put(element, blocks, tell.movedSpan(span.id) ?? span, side);
    return element;
  }

  /** @param {HTMLElement} element @param {ReturnType<typeof blocksOf>} blocks @param {{start: number, end: number}} extent @param {-1 | 1} side */
  function put(element, blocks, { start, end }, side) {
    const range = rangeOf(blocks, side < 0 ? { start, end: start + 1 } : { start: end - 1, end });
    const boxes = range.getClientRects();
    const box = side < 0 ? boxes[0] : boxes[boxes.length - 1];
    if (!box) return;
    const isRight = RIGHT_TO_LEFT.test(range.toString()) === side < 0;
    const home = main.getBoundingClientRect();
    element.style.left = `${(isRight ? box.right : box.left) - home.left - main.clientLeft}px`;
    element.style.top = `${box.top - home.top - main.clientTop}px`;
    element.style.height = `${box.height}px`;
  }

  /** @param {PointerEvent} event */
  function press(event) {
    const element = /** @type {HTMLElement} */ (event.target);
    const row = inspector.querySelector(`[data-span="${element.dataset.of}"]`);
    if (event.button !== 0 || !row) return;
    event.preventDefault();
    element.setPointerCapture(event.pointerId);
    const box = element.getBoundingClientRect();
    const side = element.dataset.side === "start" ? -1 : 1;
    drag = {
      span: spanOf(row),
      side,
      extent: null,
      dx: (box.left + box.right) / 2 - event.clientX,
      dy: (box.top + box.bottom) / 2 - event.clientY,
    };
    main.classList.add("is-dragging");
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (!drag) return;
    const place = placeFromPoint(event.clientX + drag.dx, event.clientY + drag.dy);
    scrollAtEdge(event.clientY);
    if (!place || !article.contains(place.node)) return;
    const blocks = blocksOf(article);
    const offset = offsetOf(blocks, place.node, place.offset);
    const options = { language: article.lang, exactly: tell.isExact() };
    const extent = dragged(blocks, drag.span, drag.side, offset, options);
    if (!extent) return;
    drag.extent = extent;
    put(/** @type {HTMLElement} */ (event.target), blocks, extent, drag.side);
    tell.changed();
  }

  /** @param {boolean} isMeant save what was dragged to */
  function end(isMeant) {
    if (!drag) return;
    const { span, extent } = drag;
    drag = null;
    main.classList.remove("is-dragging");
    if (isMeant && extent && (extent.start !== span.start || extent.end !== span.end))
      tell.moved(span.id, extent);
    else tell.changed();
    placeSoon();
    article.dispatchEvent(new CustomEvent("bench:released"));
  }

  /** @param {KeyboardEvent} event */
  function takeBack(event) {
    if (!drag || event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    end(false);
  }

  layer.addEventListener("pointerdown", press, { signal });
  layer.addEventListener("pointermove", move, { signal });
  layer.addEventListener("pointerup", () => end(true), { signal });
  layer.addEventListener("pointercancel", () => end(false), { signal });
  document.addEventListener("keydown", takeBack, { signal, capture: true });
  const observer = new ResizeObserver(placeSoon);
  observer.observe(article);
  signal.addEventListener("abort", () => observer.disconnect());

  return {
    place: placeSoon,
    isDown: () => drag !== null,
    /** @returns {Extent[]} the words that would be saved now */
    extents: () => (drag?.extent ? [drag.extent] : []),
  };
}

/** @param {number} y of the pointer in the window */
function scrollAtEdge(y) {
  if (y < EDGE) scrollBy(0, -12);
  else if (y > innerHeight - EDGE / 2) scrollBy(0, 12);
}
