// Entries for the properties panel: an attribute as text, how a decision's result is shaped, the order in an ad-hoc sub-process.
import { SelectEntry, TextFieldEntry } from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";
import { say } from "../words.js";

const SHAPES = ["singleEntry", "singleResult", "collectEntries", "resultList"];

/** An attribute of the element; `also` are attributes that stand and fall with it. An empty text removes all. */
export function AttributeField({ element, id, attribute, label, hint, also = {} }) {
  const modeling = useService("modeling");
  const debounce = useService("debounceInput");
  const setValue = (text) => {
    const value = text || undefined;
    const others = Object.fromEntries(Object.entries(also).map(([name, given]) => [name, value && given]));
    modeling.updateProperties(element, { [attribute]: value, ...others });
  };
  const getValue = () => getBusinessObject(element).get(attribute);
  return TextFieldEntry({ element, id, label, description: hint, getValue, setValue, debounce });
}

export function MapResult({ element, id }) {
  const modeling = useService("modeling");
  return SelectEntry({
    element,
    id,
    label: say("map result"),
    getValue: () => getBusinessObject(element).get("camunda:mapDecisionResult") ?? "resultList",
    setValue: (value) => modeling.updateProperties(element, { "camunda:mapDecisionResult": value }),
    getOptions: () => SHAPES.map((value) => ({ value, label: say(value) })),
  });
}

/** How many activities of an ad-hoc sub-process are done at a time. */
export function Ordering({ element, id }) {
  const modeling = useService("modeling");
  return SelectEntry({
    element,
    id,
    label: say("ordering"),
    getValue: () => getBusinessObject(element).get("ordering") ?? "Parallel",
    setValue: (ordering) => modeling.updateProperties(element, { ordering }),
    getOptions: () => ["Parallel", "Sequential"].map((value) => ({ value, label: say(value) })),
  });
}
