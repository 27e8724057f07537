/** Signs every writing htmx request with the token of the cookie, which outlives a new sign-in; the page's own token does not. */
export function sendCsrfHeader() {
  document.addEventListener("htmx:config:request", (event) => {
    const { request } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail.ctx;
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1];
    if (request.method === "GET" || !token) return;
    request.headers["X-CSRFToken"] = decodeURIComponent(token);
    request.body?.delete("csrfmiddlewaretoken");
  });
}
