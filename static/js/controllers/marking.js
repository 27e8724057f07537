/**
 * Everything that is written from the text: marks, spans, borders, deletion, undo.
 *
 * A mark is painted before it is saved and queued behind earlier ones. It is unpainted when its block arrives or when the server
 * refuses; it is kept, here and over a reload, while the server cannot be reached or the session has lapsed.
 * @typedef {import("../lib/selection.js").Extent} Extent
 * @typedef {{role: string, extent: Extent}} Piece
 * @typedef {{url: string, values: Record<string, string>, pieces?: string[], extents?: Extent[], isKept?: boolean, isSent?: boolean}} Mark
 *   `pieces`: words of several roles, one field each
 * @typedef {ReturnType<typeof marking>} Marking
 */

import { isSignedOut, say } from "./messages.js";

/** @param {HTMLElement} main @param {() => void} changed what is pending changed @param {AbortSignal} signal */
export function marking(main, changed, signal) {
  const form = /** @type {HTMLFormElement} */ (main.querySelector("#mark-form"));
  const reading = main.dataset.reading;
  const shelf = `kept-marks-${reading}`;
  /** @type {Map<string, Mark>} */
  const marks = new Map();
  let count = 0;

  /** @param {Mark} mark */
  function send(mark) {
    const name = `m${++count}`;
    marks.set(name, { ...mark, isKept: false, isSent: false });
    changed();
    main.querySelector("#inspector")?.dispatchEvent(new CustomEvent("htmx:abort"));
    window.htmx.ajax("POST", mark.url, { source: form, swap: "none", values: mark.values, mark: name });
  }

  /** @param {HtmxContext} ctx an answered, refused or failed request */
  function settle(ctx) {
    const mark = marks.get(ctx.mark ?? "");
    if (!mark) return;
    if (mark.extents && (!ctx.response || isSignedOut(ctx))) mark.isKept = true;
    else marks.delete(ctx.mark ?? "");
    store();
    changed();
    if (mark.isKept) offer();
  }

  const kept = () => Array.from(marks).filter(([, mark]) => mark.isKept);

  function store() {
    const left = kept().map(([, mark]) => mark);
    if (left.length) sessionStorage.setItem(shelf, JSON.stringify(left));
    else sessionStorage.removeItem(shelf);
  }

  function sendAgain() {
    const again = kept();
    for (const [name] of again) marks.delete(name);
    store();
    for (const [, mark] of again) send(mark);
  }

  function offer() {
    document.querySelector("#messages [data-save-again]")?.closest(".toast")?.remove();
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button is-small";
    button.dataset.saveAgain = "";
    button.textContent = "Save again";
    button.addEventListener("click", () => {
      button.closest(".toast")?.remove();
      sendAgain();
    });
    const { length } = kept();
    say(length === 1 ? "One mark is not saved yet." : `${length} marks are not saved yet.`, "error", button);
  }

  function restore() {
    for (const mark of JSON.parse(sessionStorage.getItem(shelf) ?? "[]")) marks.set(`m${++count}`, mark);
    if (!marks.size) return;
    changed();
    offer();
  }

  /** A request under way outlives the page; those still queued behind it are kept for the next. */
  function leave() {
    for (const mark of marks.values()) mark.isKept ||= Boolean(mark.extents && !mark.isSent);
    store();
  }

  document.addEventListener(
    "htmx:before:request",
    (event) => {
      const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
      const mark = marks.get(ctx.mark ?? "");
      if (!mark) return;
      mark.isSent = true;
      ctx.request.keepalive = true;
      for (const piece of mark.pieces ?? []) ctx.request.body?.append("piece", piece);
    },
    { signal },
  );
  window.addEventListener("pagehide", leave, { signal });
  document.addEventListener(
    "htmx:finally:request",
    (event) => {
      const { ctx } = /** @type {CustomEvent<HtmxDetail>} */ (event).detail;
      if (!ctx.isHeld) settle(ctx);
    },
    { signal },
  );
  document.addEventListener("bench:swapped", (event) => settle(/** @type {CustomEvent} */ (event).detail), {
    signal,
  });

  return {
    restore,
    /** @returns {Extent[]} the words of marks that are not confirmed yet */
    pending: () => Array.from(marks.values()).flatMap(({ extents }) => extents ?? []),

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
    /** @param {string} span @returns {Extent | undefined} the borders it was sent last, while that is not confirmed */
    movedSpan(span) {
      return Array.from(marks.values()).findLast(({ url }) => url === `/spans/${span}/`)?.extents?.[0];
    },
    /** @param {string} annotation */
    delete(annotation) {
      send({ url: `/annotations/${annotation}/delete/`, values: {} });
    },
    undo: () => send({ url: `/readings/${reading}/undo/`, values: {} }),
    redo: () => send({ url: `/readings/${reading}/redo/`, values: {} }),
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
