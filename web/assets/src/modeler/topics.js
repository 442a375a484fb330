// Turns work that names code of another engine into an external task: one command, so one undo reverts all of it.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

// A result variable takes the value of an expression; workers name their variables.
const REPLACED = ["class", "delegateExpression", "type", "expression", "topic", "resultVariable"];

/** @typedef {[part: Part, properties: Record<string, unknown>]} Change */

/**
 * Applies a correction of the check: the element gets its topic in place of the name of the code.
 * @param {Tool} modeler
 * @param {Correction} correction
 */
export function makeTopic(modeler, { element_id: id, topic }) {
  /** @type {ElementRegistry} */
  const registry = modeler.get("elementRegistry");
  const element = registry.get(id);
  if (!element) return;
  const part = callerOf(getBusinessObject(element));
  /** @type {Change[]} */
  const commands = [
    [part, { ...unnamed(part), "camunda:type": "external", "camunda:topic": topic }],
    ...disconnected(part),
  ];
  /** @type {import("diagram-js/lib/command/CommandStack").default} */
  const stack = modeler.get("commandStack");
  stack.execute(
    "properties-panel.multi-command-executor",
    commands.map(([moddleElement, properties]) => ({
      cmd: "element.updateModdleProperties",
      context: { element, moddleElement, properties },
    })),
  );
}

/**
 * Returns the part with the attributes: the task, or the message that an event throws.
 * @param {Part} object
 * @returns {Part}
 */
function callerOf(object) {
  /** @type {Part[]} */
  const definitions = is(object, "bpmn:Event") ? object.get("eventDefinitions") : [];
  return definitions.find((one) => is(one, "bpmn:MessageEventDefinition")) ?? object;
}

/**
 * Returns all attributes that may name the code: Camunda's, and those of related engines, which are unknown attributes here.
 * @param {Part} part
 */
function unnamed(part) {
  const foreign = Object.keys(part.$attrs).filter((name) => name.includes(":") && REPLACED.includes(local(name)));
  return Object.fromEntries(
    [...REPLACED.map((name) => `camunda:${name}`), ...foreign].map((name) => [name, undefined]),
  );
}

/**
 * Returns the changes that remove connectors; their parameters join those of the task.
 * @param {Part} part
 * @returns {Change[]}
 */
function disconnected(part) {
  /** @type {Part | undefined} */
  const extensions = part.get("extensionElements");
  /** @type {Part[]} */
  const values = extensions?.get("values") ?? [];
  const connectors = values.filter((one) => local(one.$type).toLowerCase() === "connector");
  if (!extensions || !connectors.length) return [];
  const rest = values.filter((one) => !connectors.includes(one));
  const own = rest.find((one) => is(one, "camunda:InputOutput"));
  const moved = connectors.flatMap(parametersOf);
  if (own && moved.every((one) => is(one, "camunda:InputOutput"))) {
    /** @param {string} name */
    const joined = (name) => [own, ...moved].flatMap((one) => one.get(name));
    const parameters = { inputParameters: joined("inputParameters"), outputParameters: joined("outputParameters") };
    return [
      [extensions, { values: rest }],
      [own, parameters],
    ];
  }
  return [[extensions, { values: [...rest, ...moved] }]];
}

/**
 * @param {Part} connector
 * @returns {Part[]}
 */
const parametersOf = (connector) =>
  is(connector, "camunda:Connector")
    ? [connector.get("inputOutput")].filter(Boolean)
    : connector.$children.filter((/** @type {Part} */ one) => local(one.$type) === "inputOutput");

/** @param {string} name */
const local = (name) => name.slice(name.lastIndexOf(":") + 1);
