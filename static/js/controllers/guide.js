/**
 * Guidelines beside the text: `[data-guide]` opens and closes them, at the chapter on the kind of the open record; when a record of
 * another kind is opened they turn to its chapter. Escape closes them.
 */

/** @param {HTMLElement} panel @param {AbortSignal} signal */
export function guide(panel, signal) {
  const main = /** @type {HTMLElement} */ (panel.closest("main"));
  const opener = /** @type {HTMLElement} */ (main.querySelector("[data-guide]"));
  let shown = "";
  let isAwaited = false;

  const kind = () =>
    main.querySelector("#inspector [data-annotation][data-kind]")?.getAttribute("data-kind") ?? "";

  /** @param {string} of a kind, or nothing */
  function turnTo(of) {
    shown = of;
    const url = `${panel.dataset.url}${of ? `${of}s/` : ""}`;
    window.htmx.ajax("GET", url, { source: panel, target: panel, swap: "innerHTML" });
  }

  /** @param {boolean} isOpen */
  function show(isOpen) {
    panel.hidden = !isOpen;
    main.classList.toggle("is-guided", isOpen);
  }

  function open() {
    show(true);
    isAwaited = true;
    turnTo(kind());
  }

  /** @param {HTMLElement} to what gets the focus */
  function close(to) {
    show(false);
    to.focus({ preventScroll: true });
  }

  main.addEventListener(
    "click",
    (event) => {
      const target = /** @type {Element} */ (event.target);
      if (target.closest("[data-guide-close]")) close(opener);
      if (!target.closest("[data-guide]") || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (panel.hidden) open();
      else close(/** @type {HTMLElement} */ (main.querySelector("#text")));
    },
    { signal },
  );
  panel.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close(/** @type {HTMLElement} */ (main.querySelector("#text")));
    },
    { signal },
  );
  document.addEventListener(
    "htmx:after:swap",
    () => {
      if (panel.hidden) return;
      if (isAwaited && panel.firstElementChild) {
        isAwaited = false;
        panel.focus({ preventScroll: true });
      }
      const now = kind();
      if (now && now !== shown) turnTo(now);
    },
    { signal },
  );
}
