// Facts on a picture: where a case is now, what it has passed, how many cases stand where.
import { say } from "../words.js";

/**
 * facts: current and done are lists of element ids; counts maps an element id to a number or to
 * {number, words, href, late}. Elements the model does not draw are left out: the table has them.
 */
export function markFacts(viewer, { current = [], done = [], counts = {} } = {}) {
  const canvas = viewer.get("canvas");
  const drawn = (id) => viewer.get("elementRegistry").get(id);
  for (const id of done.filter(drawn)) canvas.addMarker(id, "is-done");
  for (const id of current.filter(drawn)) {
    canvas.addMarker(id, "is-current");
    overlay(viewer, id, chip(say("here"), "diagram__here"));
  }
  for (const [id, count] of Object.entries(counts)) {
    if (drawn(id)) overlay(viewer, id, countChip(count));
  }
}

// All hang at the upper right corner; the style sheet moves each out of the shape, at every scale.
function overlay(viewer, id, html) {
  viewer.get("overlays").add(id, { position: { top: 0, right: 0 }, html, show: { minZoom: 0 }, scale: { min: 0.75, max: 1 } });
}

function countChip(count) {
  const { number, words, href, late } = typeof count === "object" ? count : { number: count };
  const element = chip(String(number), late ? "diagram__count diagram__count--late" : "diagram__count", href);
  if (words) {
    element.title = words;
    if (href) element.setAttribute("aria-label", words);
  }
  return element;
}

function chip(text, className, href) {
  const element = document.createElement(href ? "a" : "span");
  element.className = className;
  element.textContent = text;
  if (href) element.href = href;
  return element;
}
