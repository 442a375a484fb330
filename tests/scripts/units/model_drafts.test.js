import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Draft } from "../../../web/assets/src/editor/draft.js";
import { Element } from "./page.js";

let sent;
let answers;

globalThis.addEventListener = () => {};
globalThis.fetch = async (_url, { headers, body }) => {
  sent.push({ xml: body, etag: headers["If-Match"] ?? null });
  const { status = 200, ...record } = answers.shift() ?? {};
  const at = status === 200 ? { saved_at: "09.30" } : {};
  const etag = new Map([["ETag", `"${sent.length}"`]]);
  return { ok: status === 200, status, headers: etag, json: async () => ({ ...at, ...record }) };
};

function draft(...will) {
  sent = [];
  answers = will;
  let xml = "<a/>";
  const state = new Element("p");
  const it = new Draft({ saveUrl: "/save", csrf: "token", state, etag: '"0"', read: async () => xml });
  const draw = (next) => {
    xml = next;
    it.changed();
  };
  return { it, state, draw };
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a change is saved a moment later, and replaces what the editing began with", async () => {
  const { it, state, draw } = draft();
  draw("<b/>");
  assert.equal(state.textContent, "Belum tersimpan");
  assert.ok(it.open);
  mock.timers.tick(1_500);
  assert.equal(await it.last, true);
  assert.deepEqual(sent, [{ xml: "<b/>", etag: '"0"' }]);
  assert.equal(state.textContent, "Tersimpan 09.30");
  assert.ok(!it.open);
});

test("the next save replaces the one before", async () => {
  const { it, draw } = draft();
  draw("<b/>");
  await it.flush();
  draw("<c/>");
  await it.flush();
  assert.deepEqual(
    sent.map(({ etag }) => etag),
    ['"0"', '"1"'],
  );
});

test("what is saved is not saved again", async () => {
  const { it, draw } = draft();
  draw("<b/>");
  await it.flush();
  assert.equal(await it.flush(), true);
  assert.equal(sent.length, 1);
});

test("the server's reason is shown as it is, and the draft stays unsaved", async () => {
  const { it, state, draw } = draft({ status: 413, message: "Too large." });
  draw("<b/>");
  assert.equal(await it.flush(), false);
  assert.equal(state.textContent, "Too large.");
  assert.ok(it.open);
});

test("without a reason it is said that nothing was saved", async () => {
  const { it, state, draw } = draft({ status: 500 });
  draw("<b/>");
  await it.flush();
  assert.match(state.textContent, /^Belum tersimpan\. /);
  assert.ok(state.classList.contains("save-state--failed"));
});

test("what another page saved is replaced only when somebody says so", async () => {
  const { it, state, draw } = draft({ status: 409, message: "Saved elsewhere." });
  draw("<b/>");
  await it.flush();
  const [, replace] = state.querySelectorAll("button");
  replace.happen("click");
  assert.equal(await it.last, true);
  assert.deepEqual(sent[1], { xml: "<b/>", etag: null });
});
