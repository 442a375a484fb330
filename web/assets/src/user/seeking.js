// A field with many choices is searched while somebody types. The server draws what it finds, as it does by the button without this file.
import { redrawn } from "./rows.js";

const PAUSE = 300; // milliseconds without a key, before the server is asked

/**
 * What somebody has typed and ticked in the field.
 * @param {HTMLElement} field
 */
function stateOf(field) {
  const search = /** @type {HTMLInputElement} */ (field.querySelector("[data-seeks]"));
  /** @type {NodeListOf<HTMLInputElement>} */
  const ticked = field.querySelectorAll("input[type=checkbox]:checked");
  return [search.value, ...[...ticked].map((box) => box.value)].join("\n");
}

/**
 * Put the found choices into the field. The search itself stays as it is, for somebody may be typing in it.
 * @param {HTMLElement} field
 * @param {Element} drawn
 */
function take(field, drawn) {
  for (const part of ["[data-found]", "[role=status]"]) {
    const found = drawn.querySelector(part);
    if (found) field.querySelector(part)?.replaceWith(found);
  }
}

/** @param {HTMLElement} field */
async function seek(field) {
  const button = /** @type {HTMLButtonElement | null} */ (field.querySelector("button[value^='find:']"));
  if (!button?.form) return;
  const asked = stateOf(field);
  const drawn = (await redrawn(button.form, button))?.getElementById(field.id);
  if (!drawn) return button.form.requestSubmit(button); // the whole page tells what is wrong
  if (stateOf(field) === asked) return take(field, drawn);
  return seek(field); // somebody went on meanwhile
}

/** @param {Document} document */
export function seekChoices(document) {
  let waiting = 0;
  document.addEventListener("input", (event) => {
    const search = /** @type {HTMLElement} */ (event.target);
    const field = /** @type {HTMLElement | null} */ (search.closest("[data-sought]"));
    if (!field || search.dataset.seeks === undefined) return;
    clearTimeout(waiting);
    waiting = window.setTimeout(() => seek(field), PAUSE);
  });
  for (const kind of ["click", "keydown"]) {
    document.addEventListener(kind, (event) => {
      const field = /** @type {HTMLElement | null} */ (pressed(event)?.closest("[data-sought]"));
      if (!field) return;
      event.preventDefault();
      seek(field);
    });
  }
}

/**
 * The button of a search, or its field when Enter was pressed in it: that presses the first button of the form else.
 * @param {Event} event
 */
function pressed(event) {
  const target = /** @type {Element} */ (event.target);
  if (event.type === "click") return target.closest("[data-sought] button[value^='find:']");
  return /** @type {KeyboardEvent} */ (event).key === "Enter" ? target.closest("[data-seeks]") : null;
}
