// The draft of one file on the server: saved a moment after each change, with its state in words.
import { say } from "../words.js";

// Long enough for one save of a dragged element, short enough to lose little.
const PAUSE_MS = 1500;

export class Draft {
  /**
   * state: the element that shows the words; read: a function giving the promise of the current XML;
   * etag: of the content at the start, which a save replaces; null: a save replaces any content.
   * @param {{ saveUrl: string, csrf: string, state: HTMLElement, read: () => Promise<string>, etag: string | null }} given
   */
  constructor({ saveUrl, csrf, state, read, etag }) {
    this.saveUrl = saveUrl;
    this.csrf = csrf;
    this.state = state;
    this.read = read;
    this.etag = etag;
    this.dirty = false;
    this.saving = false;
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    this.timer = undefined;
    /** @type {Promise<boolean>} of the newest save */
    this.last = Promise.resolve(true);
    addEventListener("beforeunload", (event) => {
      if (this.open) event.preventDefault();
    });
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.flush();
    });
  }

  /** Whether the server lacks a change, or a save is running. */
  get open() {
    return this.dirty || this.saving;
  }

  changed() {
    this.dirty = true;
    this.tell(say("unsaved"));
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.flush(), PAUSE_MS);
  }

  /** Saves unsaved changes; resolves to whether the server now has all of them. One save at a time. */
  flush() {
    clearTimeout(this.timer);
    this.last = this.last.then(() => !this.dirty || this.save());
    return this.last;
  }

  async save() {
    this.dirty = false;
    this.saving = true;
    this.tell(say("saving"));
    try {
      const at = await this.send(await this.read());
      if (!this.dirty) this.tell(say("saved", { at }));
      return true;
    } catch (error) {
      this.dirty = true;
      this.tell(error instanceof Refused ? error.message : say("save failed"), true);
      if (error instanceof Refused && error.overtaken) this.offerWays();
      return false;
    } finally {
      this.saving = false;
    }
  }

  /**
   * @param {string} xml
   * @returns {Promise<string>} when it was saved, in words
   */
  async send(xml) {
    /** @type {Record<string, string>} */
    const headers = {
      "Content-Type": "application/xml; charset=utf-8",
      "X-CSRFToken": this.csrf,
      Accept: "application/json",
    };
    if (this.etag) headers["If-Match"] = this.etag;
    const answer = await fetch(this.saveUrl, { method: "PUT", headers, body: xml });
    const { message, saved_at: at } = await answer.json();
    if (answer.ok && at) {
      this.etag = answer.headers.get("ETag");
      return at;
    }
    throw message ? new Refused(message, answer.status === 409) : new Error(`${this.saveUrl}: ${answer.status}`);
  }

  /** Another page has saved this file: it is replaced only if the user says so. */
  offerWays() {
    /** @type {[string, () => void][]} */
    const ways = [
      [
        "load other",
        () => {
          this.dirty = false;
          location.reload();
        },
      ],
      [
        "replace other",
        () => {
          this.etag = null;
          this.flush();
        },
      ],
    ];
    for (const [words, act] of ways) {
      const button = Object.assign(document.createElement("button"), {
        type: "button",
        className: "btn btn-link",
        textContent: say(words),
      });
      button.addEventListener("click", act);
      this.state.append(" ", button);
    }
  }

  /** @param {string} words */
  tell(words, failed = false) {
    this.state.textContent = words;
    this.state.classList.toggle("save-state--failed", failed);
  }
}

/** Shows the server's sentence about a refused draft, unchanged. */
class Refused extends Error {
  /**
   * @param {string} message
   * @param {boolean} overtaken by another page that saved
   */
  constructor(message, overtaken) {
    super(message);
    this.overtaken = overtaken;
  }
}
