import assert from "node:assert/strict";
import { test } from "node:test";
import english from "../../../web/assets/src/words/en.js";
import indonesian from "../../../web/assets/src/words/id.js";
import { say } from "../../../web/assets/src/words.js";

test("a sentence is filled in, in the language of the page", () => {
  assert.equal(say("saved", { at: "09.30" }), "Tersimpan 09.30");
});

test("a missing key shows as itself", () => {
  assert.equal(say("no such {thing}", { thing: "key" }), "no such key");
});

test("both languages fill in the same facts", () => {
  const facts = (words) =>
    Object.values(words).map((text) => [...text.matchAll(/\{\w+\}/g)].map(([name]) => name).sort());
  assert.deepEqual(facts(english), facts(indonesian));
});
