/** The analyst's screen: brings the selection, the marks, the inspector and the keys together. */

import { paint } from "../lib/highlights.js";
import { commandFor, isForTyping } from "../lib/keys.js";
import { blocksOf, caretOffset, contentsOf, offsetOf, rangeOf, segmentsOf } from "../lib/textdom.js";
import { drafting } from "./drafting.js";
import { entering } from "./entering.js";
import { find } from "./find.js";
import { gestures } from "./gestures.js";
import { handles } from "./handles.js";
import { loaded, whenIdle } from "./loading.js";
import { marking } from "./marking.js";
import { navigation } from "./navigation.js";
import { roles } from "./roles.js";
import { selectionbar } from "./selectionbar.js";
import { snapping } from "./snapping.js";
import { spanrows } from "./spanrows.js";
import { stack } from "./stack.js";
import { suggestions } from "./suggestions.js";
import { swapguard } from "./swapguard.js";
import { textcursor } from "./textcursor.js";

/** Commands that go on while their key is held down. */
const REPEATED = /^(next|previous|next-suggestion|previous-suggestion|nudge|grow|shrink)$/;
/** What is told of a write that was saved; of all others, the record it left in hand. @type {Record<string, string>} */
const DONE = { undo: "Undone.", redo: "Done again.", delete: "Deleted.", piece: "Taken away." };

