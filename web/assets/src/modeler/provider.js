// Cuts the properties panel to what the engine runs, and says the rest in this product's words.
import { Group, isSelectEntryEdited, isTextFieldEntryEdited } from "@bpmn-io/properties-panel";
import { is } from "bpmn-js/lib/util/ModelUtil";
import { say } from "../words.js";
import { AttributeField, MapResult, Ordering } from "./fields.js";

// Groups of the Camunda provider whose contents this engine refuses or ignores: Java, listeners, job control, tenants.
const NOT_RUN = new Set([
  "Implementation", "Errors", "StartInitiator", "ExternalTask", "AsynchronousContinuations", "JobExecution", "CandidateStarter",
  "FieldInjection", "HistoryCleanup", "Tasklist", "ProcessVariables", "Form", "ExecutionListener", "TaskListener", "ConnectorInput",
  "ConnectorOutput",
].map((name) => `CamundaPlatform__${name}`));
const NOT_SHOWN = new Set([...NOT_RUN, "compensation"]);

class Provider {
  static $inject = ["propertiesPanel", "translate"];

  constructor(propertiesPanel, translate) {
    this.translate = translate;
    // Lower than every other provider, so that this one sees all their groups.
    propertiesPanel.registerProvider(100, this);
  }

  getGroups(element) {
    return (groups) => {
      const kept = groups.filter((group) => !NOT_SHOWN.has(group.id) && !isEmptyFormData(group));
      const own = ownGroups(element);
      const place = kept.findIndex((group) => group.id === "documentation") + 1;
      const all = [...kept.slice(0, place), ...own, ...kept.slice(place)];
      // A group words its own buttons in English unless it is handed the service.
      return all.map((group) => ({ ...group, translate: this.translate }));
    };
  }
}

// Generated form fields are read from old models; new ones use a form of their own.
const isEmptyFormData = (group) => group.id === "CamundaPlatform__FormData" && !group.items?.length;

function ownGroups(element) {
  if (is(element, "bpmn:ServiceTask")) return [work()];
  if (is(element, "bpmn:BusinessRuleTask")) return [decision()];
  if (is(element, "bpmn:AdHocSubProcess")) return [choice()];
  if (is(element, "bpmn:UserTask") || is(element, "bpmn:StartEvent")) return [form()];
  return [];
}

function group(id, label, entries) {
  return { id: `tindak-${id}`, label, component: Group, entries, shouldOpen: true };
}

function field(attribute, label, { hint, also } = {}) {
  return { id: `tindak-${attribute}`, component: AttributeField, isEdited: isTextFieldEntryEdited, attribute, label, hint, also };
}

const work = () => group("work", say("task"), [
  field("camunda:topic", say("topic"), { hint: say("topic hint"), also: { "camunda:type": "external" } }),
]);

const decision = () => group("decision", say("decision"), [
  field("camunda:decisionRef", say("decision id")),
  field("camunda:resultVariable", say("result variable")),
  { id: "tindak-mapDecisionResult", component: MapResult, isEdited: isSelectEntryEdited },
]);

const choice = () => group("choice", say("choice"), [
  { id: "tindak-ordering", component: Ordering, isEdited: isSelectEntryEdited },
]);

const form = () => group("form", say("form"), [field("camunda:formRef", say("form id"), { hint: say("form hint") })]);

export const WhatRunsHere = { __init__: ["whatRunsHere"], whatRunsHere: ["type", Provider] };
