/**
 * A form whose fields are kept in the browser while they are not sent, under the name in `data-kept`. They are filled in again after
 * a reload, a crash or a new session, or when the form was swapped, and forgotten once it was taken: by a page without it or, of a
 * form that htmx sends, by an answer that is no refusal. `data-kept-quietly`: without a note that says so.
 * @typedef {{pairs: import("../lib/pairs.js").Pairs, isSent?: boolean}} Kept
 */

import { differing } from "../lib/pairs.js";
import { isSignedOut } from "./messages.js";
import { drawnPairsOf, dropNote, fillIn, noteRestored, pairsOf, unfold } from "./restoring.js";
import { shelf, tellUnsaved } from "./unsaved.js";

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function kept(element, signal) {
  const form = /** @type {HTMLFormElement} */ (element);
  const place = `form.${form.dataset.kept}`;
  const isPart = form.hasAttribute("hx-post");
  const isRefused = form.querySelector("[aria-invalid=true]") !== null;
  /** What a refused form is drawn with was typed, not saved. */
  const drawn = isPart && isRefused ? [] : drawnPairsOf(form);

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
    if (!isRefused && form.dataset.keptQuietly === undefined) noteRestored(form, { discard });
  }

  /** @param {Event} event */
  function finish(event) {
    const { target, detail } = /** @type {CustomEvent<HtmxDetail>} */ (event);
    const { ctx } = detail;
    if (target !== form || !isPart || isSignedOut(ctx) || (ctx.response?.status ?? 500) >= 400) return;
    shelf.forget(place);
    tellUnsaved(place, 0);
  }

  function discard() {
    fillIn(form, drawn);
    dropNote(form);
    keep();
  }

  form.addEventListener("input", () => keep(), { signal });
  form.addEventListener("change", () => keep(), { signal });
  form.addEventListener("submit", () => isPart || keep({ isSent: true }), { signal });
  form.addEventListener("htmx:after:request", finish, { signal });
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
