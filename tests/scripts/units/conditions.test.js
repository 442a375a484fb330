import assert from "node:assert/strict";
import { test } from "node:test";
import { answer, hideFields, holds } from "../../../web/assets/src/user/conditions.js";
import { Element, page } from "./page.js";

const input = (name, type, more = {}) => ({ name, type, ...more });
const form = (...elements) => ({ elements });

test("an answer is what was typed or chosen, and nothing when nothing was", () => {
  assert.equal(answer(form(input("a", "text", { value: " 7 " })), "", "a"), "7");
  assert.equal(answer(form(input("a", "text", { value: "  " })), "", "a"), null);
  assert.equal(answer(form(), "", "a"), null);
});

test("of radio buttons the chosen one answers", () => {
  const choice = (value, checked) => input("a", "radio", { value, checked });
  assert.equal(answer(form(choice("x", false), choice("y", true)), "", "a"), "y");
  assert.equal(answer(form(choice("x", false), choice("y", false)), "", "a"), null);
});

test("one box is a yes or no, several are a list; their hidden twins do not count", () => {
  const box = (checked) => input("a", "checkbox", { checked });
  const twin = input("a", "hidden", { value: "" });
  assert.equal(answer(form(twin, box(true)), "", "a"), true);
  assert.equal(answer(form(twin, box(true), box(false)), "", "a").length, 1);
});

test("a field of the same row answers before one of the form", () => {
  const both = form(input("a", "text", { value: "form" }), input("rows[0].a", "text", { value: "row" }));
  assert.equal(answer(both, "rows[0].", "a"), "row");
  assert.equal(answer(both, "rows[1].", "a"), "form");
});

test("texts and numbers are compared as what they are", () => {
  assert.ok(holds("yes", "=", "yes"));
  assert.ok(holds("no", "!=", "yes"));
  assert.ok(holds("1,5", "=", 1.5));
  assert.ok(holds("10", ">", 9));
  assert.ok(holds("9", "<=", 9));
  assert.ok(!holds("9", "<", 9));
  assert.ok(holds(true, "=", true));
});

test("before a choice is made its condition holds, but no number is compared", () => {
  assert.ok(holds(null, "=", "yes"));
  assert.ok(holds(null, "!=", "yes"));
  assert.ok(!holds(null, ">", 9));
});

test("a field is hidden while one of its alternatives holds as a whole", () => {
  const decisive = new Element("input", { name: "kind", type: "text", value: "a" });
  const other = new Element("input", { name: "count", type: "text", value: "1" });
  const hides = JSON.stringify([
    [
      ["kind", "=", "a"],
      ["count", ">", 5],
    ],
    [["kind", "=", "b"]],
  ]);
  const field = new Element("div", { data: { hides } }, new Element("input", { name: "more", type: "text" }));
  const around = new Element("form", { elements: [decisive, other] }, decisive, other, field);
  hideFields(page("id", around));
  assert.equal(field.hidden, false);
  other.value = "6";
  other.happen("change");
  assert.equal(field.hidden, true);
  Object.assign(decisive, { value: "c" });
  decisive.happen("change");
  assert.equal(field.hidden, false);
});
