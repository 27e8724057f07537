/** What was chosen in a typeahead: a chip with its name, a hidden input with its value, and a button that takes it away. */

/** @param {string} field @param {string} value @param {string} name @returns {HTMLElement} */
export function chip(field, value, name) {
  const made = document.createElement("span");
  made.className = "chip";
  const hidden = document.createElement("input");
  hidden.type = "hidden";
  hidden.name = field;
  hidden.value = value;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "chip-remove";
  button.setAttribute("aria-label", `Remove ${name}`);
  button.textContent = "×";
  made.append(name, hidden, button);
  return made;
}
