// The decision-table editor; saving and checking as in the process editor.
import "dmn-js/dist/assets/diagram-js.css";
import "dmn-js/dist/assets/dmn-js-shared.css";
import "dmn-js/dist/assets/dmn-js-drd.css";
import "dmn-js/dist/assets/dmn-js-decision-table.css";
import "dmn-js/dist/assets/dmn-js-decision-table-controls.css";
import "dmn-js/dist/assets/dmn-js-literal-expression.css";
import "dmn-js/dist/assets/dmn-font/css/dmn.css";
import "./css/editor.css";
import DmnModeler from "dmn-js/lib/Modeler";
import DmnViewer from "dmn-js/lib/Viewer";
import { chooseTable, listTables } from "./decisions/tables.js";
import { pane, startEditor } from "./editor/start.js";
import catalogue from "./translate/dmn.js";
import { translateWith } from "./translate/translate.js";
import { say } from "./words.js";

/**
 * @param {typeof DmnModeler} Kind
 * @param {HTMLElement} main
 * @param {string} xml
 */
async function show(Kind, main, xml) {
  const tabs = pane(main, "editor__tables", say("decisions"));
  const own = { additionalModules: [translateWith(catalogue)] };
  const table = pane(main, "editor__table", say("decisions"));
  table.dataset.bsTheme = "light"; // the library has no dark theme: the style sheet inverts the whole table
  const tool = new Kind({ container: table, drd: own, decisionTable: own, literalExpression: own });
  await tool.importXML(xml);
  const redraw = () => {
    listTables(tabs, tool);
    completeTable(main);
  };
  tool.on("views.changed", redraw);
  await chooseTable(tool);
  redraw();
  return tool;
}

/**
 * Adds two things that the tables of dmn-js lack: words above the row numbers, and scrolling by keyboard.
 * @param {HTMLElement} main
 */
function completeTable(main) {
  for (const head of main.querySelectorAll("th.index-column")) head.textContent = say("row number");
  /** @type {NodeListOf<HTMLElement>} */
  const boxes = main.querySelectorAll(".tjs-table-container");
  for (const box of boxes) box.tabIndex = 0;
}

/** @type {import("./editor/start.js").Open} */
async function open(main, xml, onChange) {
  const modeler = await show(DmnModeler, main, xml);
  const heard = new WeakSet();
  /** @param {Tool} viewer */
  const hear = (viewer) => {
    if (!heard.has(viewer)) viewer.on("commandStack.changed", onChange);
    heard.add(viewer);
  };
  hear(modeler.getActiveViewer());
  modeler.on("views.changed", () => hear(modeler.getActiveViewer()));
  return {
    read: async () => (await modeler.saveXML({ format: true })).xml,
    mark: () => {},
    show: (problem) => chooseTable(modeler, problem.element_id),
  };
}

startEditor({ open, readOnly: (main, xml) => show(DmnViewer, main, xml) });
