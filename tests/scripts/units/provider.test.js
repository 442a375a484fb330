import assert from "node:assert/strict";
import { test } from "node:test";
import { WhatRunsHere } from "../../../web/assets/src/modeler/provider.js";
import { elements } from "./model.js";

const Provider = WhatRunsHere.whatRunsHere[1];
const provider = new Provider({ registerProvider: () => {} }, (text) => text);
const GIVEN = [
  { id: "general", entries: [{ id: "name" }] },
  { id: "documentation", entries: [{ id: "text" }] },
  { id: "CamundaPlatform__Implementation", entries: [] },
  { id: "CamundaPlatform__FormData", items: [] },
  { id: "multiInstance", entries: [{ id: "loopCardinality" }, { id: "multiInstanceExclusive" }] },
];

const groups = (businessObject) => provider.getGroups({ businessObject })(GIVEN);
const ids = (found) => found.map(({ id }) => id);

test("groups of what does not run here are left out, own ones stand below the documentation", async () => {
  const { task } = await elements('<bpmn:serviceTask id="task" />');
  assert.deepEqual(ids(groups(task)), ["general", "documentation", "tindak-work", "multiInstance"]);
});

test("entries without an effect are left out of a group that stays", async () => {
  const { task } = await elements('<bpmn:task id="task" />');
  const [several] = groups(task).filter(({ id }) => id === "multiInstance");
  assert.deepEqual(ids(several.entries), ["loopCardinality"]);
});

test("every group is handed the words of the page", async () => {
  const { task } = await elements('<bpmn:userTask id="task" />');
  assert.ok(groups(task).every(({ translate }) => typeof translate === "function"));
});

test("an element gets the groups of what it is", async () => {
  const all = await elements(`<bpmn:userTask id="user"><bpmn:standardLoopCharacteristics /></bpmn:userTask>
    <bpmn:businessRuleTask id="rule" /><bpmn:adHocSubProcess id="choice" />
    <bpmn:endEvent id="undo"><bpmn:compensateEventDefinition /></bpmn:endEvent>
    <bpmn:endEvent id="send"><bpmn:messageEventDefinition /></bpmn:endEvent>
    <bpmn:intermediateCatchEvent id="wait"><bpmn:messageEventDefinition /><bpmn:signalEventDefinition />
    </bpmn:intermediateCatchEvent>`);
  const own = (id) => ids(groups(all[id])).filter((one) => one.startsWith("tindak-"));
  assert.deepEqual(own("user"), ["tindak-form", "tindak-loop"]);
  assert.deepEqual(own("rule"), ["tindak-decision"]);
  assert.deepEqual(own("choice"), ["tindak-choice"]);
  assert.deepEqual(own("undo"), ["tindak-undoing"]);
  assert.deepEqual(own("send"), ["tindak-work"]);
  assert.deepEqual(own("wait"), ["tindak-several"]);
});

test("name and documentation have their English beside them, whatever the element", async () => {
  const { task } = await elements('<bpmn:task id="task" />');
  const [general, documentation] = groups(task);
  assert.deepEqual(ids(general.entries), ["name", "tindak-name_en"]);
  assert.deepEqual(ids(documentation.entries), ["text", "tindak-documentation_en"]);
});
