/**
 * Locks a tab holds while something of its own waits: so another tab can tell what was left behind. Browsers give locks to secure
 * pages only; without them every tab sends what it finds, and the keys of the writes keep that from doubling.
 */

/** @param {string} name @returns {{set: (isHeld: boolean) => void}} */
export function holder(name) {
  /** @type {((value?: unknown) => void) | undefined} */
  let end;
  return {
    set(isHeld) {
      if (isHeld === Boolean(end)) return;
      end?.();
      end = undefined;
      if (!isHeld) return;
      const until = new Promise((done) => {
        end = done;
      });
      navigator.locks?.request(name, () => until);
    },
  };
}

/** @param {string} name of a lock @param {() => void} act done unless a tab holds the lock */
export async function whenFree(name, act) {
  if (!navigator.locks) return act();
  await navigator.locks.request(name, { ifAvailable: true }, (lock) => {
    if (lock) act();
  });
}
