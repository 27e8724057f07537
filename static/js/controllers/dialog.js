/** Native dialogs, opened and closed by buttons that name them. */

export function dialogs() {
  document.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("[data-opens], [data-closes]");
    const name = button?.getAttribute("data-opens");
    if (name) openDialog(name);
    else button?.closest("dialog")?.close();
  });
}

/** @param {string} id */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}
