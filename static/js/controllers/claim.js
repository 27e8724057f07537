/**
 * The inspector's form. What is typed is kept in the browser until it is saved, by record and version: after a reload, a crash or a
 * new session it is there again, and against a newer version it is sent at once, so that both are shown side by side.
 *
 * A save that waited behind another goes out with the version the other one left; one that failed is sent again under the same key.
 * What is refused is shown even where it was folded away.
 * @typedef {import("../lib/pairs.js").Pairs} Pairs
 * @typedef {{version: string, pairs: Pairs, names: Record<string, string>, touched: string[], key?: string, isWaiting?: boolean}} Draft
 *   `key`: under which it was sent; `isWaiting`: it is to be sent again by itself
 */

import { csrfToken } from "../lib/csrf.js";
import { differing } from "../lib/pairs.js";
import { delayAfter, newKey, verdictOf } from "../lib/resending.js";
import { isSignedOut } from "./messages.js";
import { chipNames, drawnPairsOf, dropNote, fillIn, noteRestored, pairsOf, unfold } from "./restoring.js";
import { say } from "./toasts.js";
import { shelf, tellUnsaved } from "./unsaved.js";

/** Letters typed in search of an actor: not part of what is saved. */
const TYPED = /_typed$/;

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function claim(element, signal) {
  const form = /** @type {HTMLFormElement} */ (element);
  const place = form.id.replace("-", ".");
  const version = () => /** @type {HTMLInputElement} */ (form.elements.namedItem("version"));
  if (!version()) return;
  let saved = withoutTyped(drawnPairsOf(form));
  let edits = 0;
  let tries = 0;
  /** The draft against an older version, until the server has answered it. @type {Draft | null} */
  let older = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** @returns {Draft | null} */
  const draft = () => shelf.find(place);

  /** @param {Partial<Draft>} [more] */
  function keep(more = {}) {
    if (older) return;
    const pairs = pairsOf(form);
    const touched = differing(pairs, saved);
    if (touched.length)
      shelf.keep(place, { version: version().value, pairs, names: chipNames(form), touched, ...more });
    else shelf.forget(place);
    tell(touched.length, more.isWaiting);
  }

  /** @param {number} count @param {boolean} [isWaiting] */
  function tell(count, isWaiting = false) {
    tellUnsaved(place, count && 1, { isShown: isWaiting });
  }

  function edit() {
    edits += 1;
    keep();
  }

  /** @param {HtmxContext} ctx */
  function prepare(ctx) {
    const { body } = ctx.request;
    const { key = newKey(), ...rest } = ctx.draft ?? draft() ?? {};
    const said = ctx.draft?.pairs ?? pairsOf(form);
    for (const name of Array.from(body?.keys() ?? [])) body?.delete(name);
    for (const [name, value] of said) body?.append(name, value);
    body?.set("version", ctx.draft?.version ?? version().value);
    for (const name of ctx.draft?.touched ?? differing(said, saved)) body?.append("touched", name);
    if (!ctx.draft && draft()) shelf.keep(place, { ...rest, key });
    ctx.isKept = true;
    ctx.finish = finish;
    ctx.edits = edits;
    ctx.request.keepalive = true;
    ctx.request.headers["Idempotency-Key"] = key;
    clearTimeout(timer);
  }

  /** @param {HtmxContext} ctx */
  function finish(ctx) {
    const verdict = isSignedOut(ctx) ? "again" : verdictOf(ctx.response?.status);
    if (verdict === "again") return wait(ctx);
    tries = 0;
    older = null;
    if (verdict === "saved") form.dispatchEvent(new CustomEvent("claim:saved", { bubbles: true }));
    if (verdict === "saved" && (ctx.draft || ctx.edits === edits)) settle();
    else if (verdict === "saved") keep();
    else if (ctx.response?.status === 409) rest();
    else keep();
  }

  /** Both versions are shown: what was typed waits for the choice, and is not sent meanwhile. */
  function rest() {
    const kept = draft();
    if (kept) shelf.keep(place, { ...kept, isWaiting: false });
    tell(0);
  }

  function settle() {
    saved = withoutTyped(pairsOf(form));
    keep();
    dropNote(form);
  }

  /** @param {HtmxContext} ctx */
  function wait(ctx) {
    tries += 1;
    const kept = draft();
    if (kept) shelf.keep(place, { ...kept, isWaiting: true });
    tell(1, true);
    clearTimeout(timer);
    if (!form.isConnected) return sendLeftLater();
    if (!isSignedOut(ctx))
      timer = setTimeout(send, delayAfter(tries, ctx.response?.headers.get("Retry-After")));
  }

  function send() {
    clearTimeout(timer);
    if (older) window.htmx.ajax("POST", form.action, { source: form, swap: "none", draft: older });
    else form.requestSubmit();
  }

  function retry() {
    if (draft()?.isWaiting) send();
  }

  function restore() {
    const kept = draft();
    if (!kept) return keep(); // letters may have been faster than this module
    if (kept.version !== version().value) {
      older = kept;
      return send();
    }
    fillIn(form, kept.pairs, kept.names);
    const restored = differing(pairsOf(form), saved);
    if (!restored.length) return shelf.forget(place);
    unfold(form, restored);
    tell(1, kept.isWaiting);
    noteRestored(form, { save: send, discard });
    if (kept.isWaiting) send();
  }

  function discard() {
    forgetClaim(place);
    const inspector = form.closest("#inspector");
    window.htmx.ajax("GET", form.action, { source: inspector, target: inspector, swap: "innerHTML" });
  }

  form.addEventListener("input", edit, { signal });
  form.addEventListener("change", edit, { signal, capture: true });
  form.addEventListener(
    "htmx:before:request",
    (event) => prepare(/** @type {CustomEvent<HtmxDetail>} */ (event).detail.ctx),
    { signal },
  );
  document.addEventListener(
    "htmx:after:swap",
    () => {
      for (const folded of form.querySelectorAll("details:has(.field-error)"))
        folded.setAttribute("open", "");
    },
    { signal },
  );
  document.addEventListener("unsaved:retry", retry, { signal });
  window.addEventListener("online", retry, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    if (draft()?.isWaiting) sendLeftLater();
    else tell(0);
  });
  // After the controllers of its fields, which are bound next, have taken them over.
  setTimeout(() => signal.aborted || restore());
}

