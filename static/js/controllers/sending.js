/**
 * A form of files: shows how much of them is sent, then that the server is at work; its answer takes the page's place.
 * A form without a file is sent by the browser, as all are without scripts.
 */

import { megabytes } from "../lib/sizes.js";

/** @type {Record<number, string>} */
const REASONS = {
  403: "You may not send this, or the page is too old: reload it.",
  413: "These files are too large.",
};

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function sending(element, signal) {
  const form = /** @type {HTMLFormElement} */ (element);
  const words = /** @type {HTMLElement} */ (form.querySelector("[data-sending-words]"));
  const bar = /** @type {HTMLProgressElement} */ (form.querySelector("[data-sending-bar]"));
  const button = /** @type {HTMLButtonElement} */ (form.querySelector("button[type=submit]"));

  /** @param {boolean} isBusy @param {string} said */
  function settle(isBusy, said) {
    button.disabled = isBusy;
    form.ariaBusy = String(isBusy);
    bar.hidden = !isBusy;
    words.textContent = said;
    words.classList.toggle("is-bad", !isBusy);
  }

  /** @param {string} reason */
  const fail = (reason) => settle(false, reason);

  /** @param {number} bytes in all files */
  function send(bytes) {
    const request = new XMLHttpRequest();
    settle(true, `Sending ${megabytes(bytes)} …`);
    bar.value = 0;
    request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = loaded / total));
    request.upload.addEventListener("load", () => {
      bar.removeAttribute("value");
      words.textContent = form.dataset.sent ?? "Sent. The articles are being read and stored …";
    });
    request.addEventListener("load", () => answer(request, fail));
    request.addEventListener("error", () => fail("The server cannot be reached. Send the files again."));
    signal.addEventListener("abort", () => request.abort());
    request.open("POST", form.action);
    request.setRequestHeader("HX-Request", "true");
    request.send(new FormData(form));
  }

  form.addEventListener(
    "submit",
    (event) => {
      const bytes = sizeOf(form);
      if (bytes === undefined) return;
      event.preventDefault();
      if (!button.disabled) send(bytes);
    },
    { signal },
  );
  addEventListener("pageshow", ({ persisted }) => persisted && settle(false, ""), { signal });
}

/** @param {HTMLFormElement} form @returns {number | undefined} the bytes of all files chosen; nothing when there is none */
function sizeOf(form) {
  const inputs = /** @type {HTMLInputElement[]} */ (Array.from(form.querySelectorAll("input[type=file]")));
  const files = inputs.flatMap(({ files }) => Array.from(files ?? []));
  return files.length ? files.reduce((sum, { size }) => sum + size, 0) : undefined;
}

/** @param {XMLHttpRequest} request @param {(reason: string) => void} fail */
function answer(request, fail) {
  const place = request.getResponseHeader("HX-Redirect");
  const isAside = new URL(request.responseURL).pathname !== location.pathname;
  if (place) location.assign(place);
  else if (isAside) fail("You are signed out. Sign in again in a new tab, then send the files again.");
  else if (request.status === 200 || request.status === 422) show(request.responseText);
  else
    fail(REASONS[request.status] ?? "The server failed. Send the files again: what is there is not doubled.");
}

/** Puts an answered page's title and content in the place of this one's. @param {string} html */
function show(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.querySelector("main");
  if (!main) return;
  document.title = page.title;
  document.querySelector("main")?.replaceWith(main);
  document.dispatchEvent(new CustomEvent("htmx:after:swap"));
  window.htmx.process(main);
  scrollTo(0, 0);
  main.focus();
}
