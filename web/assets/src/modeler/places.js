// Elements of the drawing that a problem names.

/** @type {Record<Problem["severity"], string>} */
const MARKERS = { error: "has-error", warning: "has-warning" };

/**
 * The drawn element of a model id: itself, or the pool of a process, or the canvas for the process itself.
 * @param {Tool} modeler
 * @param {string} id
 * @returns {DrawnElement | undefined}
 */
function drawn(modeler, id) {
  /** @type {ElementRegistry} */
  const registry = modeler.get("elementRegistry");
  const found = registry.get(id) ?? registry.find((element) => element.businessObject?.processRef?.id === id);
  return /** @type {DrawnElement | undefined} */ (found);
}

/**
 * @param {Tool} modeler
 * @param {Problem[]} problems
 */
export function markProblems(modeler, problems) {
  /** @type {Canvas} */
  const canvas = modeler.get("canvas");
  /** @type {ElementRegistry} */
  const registry = modeler.get("elementRegistry");
  registry.forEach((element) => {
    for (const marker of Object.values(MARKERS)) canvas.removeMarker(element.id, marker);
  });
  for (const { element_id: id, severity } of problems) {
    const element = id ? drawn(modeler, id) : undefined;
    if (element?.parent) canvas.addMarker(element, MARKERS[severity]);
  }
}

/**
 * @param {Tool} modeler
 * @param {string | null} id
 */
export function bringIntoView(modeler, id) {
  const element = id ? drawn(modeler, id) : undefined;
  if (!element) return;
  /** @type {Canvas} */
  const canvas = modeler.get("canvas");
  /** @type {ChosenElements} */
  const selection = modeler.get("selection");
  canvas.scrollToElement(element);
  selection.select(element);
}
