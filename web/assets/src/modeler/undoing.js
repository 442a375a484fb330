// The activities that a thrown compensation can undo by name, by the rules of the engine's checks.
import { is } from "bpmn-js/lib/util/ModelUtil";

/** @param {Part} event */
const isUndoing = (event) =>
  is(event, "bpmn:BoundaryEvent") &&
  event.get("eventDefinitions").some((/** @type {Part} */ one) => is(one, "bpmn:CompensateEventDefinition"));

/**
 * Returns sub-processes, and activities with a compensation event, in the scope of the event or around its event sub-process.
 * @param {Part} event
 */
export function undoable(event) {
  /** @type {Part[]} */
  const found = [];
  for (let scope = event.$parent; scope; scope = scope.triggeredByEvent ? scope.$parent : undefined) {
    /** @type {Part[]} */
    const inside = scope.get("flowElements");
    const undone = new Set(inside.filter(isUndoing).map((one) => one.attachedToRef));
    /** @param {Part} one */
    const isWhole = (one) => is(one, "bpmn:SubProcess") && !one.triggeredByEvent && !one.isForCompensation;
    found.push(...inside.filter((one) => isWhole(one) || undone.has(one)));
  }
  return found.sort((one, other) => nameOf(one).localeCompare(nameOf(other)));
}

/**
 * @param {Part} activity
 * @returns {string}
 */
export const nameOf = (activity) => activity.get("name") || activity.get("id");
