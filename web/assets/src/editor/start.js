// The common part of both editors: load, save, check, leave. Below 1,024 px the page shows only the reason.
import { say } from "../words.js";
import { Draft } from "./draft.js";
import { ProblemDrawer } from "./problems.js";

const WIDE = matchMedia("(min-width: 1024px)");

/**
 * @typedef {(main: HTMLElement, xml: string, onChange: () => void) => Promise<Editor>} Open builds the editor
 * @typedef {(main: HTMLElement, xml: string) => Promise<unknown>} ReadOnly draws the narrow view
 */

/**
 * Starts the editor of the page.
 * @param {{ open: Open, readOnly: ReadOnly }} kind
 */
export async function startEditor({ open, readOnly }) {
  const main = /** @type {HTMLElement} */ (document.querySelector("[data-editor]"));
  const state = /** @type {HTMLElement} */ (main.querySelector("[data-editor-state]"));
  state.textContent = say("loading");
  const loaded = await load(main.dataset.loadUrl ?? "").catch(() => null);
  if (loaded === null) return fail(state, say("load failed"));
  state.textContent = "";
  try {
    if (WIDE.matches) await edit(main, state, loaded, open);
    else await read(main, loaded.xml, readOnly);
  } catch (error) {
    fail(state, say("unreadable", { reason: /** @type {Error} */ (error).message }));
  }
}

/** @param {string} url */
async function load(url) {
  const answer = await fetch(url, { headers: { Accept: "application/xml" } });
  if (!answer.ok || answer.redirected) throw new Error(`${url}: ${answer.status}`);
  return { xml: await answer.text(), etag: answer.headers.get("ETag") };
}

/**
 * @param {HTMLElement} main
 * @param {HTMLElement} state
 * @param {{ xml: string, etag: string | null }} loaded
 * @param {Open} open
 */
async function edit(main, state, { xml, etag }, open) {
  const { saveUrl = "", csrf = "", file = "" } = main.dataset;
  /** @type {Editor} */
  let editor;
  const draft = new Draft({ saveUrl, csrf, state, etag, read: () => editor.read() });
  editor = await open(main, xml, () => draft.changed());
  const button = /** @type {HTMLButtonElement} */ (main.querySelector("[data-editor-check]"));
  const { fix: correct } = editor;
  const fix =
    correct &&
    ((/** @type {Correction} */ correction) => {
      correct(correction);
      button.click();
    });
  const drawer = new ProblemDrawer(main, { file, show: (problem) => editor.show(problem), fix });
  button?.addEventListener("click", () => check(main, { draft, drawer, editor, button }));
  saveBeforeLeaving(/** @type {HTMLElement} */ (main.querySelector(".editor__bar")), draft);
}

/**
 * @param {HTMLElement} main
 * @param {string} xml
 * @param {ReadOnly} readOnly
 */
async function read(main, xml, readOnly) {
  main.classList.add("editor--narrow");
  const note = Object.assign(document.createElement("p"), { className: "editor__note", textContent: say("narrow") });
  main.append(note);
  // The narrow view changes nothing, so it offers no check and no release.
  for (const act of main.querySelectorAll("[data-editor-check], [data-editor-release]")) act.remove();
  await readOnly(main, xml);
  // The narrow view takes no input, so starting anew loses nothing.
  WIDE.addEventListener("change", () => location.reload(), { once: true });
}

/**
 * @param {HTMLElement} main
 * @param {{ draft: Draft, drawer: ProblemDrawer, editor: Editor, button: HTMLButtonElement }} parts
 */
async function check(main, { draft, drawer, editor, button }) {
  button.disabled = true;
  try {
    if (!(await draft.flush())) return;
    const problems = await askForProblems(main.dataset);
    editor.mark(problems.filter((problem) => problem.file === main.dataset.file));
    drawer.list(problems);
  } catch {
    drawer.failed();
  } finally {
    button.disabled = false;
  }
}

/**
 * @param {DOMStringMap} addresses
 * @returns {Promise<Problem[]>}
 */
async function askForProblems({ checkUrl = "", csrf = "" }) {
  const answer = await fetch(checkUrl, {
    method: "POST",
    headers: { "X-CSRFToken": csrf, Accept: "application/json" },
  });
  if (!answer.ok) throw new Error(`${checkUrl}: ${answer.status}`);
  return (await answer.json()).problems;
}

/**
 * Follows a link or form of the bar (another file, release) once the server has all changes.
 * @param {HTMLElement} bar
 * @param {Draft} draft
 */
function saveBeforeLeaving(bar, draft) {
  /**
   * @param {Event} event
   * @param {() => void} go
   */
  const wait = (event, go) => {
    if (!draft.open) return;
    event.preventDefault();
    draft.flush().then((saved) => {
      if (saved) go();
    });
  };
  bar.addEventListener("click", (event) => {
    /** @type {HTMLAnchorElement | null} */
    const link = /** @type {Element} */ (event.target).closest("a[href]");
    if (link && !event.ctrlKey && !event.metaKey) wait(event, () => location.assign(link.href));
  });
  bar.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    wait(event, () => form.requestSubmit(event.submitter));
  });
}

/**
 * @param {HTMLElement} state
 * @param {string} words
 */
function fail(state, words) {
  state.textContent = words;
  state.classList.add("save-state--failed");
}

/**
 * Adds a child of the editor with a class and a name for screen readers.
 * @param {HTMLElement} main
 * @param {string} className
 * @param {string} label
 */
export function pane(main, className, label) {
  const element = Object.assign(document.createElement("div"), { className });
  element.setAttribute("role", "region");
  element.setAttribute("aria-label", label);
  main.append(element);
  return element;
}
