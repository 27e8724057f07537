/**
 * Questions answered by one key each: a digit chooses in the `fieldset[data-question]` one is at (0 the last choice) and goes on to the
 * next; without one, in the first that is not answered.
 */

/** @param {HTMLElement} form @param {AbortSignal} signal */
export function questions(form, signal) {
  const asked = /** @type {HTMLFieldSetElement[]} */ ([...form.querySelectorAll("fieldset[data-question]")]);

  /** @param {HTMLElement} question */
  const choices = (question) =>
    /** @type {HTMLInputElement[]} */ ([...question.querySelectorAll("input[type=radio]")]);
  /** @param {HTMLElement} question */
  const isAnswered = (question) => choices(question).some((choice) => choice.checked);

  document.addEventListener(
    "keydown",
    (event) => {
      const digit = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
      if (!digit || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const at = document.activeElement?.closest("fieldset[data-question]");
      const question = asked.find((one) => one === at) ?? asked.find((one) => !isAnswered(one)) ?? asked[0];
      const offered = choices(question);
      const choice = digit === "0" ? offered[offered.length - 1] : offered[Number(digit) - 1];
      if (!choice || (digit !== "0" && choice === offered[offered.length - 1])) return;
      event.preventDefault();
      choice.checked = true;
      const next = asked[asked.indexOf(question) + 1];
      const wanted = next ? choices(next)[0] : form.querySelector("button.is-primary");
      /** @type {HTMLElement | null} */ (wanted ?? choice)?.focus();
    },
    { signal },
  );
}
