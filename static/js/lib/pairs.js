/**
 * What a form says, as pairs of a control's name and a value, in the order of the form.
 * @typedef {[name: string, value: string][]} Pairs
 */

/** @param {Pairs} pairs @param {string} name @returns {string[]} */
export function valuesOf(pairs, name) {
  return pairs.filter(([other]) => other === name).map(([, value]) => value);
}

/** @param {Pairs} one @param {Pairs} other @returns {string[]} the names whose values differ, each once */
export function differing(one, other) {
  const names = new Set([...one, ...other].map(([name]) => name));
  return Array.from(names).filter((name) => !isSame(valuesOf(one, name), valuesOf(other, name)));
}

/** @param {string[]} some @param {string[]} others @returns {boolean} */
function isSame(some, others) {
  return some.length === others.length && some.every((value, n) => value === others[n]);
}
