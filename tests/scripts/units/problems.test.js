import assert from "node:assert/strict";
import { test } from "node:test";
import { ProblemDrawer } from "../../../web/assets/src/editor/problems.js";
import { Element } from "./page.js";

const FILE = "a.bpmn";
const FOUND = { severity: "error", what: "It is wrong.", advice: "Correct it.", file: FILE, element_id: "task_1" };
const FIX = { kind: "make-topic", element_id: "task_1", topic: "post" };

function drawer(...problems) {
  const main = new Element("main");
  const done = [];
  const act = (name) => (what) => done.push([name, what]);
  const it = new ProblemDrawer(main, { file: FILE, show: act("show"), fix: act("fix") });
  it.list(problems);
  return { it, main, done };
}

const heading = ({ main }) => main.querySelector("h2").textContent;

test("errors and warnings are counted, each in its own number", () => {
  assert.equal(heading(drawer()), "Tidak ada masalah.");
  const one = heading(drawer(FOUND));
  const more = heading(drawer(FOUND, FOUND, { ...FOUND, severity: "warning" }));
  assert.match(one, /1.*0/);
  assert.match(more, /2.*1/);
});

test("a problem says what is wrong and what to do, and its place can be shown", () => {
  const { main, done } = drawer({ ...FOUND, element_name: "Write", line: 7 });
  const [item] = main.querySelectorAll("li");
  assert.match(item.textContent, /It is wrong\.Correct it\.$/);
  const [place] = item.querySelectorAll("button");
  assert.match(place.textContent, /^Write, .*7/);
  place.happen("click");
  assert.equal(done[0][0], "show");
});

test("one of another file leads there, and cannot be shown or corrected here", () => {
  const { main } = drawer({ ...FOUND, file: "b.dmn", href: "/b", fix: FIX });
  const [item] = main.querySelectorAll("li");
  assert.equal(item.querySelector("a").href, "/b");
  assert.match(item.querySelector("a").textContent, /^b\.dmn, task_1/);
  assert.equal(item.querySelector("button"), null);
});

test("what a problem offers is done by a click", () => {
  const { main, done } = drawer({ ...FOUND, fix: FIX });
  main.querySelectorAll("li")[0].querySelectorAll("button")[1].happen("click");
  assert.deepEqual(done, [["fix", FIX]]);
});

test("the drawer is closed, and a check that failed opens it again", () => {
  const { it, main } = drawer();
  main.querySelector("button").happen("click");
  assert.equal(it.drawer.hidden, true);
  it.failed();
  assert.equal(it.drawer.hidden, false);
  assert.match(heading({ main }), /^Pemeriksaan tidak berhasil/);
});

test("whoever was inside the drawer stays inside", () => {
  const { it, main } = drawer(FOUND);
  document.activeElement = main.querySelectorAll("li")[0].querySelector("button");
  it.list([FOUND]);
  assert.ok(it.drawer.contains(document.activeElement));
});
