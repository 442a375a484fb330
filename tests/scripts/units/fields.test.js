import assert from "node:assert/strict";
import { test } from "node:test";
import {
  AttributeField,
  ExpressionField,
  Ordering,
  PropertyField,
  Tick,
  UndoneActivity,
} from "../../../web/assets/src/modeler/fields.js";
import { bpmnFactory, elements, modeling } from "./model.js";
import { services } from "./panel.js";

Object.assign(services, { modeling, bpmnFactory, debounceInput: (act) => act });
const drawn = (businessObject) => ({ businessObject });

test("an attribute is written with those that stand and fall with it", async () => {
  const { task } = await elements('<bpmn:serviceTask id="task" />');
  const field = AttributeField({
    element: drawn(task),
    attribute: "camunda:topic",
    also: { "camunda:type": "external" },
  });
  field.setValue("post");
  assert.deepEqual([field.getValue(), task.get("camunda:type")], ["post", "external"]);
  field.setValue("");
  assert.deepEqual([field.getValue(), task.get("camunda:type")], [undefined, undefined]);
});

test("what a field cannot read is not written", async () => {
  const { task } = await elements('<bpmn:userTask id="task"><bpmn:standardLoopCharacteristics /></bpmn:userTask>');
  const part = task.get("loopCharacteristics");
  const field = AttributeField({ element: drawn(task), part, attribute: "loopMaximum", read: () => undefined });
  field.setValue("many");
  assert.equal(part.get("loopMaximum"), undefined);
});

test("an expression is an element of its own, and gone when it is empty", async () => {
  const { task } = await elements('<bpmn:userTask id="task"><bpmn:standardLoopCharacteristics /></bpmn:userTask>');
  const part = task.get("loopCharacteristics");
  const field = ExpressionField({ element: drawn(task), part, property: "loopCondition" });
  field.setValue("n < 3");
  assert.equal(field.getValue(), "n < 3");
  assert.equal(part.get("loopCondition").$parent, part);
  field.setValue("");
  assert.equal(part.get("loopCondition"), undefined);
});

test("a property keeps its neighbours, and the last one takes its frame along", async () => {
  const { task } = await elements(`<bpmn:userTask id="task"><bpmn:extensionElements><camunda:properties>
    <camunda:property name="kept" value="1" /></camunda:properties></bpmn:extensionElements></bpmn:userTask>`);
  const field = PropertyField({ element: drawn(task), name: "askAnew" });
  field.setValue("yes");
  assert.equal(field.getValue(), "yes");
  field.setValue("");
  const [properties] = task.get("extensionElements").get("values");
  assert.deepEqual(
    properties.get("values").map((one) => one.get("name")),
    ["kept"],
  );
  PropertyField({ element: drawn(task), name: "kept" }).setValue("");
  assert.equal(task.get("extensionElements"), undefined);
});

test("a tick is a yes or no", async () => {
  const { task } = await elements('<bpmn:userTask id="task"><bpmn:standardLoopCharacteristics /></bpmn:userTask>');
  const tick = Tick({ element: drawn(task), part: task.get("loopCharacteristics"), attribute: "testBefore" });
  assert.equal(tick.getValue(), false);
  tick.setValue(true);
  assert.equal(tick.getValue(), true);
});

test("an ad-hoc sub-process does its activities at once unless told otherwise", async () => {
  const { part } = await elements('<bpmn:adHocSubProcess id="part" />');
  const field = Ordering({ element: drawn(part) });
  assert.equal(field.getValue(), "Parallel");
  field.setValue("Sequential");
  assert.equal(field.getValue(), "Sequential");
});

test("of what can be undone one is chosen, or everything", async () => {
  const all = await elements(`<bpmn:endEvent id="end"><bpmn:compensateEventDefinition id="undoes" /></bpmn:endEvent>
    <bpmn:subProcess id="check" name="Check" />`);
  const field = UndoneActivity({ element: drawn(all.end), part: all.undoes });
  assert.deepEqual(
    field.getOptions().map(({ value }) => value),
    ["", "check"],
  );
  assert.equal(field.getValue(), "");
  field.setValue("check");
  assert.equal(all.undoes.get("activityRef"), all.check);
});
