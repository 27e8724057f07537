/** Light, dark or the system's own, kept for the next visit; `early.js` applies it before the first paint. */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function theme(element, signal) {
  const buttons = Array.from(element.querySelectorAll("button[data-theme-choice]"));
  const root = document.documentElement;

  function show() {
    const current = root.dataset.theme ?? "auto";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-theme-choice") === current));
    }
  }

  element.addEventListener(
    "click",
    ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button[data-theme-choice]");
      if (!button) return;
      const choice = button.getAttribute("data-theme-choice") ?? "auto";
      if (choice === "auto") delete root.dataset.theme;
      else root.dataset.theme = choice;
      remember(choice);
      show();
    },
    { signal },
  );
  show();
}

/** @param {string} choice */
function remember(choice) {
  try {
    localStorage.setItem("theme", choice);
  } catch {
    // Storage may be forbidden: the choice then holds for this page.
  }
}
