/** When a write is sent again, and what an answer means for it. */

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;
const PASSING = [408, 425, 429];

/** @param {number} tries that failed, from 1 @param {string | null} [asked] the answer's `Retry-After`, in seconds @returns {number} ms */
export function delayAfter(tries, asked) {
  const backoff = Math.min(FIRST_MS * 2 ** (tries - 1), LONGEST_MS);
  return Math.min(Math.max(backoff, (Number(asked) || 0) * 1000), LONGEST_MS);
}

/** @param {number} [status] none: the server was not reached @returns {"saved" | "refused" | "again"} */
export function verdictOf(status) {
  if (!status || status >= 500 || PASSING.includes(status)) return "again";
  return status < 400 ? "saved" : "refused";
}

/** A key no other write has. @returns {string} */
export function newKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  ).join("");
}
