/** The small bar beside a settled selection: what to mark it as, for hands on a mouse or a screen. */

/** @param {HTMLElement} main @param {AbortSignal} signal */
export function selectionbar(main, signal) {
  const bar = /** @type {HTMLElement | null} */ (main.querySelector("#selection-bar"));
  bar?.addEventListener("mousedown", (event) => event.preventDefault(), { signal });

  return {
    /**
     * @param {Range | null} range what is selected @param {string} [role] the armed one: then the bar offers just that
     * @param {string[]} [more] actions that make sense here besides marking
     */
    show(range, role, more = []) {
      if (!bar) return;
      bar.hidden = !range;
      if (!range) return;
      const shown = role ? ["use"] : ["mark", ...more];
      for (const button of bar.querySelectorAll("button")) {
        button.hidden = !shown.includes(button.dataset.action ?? "");
        const name = button.querySelector("[data-role-name]");
        if (name) name.textContent = role ?? "";
      }
      place(bar, range);
    },
    /** @param {string} action another that turned out to make sense @param {Range} range what is selected */
    offer(action, range) {
      if (!bar || bar.hidden) return;
      bar.querySelector(`[data-action=${action}]`)?.removeAttribute("hidden");
      place(bar, range);
    },
  };
}

/** Above the selection's first line, or below its last when there is no room. @param {HTMLElement} bar @param {Range} range */
function place(bar, range) {
  const lines = range.getClientRects();
  const first = lines[0] ?? range.getBoundingClientRect();
  const last = lines[lines.length - 1] ?? first;
  const home = (bar.offsetParent ?? document.documentElement).getBoundingClientRect();
  const isRoomAbove = first.top - bar.offsetHeight - 8 > 72;
  const top = isRoomAbove ? first.top - bar.offsetHeight - 8 : last.bottom + 8;
  const left = Math.min(Math.max(first.left, 8), innerWidth - bar.offsetWidth - 8);
  bar.style.top = `${Math.round(top - home.top)}px`;
  bar.style.left = `${Math.round(left - home.left)}px`;
}
