// The drawer below the canvas: the findings of the server; a click shows the place.
import { say } from "../words.js";

export class ProblemDrawer {
  /**
   * show(problem) brings the element of a problem of this file into view; fix(correction) does what a problem offers,
   * where the editor can.
   * @param {HTMLElement} main
   * @param {{ file: string, show: (problem: Problem) => void, fix?: (correction: Correction) => void }} editor
   */
  constructor(main, { file, show, fix }) {
    this.file = file;
    this.show = show;
    this.fix = fix;
    this.drawer = build("section", "editor__problems no-print");
    this.drawer.setAttribute("aria-label", say("problems"));
    this.drawer.hidden = true;
    main.append(this.drawer);
  }

  /** @param {Problem[]} problems */
  list(problems) {
    /** @param {string} severity */
    const count = (severity) => problems.filter((problem) => problem.severity === severity).length;
    const words = problems.length
      ? `${counted("errors", count("error"))}, ${counted("warnings", count("warning"))}`
      : say("no problems");
    const items = build("ul", "");
    items.append(...problems.map((problem) => this.item(problem)));
    this.open(words, items);
  }

  failed() {
    this.open(say("check failed"));
  }

  /**
   * @param {string} words
   * @param {Node[]} content
   */
  open(words, ...content) {
    const head = build("h2", "", words);
    head.setAttribute("role", "status");
    const close = button(say("close"), () => {
      this.drawer.hidden = true;
    });
    const bar = build("div", "editor__problems-bar");
    bar.append(head, close);
    const wasInside = this.drawer.contains(document.activeElement);
    this.drawer.replaceChildren(bar, ...content);
    this.drawer.hidden = false;
    if (wasInside) close.focus();
  }

  /** @param {Problem} problem */
  item(problem) {
    const { severity, what, advice } = problem;
    const item = build("li", `editor__problem editor__problem--${severity}`);
    const text = build("p", "");
    text.append(build("b", "", say(severity)), " ", this.place(problem));
    item.append(text, build("p", "", what));
    if (advice) item.append(build("p", "editor__advice", advice));
    const { fix } = this;
    const offered = problem.file === this.file ? problem.fix : null;
    if (fix && offered) item.append(button(say(offered.kind, { ...offered }), () => fix(offered)));
    return item;
  }

  /** @param {Problem} problem */
  place(problem) {
    const { file, element_id: id, element_name: name, line, href } = problem;
    const words = [file !== this.file && file, name || id, line && say("line", { line })].filter(Boolean).join(", ");
    if (file !== this.file) return href ? Object.assign(build("a", "", words), { href }) : build("span", "", words);
    if (!id) return build("span", "", words);
    return button(words, () => this.show(problem));
  }
}

/**
 * Returns a number with its noun: some languages have another sentence for one.
 * @param {string} noun
 * @param {number} n
 */
function counted(noun, n) {
  return say(n === 1 ? `one of ${noun}` : `count of ${noun}`, { n });
}

/**
 * @param {string} words
 * @param {() => void} act
 */
function button(words, act) {
  const element = build("button", "btn btn-link", words);
  element.type = "button";
  element.addEventListener("click", act);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} className
 * @returns {HTMLElementTagNameMap[Name]}
 */
function build(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}
