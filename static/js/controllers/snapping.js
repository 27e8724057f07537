/** Whether a selection takes whole words or single letters: one key or button, which says what holds, kept for the next time. */

const SHELF = "select-letters";

/** @param {HTMLElement} main @param {{announce: (text: string) => void, changed: () => void}} tell */
export function snapping(main, tell) {
  let isExact = localStorage.getItem(SHELF) !== null;

  function show() {
    const button = main.querySelector("button[data-action=snapping]");
    if (button) button.textContent = isExact ? "By letter" : "By word";
  }

  show();
  return {
    isExact: () => isExact,
    toggle() {
      isExact = !isExact;
      if (isExact) localStorage.setItem(SHELF, "");
      else localStorage.removeItem(SHELF);
      show();
      tell.changed();
      tell.announce(isExact ? "A selection takes single letters." : "A selection takes whole words.");
    },
  };
}
