// The drawer below the canvas: what the server found wrong; a click shows the place.
import { say } from "../words.js";

/**
 * show(problem) brings the element of a problem of this file into view; fix(correction) does what a problem offers,
 * where the editor can.
 */
export class ProblemDrawer {
  constructor(main, { file, show, fix }) {
    Object.assign(this, { file, show, fix });
    this.drawer = build("section", "editor__problems no-print");
    this.drawer.setAttribute("aria-label", say("problems"));
    this.drawer.hidden = true;
    main.append(this.drawer);
  }

  list(problems) {
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

  open(words, ...content) {
    const head = build("h2", "", words);
    head.setAttribute("role", "status");
    const close = build("button", "btn btn-link", say("close"));
    close.type = "button";
    close.addEventListener("click", () => { this.drawer.hidden = true; });
    const bar = build("div", "editor__problems-bar");
    bar.append(head, close);
    const wasInside = this.drawer.contains(document.activeElement);
    this.drawer.replaceChildren(bar, ...content);
    this.drawer.hidden = false;
    if (wasInside) close.focus();
  }

  item(problem) {
    const { severity, what, advice } = problem;
    const item = build("li", `editor__problem editor__problem--${severity}`);
    const text = build("p", "");
    text.append(build("b", "", say(severity)), " ", this.place(problem));
    item.append(text, build("p", "", what));
    if (advice) item.append(build("p", "editor__advice", advice));
    if (problem.fix && this.fix && problem.file === this.file) item.append(this.correction(problem.fix));
    return item;
  }

  correction(fix) {
    const button = build("button", "btn btn-link", say(fix.kind, fix));
    button.type = "button";
    button.addEventListener("click", () => this.fix(fix));
    return button;
  }

  place(problem) {
    const { file, element_id: id, element_name: name, line, href } = problem;
    const words = [file !== this.file && file, name || id, line && say("line", { line })].filter(Boolean).join(", ");
    if (file !== this.file) return href ? Object.assign(build("a", "", words), { href }) : build("span", "", words);
    if (!id) return build("span", "", words);
    const button = build("button", "btn btn-link", words);
    button.type = "button";
    button.addEventListener("click", () => this.show(problem));
    return button;
  }
}

/** A number with its noun: the sentence for one differs in some languages. */
function counted(noun, n) {
  return say(n === 1 ? `one of ${noun}` : `count of ${noun}`, { n });
}

function build(name, className, text = "") {
  return Object.assign(document.createElement(name), { className, textContent: text });
}
