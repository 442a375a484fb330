// Limits the properties panel to properties that the engine runs, and gives it this product's words.
import { Group, isCheckboxEntryEdited, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { getBusinessObject, is, isAny } from "bpmn-js/lib/util/ModelUtil";
import { say } from "../words.js";
import { AttributeField, ExpressionField, MapResult, Ordering, PropertyField, Tick, UndoneActivity } from "./fields.js";

// Groups that are not shown, with the reason.
const REPLACED = ["compensation", "CamundaPlatform__Implementation", "CamundaPlatform__Form"]; // groups of our own replace it
const CODE = ["ExecutionListener", "TaskListener", "FieldInjection", "ConnectorInput", "ConnectorOutput"]; // cannot run here
const TOLD = ["Errors", "ExternalTask", "JobExecution", "CandidateStarter", "Tasklist", "BusinessKey"]; // each has a finding
const WITHOUT_EFFECT = ["AsynchronousContinuations", "HistoryCleanup"]; // every step is stored, no history is deleted
const NOTHING_TO_SET = ["ProcessVariables"]; // a list of the values of other fields
const NOT_SHOWN = new Set([
  ...REPLACED,
  ...[...CODE, ...TOLD, ...WITHOUT_EFFECT, ...NOTHING_TO_SET].map((name) => `CamundaPlatform__${name}`),
]);
// The same for single entries in groups that are shown.
const ENTRIES_NOT_SHOWN = new Set([
  "errorMessage",
  "calledElementTenantId", // told
  "multiInstanceAsynchronousBefore",
  "multiInstanceAsynchronousAfter",
  "multiInstanceExclusive", // without effect
  "multiInstanceRetryTimeCycle", // told
  "calledElementDelegateVariableMappingType",
  "calledElementVariableMappingClass", // code
  "calledElementVariableMappingDelegateExpression", // code
]);

/**
 * Entries and groups in the panel's form: an entry is a component with its options.
 * @typedef {{ id: string, [option: string]: unknown }} Entry
 * @typedef {{ id: string, entries?: Entry[], items?: unknown[], [option: string]: unknown }} PanelGroup
 */

class Provider {
  static $inject = ["propertiesPanel", "translate"];

  /**
   * @param {{ registerProvider(priority: number, provider: Provider): void }} propertiesPanel
   * @param {(text: string) => string} translate
   */
  constructor(propertiesPanel, translate) {
    this.translate = translate;
    // A lower priority than every other provider, so that this one gets all their groups.
    propertiesPanel.registerProvider(100, this);
  }

  /** @param {DrawnElement} element */
  getGroups(element) {
    return (/** @type {PanelGroup[]} */ groups) => {
      const kept = groups
        .filter((group) => !NOT_SHOWN.has(group.id) && !isEmptyFormData(group))
        .map(cut)
        .map(inEnglish);
      const own = ownGroups(element);
      const place = kept.findIndex((group) => group.id === "documentation") + 1;
      const all = [...kept.slice(0, place), ...own, ...kept.slice(place)];
      // A group has English buttons unless it gets the service.
      return all.map((group) => ({ ...group, translate: this.translate }));
    };
  }
}

/**
 * Generated form fields are read from old models; new ones use a form of their own.
 * @param {PanelGroup} group
 */
const isEmptyFormData = (group) => group.id === "CamundaPlatform__FormData" && !group.items?.length;

/** @param {PanelGroup} group */
const cut = (group) =>
  group.entries ? { ...group, entries: group.entries.filter((entry) => !ENTRIES_NOT_SHOWN.has(entry.id)) } : group;

/**
 * What English pages show in place of the name and the documentation.
 * @param {PanelGroup} group
 */
const inEnglish = (group) => {
  const text = { general: "name", documentation: "documentation" }[group.id];
  if (!text || !group.entries) return group;
  const name = `${text}_en`;
  return { ...group, entries: [...group.entries, field(name, say(name), { component: PropertyField, name })] };
};

/** @param {DrawnElement} element */
function ownGroups(element) {
  /** @type {Part} */
  const object = getBusinessObject(element);
  /** @type {PanelGroup[]} */
  const groups = [];
  if (isAny(element, ["bpmn:ServiceTask", "bpmn:SendTask"])) groups.push(work(object));
  if (is(element, "bpmn:BusinessRuleTask")) groups.push(decision());
  if (is(element, "bpmn:AdHocSubProcess")) groups.push(choice());
  if (is(element, "bpmn:UserTask")) groups.push(form([askedAnew(), untold()]));
  if (is(element, "bpmn:StartEvent")) groups.push(form([]));
  if (is(element, "bpmn:Event")) groups.push(...ofEvent(element, object.get("eventDefinitions") ?? []));
  const loop = is(element, "bpmn:Activity") && object.get("loopCharacteristics");
  if (loop && is(loop, "bpmn:StandardLoopCharacteristics")) groups.push(repetition(loop));
  return groups;
}

/**
 * Groups of an event: what a throwing event undoes or calls; whether an event with several definitions waits for all.
 * @param {DrawnElement} element
 * @param {Part[]} definitions
 */
function ofEvent(element, definitions) {
  if (is(element, "bpmn:CatchEvent")) return definitions.length > 1 ? [several()] : [];
  /** @param {string} kind */
  const one = (kind) => definitions.find((definition) => is(definition, kind));
  const undone = one("bpmn:CompensateEventDefinition");
  const message = one("bpmn:MessageEventDefinition");
  return [...(undone ? [undoing(undone)] : []), ...(message ? [work(message)] : [])];
}

/**
 * @param {string} id
 * @param {string} label
 * @param {Entry[]} entries
 * @returns {PanelGroup}
 */
function group(id, label, entries) {
  return { id: `tindak-${id}`, label, component: Group, entries, shouldOpen: true };
}

/**
 * @param {string} attribute
 * @param {string} label
 * @param {Record<string, unknown>} options
 * @returns {Entry}
 */
function field(attribute, label, { component = AttributeField, ...more } = {}) {
  return { id: `tindak-${attribute}`, component, isEdited: isTextFieldEntryEdited, attribute, label, ...more };
}

/**
 * @param {string} attribute
 * @param {string} label
 * @param {Part} [part]
 * @returns {Entry}
 */
const tick = (attribute, label, part) => ({
  id: `tindak-${attribute}`,
  component: Tick,
  isEdited: isCheckboxEntryEdited,
  attribute,
  label,
  part,
});

/** @param {Part} part */
const work = (part) =>
  group("work", say("task"), [
    field("camunda:topic", say("topic"), { part, hint: say("topic hint"), also: { "camunda:type": "external" } }),
    field("camunda:taskPriority", say("task priority"), { part, hint: say("task priority hint") }),
    field("camunda:expression", say("expression"), { part, hint: say("expression hint") }),
    field("camunda:resultVariable", say("result variable"), { part }),
  ]);

/** @param {Part} part */
const undoing = (part) =>
  group("undoing", say("undoing"), [
    { id: "tindak-activityRef", component: UndoneActivity, isEdited: isSelectEntryEdited, part },
  ]);

const several = () => group("several", say("several events"), [tick("parallelMultiple", say("all of them"))]);

/** @param {Part} part */
const repetition = (part) =>
  group("loop", say("loop"), [
    field("loopCondition", say("loop condition"), {
      component: ExpressionField,
      property: "loopCondition",
      part,
      hint: say("loop condition hint"),
    }),
    field("loopMaximum", say("loop maximum"), {
      part,
      read: (/** @type {string} */ text) => (/^\d{1,9}$/.test(text) ? Number(text) : undefined),
    }),
    tick("testBefore", say("loop before"), part),
  ]);

const askedAnew = () =>
  field("askAnew", say("asked anew"), {
    component: PropertyField,
    name: "askAnew",
    hint: say("asked anew hint"),
  });

const untold = () =>
  field("untold", say("untold"), {
    component: PropertyField,
    name: "untold",
    hint: say("untold hint"),
  });

const decision = () =>
  group("decision", say("decision"), [
    field("camunda:decisionRef", say("decision id")),
    field("camunda:resultVariable", say("result variable")),
    { id: "tindak-mapDecisionResult", component: MapResult, isEdited: isSelectEntryEdited },
  ]);

const choice = () =>
  group("choice", say("choice"), [{ id: "tindak-ordering", component: Ordering, isEdited: isSelectEntryEdited }]);

/** @param {Entry[]} more */
const form = (more) =>
  group("form", say("form"), [field("camunda:formRef", say("form id"), { hint: say("form hint") }), ...more]);

export const WhatRunsHere = { __init__: ["whatRunsHere"], whatRunsHere: ["type", Provider] };
