/**
 * Arming a role slot of the annotation in the inspector: the next selection then goes there without another key.
 * @typedef {{annotation: string, role: string}} Slot
 * @typedef {ReturnType<typeof roles>} Roles
 */

/** @param {HTMLElement} main @param {HTMLElement} inspector @param {(text: string) => void} announce */
export function roles(main, inspector, announce) {
  /** @type {Slot | null} */
  let armed = null;

  const annotation = () =>
    inspector.querySelector("[data-annotation]")?.getAttribute("data-annotation") ?? "";
  const buttons = () => Array.from(inspector.querySelectorAll("button[data-action=arm]"));

  function show() {
    main.classList.toggle("is-armed", armed !== null);
    for (const button of buttons()) {
      const isArmed = button.getAttribute("data-role") === armed?.role;
      button.setAttribute("aria-pressed", String(isArmed));
      button.closest("fieldset")?.classList.toggle("is-armed", isArmed);
    }
  }

  /** @param {Slot | null} slot */
  function set(slot) {
    armed = slot;
    show();
  }

  return {
    armed: () => armed,
    disarm: () => set(null),
    /** @param {number} number from 1 @returns {Slot | null} the slot a digit means */
    numbered(number) {
      const role = buttons()[number - 1]?.getAttribute("data-role");
      return role ? { annotation: annotation(), role } : null;
    },
    /** @param {string} role */
    toggle(role) {
      if (armed?.role === role) return set(null);
      set({ annotation: annotation(), role });
      announce(`Select the ${role} in the text; Escape to stop.`);
    },
    /** A swapped inspector shows the slot armed again, or another annotation: then nothing is armed. */
    refresh() {
      const isThere =
        armed?.annotation === annotation() &&
        buttons().some((b) => b.getAttribute("data-role") === armed?.role);
      set(isThere ? armed : null);
    },
  };
}
