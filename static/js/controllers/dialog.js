/** Native dialogs: opened and closed by buttons that name them, and the one that asks `hx-confirm` questions. */

export function dialogs() {
  document.addEventListener("click", ({ target }) => {
    const button = /** @type {Element} */ (target).closest("[data-opens], [data-closes]");
    const name = button?.getAttribute("data-opens");
    if (name) openDialog(name);
    else button?.closest("dialog")?.close();
  });
  document.addEventListener("htmx:confirm", (event) => {
    const { ctx, issueRequest, dropRequest } = /** @type {CustomEvent} */ (event).detail;
    const dialog = document.getElementById("confirm");
    if (!(dialog instanceof HTMLDialogElement)) return;
    event.preventDefault();
    ask(dialog, ctx.confirm).then((isMeant) => (isMeant ? issueRequest() : dropRequest()));
  });
}

/** @param {string} id */
export function openDialog(id) {
  const dialog = document.getElementById(id);
  if (dialog instanceof HTMLDialogElement && !dialog.open) dialog.showModal();
}

/** @param {HTMLDialogElement} dialog @param {string} question @returns {Promise<boolean>} */
function ask(dialog, question) {
  const place = dialog.querySelector("[data-question]");
  if (place) place.textContent = question;
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "ok"), { once: true });
  });
}
