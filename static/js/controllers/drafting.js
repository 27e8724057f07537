/**
 * The draft: what is selected in the text at this moment, snapped to words and painted, but not saved.
 *
 * It follows the browser's selection while a drag lasts, is settled when the mouse is let go or the keyboard moves it, and
 * stays while buttons and the inspector are clicked. It ends by Escape, by marking it, or by a press in the text.
 * @typedef {import("../lib/selection.js").Extent} Extent
 * @typedef {ReturnType<typeof drafting>} Drafting
 * @typedef {{x: number, y: number, place: {node: Node, offset: number} | null}} Press where the mouse went down
 */

import { blocksOf, rangeOf, selectedExtent } from "../lib/textdom.js";

/** A press there neither starts a selection nor ends one. */
const ASIDE =
  "button, a, input, select, textarea, summary, label, aside, dialog, form, [role=toolbar], [popover], .span-handle";
/** Long enough to tell a double from a triple click. */
const CLICKS_MS = 350;
/** A press that moves less, in pixels, is a click. */
const FAR = 4;

/**
 * @param {HTMLElement} article
 * @param {{changed: (draft: Extent | null, isSettled: boolean) => void, drawn: () => void, isExact: () => boolean}} tell
 *   `drawn`: a selection was finished with the mouse; `isExact`: characters count, not words
 * @param {AbortSignal} signal
 */
export function drafting(article, tell, signal) {
  /** @type {Extent | null} */
  let draft = null;
  let isDown = false;
  /** Let go, and not yet read; with the mouse. */
  let isReleased = false;
  let isDrawn = false;
  let isSecondary = false;
  let isAside = false;
  let frame = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {PointerEvent | null} */
  let last = null;
  /** @type {Press | null} */
  let pressed = null;
  /** The browser's selection as `select` left it: the draft is what it was told to be. @type {Range | null} */
  let placed = null;
  /** The browser's selection as it was read last. @type {Range | null} */
  let seen = null;

  /** @param {Extent | null} extent */
  function set(extent) {
    draft = extent;
    tell.changed(draft, !isDown);
  }

  function read() {
    const selection = getSelection();
    if (!selection?.rangeCount) return;
    if (isDown && last) mendDrag(article, selection, pressed, last);
    seen = selection.getRangeAt(0).cloneRange();
    if (!selection.isCollapsed && !selection.getRangeAt(selection.rangeCount - 1).intersectsNode(article))
      return;
    if (selection.isCollapsed && (isAside || !article.contains(selection.anchorNode))) return;
    if (placed && isLike(selection.getRangeAt(0), placed)) return;
    placed = null;
    set(selectedExtent(blocksOf(article), selection, { language: article.lang, exactly: tell.isExact() }));
  }

  function readSoon() {
    if (isReleased) return;
    cancelAnimationFrame(frame);
    if (!isSecondary) frame = requestAnimationFrame(read);
  }

  /** @param {PointerEvent} event */
  function press(event) {
    const target = /** @type {Element} */ (event.target);
    if (isDown) finish();
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    isSecondary = event.button !== 0;
    isAside = target.closest(ASIDE) !== null;
    isDown = !isSecondary && !isAside;
    last = event;
    pressed = null;
    if (!isDown || event.shiftKey || event.pointerType !== "mouse" || !article.contains(target)) return;
    getSelection()?.removeAllRanges();
    pressed = { x: event.clientX, y: event.clientY, place: placeFromPoint(event.clientX, event.clientY) };
    set(null);
  }

  /** What the keys before this one selected is read before this one is obeyed: a fast hand is faster than a frame. */
  function type() {
    isSecondary = false;
    isAside = false;
    const selection = getSelection();
    const isUnread = selection?.rangeCount && !(seen && isLike(selection.getRangeAt(0), seen));
    if (isReleased) finish();
    else if (isUnread && !isDown) read();
  }

  /** @param {PointerEvent} event */
  function move(event) {
    if (!isDown) return;
    last = event;
    if (event.buttons === 0) release(event);
  }

  /** What was let go is read when the browser is done with it, in the very frame that paints it. @param {Event} event */
  function release(event) {
    if (!isDown || isReleased) return;
    isReleased = true;
    isDrawn = event.type === "pointerup" && last?.pointerType === "mouse";
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(finish);
  }

  function finish() {
    cancelAnimationFrame(frame);
    read();
    isDown = isReleased = false;
    set(draft);
    article.dispatchEvent(new CustomEvent("bench:released"));
    if (draft && isDrawn) waitForClicks();
    isDrawn = false;
  }

  function waitForClicks() {
    if (clicks === 2) timer = setTimeout(tell.drawn, CLICKS_MS);
    else tell.drawn();
  }

  let clicks = 0;
  document.addEventListener("pointerdown", press, { signal, capture: true });
  document.addEventListener("mousedown", ({ detail }) => (clicks = detail), { signal, capture: true });
  document.addEventListener("pointermove", move, { signal });
  document.addEventListener("pointerup", release, { signal });
  document.addEventListener("pointercancel", release, { signal });
  window.addEventListener("blur", () => isDown && finish(), { signal });
  document.addEventListener("selectionchange", readSoon, { signal });
  document.addEventListener("keydown", type, { signal, capture: true });
  article.addEventListener("dragstart", (event) => event.preventDefault(), { signal });

  return {
    get: () => draft,
    isDown: () => isDown,
    /** @param {Extent} extent select exactly these words, in the browser too; empty: leave the text cursor there */
    select(extent) {
      const range = rangeOf(blocksOf(article), extent);
      const { startContainer, startOffset, endContainer, endOffset } = range;
      getSelection()?.setBaseAndExtent(startContainer, startOffset, endContainer, endOffset);
      placed = range;
      set(extent.start < extent.end ? extent : null);
    },
    /** Read the browser's selection anew: what counts has changed. */
    reread() {
      placed = null;
      if (draft) read();
    },
    /** Forget the draft and leave no selection that a press would drag away; the text cursor stays at its end. */
    clear() {
      clearTimeout(timer);
      const selection = getSelection();
      if (selection?.rangeCount && selection.getRangeAt(0).intersectsNode(article)) selection.collapseToEnd();
      set(null);
    },
  };
}

