/**
 * A reading under review: a click on marked words shows their record, a record chosen lights up its words; J and K (or N and P)
 * go through the records, ] and [ through the queue.
 */

import { commandFor } from "../lib/keys.js";
import { annotationsOf, segmentsOf } from "../lib/textdom.js";
import { reveal } from "./navigation.js";

/** @type {Record<string, string>} a bracket's command in the workbench → the link it follows here */
const LINKS = { "nudge end +word": "next", "nudge end -word": "prev" };

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function review(element, signal) {
  const article = /** @type {HTMLElement} */ (element.querySelector("#text"));
  const claims = () => /** @type {HTMLElement[]} */ (Array.from(element.querySelectorAll("[data-claim]")));
  /** @type {HTMLElement | undefined} */
  let current;

  /** @param {HTMLElement | undefined} claim @param {{showsWords?: boolean}} [how] */
  function choose(claim, { showsWords = true } = {}) {
    current?.classList.remove("is-current");
    for (const mark of article.querySelectorAll("mark.is-current")) mark.classList.remove("is-current");
    current = claim;
    const marks = claim ? segmentsOf(article, claim.dataset.claim ?? "") : [];
    for (const mark of marks) mark.classList.add("is-current");
    article.classList.toggle("has-current", marks.length > 0);
    claim?.classList.add("is-current");
    if (marks.length && showsWords) reveal(marks[0]);
  }

  /** @param {HTMLElement | undefined} claim */
  function show(claim) {
    if (!claim) return;
    claim.scrollIntoView({ block: "nearest" });
    claim.focus({ preventScroll: true });
  }

  /** @param {Element} mark */
  function open(mark) {
    const ids = annotationsOf(mark);
    const at = ids.indexOf(current?.dataset.claim ?? "");
    const claim = claims().find(({ dataset }) => dataset.claim === ids[(at + 1) % ids.length]);
    choose(claim, { showsWords: false });
    show(claim);
  }

  /** @param {1 | -1} step */
  function go(step) {
    const all = claims();
    if (!all.length) return;
    const here = current ? all.indexOf(current) : step > 0 ? -1 : 0;
    const claim = all[(here + step + all.length) % all.length];
    choose(claim);
    show(claim);
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const { target } = event;
    if (target instanceof Element && target.closest("input, textarea, select, [popover], dialog")) return;
    const command = commandFor(event) ?? "";
    const link = /** @type {HTMLElement | null} */ (
      LINKS[command] ? element.querySelector(`a[rel=${LINKS[command]}]`) : null
    );
    if (command === "next") go(1);
    else if (command === "previous") go(-1);
    else if (command === "escape") choose(undefined);
    else if (link) link.click();
    else return;
    event.preventDefault();
  }

  article.addEventListener(
    "click",
    ({ target }) => {
      const mark = /** @type {Element} */ (target).closest("mark[data-a]");
      if (mark && getSelection()?.isCollapsed !== false) open(mark);
    },
    { signal },
  );
  /** @param {Event} event */
  function point({ target, type }) {
    const place = /** @type {Element} */ (target);
    const claim = /** @type {HTMLElement | null} */ (place.closest("[data-claim]"));
    if (claim && (type === "click" ? !place.closest("a") : claim !== current)) choose(claim);
  }

  element.addEventListener("click", point, { signal });
  element.addEventListener("focusin", point, { signal });
  document.addEventListener("keydown", press, { signal });
}
