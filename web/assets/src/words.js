// The few words that the scripts show, in the page's language (Indonesian unless <html lang="en">).
import english from "./words/en.js";
import indonesian from "./words/id.js";

export const inEnglish = document.documentElement.lang.startsWith("en");
/** @type {Record<string, string>} */
const words = inEnglish ? english : indonesian;

/**
 * Returns the sentence `key` with its {facts} filled in. A missing key is a defect and is shown itself.
 * @param {string} key
 * @param {Record<string, unknown>} facts
 */
export function say(key, facts = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(facts[name]));
}
