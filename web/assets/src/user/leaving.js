// Nothing typed is lost on the way to another page. A link or a form of this page waits until the draft is saved; what the browser does
// by itself (reload, back, close) sends the draft along, and the page that follows waits until it has come in. No text is kept in the
// browser: only how often the draft had been saved when the page was left.

/** @typedef {import("./drafts.js").Draft} Draft */

const LONGEST = 5_000; // somebody waits for the next page
const AGAIN = 150; // between two questions whether the draft has come in

/** @param {Draft} draft */
const markOf = (draft) => `left ${draft.state.dataset.draftUrl}`;

/** @param {number} time */
const passed = (time) => new Promise((resolve) => setTimeout(resolve, time));

/**
 * Do `go` when everything is saved; `event` does not do it by itself then.
 * @param {Event} event
 * @param {Draft[]} drafts
 * @param {() => void} go
 */
export async function hold(event, drafts, go) {
  const open = drafts.filter((draft) => !draft.kept);
  if (!open.length) return;
  event.preventDefault();
  const saved = await Promise.race([Promise.all(open.map((draft) => draft.flush())), passed(LONGEST)]);
  if (Array.isArray(saved) && saved.every(Boolean)) return go();
  for (const draft of open) if (!draft.kept) draft.stay();
}

/** @param {MouseEvent} event */
function addressOf(event) {
  const link = /** @type {Element} */ (event.target).closest?.("a[href]");
  const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  if (!(link instanceof HTMLAnchorElement) || !plain || link.target || link.hasAttribute("download")) return null;
  const here = link.pathname === location.pathname && link.search === location.search && link.hash;
  return link.origin === location.origin && !here ? link.href : null;
}

/**
 * A page drawn before the last words of the one before it came in: wait for them, and be drawn again.
 * @param {Draft} draft
 */
export async function fetchLast(draft) {
  const left = sessionStorage.getItem(markOf(draft));
  sessionStorage.removeItem(markOf(draft));
  if (left === null || draft.version > Number(left)) return;
  const { versionUrl, fetching = "", lost = "" } = draft.state.dataset;
  draft.form.inert = true; // what is typed now would be typed into an old text
  draft.say(fetching);
  for (let waited = 0; versionUrl && waited < LONGEST; waited += AGAIN) {
    const answer = await fetch(versionUrl).catch(() => null);
    if (answer?.ok && Number(await answer.text()) > Number(left)) return location.replace(location.href);
    await passed(AGAIN);
  }
  draft.form.inert = false;
  draft.say(lost, true);
}

/** @param {HTMLFormElement} form */
function textsOf(form) {
  return new URLSearchParams(/** @type {[string, string][]} */ ([...new FormData(form)])).toString();
}

/**
 * Forms with long texts and no draft: the browser asks before they are left with something unsent.
 * @param {Document} document
 */
export function guardForms(document) {
  /** @type {NodeListOf<HTMLFormElement>} */
  const forms = document.querySelectorAll("form.form");
  const unkept = [...forms].filter((form) => form.querySelector("textarea") && !form.querySelector("[data-draft-url]"));
  // A form that was refused holds what somebody has typed already.
  const refused = document.querySelector(".error-summary") !== null;
  const before = new Map(unkept.map((form) => [form, refused ? null : textsOf(form)]));
  document.addEventListener("submit", (event) => before.delete(/** @type {HTMLFormElement} */ (event.target)));
  window.addEventListener("beforeunload", (event) => {
    if ([...before].some(([form, texts]) => textsOf(form) !== texts)) event.preventDefault();
  });
}

/** @param {Draft[]} drafts */
function leave(drafts) {
  for (const draft of drafts) {
    if (!draft.kept) sessionStorage.setItem(markOf(draft), `${draft.version}`);
    draft.save(true);
  }
}

/**
 * @param {Document} document
 * @param {Draft[]} drafts
 */
export function watchLeaving(document, drafts) {
  if (!drafts.length) return;
  document.addEventListener("click", (event) => {
    const address = event.defaultPrevented ? null : addressOf(event);
    if (address) hold(event, drafts, () => location.assign(address));
  });
  document.addEventListener("submit", (event) => {
    const form = /** @type {HTMLFormElement} */ (event.target);
    if (event.defaultPrevented || drafts.some((draft) => draft.form === form)) return;
    hold(event, drafts, () => form.requestSubmit(event.submitter));
  });
  window.addEventListener("beforeunload", (event) => {
    if (drafts.some((draft) => !draft.kept && draft.heavy)) event.preventDefault();
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") for (const draft of drafts) draft.save(true);
  });
  window.addEventListener("pagehide", () => leave(drafts));
  for (const draft of drafts) fetchLast(draft);
}
