/** The analyst's screen: brings the selection, the marks, the inspector and the keys together. */

import { paint } from "../lib/highlights.js";
import { commandFor, isForTyping } from "../lib/keys.js";
import { nudged } from "../lib/selection.js";
import { blocksOf, rangeOf } from "../lib/textdom.js";
import { drafting } from "./drafting.js";
import { find } from "./find.js";
import { openKeySheet } from "./keysheet.js";
import { marking } from "./marking.js";
import { navigation } from "./navigation.js";
import { roles } from "./roles.js";
import { selectionbar } from "./selectionbar.js";
import { spanrows } from "./spanrows.js";
import { swapguard } from "./swapguard.js";
import { textcursor } from "./textcursor.js";

/** Commands that go on while their key is held down. */
const REPEATED = /^(next|previous|nudge)$/;
const FIELDS = "[data-annotation] :is(input:not([type=hidden]), select, textarea)";

/** @param {HTMLElement} main @param {AbortSignal} signal */
export function workbench(main, signal) {
  const article = /** @type {HTMLElement} */ (main.querySelector("#text"));
  const inspector = /** @type {HTMLElement} */ (main.querySelector("#inspector"));
  const isEditable = main.dataset.editable === "true";
  const announce = announcer(main);
  inspector.setAttribute("hx-sync", "this:replace");

  const bar = selectionbar(main, signal);
  const marks = marking(main, () => repaint(), signal);
  const slots = roles(main, inspector, announce);
  const where = navigation(article, inspector, announce, signal);
  const finder = find(main, article, signal);
  const draft = drafting(article, { changed: showDraft, drawn: () => slots.armed() && use() }, signal);
  const rows = spanrows(article, inspector, signal);
  swapguard(main, article, draft.isDown, signal);
  textcursor(main, article, signal);

  function repaint(blocks = blocksOf(article)) {
    const extents = [...marks.pending(), draft.get() ?? []].flat();
    paint(
      "pending",
      extents.map((extent) => rangeOf(blocks, extent)),
    );
  }

  /** @param {import("../lib/selection.js").Extent | null} extent @param {boolean} isSettled */
  function showDraft(extent, isSettled) {
    const blocks = blocksOf(article);
    repaint(blocks);
    bar.show(extent && isSettled && isEditable ? rangeOf(blocks, extent) : null, slots.armed()?.role);
  }

  /** @param {string} kind */
  function mark(kind) {
    const extent = draft.get();
    const statement = kind === "threat" && inspector.querySelector("[data-annotation][data-kind=statement]");
    if (!extent && statement) return marks.express(statement.getAttribute("data-annotation") ?? "");
    if (!extent) return announce("Select some words first.");
    draft.clear();
    marks.create(kind, extent);
  }

  /** Send the draft for a role. @param {{annotation: string, role: string} | null} slot */
  function use(slot = slots.armed()) {
    const extent = draft.get();
    if (!slot || !extent) return;
    slots.disarm();
    draft.clear();
    marks.addSpan(slot.annotation, slot.role, extent);
  }

  /** @param {number} number */
  function role(number) {
    const slot = slots.numbered(number);
    if (!slot) return;
    if (draft.get()) use(slot);
    else slots.toggle(slot.role);
  }

  /** @param {-1 | 1} side @param {-1 | 1} step @param {"word" | "character"} by @param {Element} [row] */
  function nudge(side, step, by, row) {
    const blocks = blocksOf(article);
    const inHand = row ? null : draft.get();
    const span = inHand ? null : rows.atHand(row);
    const from = inHand ?? (span && (marks.movedSpan(span.id) ?? span));
    const to = from && nudged(blocks, from, { side, step, by, language: article.lang });
    if (!to) return;
    if (span) marks.moveSpan(span.id, to);
    else draft.set(to);
    announce(to.quote);
  }

  function enter() {
    if (slots.armed() && draft.get()) return use();
    /** @type {HTMLElement | null} */ (inspector.querySelector(FIELDS))?.focus();
  }

  function stepBack() {
    if (slots.armed()) slots.disarm();
    else if (draft.get()) draft.clear();
    else letGo();
  }

  function letGo() {
    slots.disarm();
    where.close(`/readings/${main.dataset.reading}/`);
    article.focus({ preventScroll: true });
  }

  function deleteCurrent() {
    const id = where.current();
    if (!id) return announce("No annotation is chosen.");
    marks.delete(id);
  }

  /** @type {Record<string, (...words: string[]) => unknown>} what keys and buttons do */
  const reading = {
    next: () => where.go(1),
    previous: () => where.go(-1),
    find: finder.open,
    "find-previous": finder.previous,
    "find-close": finder.close,
    help: openKeySheet,
    enter,
    escape: stepBack,
    close: letGo,
  };
  /** @type {typeof reading} */
  const writing = {
    mark,
    use: () => use(),
    undo: marks.undo,
    redo: marks.redo,
    delete: deleteCurrent,
    role: (number) => role(Number(number)),
    nudge: (edge, change) =>
      nudge(
        edge === "start" ? -1 : 1,
        change[0] === "-" ? -1 : 1,
        change.endsWith("word") ? "word" : "character",
      ),
  };
  const commands = isEditable ? { ...reading, ...writing } : reading;

  /** @param {KeyboardEvent} event */
  function press(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape" && inspector.contains(target)) return article.focus({ preventScroll: true });
    const command = hasOwnUse(event, target) ? null : commandFor(event);
    const [name, ...words] = command?.split(" ") ?? [];
    if (!commands[name] || (event.repeat && !REPEATED.test(name))) return;
    event.preventDefault();
    commands[name](...words);
  }

  /** @param {MouseEvent} event */
  function click(event) {
    const target = /** @type {Element} */ (event.target);
    const button = target.closest("button[data-action]");
    if (button instanceof HTMLButtonElement) return act(button, event);
    const entry = target.closest("[data-goes-to]");
    const mark =
      article.contains(target) && getSelection()?.isCollapsed && !slots.armed()
        ? target.closest("mark[data-a]")
        : null;
    const id = entry?.getAttribute("data-goes-to") ?? (mark && where.meantBy(mark));
    if (!id || (entry && (event.ctrlKey || event.metaKey || event.shiftKey))) return;
    event.preventDefault();
    where.open(id, { isQuiet: Boolean(mark) });
  }

  /** @param {HTMLButtonElement} button which may send a form where no script runs @param {MouseEvent} event */
  function act(button, event) {
    const { action = "", kind = "", role: name = "", side, step } = button.dataset;
    const row = button.closest("[data-span]");
    if (action === "arm") slots.toggle(name);
    else if (row) nudge(sign(side === "end"), sign(step !== "-1"), event.altKey ? "character" : "word", row);
    else if (commands[action]) {
      event.preventDefault();
      commands[action](kind);
    }
  }

  function refresh() {
    const shown = inspector.querySelector("[data-annotation]")?.getAttribute("data-annotation") ?? null;
    if (shown === where.current()) where.light();
    else where.set(shown);
    slots.refresh();
    repaint();
  }

  document.addEventListener("keydown", press, { signal });
  main.addEventListener("click", click, { signal });
  document.addEventListener("htmx:after:swap", refresh, { signal });
  inspector.addEventListener("mousedown", keepSelection, { signal });
  refresh();
  if (isEditable) marks.restore();
}

/** @param {boolean} isForward @returns {1 | -1} */
const sign = (isForward) => (isForward ? 1 : -1);

/** @param {KeyboardEvent} event @param {Element} target @returns {boolean} whether the key means something where it was pressed */
function hasOwnUse({ code }, target) {
  return isForTyping(target) || (code === "Enter" && target.closest("button, a, summary, label") !== null);
}

/** A button pressed with the mouse takes neither the selection nor the focus. @param {MouseEvent} event */
function keepSelection(event) {
  if (/** @type {Element} */ (event.target).closest("button[data-action]")) event.preventDefault();
}

/** @param {HTMLElement} main @returns {(text: string) => void} has a screen reader say something */
function announcer(main) {
  const region = document.createElement("p");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  main.append(region);
  return (text) => {
    region.textContent = text;
  };
}
