import assert from "node:assert/strict";
import { test } from "node:test";
import { markFacts } from "../../../web/assets/src/diagram/facts.js";
import { fit } from "../../../web/assets/src/diagram/movement.js";
import { bringIntoView, markProblems } from "../../../web/assets/src/modeler/places.js";

/** A picture of these elements that writes down what is done to it. */
function picture(...ids) {
  const done = [];
  const note =
    (name) =>
    (...facts) =>
      done.push([name, ...facts]);
  const parts = ids.map((id) => ({ id, parent: {} }));
  const services = {
    canvas: {
      addMarker: (one, marker) => done.push(["mark", one.id ?? one, marker]),
      removeMarker: () => {},
      scrollToElement: note("scroll"),
    },
    overlays: { add: (id, { html }) => done.push(["overlay", id, html]) },
    elementRegistry: {
      get: (id) => parts.find((one) => one.id === id),
      find: (wanted) => parts.find(wanted),
      forEach: (act) => parts.forEach(act),
    },
    selection: { select: note("select") },
  };
  return { get: (name) => services[name], done, parts };
}

test("what is passed and where a case is now is marked; what the model does not draw is left out", () => {
  const it = picture("a", "b");
  markFacts(it, { done: ["a", "gone"], current: ["b"] });
  assert.deepEqual(it.done.slice(0, 2), [
    ["mark", "a", "is-done"],
    ["mark", "b", "is-current"],
  ]);
  assert.equal(it.done[2][2].textContent, "Sekarang di sini");
  assert.equal(it.done.length, 3);
});

test("a count is a number, or a link with words", () => {
  const it = picture("a", "b");
  markFacts(it, { counts: { a: 3, b: { number: 2, words: "2 cases", href: "/b", late: true } } });
  const [[, , plain], [, , link]] = it.done;
  assert.deepEqual([plain.tag, plain.textContent], ["span", "3"]);
  assert.deepEqual([link.tag, link.attributes.href, link.attributes["aria-label"]], ["a", "/b", "2 cases"]);
  assert.ok(link.classList.contains("diagram__count--late"));
});

test("a problem is marked where it lies: at the element, or at the pool of a process", () => {
  const it = picture("task", "pool");
  it.parts[1].businessObject = { processRef: { id: "process" } };
  markProblems(it, [
    { element_id: "task", severity: "error" },
    { element_id: "process", severity: "warning" },
    { element_id: "gone", severity: "error" },
    { element_id: null, severity: "error" },
  ]);
  assert.deepEqual(it.done, [
    ["mark", "task", "has-error"],
    ["mark", "pool", "has-warning"],
  ]);
});

test("an element that is brought into view is chosen, one that is gone is not", () => {
  const it = picture("task");
  bringIntoView(it, "gone");
  bringIntoView(it, "task");
  assert.deepEqual(it.done, [
    ["scroll", it.parts[0]],
    ["select", it.parts[0]],
  ]);
});

test("the whole model is shown and never enlarged", () => {
  const shown = (inner, left) => {
    const outer = { width: 1048, height: 548 };
    let box;
    const canvas = {
      zoom: () => {},
      viewbox: (next) => {
        if (next) box = next;
        return { inner, outer };
      },
    };
    fit({ get: () => canvas }, left);
    return box;
  };
  assert.deepEqual(shown({ x: 0, y: 0, width: 100, height: 100 }), { x: -474, y: -224, width: 1048, height: 548 });
  assert.equal(shown({ x: 0, y: 0, width: 2000, height: 100 }).width, 2096);
  assert.ok(shown({ x: 0, y: 0, width: 100, height: 100 }, 200).x < -474);
});
