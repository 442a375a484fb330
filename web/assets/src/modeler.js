// The process editor: drawing, properties of elements that run here, problems. It saves drafts by itself.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "bpmn-js/dist/assets/bpmn-font/css/bpmn.css";
import "@bpmn-io/properties-panel/dist/assets/properties-panel.css";
import "diagram-js-minimap/assets/diagram-js-minimap.css";
import "./css/diagram.css";
import "./css/editor.css";
import BpmnModeler from "bpmn-js/lib/Modeler";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  CamundaPlatformPropertiesProviderModule,
} from "bpmn-js-properties-panel";
import camunda from "camunda-bpmn-moddle/resources/camunda.json";
import MinimapModule from "diagram-js-minimap";
import { PAGE_COLOURS } from "./diagram/colours.js";
import { fit } from "./diagram/movement.js";
import { showModel } from "./diagram/picture.js";
import { pane, startEditor } from "./editor/start.js";
import { bringIntoView, markProblems } from "./modeler/places.js";
import { WhatRunsHere } from "./modeler/provider.js";
import { makeTopic } from "./modeler/topics.js";
import catalogue from "./translate/bpmn.js";
import { translateWith } from "./translate/translate.js";
import { say } from "./words.js";

/** @type {import("./editor/start.js").Open} */
async function open(main, xml, onChange) {
  const modeler = new BpmnModeler({
    container: pane(main, "editor__canvas", say("canvas")),
    propertiesPanel: {
      parent: pane(main, "editor__properties", say("properties")),
      layout: { groups: { general: { open: true } } },
    },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      CamundaPlatformPropertiesProviderModule,
      MinimapModule,
      WhatRunsHere,
      translateWith(catalogue),
    ],
    moddleExtensions: { camunda },
    bpmnRenderer: PAGE_COLOURS,
  });
  await modeler.importXML(xml);
  fit(modeler, paletteWidth(main));
  modeler.on("commandStack.changed", onChange);
  return {
    read: async () => (await modeler.saveXML({ format: true })).xml ?? "",
    mark: (problems) => markProblems(modeler, problems),
    show: (problem) => bringIntoView(modeler, problem.element_id),
    fix: (correction) => makeTopic(modeler, correction),
  };
}

/**
 * Returns the width of the palette with its distance from the edge, in pixels: it has one or two columns, by the height.
 * @param {HTMLElement} main
 */
function paletteWidth(main) {
  const { offsetLeft, offsetWidth } = /** @type {HTMLElement} */ (main.querySelector(".djs-palette"));
  return offsetLeft + offsetWidth;
}

/**
 * @param {HTMLElement} main
 * @param {string} xml
 */
async function readOnly(main, xml) {
  const place = document.createElement("div");
  place.className = "diagram";
  main.append(place);
  await showModel(place, xml, { label: main.querySelector("h1")?.textContent, facts: {} });
}

startEditor({ open, readOnly });
