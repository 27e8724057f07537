/**
 * The session has lapsed: name and password are asked in place, and what waits is saved then. Only the same person goes on here;
 * for anybody else the page starts afresh, and what was kept for the first is forgotten.
 */

import { csrfToken } from "../lib/csrf.js";
import { refusalIn } from "./refusals.js";
import { say } from "./toasts.js";
import { giveUp, retry } from "./unsaved.js";

/** @param {HTMLTemplateElement} template of the `<dialog>`, which names the person in `data-person` */
export function askToSignIn(template) {
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("sign-in") ?? made(template));
  if (!dialog.open) dialog.showModal();
}

/** @param {HTMLTemplateElement} template */
function made(template) {
  document.body.append(template.content.cloneNode(true));
  const dialog = /** @type {HTMLDialogElement} */ (document.getElementById("sign-in"));
  const form = /** @type {HTMLFormElement} */ (dialog.querySelector("form"));
  const password = /** @type {HTMLInputElement} */ (form.elements.namedItem("password"));
  const refusal = /** @type {HTMLElement} */ (form.querySelector("[data-refusal]"));

  /** @param {string} words */
  function refuse(words) {
    refusal.textContent = words;
    refusal.hidden = !words;
    if (words) password.select();
  }

  /** @param {SubmitEvent} event */
  async function submit(event) {
    event.preventDefault();
    refuse("");
    form.ariaBusy = "true";
    const { person, words } = await signIn(form);
    form.ariaBusy = "false";
    if (!person) return refuse(words);
    if (person !== dialog.dataset.person) return startAfresh();
    renewTokens();
    password.value = "";
    dialog.close();
    say("You are signed in again.");
    retry();
  }

  form.addEventListener("submit", submit);
  dialog.addEventListener("close", () => {
    password.value = "";
    refuse("");
  });
  return dialog;
}

/** @param {HTMLFormElement} form @returns {Promise<{person: string, words: string}>} who came in, or why nobody did */
async function signIn(form) {
  const fields = new URLSearchParams();
  for (const [name, value] of new FormData(form)) fields.append(name, String(value));
  try {
    let answer = await send(form.action, fields);
    if (answer.status === 401 || answer.status === 403) {
      await fetch(form.action); // for a token, which this browser has none of
      answer = await send(form.action, fields);
    }
    if (answer.ok) return { person: String((await answer.json()).person), words: "" };
    return { person: "", words: refusalIn(await answer.text()) || "You could not be signed in. Try again." };
  } catch {
    return { person: "", words: "The server cannot be reached. Try again." };
  }
}

/** @param {string} url @param {URLSearchParams} body */
function send(url, body) {
  const headers = { "HX-Request": "true", "X-CSRFToken": csrfToken() };
  return fetch(url, { method: "POST", headers, body });
}

/** The ordinary forms of the page were drawn in the old session. */
function renewTokens() {
  for (const input of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) {
    /** @type {HTMLInputElement} */ (input).value = csrfToken();
  }
}

function startAfresh() {
  giveUp();
  location.assign("/");
}