/** @param {Pairs} pairs @returns {Pairs} */
function withoutTyped(pairs) {
  return pairs.map(([name, value]) => [name, TYPED.test(name) ? "" : value]);
}

/** @param {string} place */
function forgetClaim(place) {
  shelf.forget(place);
  tellUnsaved(place, 0);
}

// --- Forms that were left while what they said waited to be saved ---

/** @type {ReturnType<typeof setTimeout> | undefined} */
let leftTimer;
let leftTries = 0;

function sendLeftLater() {
  clearTimeout(leftTimer);
  leftTries += 1;
  leftTimer = setTimeout(sendLeft, delayAfter(leftTries));
}

/** Send what waits for records that are not in the inspector; the last said of each. */
async function sendLeft() {
  clearTimeout(leftTimer);
  const left = shelf.names("claim.").filter((place) => !document.getElementById(place.replace(".", "-")));
  for (const place of left) {
    /** @type {Draft | null} */
    const kept = shelf.find(place);
    if (!kept?.isWaiting) continue;
    tellUnsaved(place, 1);
    const verdict = await sendOne(place, kept);
    if (verdict === "again") return sendLeftLater();
    leftTries = 0;
    tellUnsaved(place, 0);
    if (verdict === "saved") shelf.forget(place);
    else keepRefused(place, kept);
  }
}

/** @param {string} place @param {Draft} kept @returns {Promise<"saved" | "refused" | "again">} */
async function sendOne(place, { pairs, version, touched, key = newKey() }) {
  const body = new URLSearchParams([
    ...pairs,
    ["version", version],
    ...touched.map((name) => ["touched", name]),
  ]);
  const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken(), "Idempotency-Key": key };
  try {
    const answer = await fetch(addressOf(place), { method: "POST", headers, body });
    return answer.redirected ? "again" : verdictOf(answer.status);
  } catch {
    return "again";
  }
}

/** @param {string} place @returns {string} */
const addressOf = (place) => `/annotations/${place.split(".")[1]}/`;

/** @param {string} place @param {Draft} kept */
function keepRefused(place, kept) {
  shelf.keep(place, { ...kept, isWaiting: false });
  const link = document.createElement("a");
  link.href = addressOf(place);
  link.textContent = "Look at it";
  say("What you said of another record could not be saved; it is kept.", "error", link);
}

document.addEventListener("htmx:finally:request", (event) => {
  const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
  ctx.finish?.(ctx);
});
// Whichever version was chosen: what had been typed is dealt with, before its form is drawn again.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
  const id = ctx.sourceElement.closest("[data-conflict]")?.getAttribute("data-conflict");
  if (id && ctx.response?.status === 200) forgetClaim(`claim.${id}`);
});
document.addEventListener("unsaved:retry", sendLeft);
window.addEventListener("online", sendLeft);
sendLeft();
