// Elements of the drawing that a problem speaks of.

const MARKERS = { error: "has-error", warning: "has-warning" };

/** The drawn element of a model id: itself, or the pool of a process, or the canvas for the process itself. */
function drawn(modeler, id) {
  const registry = modeler.get("elementRegistry");
  return registry.get(id) ?? registry.find((element) => element.businessObject?.processRef?.id === id);
}

export function markProblems(modeler, problems) {
  const canvas = modeler.get("canvas");
  modeler.get("elementRegistry").forEach((element) => {
    for (const marker of Object.values(MARKERS)) canvas.removeMarker(element, marker);
  });
  for (const { element_id: id, severity } of problems) {
    const element = id && drawn(modeler, id);
    if (element?.parent) canvas.addMarker(element, MARKERS[severity]);
  }
}

export function bringIntoView(modeler, id) {
  const element = drawn(modeler, id);
  if (!element) return;
  modeler.get("canvas").scrollToElement(element);
  modeler.get("selection").select(element);
}
