/** Several records on the same words: a list of them at the cursor, and a number beside the words that were clicked. */

import { contentsOf } from "../lib/textdom.js";

/** @param {HTMLElement} main @param {HTMLElement} article @param {(text: string) => void} announce @param {AbortSignal} signal */
export function stack(main, article, announce, signal) {
  const list = /** @type {HTMLElement | null} */ (main.querySelector("#stack"));
  const badge = document.createElement("button");
  badge.type = "button";
  badge.className = "stack-badge";
  badge.dataset.action = "stack";
  badge.tabIndex = -1;
  badge.hidden = true;
  main.append(badge);

  /** @param {Element} mark that was clicked, or came next */
  function point(mark) {
    const { length } = (mark.getAttribute("data-a") ?? "").split(" ");
    const boxes = contentsOf(mark).getClientRects();
    const box = boxes[boxes.length - 1];
    const home = main.getBoundingClientRect();
    badge.hidden = length < 2 || !box;
    if (badge.hidden) return;
    badge.textContent = String(length);
    badge.dataset.of = mark.getAttribute("data-a") ?? "";
    badge.setAttribute("aria-label", `${length} records on these words`);
    badge.style.left = `${box.right - home.left - main.clientLeft}px`;
    badge.style.top = `${box.top - home.top - main.clientTop}px`;
  }

  /** @param {number} offset code points @param {DOMRect} box where the words stand in the window */
  async function open(offset, box) {
    if (!list) return;
    const answer = await fetch(`/readings/${main.dataset.reading}/at/${offset}/`, {
      headers: { "HX-Request": "true" },
    });
    if (!answer.ok || answer.redirected) return announce("The list of records cannot be shown now.");
    list.innerHTML = await answer.text();
    list.showPopover();
    list.style.left = `${Math.round(Math.max(8, Math.min(box.left, innerWidth - list.offsetWidth - 8)))}px`;
    const isRoomBelow = box.bottom + list.offsetHeight + 8 < innerHeight;
    list.style.top = `${Math.round(isRoomBelow ? box.bottom + 6 : Math.max(8, box.top - list.offsetHeight - 6))}px`;
    links()[0]?.focus();
    announce(`${links().length} records here.`);
  }

  const links = () => /** @type {HTMLElement[]} */ (Array.from(list?.querySelectorAll("a") ?? []));

  /** @param {KeyboardEvent} event */
  function press(event) {
    event.stopPropagation();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = links();
    const here = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
    all[(here + step + all.length) % all.length]?.focus();
  }

  /** The last one to move was the record in hand, not the text cursor. */
  let isOfRecord = false;
  /** @type {string | null} */
  let shown = null;
  document.addEventListener("selectionchange", () => (isOfRecord = false), { signal });
  list?.addEventListener("keydown", press, { signal });
  article.addEventListener("pointerdown", () => (badge.hidden = true), { signal });
  window.addEventListener("resize", () => (badge.hidden = true), { signal });

  return {
    open,
    point,
    close: () => list?.matches(":popover-open") && list.hidePopover(),
    isOfRecord: () => isOfRecord,
    /** @param {string | null} current the record in hand after a swap */
    refresh(current) {
      if (current && current !== shown) isOfRecord = true;
      shown = current;
      const { of } = badge.dataset;
      if (of && !article.querySelector(`mark[data-a="${of}"]`)) badge.hidden = true;
    },
    hide: () => (badge.hidden = true),
  };
}
