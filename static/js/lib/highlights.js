/**
 * Painting that never touches the text's elements, through the CSS Custom Highlight API.
 *
 * The stylesheet gives each name its look: `::highlight(pending)`, `::highlight(search)`, …
 * @typedef {"pending" | "cursor" | "hover" | "search" | "suggestion" | "suggested" | "question"} Name
 */

/** Later ones are painted over earlier ones. @type {Name[]} */
const NAMES = ["suggestion", "suggested", "question", "hover", "search", "pending", "cursor"];

/** @param {Name} name @param {Iterable<AbstractRange>} ranges what to paint; whatever had the name before is unpainted */
export function paint(name, ranges) {
  if (!("highlights" in CSS)) return;
  const highlight = new Highlight(...ranges);
  highlight.priority = NAMES.indexOf(name);
  if (highlight.size) CSS.highlights.set(name, highlight);
  else CSS.highlights.delete(name);
}
