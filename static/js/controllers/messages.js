/** Toasts: what the server refuses and why, a lapsed session, a lost connection; read out by the live region they stand in. */

import { verdictOf } from "../lib/resending.js";
import { refusalOf } from "./refusals.js";
import { say, sayOnce } from "./toasts.js";

export { say };

const SECONDS = 8;
const KEPT = "What is not saved is kept here and sent again by itself.";

export function messages() {
  const region = document.getElementById("messages");
  if (!region) return;
  region.addEventListener("click", ({ target }) => {
    if (/** @type {Element} */ (target).closest(".toast-close")) {
      /** @type {Element} */ (target).closest(".toast")?.remove();
    }
  });
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) addedNodes.forEach(takeIn);
  }).observe(region, { childList: true });
  region.childNodes.forEach(settle);

  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
    if (!isSignedOut(ctx, region)) return;
    event.preventDefault();
    ctx.status = "signed out";
    askToSignIn(region);
  });
  document.addEventListener("htmx:response:error", (event) => {
    const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
    const status = ctx.response?.status ?? 0;
    if (ctx.isKept && verdictOf(status) === "again") sayKept("The server cannot save this now.");
    else if (!ctx.isToldApart && !isShown(ctx))
      sayOnce(refusalOf(ctx), status === 409 || status === 422 ? "warning" : "error");
  });
  document.addEventListener("htmx:error", (event) => {
    const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
    if (!ctx || ctx.response) return;
    if (ctx.isKept) sayKept("The server cannot be reached.");
    else sayOnce("The server cannot be reached.", "error");
  });
}

/** Both versions come to be chosen from: a toast would say it twice, and on a small screen lie over them. @param {HtmxContext} ctx */
function isShown({ text }) {
  return Boolean(text?.includes("data-conflict="));
}

/** @param {string} reason why something waits */
function sayKept(reason) {
  if (document.querySelector("#messages [data-about=connection]")) return;
  say(`${reason} ${KEPT}`, "error").dataset.about = "connection";
}

/**
 * In place, where the page has the form for it; else in a new tab. By an event: the form says things itself, and modules that
 * import one another in a circle cannot be named by their hashes.
 * @param {HTMLElement} region
 */
function askToSignIn(region) {
  const form = document.getElementById("sign-in-form");
  if (form instanceof HTMLTemplateElement) {
    document.dispatchEvent(new CustomEvent("signed-out", { detail: form }));
    return;
  }
  sayOnce("You are signed out. Sign in again in a new tab, then save again.", "error", signInLink(region));
}

/** What went well last is told in the place of what did before it. @param {Node} toast just added */
function takeIn(toast) {
  if (toast instanceof HTMLElement && toast.matches(".toast.is-success"))
    for (const other of document.querySelectorAll("#messages .toast.is-success"))
      if (other !== toast) other.remove();
  settle(toast);
}

/** Gives a toast its close button, and its end unless it tells of an error. @param {Node} toast */
function settle(toast) {
  if (!(toast instanceof HTMLElement) || !toast.matches(".toast")) return;
  if (!toast.querySelector(".toast-close")) {
    const close = document.createElement("button");
    close.type = "button";
    close.className = "toast-close";
    close.setAttribute("aria-label", "Close");
    close.textContent = "×";
    toast.append(close);
  }
  if (!toast.matches(".is-error")) setTimeout(() => toast.remove(), SECONDS * 1000);
}

/** @param {HtmxContext} ctx @param {HTMLElement} region whose `data-sign-in` is the sign-in page's path */
export function isSignedOut(
  { response },
  region = /** @type {HTMLElement} */ (document.getElementById("messages")),
) {
  if (response?.status === 401) return true;
  const path = region?.dataset.signIn;
  return Boolean(path && response?.raw.redirected && new URL(response.raw.url).pathname === path);
}

/** @param {HTMLElement} region */
function signInLink(region) {
  const link = document.createElement("a");
  link.href = region.dataset.signIn ?? "/";
  link.target = "_blank";
  link.textContent = "Sign in";
  return link;
}
