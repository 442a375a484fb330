import assert from "node:assert/strict";
import { test } from "node:test";
import { makeTopic } from "../../../web/assets/src/modeler/topics.js";
import { elements, modeling } from "./model.js";

/** The model after the correction of `id`; commands: how many had to be undone. */
async function corrected(inside, id = "task") {
  const all = await elements(inside);
  let commands = 0;
  const services = {
    elementRegistry: { get: (one) => all[one] && { businessObject: all[one] } },
    commandStack: {
      execute(_name, parts) {
        commands += 1;
        for (const { context } of parts)
          modeling.updateModdleProperties(context.element, context.moddleElement, context.properties);
      },
    },
  };
  makeTopic({ get: (name) => services[name] }, { kind: "make-topic", element_id: id, topic: "post" });
  return { all, commands };
}

test("a task that named a class gets a topic, in one command", async () => {
  const { all, commands } = await corrected('<bpmn:serviceTask id="task" camunda:class="a.B" other:class="c.D" />');
  assert.equal(all.task.get("camunda:topic"), "post");
  assert.equal(all.task.get("camunda:type"), "external");
  assert.equal(all.task.get("camunda:class"), undefined);
  assert.equal(all.task.$attrs["other:class"], undefined);
  assert.equal(commands, 1);
});

test("of an event that throws, its message gets the topic", async () => {
  const { all } = await corrected(`<bpmn:endEvent id="task">
    <bpmn:messageEventDefinition id="message" camunda:class="a.B" /></bpmn:endEvent>`);
  assert.equal(all.message.get("camunda:topic"), "post");
});

test("a connector goes; its parameters join those of the task", async () => {
  const { all } = await corrected(`<bpmn:serviceTask id="task"><bpmn:extensionElements>
    <camunda:inputOutput><camunda:inputParameter name="own">1</camunda:inputParameter></camunda:inputOutput>
    <camunda:connector><camunda:connectorId>http</camunda:connectorId>
      <camunda:inputOutput><camunda:inputParameter name="url">x</camunda:inputParameter></camunda:inputOutput>
    </camunda:connector></bpmn:extensionElements></bpmn:serviceTask>`);
  const [only, ...others] = all.task.get("extensionElements").get("values");
  assert.deepEqual(others, []);
  assert.deepEqual(
    only.get("inputParameters").map((one) => one.get("name")),
    ["own", "url"],
  );
});

test("an element that is gone meanwhile changes nothing", async () => {
  assert.equal((await corrected('<bpmn:serviceTask id="task" />', "gone")).commands, 0);
});
