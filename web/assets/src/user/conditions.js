// Hides a field that does not matter for the present answers: data-hides holds alternatives of [key, sign, literal], as the form's
// author wrote them. The server decides again and drops the value of a hidden field. Without this file every field is shown with its words.

/** @typedef {string | number | boolean | null} Literal */

/** @type {Record<string, (a: number, b: number) => boolean>} */
const ORDER = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b };

/**
 * Returns the answer under `key`; null: none yet.
 * @param {HTMLFormElement} form
 * @param {string} prefix of the row that the field stands in
 * @param {string} key
 */
export function answer(form, prefix, key) {
  const all = /** @type {HTMLInputElement[]} */ ([...form.elements]);
  /** @param {string} name */
  const named = (name) => all.filter((input) => input.name === name && input.type !== "hidden");
  const inputs = named(prefix + key).length ? named(prefix + key) : named(key);
  if (inputs.length === 0) return null;
  if (inputs[0].type === "checkbox")
    return inputs.length === 1 ? inputs[0].checked : inputs.filter((input) => input.checked);
  const chosen = inputs[0].type === "radio" ? inputs.find((input) => input.checked) : inputs[0];
  return chosen?.value?.trim() || null;
}

/**
 * Whether a condition of the form's author holds for an answer.
 * @param {ReturnType<typeof answer>} value
 * @param {string} sign
 * @param {Literal} literal
 */
export function holds(value, sign, literal) {
  // Without an answer nobody knows whether the field will matter.
  if (value === null && typeof literal === "string") return true;
  const number = value === null ? NaN : Number(String(value).replace(",", "."));
  const same = typeof literal === "number" ? number === literal : value === literal;
  if (sign === "=" || sign === "!=") return same === (sign === "=");
  return ORDER[sign](number, Number(literal));
}

/** @param {HTMLElement} field */
function decide(field) {
  const form = /** @type {HTMLFormElement} */ (field.closest("form"));
  const inside = /** @type {HTMLInputElement | null} */ (field.querySelector("[name]"));
  const prefix = /^.*\]\./.exec(inside?.name ?? "")?.[0] ?? "";
  /** @type {[string, string, Literal][][]} */
  const alternatives = JSON.parse(field.dataset.hides ?? "[]");
  field.hidden = alternatives.some((parts) =>
    parts.every(([key, sign, literal]) => holds(answer(form, prefix, key), sign, literal)),
  );
}

/** @param {Document} document */
export function hideFields(document) {
  const decideAll = () => {
    /** @type {NodeListOf<HTMLElement>} */
    const fields = document.querySelectorAll("[data-hides]");
    fields.forEach(decide);
  };
  decideAll();
  document.addEventListener("change", decideAll);
}
