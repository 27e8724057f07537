/** What a refusal says, in words. */

/** @type {Record<number, string>} */
const REASONS = {
  403: "You may not do this here.",
  404: "This is no longer there. Reload the page to see what is.",
  409: "This was changed meanwhile. Nothing was saved; look at it again.",
  413: "This is too large.",
  422: "This cannot be saved as it is.",
  429: "Too many requests at once. Wait a moment and try again.",
};

/** @param {HtmxContext} ctx @returns {string} why it was refused */
export function refusalOf({ text, response }) {
  return refusalIn(text) || reasonFor(response?.status ?? 0);
}

/** @param {string} [body] @returns {string} what the answer itself says is wrong */
export function refusalIn(body = "") {
  if (body.trimStart().startsWith("{")) {
    try {
      return String(JSON.parse(body).detail ?? "");
    } catch {
      return "";
    }
  }
  const page = new DOMParser().parseFromString(body.replaceAll("hx-partial", "div"), "text/html");
  const found = page.querySelector("[data-message], [role=alert], .field-error, .errorlist li");
  return (found?.getAttribute("data-message") || found?.textContent || "").trim();
}

/** @param {number} status */
function reasonFor(status) {
  return (
    REASONS[status] ??
    (status >= 500 ? "The server failed. Nothing was saved; try again." : `Refused (${status}).`)
  );
}
