// Models for the tests, as the editors have them: the same library, the same extensions.
import { readFileSync } from "node:fs";
import { BpmnModdle } from "bpmn-moddle";

const EXTENSIONS = new URL(
  "../../../web/assets/node_modules/camunda-bpmn-moddle/resources/camunda.json",
  import.meta.url,
);
const moddle = new BpmnModdle({ camunda: JSON.parse(readFileSync(EXTENSIONS, "utf8")) });
const HEAD = `xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
  xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:other="http://other.example/bpmn"`;

/** The elements of a process by id; `bpmnFactory` makes new ones. */
export async function elements(inside) {
  const xml = `<bpmn:definitions ${HEAD}><bpmn:process id="process">${inside}</bpmn:process></bpmn:definitions>`;
  const { elementsById } = await moddle.fromXML(xml);
  return elementsById;
}

export const bpmnFactory = { create: (type, properties) => moddle.create(type, properties) };

/** The modeling service of a drawing, without the drawing. */
export const modeling = {
  updateModdleProperties: (_element, part, properties) => set(part, properties),
  updateProperties: ({ businessObject }, properties) => set(businessObject, properties),
};

function set(part, properties) {
  for (const [name, value] of Object.entries(properties)) part.set(name, value);
}
