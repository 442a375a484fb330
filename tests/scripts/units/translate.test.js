import assert from "node:assert/strict";
import { test } from "node:test";
import bpmn from "../../../web/assets/src/translate/bpmn.js";
import dmn from "../../../web/assets/src/translate/dmn.js";
import { nameEvent } from "../../../web/assets/src/translate/events.js";
import { translateWith } from "../../../web/assets/src/translate/translate.js";

const translated = (catalogue, ...said) => translateWith(catalogue).translate[1](...said);

test("a text is found however the tool writes it", () => {
  assert.equal(translated({ "User task": "Tugas orang" }, "User Task"), "Tugas orang");
  assert.equal(translated({ "Sub-process": "Subproses" }, "Sub process"), "Subproses");
});

test("what the catalogue lacks stays as the tool says it", () => {
  assert.equal(translated({}, "Nobody knows"), "Nobody knows");
});

test("facts are filled in, and one that is not given stays", () => {
  assert.equal(translated({ "{a} of {b}": "{a} dari {b}" }, "{a} of {b}", { a: "1" }), "1 dari {b}");
});

test("the name of an event is composed of trigger, place and whether it interrupts", () => {
  assert.equal(nameEvent("timer boundary event (non interrupting)"), "Kejadian batas waktu tanpa memotong");
  assert.equal(nameEvent("start event"), "Kejadian awal");
  assert.equal(translated(bpmn, "Message intermediate catch event"), "Kejadian antara (menunggu) pesan");
});

test("what is no event has no name of one", () => {
  assert.equal(nameEvent("user task"), undefined);
  assert.equal(nameEvent("unheard of end event"), undefined);
});

test("a translation asks for no fact that its text has not", () => {
  const facts = (text) => new Set([...text.matchAll(/\{\s*(\w+)\s*\}/g)].map(([, name]) => name));
  for (const [text, own] of Object.entries({ ...bpmn, ...dmn })) {
    assert.ok(facts(own).isSubsetOf(facts(text)), own);
  }
});
