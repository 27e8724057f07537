/**
 * What a person has not saved yet, kept in the browser under their own number: it survives a reload, a crash and a new session.
 *
 * Storage may be forbidden or full; then nothing is kept, and nothing fails.
 * @typedef {ReturnType<typeof shelfOf>} Shelf
 */

const ROOT = "unsaved.";
const DAYS = 14;
const DAY_MS = 24 * 60 * 60 * 1000;

/** @param {Storage} storage @param {string} person their number; without one nothing is kept @param {() => number} [now] */
export function shelfOf(storage, person, now = Date.now) {
  const own = `${ROOT}${person}.`;
  const keys = () => Array.from({ length: storage.length }, (_, n) => storage.key(n) ?? "");

  /** @param {string} name @returns {any} */
  function find(name) {
    try {
      return JSON.parse(storage.getItem(own + name) ?? "null")?.kept ?? null;
    } catch {
      return null;
    }
  }

  /** @param {string} key @returns {boolean} */
  function isOld(key) {
    try {
      return now() - JSON.parse(storage.getItem(key) ?? "").at > DAYS * DAY_MS;
    } catch {
      return true;
    }
  }

  return {
    find,
    /** @param {string} name @param {unknown} kept @returns {boolean} whether it is kept */
    keep(name, kept) {
      if (!person) return false;
      try {
        storage.setItem(own + name, JSON.stringify({ at: now(), kept }));
        return true;
      } catch {
        return false;
      }
    },
    /** @param {string} name */
    forget(name) {
      storage.removeItem(own + name);
    },
    /** @param {string} start @returns {string[]} the names that begin so, in alphabetical order */
    names: (start) =>
      keys()
        .filter((key) => key.startsWith(own + start))
        .map((key) => key.slice(own.length))
        .sort(),
    /** Forget what other people left in this browser, and what is two weeks old. Nobody is signed in: all of it stays. */
    tidy() {
      if (!person) return;
      for (const key of keys()) {
        if (key.startsWith(ROOT) && (!key.startsWith(own) || isOld(key))) storage.removeItem(key);
      }
    },
  };
}
