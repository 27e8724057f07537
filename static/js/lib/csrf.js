/** Signs every writing htmx request with the token of the cookie, which outlives a new sign-in; the page's own token does not. */
export function sendCsrfHeader() {
  document.addEventListener("htmx:config:request", (event) => {
    const { request } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail.ctx;
    const token = csrfToken();
    if (request.method === "GET" || !token) return;
    request.headers["X-CSRFToken"] = token;
    request.body?.delete("csrfmiddlewaretoken");
  });
}

/** @returns {string} the token of the cookie; empty when there is none */
export function csrfToken() {
  return decodeURIComponent(document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "");
}
