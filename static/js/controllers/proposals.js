/**
 * What is proposed for a field of a record's form is taken: the field says it, and the form saves itself as after any change. Without
 * this script the button sends the form.
 */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function proposals(element, signal) {
  const form = /** @type {HTMLFormElement} */ (element);
  const tidy = () => hideAnswered(form);
  form.addEventListener("change", tidy, { signal });
  document.addEventListener("htmx:after:swap", tidy, { signal });
  form.addEventListener(
    "click",
    (event) => {
      const button = /** @type {Element} */ (event.target).closest("button[data-takes]");
      if (!(button instanceof HTMLButtonElement)) return;
      event.preventDefault();
      take(button);
    },
    { signal },
  );
}

/** @param {ParentNode} inspector @returns {HTMLButtonElement | null} the first proposal that is still open, in the order of the form */
export function firstProposal(inspector) {
  return inspector.querySelector(".proposals:not([hidden]) > :not([hidden]) > button[data-takes]");
}

/** Say what a proposal says; the others for its field go. @param {HTMLButtonElement} button */
export function take(button) {
  const { form } = button;
  const { takes = "", value = "" } = button.dataset;
  const control = form && say(form, takes, value);
  if (!form || !control) return;
  const hadFocus = document.activeElement === button;
  hideAnswered(form);
  if (hadFocus) successor(form, control).focus({ preventScroll: true });
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** What the form says already needs no proposal, though an answer on its way may still bring one. @param {HTMLFormElement} form */
function hideAnswered(form) {
  const said = new FormData(form);
  for (const button of form.querySelectorAll("button[data-takes]")) {
    if (!said.get(button.getAttribute("data-takes") ?? "")) continue;
    button.closest(".proposal")?.setAttribute("hidden", "");
  }
}

/** @param {HTMLFormElement} form @param {string} name @param {string} value @returns {HTMLElement | null} the control that says it now */
function say(form, name, value) {
  const named = `[name="${CSS.escape(name)}"]`;
  const choice = form.querySelector(`input[type=radio]${named}[value="${CSS.escape(value)}"]`);
  if (choice instanceof HTMLInputElement) {
    choice.checked = true;
    return choice;
  }
  const field = form.querySelector(`select${named}, input[type=text]${named}`);
  if (!(field instanceof HTMLSelectElement || field instanceof HTMLInputElement)) return null;
  field.value = value;
  return field;
}

/**
 * Where the focus goes on from a proposal: to its control, or while that is folded away to the next proposal, or to the fold.
 * @param {HTMLFormElement} form @param {HTMLElement} control @returns {HTMLElement}
 */
function successor(form, control) {
  if (control.checkVisibility()) return control;
  const next = form.querySelector(".proposals.is-folded > :not([hidden]) > button[data-takes]");
  return /** @type {HTMLElement} */ (next ?? control.closest("details")?.querySelector("summary") ?? control);
}
