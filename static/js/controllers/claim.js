/**
 * The inspector's form. A save that waited behind another goes out with the version the other one left; what is refused is shown
 * even where it was folded away.
 */

/** @param {HTMLElement} form @param {AbortSignal} signal */
export function claim(form, signal) {
  form.addEventListener(
    "htmx:before:request",
    (event) => {
      const { body } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail.ctx.request;
      const version = /** @type {HTMLFormElement} */ (form).elements.namedItem("version");
      if (version instanceof HTMLInputElement) body?.set("version", version.value);
    },
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
}
