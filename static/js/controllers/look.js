/** A choice of looks (`data-look`: theme, density), kept for the next visit; `early.js` applies it before the first paint. */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function look(element, signal) {
  const buttons = Array.from(element.querySelectorAll("button[data-choice]"));
  const root = document.documentElement;
  const name = element.dataset.look ?? "";

  function show() {
    const current = root.dataset[name] ?? "";
    for (const button of buttons) {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-choice") === current));
    }
  }

  element.addEventListener(
    "click",
    ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button[data-choice]");
      if (!button) return;
      const choice = button.getAttribute("data-choice") ?? "";
      if (choice) root.dataset[name] = choice;
      else delete root.dataset[name];
      remember(name, choice);
      show();
    },
    { signal },
  );
  show();
}

/** @param {string} name @param {string} choice */
function remember(name, choice) {
  try {
    localStorage.setItem(name, choice);
  } catch {
    // Storage may be forbidden: the choice then holds for this page.
  }
}
