// The `translate` service of bpmn-js and dmn-js in the page's language.
import { inEnglish } from "../words.js";
import { nameEvent } from "./events.js";

// The tools write "User task" in one place and "User Task" or "Sub-process" and "Sub Process" in others.
const plain = (text) => text.toLowerCase().replaceAll("-", " ");

function fill(template, facts = {}) {
  return template.replace(/{([^}]+)}/g, (whole, name) => facts[name] ?? whole);
}

/** A module for `additionalModules`; `catalogue` maps English texts to Indonesian ones. */
export function translateWith(catalogue) {
  const known = new Map(Object.entries(catalogue).map(([english, own]) => [plain(english), own]));
  const find = (text) => known.get(plain(text)) ?? nameEvent(plain(text)) ?? text;
  return { translate: ["value", (template, facts) => fill(inEnglish ? template : find(template), facts)] };
}
