/**
 * A combobox over a server's search: type, choose with arrows and Enter or the mouse, create in place.
 *
 * What is chosen becomes a chip with a hidden input; see the README beside `app.js` for the markup. Before anything is typed, those
 * are offered whom the words of the evidence name (`data-evidence`: a role of the record, or `data-words`).
 */

import { chip } from "./chips.js";

const WAIT_MS = 80;
let count = 0;

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function typeahead(element, signal) {
  const input = /** @type {HTMLInputElement} */ (element.querySelector("[role=combobox]"));
  if (!input) return; // of a record that is only read
  const chips = /** @type {HTMLElement} */ (element.querySelector("[data-chips]"));
  const list = listbox(element, input);
  const isMultiple = element.dataset.multiple !== undefined;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = new AbortController();
  /** Whether what is listed does not answer what is asked now. */
  let isStale = false;
  /** Enter came before the answer: then its first option is meant. */
  let isAwaited = false;

  const options = () =>
    /** @type {HTMLElement[]} */ (Array.from(list.querySelectorAll("[role=option]:not([hidden])")));
  const active = () => options().find((option) => option.getAttribute("aria-selected") === "true");

  const search = () => ask([input.value.trim()]);

  /** Show what answers to the first of the phrases that names somebody; else to the first. @param {string[]} phrases */
  async function ask(phrases) {
    asked.abort();
    asked = new AbortController();
    const { signal: current } = asked;
    try {
      const found = [];
      for (const phrase of phrases) {
        found.push(await optionsFor(phrase, current));
        if (found.at(-1)?.some((option) => option.dataset.id)) return show(found.at(-1) ?? []);
      }
      show(found[0] ?? []);
    } catch {
      // Typed on meanwhile, or offline: the list stays as it is.
    }
  }

  /** @param {string} phrase @param {AbortSignal} current @returns {Promise<HTMLElement[]>} */
  async function optionsFor(phrase, current) {
    const url = new URL(element.dataset.url ?? "", location.href);
    url.searchParams.set("q", phrase);
    const answer = await fetch(url, { signal: current, headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) throw new Error("not found now");
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return Array.from(page.querySelectorAll("[role=option]"));
  }

  /** @param {HTMLElement[]} found */
  function show(found) {
    isStale = false;
    list.replaceChildren(...found);
    found.forEach((option, n) => {
      option.id = `${list.id}-${n}`;
    });
    setOpen(options().length > 0 && document.activeElement === input);
    choose(options()[0]);
    const [first] = options();
    if (isAwaited && first && !list.hidden) take(first);
    isAwaited = false;
  }

  function propose() {
    const phrases = namingPhrases(evidenceOf(element));
    if (input.value || !phrases.length) return;
    isStale = true;
    ask(phrases);
  }

  /** @param {boolean} isOpen */
  function setOpen(isOpen) {
    list.hidden = !isOpen;
    input.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) input.removeAttribute("aria-activedescendant");
  }

  /** @param {HTMLElement | undefined} option the one that Enter would take */
  function choose(option) {
    for (const other of options()) other.setAttribute("aria-selected", String(other === option));
    if (option && !list.hidden) input.setAttribute("aria-activedescendant", option.id);
    option?.scrollIntoView({ block: "nearest" });
  }

  /** @param {1 | -1} step */
  function move(step) {
    if (list.hidden) return search();
    const all = options();
    const here = all.indexOf(/** @type {HTMLElement} */ (active()));
    choose(all[(here + step + all.length) % all.length]);
  }

  /** Show what was folded away. @param {HTMLElement} more the option that stands for it */
  function unfold(more) {
    const first = more.nextElementSibling;
    for (const option of list.querySelectorAll("[role=option][hidden]")) option.removeAttribute("hidden");
    more.remove();
    choose(/** @type {HTMLElement} */ (first));
  }

  /** @param {HTMLElement} option */
  function take(option) {
    if (option.dataset.more !== undefined) return unfold(option);
    const { id = "", name = option.textContent?.trim() ?? "", create } = option.dataset;
    if (!isMultiple) chips.replaceChildren();
    const value = create === undefined ? id : `new:${create}:${name}`;
    const made = chip(element.dataset.name ?? "", value, name);
    chips.append(made);
    close();
    if (!isMultiple) made.querySelector("button")?.focus();
    changed();
  }

  function close() {
    clearTimeout(timer);
    asked.abort();
    isStale = false;
    isAwaited = false;
    input.value = "";
    setOpen(false);
  }

  function changed() {
    input.hidden = !isMultiple && chips.childElementCount > 0;
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {Element} gone */
  function remove(gone) {
    gone.remove();
    changed();
    input.focus();
  }

  /** What was chosen was for something else. */
  function reset() {
    close();
    chips.replaceChildren();
    input.hidden = false;
  }

  /** @type {Record<string, () => boolean | void>} what a key does; false leaves it to the browser */
  const keys = {
    ArrowDown: () => void move(1),
    ArrowUp: () => void move(-1),
    Enter: () => {
      isAwaited = isStale;
      if (isStale) return;
      const option = list.hidden ? undefined : active();
      return option ? take(option) : false;
    },
    Escape: () => {
      const isOfTyped = !list.hidden && input.value !== "";
      if (!list.hidden) close();
      return isOfTyped;
    },
    Backspace: () => {
      const last = input.value ? null : chips.lastElementChild;
      return last ? remove(last) : false;
    },
  };

  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.isComposing || !keys[event.key] || keys[event.key]() === false) return;
    event.preventDefault();
    event.stopPropagation();
  }

  function type() {
    clearTimeout(timer);
    isAwaited = false;
    isStale = input.value.trim() !== "";
    if (isStale) timer = setTimeout(search, WAIT_MS);
    else close();
  }

  input.addEventListener("input", type, { signal });
  input.addEventListener("change", (event) => event.stopPropagation(), { signal });
  input.addEventListener("keydown", press, { signal });
  input.addEventListener("focus", propose, { signal });
  element.addEventListener("reset", reset, { signal });
  input.addEventListener("blur", () => setOpen(false), { signal });
  list.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
  list.addEventListener("click", ({ target }) => {
    const option = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (target).closest("[role=option]")
    );
    if (option) take(option);
  });
  chips.addEventListener(
    "click",
    ({ target }) => {
      const button = /** @type {Element} */ (target).closest(".chip-remove");
      if (button?.parentElement) remove(button.parentElement);
    },
    { signal },
  );
  signal.addEventListener("abort", close);
  input.hidden = !isMultiple && chips.childElementCount > 0;
  if (document.activeElement !== input) return;
  if (input.value) type();
  else propose();
}

/** @param {HTMLElement} element @returns {string} the words that name whom it asks for: a phrase, or the record's evidence in a role */
function evidenceOf(element) {
  const { words, evidence } = element.dataset;
  const record = evidence ? element.closest("[data-annotation]") : null;
  const named = record?.querySelector(`[data-role=${evidence}] .quote`)?.textContent;
  return (words ?? named ?? "").trim();
}

/** A title before a name hides it: the last two words and the last one are tried as well. @param {string} words @returns {string[]} */
function namingPhrases(words) {
  const all = words.split(/\s+/).filter(Boolean);
  return [...new Set([all, all.slice(-2), all.slice(-1)].map((some) => some.join(" ")))].filter(Boolean);
}

/** @param {HTMLElement} element @param {HTMLInputElement} input @returns {HTMLElement} an empty list the input controls */
function listbox(element, input) {
  const list = document.createElement("ul");
  list.id = `typeahead-${++count}`;
  list.className = "typeahead-options";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Suggestions");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-controls", list.id);
  element.append(list);
  return list;
}
