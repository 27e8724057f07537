/**
 * Everything that is written from the text: marks, spans, borders, deletion, undo.
 *
 * A mark is painted before it is saved, and sent when those before it are; it is unpainted when its block arrives or when the
 * server refuses. Until then it is kept in the browser under a key of its own, over a reload too, and sent again by itself while
 * the server cannot be reached, and when one has signed in again: the key has the server carry it out once.
 * @typedef {import("../lib/selection.js").Extent} Extent
 * @typedef {{role: string, extent: Extent}} Piece
 * @typedef {{url: string, values: Record<string, string>, pieces?: string[], extents?: Extent[], answers?: Answers}} Mark
 *   `pieces`: words of several roles, one field each
 * @typedef {{suggestion: string, wish: string, words: string}} Answers what it answers: accept, correct or reject
 * @typedef {Mark & {key: string, at: number, tries: number}} Kept `at`: when it was made; `tries`: how often it failed
 * @typedef {ReturnType<typeof marking>} Marking
 */

import { holder, whenFree } from "../lib/locks.js";
import { delayAfter, newKey, verdictOf } from "../lib/resending.js";
import { isSignedOut } from "./messages.js";
import { refusalOf } from "./refusals.js";
import { say, unsay } from "./toasts.js";
import { shelf, tellUnsaved } from "./unsaved.js";

/** What takes longer is told to be unsaved. */
const SLOW_MS = 2000;
/** A request that outlives its page may carry 64 kB in all. */
const MOST_KEPT_ALIVE = 16_000;

/**
 * @param {HTMLElement} main
 * @param {{changed: () => void, delayed: () => void, answered: (mark: Mark, isSaved: boolean) => void}} told `changed`: what is
 *   pending; `delayed`: the first has to wait; `answered`: the server's last word on one
 * @param {AbortSignal} signal
 */
