// Shows a typed date in long form under its field, so that nobody confuses day and month in 3/4/2026. The server decides again.

const MONTHS = ["jan", "feb", "mar", "apr", "mei", "jun", "jul", "agu", "sep", "okt", "nov", "des"];
/** @type {Record<string, number>} */
const ENGLISH = { may: 4, aug: 7, oct: 9, dec: 11, agt: 7, ags: 7 };

/** @param {string} word */
function monthOf(word) {
  if (/^\d+$/.test(word)) return Number(word) - 1;
  const start = word.slice(0, 3).toLowerCase();
  return ENGLISH[start] ?? MONTHS.indexOf(start);
}

/**
 * Reads a date, day first (9/12/2025, 9 Des 2025) or ISO (2025-12-09); null for a date that does not exist.
 * @param {string} text
 */
export function readDate(text) {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(text.trim());
  const parts = iso
    ? [iso[3], iso[2], iso[1]]
    : /^(\d{1,2})[\s./-]+([a-z]+|\d{1,2})[\s./-]+(\d{4})$/i.exec(text.trim())?.slice(1);
  if (!parts) return null;
  const [day, month, year] = [Number(parts[0]), monthOf(parts[1]), Number(parts[2])];
  const date = new Date(Date.UTC(year, month, day));
  return date.getUTCDate() === day && date.getUTCMonth() === month ? date : null;
}

/** @param {Document} document */
export function echoDates(document) {
  const lang = document.documentElement.lang;
  const long = new Intl.DateTimeFormat(lang === "en" ? "en-GB" : lang || "id", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    timeZone: "UTC",
  });
  document.addEventListener("focusout", (event) => {
    const input = /** @type {HTMLInputElement} */ (event.target);
    if (!input.matches("[data-date]")) return;
    const echo = input.closest(".field")?.querySelector("[data-echo]");
    const date = readDate(input.value);
    if (echo) echo.textContent = date ? long.format(date) : "";
  });
}

/**
 * The working day offered beside a free one is taken into its field, which is then echoed anew.
 * @param {Document} document
 */
export function takeDays(document) {
  document.addEventListener("click", (event) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (event.target).closest("[data-takes]"));
    const input = /** @type {HTMLInputElement | null} */ (document.getElementById(button?.dataset.into ?? ""));
    if (!button || !input) return;
    input.value = button.dataset.takes ?? "";
    for (const name of ["input", "change", "focusout"]) input.dispatchEvent(new Event(name, { bubbles: true }));
    input.focus();
  });
}
