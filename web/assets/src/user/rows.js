// A row more or less changes only the list it stands in: the page keeps its place, and the focus goes to where somebody goes on writing.
// The server draws the form, as it does without this file; only the list is taken from its answer.

/**
 * The button of a list that was pressed.
 * @param {Event} event
 */
function buttonOf(event) {
  const button = /** @type {Element} */ (event.target).closest?.("[data-rows] button[name=act]");
  return /** @type {HTMLButtonElement | null} */ (button);
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLButtonElement} button
 * @returns {Promise<Document | null>} the form as the server draws it then
 */
export async function redrawn(form, button) {
  const body = new FormData(form, button);
  const answer = await fetch(button.formAction, { method: "POST", body }).catch(() => null);
  if (!answer?.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html");
}

/**
 * Where somebody goes on: in the row that was added, else at the button that adds.
 * @param {Element} list
 * @param {boolean} grown
 */
function placeIn(list, grown) {
  const rows = list.querySelectorAll(".rows__row");
  const first = grown ? rows[rows.length - 1]?.querySelector("input:not([type=hidden]), textarea, select") : null;
  return /** @type {HTMLElement | null} */ (first ?? list.querySelector("button[value^='add:']"));
}

/** @param {HTMLButtonElement} button */
async function change(button) {
  const form = /** @type {HTMLFormElement} */ (button.form);
  const list = /** @type {HTMLElement} */ (button.closest("[data-rows]"));
  const grown = button.value.startsWith("add:");
  const drawn = (await redrawn(form, button))?.getElementById(list.id);
  if (!drawn) return form.requestSubmit(button); // the whole page tells what is wrong
  list.replaceWith(drawn);
  placeIn(drawn, grown)?.focus();
  for (const kind of ["input", "change"]) drawn.dispatchEvent(new Event(kind, { bubbles: true }));
}

/** @param {Document} document */
export function growRows(document) {
  document.addEventListener("click", (event) => {
    const button = buttonOf(event);
    if (!button?.form || button.dataset.whole !== undefined) return;
    event.preventDefault();
    button.dataset.whole = ""; // pressed again, or by requestSubmit: the form goes as a whole
    change(button);
  });
}
