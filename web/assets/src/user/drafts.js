// Saves a form as a draft while it is filled in, and shows the state beside "Simpan draf": unsaved, saved (the server's words), or
// not saved. It sends only entries that differ from those sent last. Its words come from data attributes, in the page's language.

const PAUSE = 2_000; // after the last change
const LONGEST = 20_000; // of typing without a pause
const LEAVING = 60_000; // characters; browsers send hardly more from a page that the user leaves

const ORDER = "_order"; // a save that is overtaken on its way by a later one of this page must not win

/** @param {HTMLFormElement} form */
function entriesOf(form) {
  // Files are kept as soon as they are chosen; the form then names them.
  const texts = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== ORDER);
  return new URLSearchParams(/** @type {[string, string][]} */ (texts)).toString();
}

export class Draft {
  /** @param {HTMLElement} state the words beside the button, inside the form */
  constructor(state) {
    this.state = state;
    this.form = /** @type {HTMLFormElement} */ (state.closest("form"));
    this.words = state.textContent;
    this.version = Number(state.dataset.seen ?? 0); // how often the draft was saved, as far as this page knows
    this.underway = 0; // saves that are not answered yet
    this.failed = false;
    this.given = false; // somebody leaves although it is not saved
    /** @type {Promise<void>} the newest save */
    this.last = Promise.resolve();
    this.waiting = false;
    /** @type {number | undefined} when the first change not sent yet was made */
    this.since = undefined;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    this.sent = "unkept" in state.dataset ? "" : entriesOf(this.form);
    if (!this.sent) this.changed();
  }

  get busy() {
    return this.underway > 0;
  }

  /** Whether the server has everything, or its author gives up what it has not. */
  get kept() {
    return this.given || (!this.busy && entriesOf(this.form) === this.sent);
  }

  /** Whether the form is too large to be carried out of a page that is left. */
  get heavy() {
    return entriesOf(this.form).length >= LEAVING;
  }

  changed() {
    this.given = false;
    clearTimeout(this.timer);
    if (!this.busy && entriesOf(this.form) === this.sent) return this.rest();
    this.say(this.state.dataset.unsaved ?? "");
    this.since ??= Date.now();
    const left = this.since + LONGEST - Date.now();
    this.timer = setTimeout(() => this.save(), Math.max(0, Math.min(PAUSE, left)));
  }

  async save(leaving = false) {
    this.waiting = this.busy && !leaving;
    if (this.waiting) return;
    const body = entriesOf(this.form);
    this.settle();
    if (body === this.sent) return;
    this.sent = body;
    this.underway += 1;
    this.last = this.send(body).then((answer) => this.arrived(answer));
    await this.last;
  }

  /** @param {{ words: string, failed: boolean }} answer */
  arrived({ words, failed }) {
    this.underway -= 1;
    this.failed = failed;
    if (failed) this.sent = "";
    else this.words = words;
    if (this.waiting) this.changed();
    else if (this.since === undefined) this.say(words, failed);
  }

  /** Saves what is not saved yet; resolves to whether the server has everything now. */
  async flush() {
    this.failed = false;
    while (!this.kept && !this.failed) {
      if (this.busy) await this.last;
      else await this.save();
    }
    return this.kept;
  }

  /** It could not be saved: the page stays, and the next press leaves all the same. */
  stay() {
    this.given = true;
    this.say(this.state.dataset.staying ?? this.state.textContent, true);
    this.state.scrollIntoView({ block: "center" });
  }

  /**
   * @param {string} body
   * @returns {Promise<{ words: string, failed: boolean }>}
   */
  async send(body) {
    const { draftUrl = "", failed = "", ended, signedOut } = this.state.dataset;
    const headers = { "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true" };
    try {
      const keepalive = body.length < LEAVING;
      const answer = await fetch(draftUrl, {
        method: "POST",
        body: `${body}&${ORDER}=${Date.now()}`,
        headers,
        keepalive,
      });
      // An error page or a sign-in page must never be put into the line of words.
      if (answer.ok && !answer.redirected) {
        this.heard(answer.headers);
        return { words: await answer.text(), failed: false };
      }
      /** @type {Record<number, string | undefined>} */
      const known = { 401: signedOut, 409: ended };
      return { words: known[answer.status] ?? failed, failed: true };
    } catch {
      return { words: failed, failed: true };
    }
  }

  /** @param {Headers} headers of the answer to a save */
  heard(headers) {
    this.version = Number(headers.get("Draft-Version") ?? this.version);
    const earlier = this.form.querySelector(".save-state__earlier");
    if (earlier && headers.get("Draft-Other")) /** @type {HTMLElement} */ (earlier).hidden = false;
  }

  submitted() {
    const order = this.form.querySelector("[data-order]");
    if (order) /** @type {HTMLInputElement} */ (order).value = `${Date.now()}`;
    this.settle();
    this.sent = entriesOf(this.form);
  }

  rest() {
    this.settle();
    this.say(this.words);
  }

  settle() {
    clearTimeout(this.timer);
    this.since = undefined;
  }

  /** @param {string} words */
  say(words, failed = false) {
    this.state.textContent = words;
    this.state.classList.toggle("save-state--failed", failed);
  }
}

/**
 * @param {Document} document
 * @returns {Draft[]}
 */
export function watchDrafts(document) {
  /** @type {NodeListOf<HTMLElement>} */
  const states = document.querySelectorAll("[data-draft-url]");
  const drafts = [...states].map((state) => new Draft(state));
  /**
   * @param {Event} event
   * @param {(draft: Draft) => void} act
   */
  const about = (event, act) =>
    drafts.filter(({ form }) => form.contains(/** @type {Node} */ (event.target))).forEach(act);
  document.addEventListener("input", (event) => about(event, (draft) => draft.changed()));
  // An uploaded file changes the form without typing.
  document.addEventListener("htmx:after:settle", (event) => about(event, (draft) => draft.changed()));
  document.addEventListener("submit", (event) => about(event, (draft) => draft.submitted()));
  return drafts;
}
