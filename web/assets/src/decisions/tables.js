// The open table of a decision file, and the tabs that choose it.

const KINDS = ["decisionTable", "literalExpression"];

/**
 * @typedef {import("dmn-js/lib/Modeler").default} Modeler
 * @typedef {import("dmn-js/lib/Modeler").View} View
 * @typedef {import("dmn-js/lib/Modeler").Logic} Logic
 */

/** @param {Modeler} modeler */
const tables = (modeler) => modeler.getViews().filter((view) => KINDS.includes(view.type));

/**
 * Opens the table with this id, or the table with the rule or column of this id, else the first table.
 * @param {Modeler} modeler
 * @param {string | null} id
 */
export async function chooseTable(modeler, id = null) {
  const views = tables(modeler);
  const view = views.find(({ element }) => element.id === id || holds(element.decisionLogic, id)) ?? views[0];
  if (view && view !== modeler.getActiveView()) await modeler.open(view);
  if (id)
    document
      .querySelector(`[data-row-id="${CSS.escape(id)}"], [data-col-id="${CSS.escape(id)}"]`)
      ?.scrollIntoView({ block: "center" });
}

/**
 * @param {Logic | undefined} logic
 * @param {string | null} id
 */
function holds(logic, id) {
  return [...(logic?.rule ?? []), ...(logic?.input ?? []), ...(logic?.output ?? [])].some((part) => part.id === id);
}

/**
 * Adds one tab for each table, if there are several.
 * @param {HTMLElement} place
 * @param {Modeler} modeler
 */
export function listTables(place, modeler) {
  const views = tables(modeler);
  place.hidden = views.length < 2;
  place.replaceChildren(...views.map((view) => tab(modeler, view)));
}

/**
 * @param {Modeler} modeler
 * @param {View} view
 */
function tab(modeler, view) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.textContent = view.name || view.id;
  if (view === modeler.getActiveView()) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => modeler.open(view));
  return button;
}
