import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseTable, listTables } from "../../../web/assets/src/decisions/tables.js";
import { Element } from "./page.js";

const view = (id, logic, type = "decisionTable") => ({
  id,
  name: `Table ${id}`,
  type,
  element: { id, decisionLogic: logic },
});
const DRAWING = view("drd", undefined, "drd");
const FIRST = view("first", { rule: [{ id: "rule_1" }], input: [{ id: "input_1" }] });
const SECOND = view("second", { output: [{ id: "output_1" }] });

function modeler(...views) {
  let active = views[0];
  return {
    getViews: () => views,
    getActiveView: () => active,
    open: async (next) => {
      active = next;
    },
  };
}

async function chosen(id, ...views) {
  const tool = modeler(...views);
  await chooseTable(tool, id);
  return tool.getActiveView();
}

test("a table opens by its id, or by that of its rule or column", async () => {
  assert.equal(await chosen("second", DRAWING, FIRST, SECOND), SECOND);
  assert.equal(await chosen("output_1", DRAWING, FIRST, SECOND), SECOND);
  assert.equal(await chosen("rule_1", DRAWING, SECOND, FIRST), FIRST);
});

test("without an id, or with one of nothing, the first table opens and never the drawing", async () => {
  assert.equal(await chosen(null, DRAWING, FIRST, SECOND), FIRST);
  assert.equal(await chosen("nothing", DRAWING, SECOND), SECOND);
  assert.equal(await chosen(null, DRAWING), DRAWING);
});

test("tabs are shown when there are several tables; a click opens one", () => {
  const place = new Element("div");
  const tool = modeler(FIRST, SECOND, DRAWING);
  listTables(place, tool);
  const [one, other] = place.querySelectorAll("button");
  assert.equal(place.hidden, false);
  assert.deepEqual([one.textContent, other.textContent], ["Table first", "Table second"]);
  assert.equal(one.attributes["aria-current"], "true");
  other.happen("click");
  assert.equal(tool.getActiveView(), SECOND);
  listTables(place, modeler(FIRST, DRAWING));
  assert.equal(place.hidden, true);
});
