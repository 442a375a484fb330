// A search field over a long list of check boxes: <input data-filters="id of the list" hidden>. Ticked ones always stay visible.

/**
 * @param {HTMLElement} list
 * @param {string} text
 */
function narrow(list, text) {
  const wanted = text.trim().toLowerCase();
  /** @type {NodeListOf<HTMLElement>} */
  const choices = list.querySelectorAll(".form-check");
  for (const choice of choices) {
    const ticked = choice.querySelector("input")?.checked;
    choice.hidden = !ticked && !choice.textContent.toLowerCase().includes(wanted);
  }
}

/** @param {Document} document */
export function filterChoices(document) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const searches = document.querySelectorAll("[data-filters]");
  for (const search of searches) {
    const list = document.getElementById(search.dataset.filters ?? "");
    if (!list) continue;
    search.hidden = false;
    search.addEventListener("input", () => narrow(list, search.value));
  }
}
