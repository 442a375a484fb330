// Makes work that names code of another engine an external task: one command, so that one undo takes all of it back.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

// A result variable is for the one value of an expression; workers name what they write.
const REPLACED = ["class", "delegateExpression", "type", "expression", "topic", "resultVariable"];

/** The element of a correction that the check offers, with its topic in place of what named the code. */
export function makeTopic(modeler, { element_id: id, topic }) {
  const element = modeler.get("elementRegistry").get(id);
  if (!element) return;
  const part = callerOf(getBusinessObject(element));
  const commands = [[part, { ...unnamed(part), "camunda:type": "external", "camunda:topic": topic }], ...disconnected(part)];
  modeler.get("commandStack").execute("properties-panel.multi-command-executor", commands.map(([moddleElement, properties]) => ({
    cmd: "element.updateModdleProperties", context: { element, moddleElement, properties },
  })));
}

/** What carries the attributes: the task, or the message that an event throws. */
function callerOf(object) {
  const definitions = is(object, "bpmn:Event") ? object.get("eventDefinitions") : [];
  return definitions.find((one) => is(one, "bpmn:MessageEventDefinition")) ?? object;
}

/** All that could say what is called, in the words of Camunda and of its relatives, which are unknown attributes here. */
function unnamed(part) {
  const foreign = Object.keys(part.$attrs).filter((name) => name.includes(":") && REPLACED.includes(local(name)));
  return Object.fromEntries([...REPLACED.map((name) => `camunda:${name}`), ...foreign].map((name) => [name, undefined]));
}

/** Without connectors; their parameters join those of the task. */
function disconnected(part) {
  const extensions = part.get("extensionElements");
  const values = extensions?.get("values") ?? [];
  const connectors = values.filter((one) => local(one.$type).toLowerCase() === "connector");
  if (!connectors.length) return [];
  const rest = values.filter((one) => !connectors.includes(one));
  const own = rest.find((one) => is(one, "camunda:InputOutput"));
  const moved = connectors.flatMap(parametersOf);
  if (own && moved.every((one) => is(one, "camunda:InputOutput"))) {
    const joined = (name) => [own, ...moved].flatMap((one) => one.get(name));
    const parameters = { inputParameters: joined("inputParameters"), outputParameters: joined("outputParameters") };
    return [[extensions, { values: rest }], [own, parameters]];
  }
  return [[extensions, { values: [...rest, ...moved] }]];
}

const parametersOf = (connector) => (is(connector, "camunda:Connector")
  ? [connector.get("inputOutput")].filter(Boolean)
  : connector.$children.filter((one) => local(one.$type) === "inputOutput"));

const local = (name) => name.split(":").pop();
