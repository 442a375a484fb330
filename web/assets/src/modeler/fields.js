// Kinds of entries for the properties panel: an attribute as text or as a box to tick, an expression, a property of the
// Camunda namespace, one of several words, and the activity that a compensation undoes.
import { CheckboxEntry, SelectEntry, TextFieldEntry } from "@bpmn-io/properties-panel";
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { useService } from "bpmn-js-properties-panel";
import { say } from "../words.js";
import { nameOf, undoable } from "./undoing.js";

/**
 * The options of every entry.
 * @typedef {{ element: DrawnElement, id: string }} Entry
 * @typedef {Entry & { label: string, hint?: string }} Field
 */

const SHAPES = ["singleEntry", "singleResult", "collectEntries", "resultList"];

/**
 * An attribute of the element, or of its `part`; `also` are attributes that exist only together with it. An empty text
 * removes all. `read` turns the text into a value; a text that it cannot read is not written.
 * @param {Field & {
 *   part?: Part, attribute: string, also?: Record<string, unknown>, read?: (text: string) => unknown
 * }} field
 */
export function AttributeField({ element, id, part, attribute, label, hint, also = {}, read = (text) => text }) {
  const modeling = useService("modeling");
  const debounce = useService("debounceInput");
  const of = part ?? getBusinessObject(element);
  /** @param {string | undefined} text */
  const setValue = (text) => {
    const value = text ? read(text) : undefined;
    const others = Object.fromEntries(Object.entries(also).map(([name, given]) => [name, value && given]));
    modeling.updateModdleProperties(element, of, { [attribute]: value, ...others });
  };
  const getValue = () => of.get(attribute);
  return TextFieldEntry({ element, id, label, description: hint, getValue, setValue, debounce });
}

/**
 * An expression in an element of its own inside `part`.
 * @param {Field & { part: Part, property: string }} field
 */
export function ExpressionField({ element, id, part, property, label, hint }) {
  const modeling = useService("modeling");
  const debounce = useService("debounceInput");
  const bpmnFactory = useService("bpmnFactory");
  const getValue = () => part.get(property)?.get("body");
  /** @param {string | undefined} body */
  const setValue = (body) => {
    const expression = body ? bpmnFactory.create("bpmn:FormalExpression", { body }) : undefined;
    if (expression) expression.$parent = part;
    modeling.updateModdleProperties(element, part, { [property]: expression });
  };
  return TextFieldEntry({ element, id, label, description: hint, getValue, setValue, debounce });
}

/**
 * A yes or no attribute of `part`, or of the element itself.
 * @param {Field & { part?: Part, attribute: string }} field
 */
export function Tick({ element, id, part, attribute, label }) {
  const modeling = useService("modeling");
  const of = part ?? getBusinessObject(element);
  /** @param {boolean} value */
  const setValue = (value) => modeling.updateModdleProperties(element, of, { [attribute]: value });
  return CheckboxEntry({ element, id, label, getValue: () => of.get(attribute), setValue });
}

/**
 * @param {Part[]} values
 * @param {string} kind
 */
const ofKind = (values, kind) => values.find((value) => is(value, kind));

/**
 * A property among the Camunda properties of the element; an empty text removes it.
 * @param {Field & { name: string }} field
 */
export function PropertyField({ element, id, name, label, hint }) {
  const modeling = useService("modeling");
  const debounce = useService("debounceInput");
  const bpmnFactory = useService("bpmnFactory");
  /** @returns {Part[]} */
  const extended = () => getBusinessObject(element).get("extensionElements")?.get("values") ?? [];
  /** @returns {Part[]} */
  const named = () => ofKind(extended(), "camunda:Properties")?.get("values") ?? [];
  const getValue = () =>
    named()
      .find((one) => one.get("name") === name)
      ?.get("value");
  /**
   * @param {string} kind
   * @param {Part[]} values
   */
  const within = (kind, values) => {
    const whole = bpmnFactory.create(kind, { values });
    for (const one of values) one.$parent = whole;
    return whole;
  };
  /** @param {string | undefined} value */
  const setValue = (value) => {
    const others = named().filter((one) => one.get("name") !== name);
    const all = value ? [...others, bpmnFactory.create("camunda:Property", { name, value })] : others;
    const rest = extended().filter((one) => !is(one, "camunda:Properties"));
    const values = all.length ? [...rest, within("camunda:Properties", all)] : rest;
    const extensionElements = values.length ? within("bpmn:ExtensionElements", values) : undefined;
    if (extensionElements) extensionElements.$parent = getBusinessObject(element);
    modeling.updateProperties(element, { extensionElements });
  };
  return TextFieldEntry({ element, id, label, description: hint, getValue, setValue, debounce });
}

/**
 * The activity that a thrown compensation undoes; none: every completed activity in its scope.
 * @param {Entry & { part: Part }} entry
 */
export function UndoneActivity({ element, id, part }) {
  const modeling = useService("modeling");
  const activities = undoable(getBusinessObject(element));
  return SelectEntry({
    element,
    id,
    label: say("undone"),
    getValue: () => part.get("activityRef")?.get("id") ?? "",
    setValue: (/** @type {string} */ value) => {
      const activityRef = activities.find((one) => one.get("id") === value);
      modeling.updateModdleProperties(element, part, { activityRef });
    },
    getOptions: () => [
      { value: "", label: say("everything") },
      ...activities.map((one) => ({ value: one.get("id"), label: nameOf(one) })),
    ],
  });
}

/** @param {Entry} entry */
export function MapResult({ element, id }) {
  const modeling = useService("modeling");
  return SelectEntry({
    element,
    id,
    label: say("map result"),
    getValue: () => getBusinessObject(element).get("camunda:mapDecisionResult") ?? "resultList",
    setValue: (/** @type {string} */ value) =>
      modeling.updateProperties(element, { "camunda:mapDecisionResult": value }),
    getOptions: () => SHAPES.map((value) => ({ value, label: say(value) })),
  });
}

/**
 * Whether the activities of an ad-hoc sub-process run one by one or in parallel.
 * @param {Entry} entry
 */
export function Ordering({ element, id }) {
  const modeling = useService("modeling");
  return SelectEntry({
    element,
    id,
    label: say("ordering"),
    getValue: () => getBusinessObject(element).get("ordering") ?? "Parallel",
    setValue: (/** @type {string} */ ordering) => modeling.updateProperties(element, { ordering }),
    getOptions: () => ["Parallel", "Sequential"].map((value) => ({ value, label: say(value) })),
  });
}
