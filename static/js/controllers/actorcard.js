/** A card that says who an actor is: beside the chip that names it, while one points at the chip or has tabbed to it. */

const WAIT_MS = 350;
const GRACE_MS = 250;
const GAP_PX = 8;

/** @param {HTMLElement} card empty, with `data-url` holding /0/ in place of the actor's id @param {AbortSignal} signal */
export function actorCard(card, signal) {
  /** @type {Map<string, string>} what was fetched on this page */
  const known = new Map();
  /** @type {Element | null} */
  let chip = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let isTabbing = false;

  /** @param {Element} wanted @param {number} wait */
  function ask(wanted, wait) {
    clearTimeout(timer);
    if (wanted !== chip) timer = setTimeout(() => open(wanted), wait);
  }

  /** @param {Element} wanted */
  async function open(wanted) {
    const id = actorOf(wanted);
    if (!id) return;
    const html = known.get(id) ?? (await fetched(id));
    if (!html || !wanted.isConnected) return;
    known.set(id, html);
    close();
    chip = wanted;
    card.innerHTML = html;
    card.showPopover();
    place(wanted.getBoundingClientRect());
    wanted.querySelector("button")?.setAttribute("aria-describedby", card.id);
  }

  /** @param {string} id @returns {Promise<string>} empty when it cannot be had now */
  async function fetched(id) {
    try {
      const url = (card.dataset.url ?? "").replace("/0/", `/${id}/`);
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, signal });
      return answer.ok && !answer.redirected ? await answer.text() : "";
    } catch {
      return "";
    }
  }

  /** @param {DOMRect} box the chip's: the card stands below it, or above where there is more room */
  function place(box) {
    const left = Math.min(box.left, innerWidth - card.offsetWidth - GAP_PX);
    const isBelow = box.bottom + card.offsetHeight + GAP_PX < innerHeight;
    card.style.left = `${Math.max(GAP_PX, Math.round(left))}px`;
    card.style.top = `${Math.round(isBelow ? box.bottom + GAP_PX : Math.max(GAP_PX, box.top - card.offsetHeight - GAP_PX))}px`;
  }

  function close() {
    clearTimeout(timer);
    chip?.querySelector("button")?.removeAttribute("aria-describedby");
    chip = null;
    if (card.matches(":popover-open")) card.hidePopover();
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(close, GRACE_MS);
  }

  /** A chip that a script has put in focus, being just chosen or to be corrected, needs no card. @param {Event} event */
  function over({ target, type }) {
    if (card.contains(/** @type {Node} */ (target))) return clearTimeout(timer);
    const pointed = chipAt(target);
    if (pointed && type === "focusin" && !isTabbing) return;
    if (pointed === chip && chip) clearTimeout(timer);
    else if (pointed) ask(pointed, WAIT_MS);
    else leave();
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    isTabbing = event.key === "Tab";
    if (event.key !== "Escape" || !chip) return;
    event.stopPropagation();
    close();
  }

  document.addEventListener("pointerover", over, { signal });
  document.addEventListener("focusin", over, { signal });
  document.addEventListener("keydown", press, { signal, capture: true });
  document.addEventListener("htmx:after:swap", () => chip?.isConnected || close(), { signal });
  document.addEventListener(
    "click",
    ({ target }) => {
      const pointed = chipAt(target);
      const isRemoved = /** @type {Element} */ (target).closest(".chip-remove");
      if (isRemoved) close();
      else if (pointed) ask(pointed, 0);
    },
    { signal },
  );
}

/** @param {EventTarget | null} target @returns {Element | null} the chip of an actor that holds it */
function chipAt(target) {
  const chip = target instanceof Element ? target.closest(".typeahead .chip") : null;
  return chip && actorOf(chip) ? chip : null;
}

/** @param {Element} chip @returns {string} the actor's id; empty for one that is yet to be recorded */
function actorOf(chip) {
  const { value = "" } =
    /** @type {HTMLInputElement | null} */ (chip.querySelector("input[type=hidden]")) ?? {};
  return /^\d+$/.test(value) ? value : "";
}
