/**
 * An ordinary form whose fields are kept in the browser while they are not sent, under the name in `data-kept`. They are filled in
 * again after a reload, a crash or a new session, and forgotten once a page without the form has answered.
 * @typedef {{pairs: import("../lib/pairs.js").Pairs, isSent?: boolean}} Kept
 */

import { differing } from "../lib/pairs.js";
import { drawnPairsOf, dropNote, fillIn, noteRestored, pairsOf, unfold } from "./restoring.js";
import { shelf, tellUnsaved } from "./unsaved.js";

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function kept(element, signal) {
  const form = /** @type {HTMLFormElement} */ (element);
  const place = `form.${form.dataset.kept}`;
  const drawn = drawnPairsOf(form);

  /** @param {{isSent?: boolean}} [more] */
  function keep(more = {}) {
    const pairs = pairsOf(form);
    const isTyped = differing(pairs, drawn).length > 0;
    if (isTyped) shelf.keep(place, { pairs, ...more });
    else if (!more.isSent) shelf.forget(place);
    tellUnsaved(place, isTyped && !more.isSent ? 1 : 0, { isShown: false });
  }

  function restore() {
    /** @type {Kept | null} */
    const found = shelf.find(place);
    const names = found ? differing(found.pairs, drawn) : [];
    if (!found || !names.length) return keep(); // letters may have been faster than this module
    fillIn(form, found.pairs);
    unfold(form, names);
    keep();
    noteRestored(form, { discard });
  }

  function discard() {
    fillIn(form, drawn);
    dropNote(form);
    keep();
  }

  form.addEventListener("input", () => keep(), { signal });
  form.addEventListener("change", () => keep(), { signal });
  form.addEventListener("submit", () => keep({ isSent: true }), { signal });
  signal.addEventListener("abort", () => tellUnsaved(place, 0));
  restore();
}

/** A page that holds the form no more has taken what it said; the page to sign in, or of a failure, has not. */
function forgetSent() {
  const region = document.getElementById("messages");
  const [visit] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType("navigation"));
  if (location.pathname === region?.dataset.signIn || (visit?.responseStatus ?? 200) >= 400) return;
  for (const place of shelf.names("form.")) {
    const isHere = document.querySelector(`[data-kept="${CSS.escape(place.slice("form.".length))}"]`);
    if (!isHere && shelf.find(place)?.isSent) shelf.forget(place);
  }
}

document.addEventListener("htmx:after:swap", forgetSent);
forgetSent();
