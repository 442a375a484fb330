// Hides a field that does not matter for the answers given so far: data-hides holds alternatives of [key, sign, literal] as the form's
// author wrote them. The server decides anew and drops what a hidden field holds; without this file every field is shown with its words.

const ORDER = { "<": (a, b) => a < b, "<=": (a, b) => a <= b, ">": (a, b) => a > b, ">=": (a, b) => a >= b };

function answer(form, prefix, key) {
  const named = (name) => [...form.elements].filter((input) => input.name === name && input.type !== "hidden");
  const inputs = named(prefix + key).length ? named(prefix + key) : named(key);
  if (inputs.length === 0) return null;
  if (inputs[0].type === "checkbox") return inputs.length === 1 ? inputs[0].checked : inputs.filter((input) => input.checked);
  const chosen = inputs[0].type === "radio" ? inputs.find((input) => input.checked) : inputs[0];
  return chosen?.value?.trim() || null;
}

function holds(value, sign, literal) {
  // Before the choice is made nobody knows whether the field will matter.
  if (value === null && typeof literal === "string") return true;
  const number = value === null ? NaN : Number(String(value).replace(",", "."));
  const same = typeof literal === "number" ? number === literal : value === literal;
  if (sign === "=" || sign === "!=") return same === (sign === "=");
  return ORDER[sign](number, literal);
}

function decide(field) {
  const form = field.closest("form");
  const prefix = /^.*\]\./.exec(field.querySelector("[name]")?.name ?? "")?.[0] ?? "";
  const alternatives = JSON.parse(field.dataset.hides);
  field.hidden = alternatives.some((parts) => parts.every(([key, sign, literal]) => holds(answer(form, prefix, key), sign, literal)));
}

export function hideFields(document) {
  const decideAll = () => document.querySelectorAll("[data-hides]").forEach(decide);
  decideAll();
  document.addEventListener("change", decideAll);
}
