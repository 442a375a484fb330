// The `translate` service of bpmn-js and dmn-js in the page's language.
import { inEnglish } from "../words.js";
import { nameEvent } from "./events.js";

// The tools write "User task" and "User Task", "Sub-process" and "Sub Process".
/** @param {string} text */
const plain = (text) => text.toLowerCase().replaceAll("-", " ");

/**
 * @param {string} template
 * @param {Record<string, string>} facts
 */
function fill(template, facts = {}) {
  return template.replace(/{([^}]+)}/g, (whole, name) => facts[name] ?? whole);
}

/**
 * Returns a module for `additionalModules`.
 * @param {Record<string, string>} catalogue from English texts to Indonesian ones
 * @returns {{ translate: ["value", (template: string, facts?: Record<string, string>) => string] }}
 */
export function translateWith(catalogue) {
  const known = new Map(Object.entries(catalogue).map(([english, own]) => [plain(english), own]));
  /** @param {string} text */
  const find = (text) => known.get(plain(text)) ?? nameEvent(plain(text)) ?? text;
  return { translate: ["value", (template, facts) => fill(inEnglish ? template : find(template), facts)] };
}
