// Pages with a picture of a process: draws each [data-diagram] when it becomes visible.
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import "./css/diagram.css";
import { drawWhenVisible } from "./diagram/picture.js";

/** @type {NodeListOf<HTMLElement>} */
const places = document.querySelectorAll("[data-diagram]");
for (const place of places) drawWhenVisible(place);
