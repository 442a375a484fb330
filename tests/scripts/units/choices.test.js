import assert from "node:assert/strict";
import { test } from "node:test";
import { filterChoices } from "../../../web/assets/src/user/choices.js";
import { Element, page } from "./page.js";

function list(...names) {
  const boxes = names.map((name) => new Element("label", { className: "form-check" }, new Element("input"), name));
  const search = new Element("input", { hidden: true, data: { filters: "all" } });
  filterChoices(page("id", search, new Element("div", { id: "all" }, ...boxes)));
  const shown = (text) => {
    search.value = text;
    search.happen("input");
    return boxes.filter((box) => !box.hidden).map((box) => box.textContent);
  };
  return { search, boxes, shown };
}

test("the search field is shown once it can do something", () => {
  assert.equal(list("Kemhan").search.hidden, false);
});

test("the list is narrowed to what contains the text, in any case", () => {
  const { shown } = list("Kemhan", "Kemenkeu", "Bappenas");
  assert.deepEqual(shown(" KEM "), ["Kemhan", "Kemenkeu"]);
  assert.deepEqual(shown(""), ["Kemhan", "Kemenkeu", "Bappenas"]);
});

test("what is ticked stays visible", () => {
  const { boxes, shown } = list("Kemhan", "Bappenas");
  boxes[1].querySelector("input").checked = true;
  assert.deepEqual(shown("kem"), ["Kemhan", "Bappenas"]);
});
