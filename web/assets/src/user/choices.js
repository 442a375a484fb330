// A search field over a long list of check boxes: <input data-filters="id of the list" hidden>. Ticked ones always stay visible.

function narrow(list, text) {
  const wanted = text.trim().toLowerCase();
  for (const choice of list.querySelectorAll(".form-check")) {
    const ticked = choice.querySelector("input")?.checked;
    choice.hidden = !ticked && !choice.textContent.toLowerCase().includes(wanted);
  }
}

export function filterChoices(document) {
  for (const search of document.querySelectorAll("[data-filters]")) {
    const list = document.getElementById(search.dataset.filters);
    search.hidden = false;
    search.addEventListener("input", () => narrow(list, search.value));
  }
}
