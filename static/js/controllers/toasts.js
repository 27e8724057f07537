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
