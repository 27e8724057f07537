/** The inspector's form: a save that waited behind another goes out with the version the other one left. */

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
}
