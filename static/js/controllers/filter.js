/**
 * What is shown of the marks and of the list: kinds, one actor's records, those that lack something or are complete. Which records
 * that leaves, the server says. Nothing moves: what is set aside loses its paint. Kept for the reading until the tab is closed.
 */

const PATIENCE = 150; // ms after a swap, in which more may follow

/** @typedef {{hidden: string[], who: string, state: string}} Wish */

/** @param {HTMLElement} main @param {AbortSignal} signal */
export function filter(main, signal) {
  const article = /** @type {HTMLElement} */ (main.querySelector("#text"));
  const note = /** @type {HTMLElement} */ (main.querySelector("[data-shown-told]"));
  const showAll = /** @type {HTMLElement} */ (main.querySelector("button[data-shows-all]"));
  const key = `shown.${main.dataset.reading}`;
  const wish = kept(key);
  /** Those in sight; all, where it is not said. @type {Set<string> | null} */
  let shown = null;
  let asked = new AbortController();
  let waiting = 0;

  const isActive = () => wish.hidden.length > 0 || wish.who !== "" || wish.state !== "";
  /** @param {Element} element @param {string} name */
  const isAside = (element, name) =>
    shown !== null && !(element.getAttribute(name) ?? "").split(" ").some((id) => shown?.has(id));

  async function ask() {
    asked.abort();
    asked = new AbortController();
    if (!isActive()) return tell(null, "");
    const query = new URLSearchParams({ who: wish.who, state: wish.state });
    for (const kind of wish.hidden) query.append("without", kind);
    try {
      const answer = await fetch(`/readings/${main.dataset.reading}/shown/?${query}`, {
        headers: { "HX-Request": "true" },
        signal: AbortSignal.any([asked.signal, signal]),
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = page.querySelector("[data-shown]");
      if (said) tell(said.getAttribute("data-shown") ?? "", said.textContent ?? "");
    } catch {
      // Asked anew, or offline: what was shown stays.
    }
  }

  /** @param {string | null} ids @param {string} words */
  function tell(ids, words) {
    shown = ids === null ? null : new Set(ids.split(" "));
    if (note.textContent !== words) note.textContent = words;
    showAll.hidden = !isActive();
    dress();
  }

  function dress() {
    for (const mark of article.querySelectorAll("mark[data-a]")) {
      mark.classList.toggle("is-aside", isAside(mark, "data-a"));
    }
    for (const entry of main.querySelectorAll(".annotation-list [data-goes-to]")) {
      entry.parentElement?.toggleAttribute("hidden", isAside(entry, "data-goes-to"));
    }
    article.dispatchEvent(new Event("shown"));
  }

  /** The controls, which are swapped with the list, say what is wished. */
  function sync() {
    for (const box of boxes()) {
      box.checked = !wish.hidden.includes(box.dataset.hides ?? "");
      article.classList.toggle(`without-k-${box.dataset.hides}`, !box.checked);
    }
    for (const select of selects()) {
      const value = wish[/** @type {"who" | "state"} */ (select.dataset.shows)];
      if (value && !Array.from(select.options).some((option) => option.value === value))
        select.add(new Option(value));
      select.value = value;
    }
  }

  const boxes = () =>
    /** @type {NodeListOf<HTMLInputElement>} */ (main.querySelectorAll("input[data-hides]"));
  const selects = () =>
    /** @type {NodeListOf<HTMLSelectElement>} */ (main.querySelectorAll("select[data-shows]"));

  /** @param {Event} event */
  function change({ target }) {
    if (!(target instanceof Element) || !target.matches("[data-hides], [data-shows]")) return;
    wish.hidden = Array.from(boxes())
      .filter((box) => !box.checked)
      .map((box) => box.dataset.hides ?? "");
    for (const select of selects())
      wish[/** @type {"who" | "state"} */ (select.dataset.shows)] = select.value;
    renew();
  }

  function renew() {
    keep(key, wish);
    sync();
    ask();
  }

  showAll.addEventListener(
    "click",
    () => {
      Object.assign(wish, { hidden: [], who: "", state: "" });
      for (const kind of [...article.classList]) {
        if (kind.startsWith("without-k-")) article.classList.remove(kind);
      }
      renew();
      note.textContent = "All records are shown.";
      article.focus({ preventScroll: true });
    },
    { signal },
  );
  main.addEventListener("change", change, { signal });
  document.addEventListener(
    "htmx:after:swap",
    () => {
      sync();
      if (!isActive()) return;
      dress();
      clearTimeout(waiting);
      waiting = setTimeout(ask, PATIENCE);
    },
    { signal },
  );
  for (const kind of wish.hidden) article.classList.add(`without-k-${kind}`);
  sync();
  if (isActive()) ask();
}

/** @param {string} key @returns {Wish} */
function kept(key) {
  const wish = { hidden: [], who: "", state: "" };
  try {
    return { ...wish, ...JSON.parse(sessionStorage.getItem(key) ?? "{}") };
  } catch {
    return wish;
  }
}

/** @param {string} key @param {Wish} wish */
function keep(key, wish) {
  try {
    sessionStorage.setItem(key, JSON.stringify(wish));
  } catch {
    // Storage may be forbidden: then it holds for this page.
  }
}
