import assert from "node:assert/strict";
import { test } from "node:test";
import { nameOf, undoable } from "../../../web/assets/src/modeler/undoing.js";
import { elements } from "./model.js";

const undone = (task) => `<bpmn:boundaryEvent id="undo_${task}" attachedToRef="${task}">
  <bpmn:compensateEventDefinition /></bpmn:boundaryEvent>`;
const THROWS =
  '<bpmn:intermediateThrowEvent id="throw"><bpmn:compensateEventDefinition /></bpmn:intermediateThrowEvent>';
const ids = (found) => found.map((one) => one.id);

test("an activity with a compensation event, and a sub-process, can be undone; by name", async () => {
  const all = await elements(`${THROWS}<bpmn:task id="b" name="Write" />${undone("b")}<bpmn:task id="plain" />
    <bpmn:task id="a" name="Answer" />${undone("a")}<bpmn:subProcess id="c" name="Check" />`);
  assert.deepEqual(ids(undoable(all.throw)), ["a", "c", "b"]);
});

test("what compensates is not undone itself", async () => {
  const all = await elements(`${THROWS}<bpmn:subProcess id="back" isForCompensation="true" />`);
  assert.deepEqual(undoable(all.throw), []);
});

test("from an event sub-process, what lies around it can be undone; from another only what lies inside", async () => {
  const around = (attributes) =>
    elements(`<bpmn:task id="a" />${undone("a")}
    <bpmn:subProcess id="inner" ${attributes}>${THROWS}<bpmn:task id="b" />${undone("b")}</bpmn:subProcess>`);
  assert.deepEqual(ids(undoable((await around('triggeredByEvent="true"')).throw)), ["a", "b"]);
  assert.deepEqual(ids(undoable((await around("")).throw)), ["b"]);
});

test("a part without a name is called by its id", async () => {
  const all = await elements('<bpmn:task id="a" /><bpmn:task id="b" name="Write" />');
  assert.deepEqual([nameOf(all.a), nameOf(all.b)], ["a", "Write"]);
});
