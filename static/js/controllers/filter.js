/** Shows and hides kinds of marks: an unchecked `data-hides="k-mention"` adds `without-k-mention` to the text. */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function filter(element, signal) {
  function apply() {
    const text = document.getElementById("text");
    for (const box of element.querySelectorAll("input[data-hides]")) {
      const { checked, dataset } = /** @type {HTMLInputElement} */ (box);
      text?.classList.toggle(`without-${dataset.hides}`, !checked);
    }
  }
  element.addEventListener("change", apply, { signal });
  apply();
}