/** @param {HTMLElement} main @param {AbortSignal} signal */
export function workbench(main, signal) {
  const article = /** @type {HTMLElement} */ (main.querySelector("#text"));
  const inspector = /** @type {HTMLElement} */ (main.querySelector("#inspector"));
  const isEditable = main.dataset.editable === "true";
  const address = `/readings/${main.dataset.reading}/`;
  const announce = announcer(main);
  inspector.setAttribute("hx-sync", "this:replace");

  const bar = selectionbar(main, signal);
  const marks = marking(main, { changed: pendingChanged, delayed: () => form.cancel(), answered }, signal);
  const slots = roles(main, inspector, announce);
  const where = navigation(article, inspector, announce, signal);
  const form = entering(inspector, () => marks.isBusy() || where.isAwaited());
  const snap = snapping(main, { announce, changed: () => draft.reread() });
  const draft = drafting(
    article,
    { changed: showDraft, drawn: () => slots.armed() && hands.use(), isExact: snap.isExact },
    signal,
  );
  const rows = spanrows(article, inspector, signal);
  const hands = gestures({ article, inspector, announce }, { marks, slots, where, draft, rows });
  /** @type {ReturnType<typeof import("./growth.js").growth> | undefined} */
  let growing;
  /** @type {HTMLElement | null} */
  let conflict = null;
  const piles = stack(main, article, announce, signal);
  const proposed = suggestions({ main, article, inspector, announce }, marks, signal);
  const finder = find(main, article, markAll, signal);
  const grips = handles(
    main,
    article,
    inspector,
    {
      isExact: snap.isExact,
      changed: () => repaint(),
      moved: marks.moveSpan,
      movedSpan: marks.movedSpan,
      isEditable,
    },
    signal,
  );
  swapguard(main, article, () => draft.isDown() || grips.isDown(), signal);
  textcursor(main, article, signal);

  function repaint(blocks = blocksOf(article)) {
    const extents = [...marks.pending(), ...grips.extents(), draft.get() ?? []].flat();
    paint(
      "pending",
      extents.map((extent) => rangeOf(blocks, extent)),
    );
  }

  function pendingChanged() {
    repaint();
    grips.place();
    proposed.hideAnswered();
  }

  /** @param {import("./marking.js").Mark} mark @param {boolean} isSaved */
  function answered({ url, answers }, isSaved) {
    if (answers) return proposed.answered(answers, isSaved);
    if (!isSaved) return form.cancel();
    form.arrived();
    const what = /^\/spans\/\d+\/delete/.test(url) ? "piece" : (url.split("/").at(-2) ?? "");
    if (what !== "all") announce([DONE[what] ?? "Saved.", where.described()].filter(Boolean).join(" "));
  }

  function tellClaim() {
    const lacks = inspector.querySelector("#record-state [data-lacks]")?.textContent ?? "";
    announce(["Saved.", lacks].filter(Boolean).join(" "));
  }

  /** @param {import("../lib/selection.js").Extent | null} extent @param {boolean} isSettled */
  function showDraft(extent, isSettled) {
    const blocks = blocksOf(article);
    repaint(blocks);
    const shown = extent && isSettled && isEditable ? extent : null;
    bar.show(shown && rangeOf(blocks, shown), slots.armed()?.role, hands.inHand("threat") ? ["restate"] : []);
    if (shown) offerQuotation(shown);
  }

  /** @param {import("../lib/selection.js").Extent} extent a quotation is offered as a statement, once it is known for one */
  async function offerQuotation(extent) {
    const quoting = await import("./quoting.js").catch(() => null);
    const isThere = draft.get() === extent && !slots.armed();
    if (isThere && quoting?.quotationAt(article, extent).length)
      bar.offer("quotation", rangeOf(blocksOf(article), extent));
  }

  async function steps() {
    const module = await loaded(import("./growth.js"));
    growing ??= module?.growth(article, draft, announce);
    return growing;
  }

  /** @param {string} kind @param {import("../lib/selection.js").Extent[]} extents @param {string} actor */
  function markAll(kind, extents, actor) {
    draft.clear();
    marks.createAll(
      kind,
      extents.map((extent) => ({ role: "all", extent })),
      actor ? { actor } : {},
    );
  }

  /** The records on the selected words, at the text cursor, or on the words of the record in hand. */
  function listRecords() {
    const blocks = blocksOf(article);
    const caret = caretOffset(article);
    const [segment] = where.current() ? segmentsOf(article, where.current() ?? "") : [];
    const place = draft.get() ?? (caret >= 0 && !piles.isOfRecord() ? { start: caret, end: caret } : null);
    if (place) return piles.open(place.start, rangeOf(blocks, place).getBoundingClientRect());
    if (!segment) return announce("Put the text cursor on some words first.");
    piles.open(offsetAtStart(blocks, segment), segment.getBoundingClientRect());
  }

  function enter() {
    if (slots.armed() && draft.get()) hands.use();
    else form.enter();
  }

  function stepBack() {
    if (slots.armed()) slots.disarm();
    else if (draft.get()) draft.clear();
    else letGo();
  }

  function letGo() {
    slots.disarm();
    piles.hide();
    where.close(address);
    article.focus({ preventScroll: true });
  }

  /** @type {Record<string, (...words: string[]) => unknown>} what keys and buttons do */
  const reading = {
    next: () => where.go(1),
    previous: () => where.go(-1),
    "next-lacking": () => where.goLacking(`${address}lacking/`, 1),
    "previous-lacking": () => where.goLacking(`${address}lacking/`, -1),
    stack: listRecords,
    grow: async () => (await steps())?.grow(),
    shrink: async () => (await steps())?.shrink(),
    snapping: snap.toggle,
    find: () => finder.open(draft.get()),
    "find-previous": finder.previous,
    "find-close": finder.close,
    help: async () => (await loaded(import("./keysheet.js")))?.openKeySheet(),
    guidelines: () => /** @type {HTMLElement | null} */ (main.querySelector("[data-guide]"))?.click(),
    enter,
    escape: stepBack,
    close: letGo,
  };
  const commands = isEditable
    ? {
        ...reading,
        ...hands.commands,
        ...proposed.commands,
        "find-skip": finder.skip,
        "mark-all": finder.markAll,
      }
    : reading;

  /** @param {KeyboardEvent} event */
  function press(event) {
    const target = /** @type {Element} */ (event.target);
    if (isElsewhere(event)) return;
    if (event.key === "Escape" && inspector.contains(target)) return article.focus({ preventScroll: true });
    if (form.keeps(event, target)) return event.preventDefault();
    const command = hasOwnUse(event, target) ? null : commandFor(event);
    if (!command || (event.repeat && !REPEATED.test(command.split(" ")[0]))) return;
    const [name, ...words] = command.split(" ");
    if (!commands[name]) return;
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
    piles.close();
    if (mark) piles.point(mark);
    where.open(id, { isQuiet: Boolean(mark) });
  }

  /** @param {HTMLButtonElement} button which may send a form where no script runs @param {MouseEvent} event */
  function act(button, event) {
    const { action = "", kind = "", role: name = "", side, step } = button.dataset;
    const row = button.closest("[data-span]");
    if (action === "arm") slots.toggle(name);
    else if (action === "suggestion") proposed.open(button);
    else if (row && action === "remove-piece") {
      event.preventDefault();
      hands.removePiece(row);
    } else if (row)
      hands.nudge(sign(side === "end"), sign(step !== "-1"), event.altKey ? "character" : "word", row);
    else if (commands[action]) {
      event.preventDefault();
      commands[action](kind);
    }
  }

  /** @param {Event} event another role was chosen for a piece; until that is saved it has the one it had */
  function choose(event) {
    const control = /** @type {Element} */ (event.target);
    const row = control.closest("[data-span]");
    if (!row || !(control instanceof HTMLSelectElement)) return;
    hands.recast(control.value, row);
    control.form?.reset();
  }

  function refresh() {
    where.follow(inspector.querySelector("[data-annotation]")?.getAttribute("data-annotation") ?? null);
    slots.refresh();
    piles.refresh(where.current());
    form.arrived();
    repaint();
    grips.place();
    proposed.refresh();
    showConflict();
  }

  /** Two versions to choose from have come into the place of a form that was in focus: from their beginning. */
  function showConflict() {
    const title = /** @type {HTMLElement | null} */ (inspector.querySelector("[data-conflict] [tabindex]"));
    if (title && title !== conflict) title.focus();
    conflict = title;
  }

  document.addEventListener("keydown", press, { signal });
  main.addEventListener("click", click, { signal });
  document.addEventListener("htmx:after:swap", refresh, { signal });
  inspector.addEventListener("mousedown", keepSelection, { signal });
  inspector.addEventListener("change", choose, { signal });
  inspector.addEventListener("claim:saved", tellClaim, { signal });
  refresh();
  if (isEditable) marks.restore();
  whenIdle(loadRest);
}

