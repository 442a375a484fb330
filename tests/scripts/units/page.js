// As much of a page as the scripts touch. Selectors: one tag, class, id or attribute, or several of them with commas.

export class Element {
  constructor(tag = "div", { data = {}, ...given } = {}, ...children) {
    Object.assign(this, {
      tag,
      attributes: {},
      dataset: { ...data },
      children: [],
      parent: null,
      hidden: false,
      heard: {},
    });
    Object.assign(this, { className: "", tabIndex: -1 }, given);
    this.append(...children);
  }

  get classList() {
    const names = () => new Set(this.className.split(" ").filter(Boolean));
    const keep = (all) => {
      this.className = [...all].join(" ");
    };
    return {
      contains: (name) => names().has(name),
      add: (name) => keep(names().add(name)),
      toggle: (name, on) => (on ? keep(names().add(name)) : keep([...names()].filter((one) => one !== name))),
    };
  }

  get textContent() {
    return this.children.map((child) => (typeof child === "string" ? child : child.textContent)).join("");
  }

  set textContent(text) {
    this.replaceChildren(...(text ? [String(text)] : []));
  }

  append(...children) {
    for (const child of children) if (typeof child !== "string") child.parent = this;
    this.children.push(...children);
  }

  replaceChildren(...children) {
    this.children = [];
    this.append(...children);
  }

  remove() {
    if (this.parent) this.parent.children = this.parent.children.filter((child) => child !== this);
  }

  setAttribute(name, value) {
    this.attributes[name] = value;
  }

  focus() {
    document.activeElement = this;
  }

  contains(other) {
    return other === this || Boolean(other?.parent && this.contains(other.parent));
  }

  matches(selector) {
    return selector.split(", ").some((one) => this.#isOne(one));
  }

  #isOne(selector) {
    const data = /^\[data-([\w-]+)(?:="(.*)")?\]$/.exec(selector);
    if (data) {
      const key = data[1].replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
      return data[2] === undefined ? key in this.dataset : this.dataset[key] === data[2];
    }
    if (selector === "[name]") return this.name !== undefined;
    if (selector.startsWith(".")) return this.classList.contains(selector.slice(1));
    return this.tag === selector;
  }

  closest(selector) {
    return this.matches(selector) ? this : (this.parent?.closest(selector) ?? null);
  }

  *inside() {
    for (const child of this.children) {
      if (typeof child === "string") continue;
      yield child;
      yield* child.inside();
    }
  }

  querySelectorAll(selector) {
    return [...this.inside()].filter((one) => one.matches(selector));
  }

  querySelector(selector) {
    return this.querySelectorAll(selector)[0] ?? null;
  }

  getElementById(id) {
    return [...this.inside()].find((one) => one.id === id) ?? null;
  }

  addEventListener(kind, act) {
    this.heard[kind] ??= [];
    this.heard[kind].push(act);
  }

  dispatchEvent(event) {
    this.happen(event.type);
  }

  /** Let it happen here; whoever is around hears of it too. */
  happen(kind, more = {}) {
    const event = { type: kind, target: this, preventDefault: () => {}, ...more };
    for (let one = this; one; one = one.parent) for (const act of one.heard[kind] ?? []) act(event);
  }
}

/** A document in a language, with these elements in it. */
export function page(lang = "id", ...children) {
  const body = new Element("#document", {}, ...children);
  return Object.assign(body, {
    documentElement: new Element("html", { lang }),
    createElement: (tag) => new Element(tag),
    activeElement: null,
    visibilityState: "visible",
  });
}
