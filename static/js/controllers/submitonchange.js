/** A filter form that sends itself when a control changes; its button is for those without scripts. */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function submitOnChange(element, signal) {
  element.addEventListener("change", () => /** @type {HTMLFormElement} */ (element).requestSubmit(), {
    signal,
  });
}
