/** A button pressed by a key of the page (`data-key`, its place on the keyboard), unless one is typing. */

/** @param {HTMLElement} element @param {AbortSignal} signal */
export function shortcut(element, signal) {
  /** @param {KeyboardEvent} event */
  function press(event) {
    const { target } = event;
    if (
      event.code !== element.dataset.key ||
      event.shiftKey ||
      event.ctrlKey ||
      event.altKey ||
      event.metaKey
    )
      return;
    if (
      event.repeat ||
      (target instanceof Element && target.closest("input, textarea, select, [popover], dialog"))
    )
      return;
    event.preventDefault();
    element.click();
  }
  document.addEventListener("keydown", press, { signal });
}
