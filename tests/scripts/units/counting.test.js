import assert from "node:assert/strict";
import { test } from "node:test";
import { countWords, lengthOf } from "../../../web/assets/src/user/counting.js";

const field = {
  limit: 10_000,
  isLine: false,
  counted: "{n} dari {limit}",
  over: "{n}, {over} terlalu banyak",
  lang: "id",
};

test("an area of text says how much of it is used, in the numbers of the page", () => {
  assert.equal(countWords({ ...field, length: 0 }), "0 dari 10.000");
  assert.equal(countWords({ ...field, length: 10_000 }), "10.000 dari 10.000");
  assert.equal(countWords({ ...field, length: 1_234, lang: "en" }), "1,234 dari 10,000");
});

test("what is too long is said with how much", () => {
  assert.equal(countWords({ ...field, length: 10_001 }), "10.001, 1 terlalu banyak");
});

test("a line says so only when it comes near", () => {
  assert.equal(countWords({ ...field, limit: 100, isLine: true, length: 79 }), "");
  assert.equal(countWords({ ...field, limit: 100, isLine: true, length: 80 }), "80 dari 100");
});

test("a character outside the first plane is one, as on the server; blanks around are none", () => {
  assert.equal(lengthOf(" 📄a\n"), 2);
});