/** @param {Range} one @param {Range} other */
function isLike(one, other) {
  return (
    one.startContainer === other.startContainer &&
    one.startOffset === other.startOffset &&
    one.endContainer === other.endContainer &&
    one.endOffset === other.endOffset
  );
}

/**
 * Two things a drag means and the browser misses: straying sideways, over the inspector, means the line beside the mouse and not the
 * rest of the article; and a drag that began inside a ligature has begun there (Chromium moves its beginning along).
 * @param {HTMLElement} article @param {Selection} selection @param {Press | null} pressed @param {PointerEvent} pointer
 */
function mendDrag(article, selection, pressed, { clientX, clientY }) {
  if (!selection.anchorNode || !article.contains(selection.anchorNode)) return;
  const box = article.getBoundingClientRect();
  const isBeside = (clientX < box.left || clientX > box.right) && clientY >= box.top && clientY <= box.bottom;
  if (isBeside && !article.contains(selection.focusNode)) {
    const place = placeFromPoint(Math.min(Math.max(clientX, box.left + 1), box.right - 1), clientY);
    if (place && article.contains(place.node)) selection.extend(place.node, place.offset);
  } else if (
    selection.isCollapsed &&
    pressed?.place &&
    Math.hypot(clientX - pressed.x, clientY - pressed.y) > FAR
  ) {
    const { focusNode, focusOffset } = selection;
    if (focusNode)
      selection.setBaseAndExtent(pressed.place.node, pressed.place.offset, focusNode, focusOffset);
  }
}

/** @param {number} x @param {number} y @returns {{node: Node, offset: number} | null} */
export function placeFromPoint(x, y) {
  if ("caretPositionFromPoint" in document) {
    const place = document.caretPositionFromPoint(x, y);
    return place && { node: place.offsetNode, offset: place.offset };
  }
  const range = /** @type {Document} */ (document).caretRangeFromPoint(x, y);
  return range && { node: range.startContainer, offset: range.startOffset };
}
