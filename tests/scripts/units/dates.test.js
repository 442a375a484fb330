import assert from "node:assert/strict";
import { test } from "node:test";
import { echoDates, readDate, takeDays } from "../../../web/assets/src/user/dates.js";
import { Element, page } from "./page.js";

const read = (text) => readDate(text)?.toISOString().slice(0, 10) ?? null;

test("a date is read day first, or as ISO writes it", () => {
  for (const text of ["9/12/2025", "9-12-2025", "9.12.2025", " 9 Des 2025 ", "9 december 2025", "2025-12-09"]) {
    assert.equal(read(text), "2025-12-09", text);
  }
});

test("months have their names in both languages", () => {
  const months = {
    "1 Mei 2026": 5,
    "1 May 2026": 5,
    "1 Agustus 2026": 8,
    "1 Agt 2026": 8,
    "1 Oktober 2026": 10,
    "1 Oct 2026": 10,
  };
  for (const [text, month] of Object.entries(months)) assert.equal(readDate(text).getUTCMonth() + 1, month, text);
});

test("what is no day of the calendar is no date", () => {
  for (const text of ["30/2/2026", "2026-02-30", "1/13/2026", "0/1/2026", "1 xyz 2026", "tomorrow", ""]) {
    assert.equal(read(text), null, text);
  }
});

test("a typed date is echoed in long form, a wrong one is not", () => {
  const echo = new Element("span", { data: { echo: "" } });
  const input = new Element("input", { data: { date: "" }, value: "3/4/2026" });
  const here = page("id", new Element("div", { className: "field" }, input, echo));
  echoDates(here);
  input.happen("focusout");
  assert.equal(echo.textContent, "Jumat, 3 April 2026");
  input.value = "31/4/2026";
  input.happen("focusout");
  assert.equal(echo.textContent, "");
});

test("English is written as in Britain", () => {
  const echo = new Element("span", { data: { echo: "" } });
  const input = new Element("input", { data: { date: "" }, value: "2026-04-03" });
  echoDates(page("en", new Element("div", { className: "field" }, input, echo)));
  input.parent.parent.heard.focusout[0]({ target: input });
  assert.match(echo.textContent, /^Friday,? 3 April 2026$/);
});

test("a working day that is offered goes into the field, which hears of it", () => {
  const input = new Element("input", { id: "field-due", value: "18/1/2026" });
  const heard = [];
  for (const name of ["input", "change", "focusout"]) input.addEventListener(name, () => heard.push(name));
  const button = new Element("button", { data: { takes: "15/1/2026", into: "field-due" } });
  const here = page("id", input, button);
  takeDays(here);
  button.happen("click");
  assert.equal(input.value, "15/1/2026");
  assert.deepEqual(heard, ["input", "change", "focusout"]);
});

test("a click elsewhere fills in nothing", () => {
  const input = new Element("input", { id: "field-due", value: "18/1/2026" });
  const here = page("id", input);
  takeDays(here);
  input.happen("click");
  assert.equal(input.value, "18/1/2026");
});
