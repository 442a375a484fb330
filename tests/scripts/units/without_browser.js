// What the scripts find when node runs them: a page in Indonesian, and the libraries as a bundler finds them.
import { registerHooks } from "node:module";
import { Element, page } from "./page.js";

const SOURCES = new URL("../../../web/assets/src/user.js", import.meta.url).href;
// The panel's components answer with what they were told.
const STAND_INS = { "@bpmn-io/properties-panel": "./panel.js", "bpmn-js-properties-panel": "./panel.js" };

registerHooks({
  resolve(name, context, next) {
    if (name in STAND_INS) return next(new URL(STAND_INS[name], import.meta.url).href, context);
    try {
      return next(name, context);
    } catch (error) {
      if (error.code !== "ERR_MODULE_NOT_FOUND" || name.startsWith(".")) throw error;
      // A bundler adds the ending; and a test uses the libraries that the scripts have.
      const file = name.split("/").length > 2 && !/\.js(on)?$/.test(name) ? `${name}.js` : name;
      return next(file, { ...context, parentURL: SOURCES });
    }
  },
});

globalThis.document = page();
globalThis.Element = Element;
globalThis.CSS = { escape: (text) => text };
