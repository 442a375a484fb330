// Which table of a decision file is open, and the tabs that choose it.

const KINDS = ["decisionTable", "literalExpression"];

const tables = (modeler) => modeler.getViews().filter((view) => KINDS.includes(view.type));

/** Opens the table with this id, or the one that holds the rule or column of this id, else the first. */
export async function chooseTable(modeler, id = null) {
  const views = tables(modeler);
  const view = views.find(({ element }) => element.id === id || holds(element.decisionLogic, id)) ?? views[0];
  if (view && view !== modeler.getActiveView()) await modeler.open(view);
  if (id) document.querySelector(`[data-row-id="${CSS.escape(id)}"], [data-col-id="${CSS.escape(id)}"]`)?.scrollIntoView({ block: "center" });
}

function holds(logic, id) {
  return [...(logic?.rule ?? []), ...(logic?.input ?? []), ...(logic?.output ?? [])].some((part) => part.id === id);
}

/** One tab for each table, when there are several. */
export function listTables(place, modeler) {
  const views = tables(modeler);
  place.hidden = views.length < 2;
  place.replaceChildren(...views.map((view) => tab(modeler, view)));
}

function tab(modeler, view) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-link";
  button.textContent = view.name || view.id;
  if (view === modeler.getActiveView()) button.setAttribute("aria-current", "true");
  button.addEventListener("click", () => modeler.open(view));
  return button;
}