export function marking(main, { changed, delayed, answered }, signal) {
  const form = /** @type {HTMLFormElement} */ (main.querySelector("#mark-form"));
  const reading = main.dataset.reading;
  const place = `marks.${reading}.${newKey()}`;
  const lost = `lost.${reading}`;
  const own = holder(`newsannot.${place}`);
  /** In the order they were made; the first is under way or to be sent next. @type {Kept[]} */
  let waiting = [];
  /** Answered, but their blocks wait for the mouse to be let go. @type {Map<string, Kept>} */
  const held = new Map();
  let isBusy = false;
  let isSignedIn = true;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  /** On its way first: the server works while the page keeps and paints it. @param {Mark} mark */
  function send(mark) {
    waiting.push({ ...mark, key: newKey(), at: Date.now(), tries: 0 });
    if (!timer) next();
    setTimeout(tell, SLOW_MS);
    store();
    changed();
    document.getElementById("inspector")?.dispatchEvent(new CustomEvent("htmx:abort"));
  }

  /** @param {"undo" | "redo"} way */
  function step(way) {
    unsay();
    send({ url: `/readings/${reading}/${way}/`, values: {} });
  }

  function next() {
    clearTimeout(timer);
    timer = undefined;
    const [first] = waiting;
    if (isBusy || !first || !isSignedIn) return;
    isBusy = true;
    window.htmx.ajax("POST", first.url, {
      source: form,
      swap: "none",
      values: first.values,
      mark: first.key,
    });
  }

  function retry() {
    isSignedIn = true;
    next();
  }

  function store() {
    own.set(waiting.length > 0);
    if (waiting.length) shelf.keep(place, waiting);
    else shelf.forget(place);
    tell();
  }

  function tell() {
    const isLate = waiting.some(({ at, tries }) => tries > 0 || Date.now() - at >= SLOW_MS);
    tellUnsaved(place, isLate ? waiting.length : 0);
  }

  /** @param {HtmxContext} ctx an answered, refused or failed request */
  function finish(ctx) {
    const [first] = waiting;
    if (!first || ctx.mark !== first.key) return;
    isBusy = false;
    if (isSignedOut(ctx)) {
      first.tries += 1;
      isSignedIn = false;
      delayed();
      return store();
    }
    const verdict = verdictOf(ctx.response?.status);
    if (verdict === "again") {
      first.tries += 1;
      timer = setTimeout(next, delayAfter(first.tries, ctx.response?.headers.get("Retry-After")));
      delayed();
      return store();
    }
    waiting.shift();
    if (verdict === "refused" && first.tries) lose(first, ctx);
    if (ctx.isHeld) held.set(first.key, first);
    store();
    changed();
    answered(first, verdict === "saved");
    next();
  }

  /** What waited and no longer fits is shown until it is put away, over a reload too. @param {Kept} mark @param {HtmxContext} ctx */
  function lose({ extents, answers }, ctx) {
    const words = answers
      ? `The answer to “${answers.words}”`
      : extents?.map(({ quote }) => `“${quote}”`).join(" … ") || "A change";
    const text = `${words} waited to be saved and could not be. ${refusalOf(ctx)}`;
    shelf.keep(lost, [...(shelf.find(lost) ?? []), text]);
    showLost(text);
  }

  /** @param {string} text */
  function showLost(text) {
    say(text, "error").addEventListener("click", ({ target }) => {
      if (!(/** @type {Element} */ (target).closest(".toast-close"))) return;
      const left = (shelf.find(lost) ?? []).filter((/** @type {string} */ other) => other !== text);
      if (left.length) shelf.keep(lost, left);
      else shelf.forget(lost);
    });
  }

  /** @param {HtmxContext} ctx whose blocks have arrived after all */
  function release(ctx) {
    if (held.delete(ctx.mark ?? "")) changed();
  }

  /** What this reading's marks left behind when their page was closed; those of another tab are its own. */
  async function restore() {
    for (const text of shelf.find(lost) ?? []) showLost(text);
    for (const name of shelf.names(`marks.${reading}.`)) {
      if (name === place) continue;
      await whenFree(`newsannot.${name}`, () => {
        /** @type {Kept[]} */
        const left = shelf.find(name) ?? [];
        shelf.forget(name);
        waiting = [...left.map((mark) => ({ ...mark, tries: mark.tries + 1 })), ...waiting];
        store();
      });
    }
    if (!waiting.length) return;
    changed();
    next();
  }

  document.addEventListener(
    "htmx:before:request",
    (event) => {
      const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
      const mark = waiting.find(({ key }) => key === ctx.mark);
      if (!mark) return;
      ctx.isKept = true;
      ctx.isToldApart = mark.tries > 0;
      ctx.request.headers["Idempotency-Key"] = mark.key;
      ctx.request.keepalive = JSON.stringify(mark).length < MOST_KEPT_ALIVE;
      for (const piece of mark.pieces ?? []) ctx.request.body?.append("piece", piece);
    },
    { signal },
  );
  document.addEventListener(
    "htmx:finally:request",
    (event) => finish(/** @type {CustomEvent<HtmxDetail>} */ (event).detail.ctx),
    { signal },
  );
  document.addEventListener("bench:swapped", (event) => release(/** @type {CustomEvent} */ (event).detail), {
    signal,
  });
  document.addEventListener("unsaved:retry", retry, { signal });
  window.addEventListener("online", next, { signal });

  const all = () => [...held.values(), ...waiting];

  return {
    restore,
    isBusy: () => waiting.length > 0,
    /** @returns {Extent[]} the words of marks that are not confirmed yet */
    pending: () => all().flatMap(({ extents }) => extents ?? []),

    /** @param {string} kind mention, statement or threat @param {Extent} extent */
    create(kind, extent) {
      send({ url: `/readings/${reading}/${kind}s/`, values: fields(extent), extents: [extent] });
    },
    /** @param {string} kind @param {Piece[]} pieces of one record, by role */
    createOf(kind, pieces) {
      send({ url: `/readings/${reading}/${kind}s/`, values: {}, ...sent(pieces) });
    },
    /** @param {string} kind @param {Piece[]} pieces a record each @param {Record<string, string>} values */
    createAll(kind, pieces, values) {
      send({ url: `/readings/${reading}/${kind}s/all/`, values, ...sent(pieces) });
    },
    /** @param {string} threat that the words say again @param {Extent} extent */
    restate(threat, extent) {
      send({ url: `/annotations/${threat}/restatements/`, values: fields(extent), extents: [extent] });
    },
    /** @param {string} statement that expresses a threat */
    express(statement) {
      send({ url: `/readings/${reading}/threats/`, values: { statement } });
    },
    /** @param {string} annotation @param {string} role @param {Extent} extent another piece of evidence */
    addSpan(annotation, role, extent) {
      send({
        url: `/annotations/${annotation}/spans/`,
        values: { role, ...fields(extent) },
        extents: [extent],
      });
    },
    /** @param {string} span @param {Extent} extent its new borders */
    moveSpan(span, extent) {
      send({ url: `/spans/${span}/`, values: fields(extent), extents: [extent] });
    },
    /** @param {string} span @param {Record<string, string>} values its new `role`; `version`: of the record as it is on screen */
    recast(span, values) {
      send({ url: `/spans/${span}/role/`, values });
    },
    /** @param {string} span */
    removeSpan(span) {
      send({ url: `/spans/${span}/delete/`, values: {} });
    },
    /** @param {string} span @returns {Extent | undefined} the borders it was sent last, while that is not confirmed */
    movedSpan(span) {
      return all().findLast(({ url }) => url === `/spans/${span}/`)?.extents?.[0];
    },
    /** @param {string} url @param {Answers} answers @param {Extent[]} extents the words of what is accepted */
    answer(url, answers, extents) {
      send({ url, values: answers.wish === "correct" ? { correct: "1" } : {}, extents, answers });
    },
    /** @returns {Set<string>} the suggestions whose answer is not confirmed yet */
    answering: () => new Set(all().map(({ answers }) => answers?.suggestion ?? "")),
    /** @param {string} annotation @param {Record<string, string>} values its new `kind`; `version`: as it is on screen */
    relabel(annotation, values) {
      send({ url: `/annotations/${annotation}/kind/`, values });
    },
    /** @param {string} annotation */
    delete(annotation) {
      send({ url: `/annotations/${annotation}/delete/`, values: {} });
    },
    undo: () => step("undo"),
    redo: () => step("redo"),
  };
}

/** @param {Extent} extent @returns {Record<string, string>} */
function fields({ start, end, quote }) {
  return { start: String(start), end: String(end), quote };
}

/** @param {Piece[]} pieces @returns {{pieces: string[], extents: Extent[]}} */
function sent(pieces) {
  return {
    pieces: pieces.map(({ role, extent: { start, end, quote } }) => `${role} ${start} ${end} ${quote}`),
    extents: pieces.map(({ extent }) => extent),
  };
}