/** What comes with the first record or the first use of a key: so that it is there when the server is not. */
function loadRest() {
  const coming = [
    import("./growth.js"),
    import("./quoting.js"),
    import("./keysheet.js"),
    import("./claim.js"),
    import("./proposals.js"),
    import("./typeahead.js"),
    import("./signin.js"),
  ];
  for (const module of coming) module.catch(() => {});
}

/** @param {boolean} isForward @returns {1 | -1} */
const sign = (isForward) => (isForward ? 1 : -1);

/** @param {ReturnType<typeof blocksOf>} blocks @param {Element} segment @returns {number} its first code point */
function offsetAtStart(blocks, segment) {
  const { startContainer, startOffset } = contentsOf(segment);
  return offsetOf(blocks, startContainer, startOffset);
}

/** @param {KeyboardEvent} event @returns {boolean} whether it is another's: of a widget, a composed character, a dialog, a menu */
function isElsewhere(event) {
  const isCovered = document.querySelector("dialog[open], .menu:popover-open") !== null;
  return event.defaultPrevented || event.isComposing || isCovered;
}

/** @param {KeyboardEvent} event @param {Element} target @returns {boolean} whether the key means something where it was pressed */
function hasOwnUse({ code }, target) {
  return isForTyping(target) || (code === "Enter" && target.closest("button, a, summary, label") !== null);
}

/** A button pressed with the mouse takes neither the selection nor the focus. @param {MouseEvent} event */
function keepSelection(event) {
  if (/** @type {Element} */ (event.target).closest("button[data-action]")) event.preventDefault();
}

/** @param {HTMLElement} main @returns {(text: string) => void} has a screen reader say something, also the same again */
function announcer(main) {
  const region = document.createElement("p");
  region.className = "visually-hidden";
  region.setAttribute("role", "status");
  main.append(region);
  return (text) => {
    const isRepeated = text && region.textContent === text;
    region.textContent = isRepeated ? `${text}\u00a0` : text;
  };
}
