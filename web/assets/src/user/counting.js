// Counts while a text is typed how much of it its field takes. Nothing is cut off: the server refuses what is too long, and says so. Words
// come from data attributes, in the page's language.

const NEAR = 0.8; // of what a line takes: most names and numbers never come near

/**
 * As the server counts: characters, not the units that a browser keeps them in.
 * @param {string} text
 */
export const lengthOf = (text) => [...text.trim()].length;

/**
 * @param {string} words
 * @param {Record<string, number>} facts
 * @param {string} lang
 */
const filled = (words, facts, lang) =>
  words.replace(/\{(\w+)\}/g, (_, name) => new Intl.NumberFormat(lang || "id").format(facts[name]));

/**
 * What stands below a field; "" where it need not be said.
 * @param {{ limit: number, length: number, isLine: boolean, counted: string, over: string, lang: string }} field
 */
export function countWords({ limit, length, isLine, counted, over, lang }) {
  if (length > limit) return filled(over, { n: length, over: length - limit }, lang);
  return isLine && length < limit * NEAR ? "" : filled(counted, { n: length, limit }, lang);
}

/**
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} lang
 */
function count(input, lang) {
  const { limit = "0", counted = "", over = "" } = input.dataset;
  const [most, length] = [Number(limit), lengthOf(input.value)];
  let line = /** @type {HTMLElement | null} */ (input.nextElementSibling);
  if (!line?.matches(".field__count")) {
    line = Object.assign(document.createElement("p"), { className: "field__count" });
    input.after(line);
  }
  const isLine = input instanceof HTMLInputElement;
  line.textContent = countWords({ limit: most, length, isLine, counted, over, lang });
  line.classList.toggle("field__count--over", length > most);
}

/**
 * @param {ParentNode} place
 * @param {string} lang
 */
function countIn(place, lang) {
  /** @type {NodeListOf<HTMLInputElement>} */
  const inputs = place.querySelectorAll("[data-limit]");
  for (const input of inputs) count(input, lang);
}

/** @param {Document} document */
export function countTexts(document) {
  const { lang } = document.documentElement;
  document.addEventListener("input", (event) => {
    const changed = /** @type {HTMLInputElement} */ (event.target);
    if (changed.matches("[data-limit]")) count(changed, lang);
    else countIn(changed, lang);
  });
  countIn(document, lang);
}
