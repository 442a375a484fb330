// Facts on a picture: the position of a case, its passed elements, the number of cases at each element.
import { say } from "../words.js";

/**
 * Leaves out elements that the model does not draw: the table has them.
 * @param {Tool} viewer
 * @param {Facts} facts
 */
export function markFacts(viewer, { current = [], done = [], counts = {} } = {}) {
  /** @type {Canvas} */
  const canvas = viewer.get("canvas");
  /** @type {ElementRegistry} */
  const registry = viewer.get("elementRegistry");
  /** @param {string} id */
  const drawn = (id) => registry.get(id);
  for (const id of done.filter(drawn)) canvas.addMarker(id, "is-done");
  for (const id of current.filter(drawn)) {
    canvas.addMarker(id, "is-current");
    overlay(viewer, id, chip(say("here"), "diagram__here"));
  }
  for (const [id, count] of Object.entries(counts)) {
    if (drawn(id)) overlay(viewer, id, countChip(count));
  }
}

/**
 * Adds the overlay at the upper right corner; the style sheet moves it out of the shape, at every scale.
 * @param {Tool} viewer
 * @param {string} id
 * @param {HTMLElement} html
 */
function overlay(viewer, id, html) {
  /** @type {Overlays} */
  const overlays = viewer.get("overlays");
  overlays.add(id, { position: { top: 0, right: 0 }, html, show: { minZoom: 0 }, scale: { min: 0.75, max: 1 } });
}

/** @param {number | Count} count */
function countChip(count) {
  /** @type {Count} */
  const { number, words, href, late } = typeof count === "object" ? count : { number: count };
  const element = chip(String(number), late ? "diagram__count diagram__count--late" : "diagram__count", href);
  if (words) {
    element.title = words;
    if (href) element.setAttribute("aria-label", words);
  }
  return element;
}

/**
 * @param {string} text
 * @param {string} className
 * @param {string} [href]
 */
function chip(text, className, href) {
  const element = document.createElement(href ? "a" : "span");
  element.className = className;
  element.textContent = text;
  if (href) element.setAttribute("href", href);
  return element;
}
