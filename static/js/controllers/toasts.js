/** What is told in passing, or until it is closed. */

/**
 * Show a toast. Errors stay until they are closed.
 * @param {string} text @param {"success" | "warning" | "error"} [tone] @param {Element[]} more what to put behind the text
 * @returns {HTMLElement} the toast
 */
export function say(text, tone = "success", ...more) {
  const toast = document.createElement("p");
  toast.className = `toast is-${tone}`;
  const words = document.createElement("span");
  words.append(text, ...more.flatMap((part) => [" ", part]));
  toast.append(words);
  document.getElementById("messages")?.append(toast);
  return toast;
}

/** The same, unless it is said already. @param {string} text @param {"warning" | "error"} tone @param {Element[]} more */
export function sayOnce(text, tone, ...more) {
  const toasts = document.querySelectorAll("#messages .toast");
  if (!Array.from(toasts).some((toast) => toast.textContent?.includes(text))) say(text, tone, ...more);
}

/** What was told to have gone well is not so any more. */
export function unsay() {
  for (const toast of document.querySelectorAll("#messages .toast.is-success")) toast.remove();
}
