/**
 * What an analyst does to the record in hand and to the selection: marking, filling roles, moving borders, saying a threat again.
 * @typedef {import("../lib/selection.js").Extent} Extent
 */

import { nudged } from "../lib/selection.js";
import { blocksOf, caretOffset } from "../lib/textdom.js";
import { loaded } from "./loading.js";
import { firstProposal, take } from "./proposals.js";

/**
 * @param {{article: HTMLElement, inspector: HTMLElement, announce: (text: string) => void}} page
 * @param {{marks: import("./marking.js").Marking, slots: import("./roles.js").Roles, where: import("./navigation.js").Navigation,
 *   draft: import("./drafting.js").Drafting, rows: ReturnType<typeof import("./spanrows.js").spanrows>}} parts
 */
export function gestures({ article, inspector, announce }, { marks, slots, where, draft, rows }) {
  /** @param {string} kind @returns {string | null} the record in the inspector, if it is of that kind */
  const inHand = (kind) =>
    inspector.querySelector(`[data-annotation][data-kind=${kind}]`)?.getAttribute("data-annotation") ?? null;

  /** @param {string} kind */
  function mark(kind) {
    const extent = draft.get();
    const statement = kind === "threat" && inHand("statement");
    if (!extent && statement) return marks.express(statement);
    if (!extent) return announce("Select some words first.");
    marks.create(kind, extent);
    draft.clear();
  }

  /** Send the draft for a role. @param {{annotation: string, role: string} | null} slot */
  function use(slot = slots.armed()) {
    const extent = draft.get();
    if (!slot || !extent) return;
    marks.addSpan(slot.annotation, slot.role, extent);
    slots.disarm();
    draft.clear();
  }

  /** @param {string} number */
  function role(number) {
    const slot = slots.numbered(Number(number));
    if (!slot) return;
    if (draft.get()) use(slot);
    else slots.toggle(slot.role);
  }

  /** The quotation at the selection, or at the text cursor, becomes a statement. */
  async function quotation() {
    const caret = caretOffset(article);
    const place = draft.get() ?? (caret < 0 ? null : { start: caret, end: caret });
    const quoting = await loaded(import("./quoting.js"));
    if (!quoting) return;
    const pieces = place ? quoting.quotationAt(article, place) : [];
    if (!pieces.length) return announce("There is no quotation here.");
    draft.clear();
    const standing = quoting.standingFor(article, pieces);
    if (standing) return where.open(standing, { said: "This quotation is a statement already." });
    marks.createOf("statement", pieces);
    announce(pieces.map(({ role, extent }) => `${role}: ${extent.quote}`).join("; "));
  }

  /** The selection says the open threat again. */
  function restate() {
    const [threat, extent] = [inHand("threat"), draft.get()];
    if (!threat) return announce("Open the threat that is said again first.");
    if (!extent) return announce("Select the words that say it again first.");
    marks.restate(threat, extent);
    draft.clear();
  }

  /** @param {-1 | 1} side @param {-1 | 1} step @param {"word" | "character"} by @param {Element} [row] */
  function nudge(side, step, by, row) {
    const blocks = blocksOf(article);
    const extent = row ? null : draft.get();
    const span = extent ? null : rows.atHand(row);
    const from = extent ?? (span && (marks.movedSpan(span.id) ?? span));
    const to = from && nudged(blocks, from, { side, step, by, language: article.lang });
    if (!to) return;
    if (span) marks.moveSpan(span.id, to);
    else draft.select(to);
    announce(to.quote);
  }

  function deleteCurrent() {
    const id = where.current();
    if (!id) return announce("No annotation is chosen.");
    marks.delete(id);
  }

  /** The piece at hand goes; the last one of a role that must be filled stays. @param {Element} [row] */
  function removePiece(row) {
    const span = rows.atHand(row);
    if (!span) return announce("No record is open.");
    if (inspector.querySelector(`[data-span="${span.id}"] form[action$="/delete/"]`))
      marks.removeSpan(span.id);
    else announce("This piece must stay: delete the record instead.");
  }

  /** The piece at hand gets another role. @param {string | undefined} role @param {Element} [row] */
  function recast(role, row) {
    const span = rows.atHand(row);
    if (!span) return announce("No record is open.");
    if (!role) return announce("The record has no such role.");
    announce(`${role}: ${inspector.querySelector(`[data-span="${span.id}"] .quote`)?.textContent ?? ""}`);
    marks.recast(span.id, { role, ...version() });
  }

  /** The record in hand becomes one of another kind. @param {string} kind */
  function relabel(kind) {
    const record = inspector.querySelector("[data-annotation]")?.getAttribute("data-annotation");
    if (!record) return announce("No record is open.");
    if (inHand(kind)) return announce(`This is a ${kind} already.`);
    if (!inspector.querySelector(`[data-action=relabel][data-kind=${kind}]`))
      return announce(`It has no words of its own that could be a ${kind}.`);
    if (inspector.contains(document.activeElement)) article.focus({ preventScroll: true });
    marks.relabel(record, { kind, ...version() });
  }

  /** The version on screen, unless something on its way is about to number it on. @returns {{version?: string}} */
  function version() {
    const shown = inspector.querySelector(".claim-form [name=version]");
    const isSettled = !marks.isBusy() && !inspector.querySelector(".htmx-request");
    return isSettled && shown instanceof HTMLInputElement ? { version: shown.value } : {};
  }

  /** The first value proposed for the open record, in the order of its form. */
  function takeFirst() {
    const proposal = firstProposal(inspector);
    if (!proposal) return announce("No value is suggested here.");
    announce(proposal.dataset.words ?? "");
    take(proposal);
  }

  return {
    use,
    nudge,
    recast,
    removePiece,
    inHand,
    /** @type {Record<string, (...words: string[]) => unknown>} by the names the keys give them */
    commands: {
      mark,
      use: () => use(),
      role,
      quotation,
      restate,
      undo: marks.undo,
      redo: marks.redo,
      delete: deleteCurrent,
      take: takeFirst,
      "remove-piece": () => removePiece(),
      relabel,
      recast: (number) => recast(slots.numbered(Number(number))?.role),
      nudge: (edge, change) =>
        nudge(
          edge === "start" ? -1 : 1,
          change[0] === "-" ? -1 : 1,
          change.endsWith("word") ? "word" : "character",
        ),
    },
  };
}
