import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Draft } from "../../../web/assets/src/user/drafts.js";
import { Element } from "./page.js";

const WORDS = { draftUrl: "/draft", unsaved: "unsaved", failed: "failed", ended: "ended", signedOut: "signed out" };
let typed;
let sent;
let reply;

globalThis.FormData = class {
  *[Symbol.iterator]() {
    yield* Object.entries(typed);
  }
};
globalThis.fetch = async (url, { body }) => {
  sent.push([url, body.replace(/&_order=\d+$/, "")]);
  return reply();
};
const answered = (status, words = "", headers = {}) => ({
  ok: status < 300,
  status,
  redirected: false,
  headers: new Headers(headers),
  text: async () => words,
});

function draft(data = {}) {
  const state = new Element("span", { data: { ...WORDS, ...data } }, "as loaded");
  const form = new Element("form", {}, state);
  return { state, form, draft: new Draft(state) };
}

const passed = async (milliseconds) => {
  mock.timers.tick(milliseconds);
  for (let turn = 0; turn < 10; turn += 1) await null;
};

beforeEach(() => {
  typed = { a: "1" };
  sent = [];
  reply = () => answered(200, "saved 09.30");
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 0 });
});

test("a change is sent two seconds after the last one, and the server's words are shown", async () => {
  const { state, draft: it } = draft();
  typed.a = "2";
  it.changed();
  assert.equal(state.textContent, "unsaved");
  await passed(1_500);
  it.changed();
  await passed(1_500);
  assert.deepEqual(sent, []);
  await passed(500);
  assert.deepEqual(sent, [["/draft", "a=2"]]);
  assert.equal(state.textContent, "saved 09.30");
});

test("nobody types longer than twenty seconds unsaved", async () => {
  const { draft: it } = draft();
  for (let second = 0; second < 20; second += 1) {
    typed.a = `${second} s`;
    it.changed();
    await passed(1_000);
  }
  assert.equal(sent.length, 1);
});

test("what is as it was sent is not sent again", async () => {
  const { state, draft: it } = draft();
  typed.a = "2";
  it.changed();
  typed.a = "1";
  it.changed();
  await passed(5_000);
  assert.deepEqual(sent, []);
  assert.equal(state.textContent, "as loaded");
});

test("a form that nobody keeps yet is sent as it is", async () => {
  draft({ unkept: "" });
  await passed(2_000);
  assert.equal(sent.length, 1);
});

test("why nothing was saved is said, and the next change tries again", async () => {
  const { state, draft: it } = draft();
  for (const [status, words] of [
    [401, "signed out"],
    [409, "ended"],
    [500, "failed"],
  ]) {
    reply = () => answered(status, "a page");
    typed.a = `${status}`;
    it.changed();
    await passed(2_000);
    assert.equal(state.textContent, words);
    assert.ok(state.classList.contains("save-state--failed"));
  }
  reply = () => Promise.reject(new Error("no network"));
  it.changed();
  await passed(2_000);
  assert.equal(state.textContent, "failed");
  reply = () => answered(200, "saved");
  it.changed();
  await passed(2_000);
  assert.equal(state.textContent, "saved");
  assert.ok(!state.classList.contains("save-state--failed"));
});

test("a page that answers instead of the draft is no word of it", async () => {
  const { state, draft: it } = draft();
  reply = () => ({ ...answered(200, "<html>sign in"), redirected: true });
  typed.a = "2";
  it.changed();
  await passed(2_000);
  assert.equal(state.textContent, "failed");
});

test("what is typed while a draft is on its way is sent after it", async () => {
  const { state, draft: it } = draft();
  let arrive;
  reply = () =>
    new Promise((resolve) => {
      arrive = () => resolve(answered(200, "first"));
    });
  typed.a = "2";
  it.changed();
  await passed(2_000);
  typed.a = "3";
  it.changed();
  await passed(2_000);
  assert.equal(sent.length, 1);
  reply = () => answered(200, "second");
  arrive();
  await passed(2_000);
  await passed(2_000);
  assert.deepEqual(
    sent.map(([, body]) => body),
    ["a=2", "a=3"],
  );
  assert.equal(state.textContent, "second");
});

test("leaving sends at once, after handing in there is nothing to send", async () => {
  const { draft: it } = draft();
  typed.a = "2";
  it.changed();
  it.save(true);
  await passed(0);
  assert.equal(sent.length, 1);
  typed.a = "3";
  it.changed();
  it.submitted();
  await passed(60_000);
  assert.equal(sent.length, 1);
});

test("leaving waits until everything is saved, also what is on its way", async () => {
  const { draft: it } = draft();
  let arrive;
  reply = () =>
    new Promise((resolve) => {
      arrive = () => resolve(answered(200, "saved"));
    });
  assert.equal(it.kept, true);
  typed.a = "2";
  it.changed();
  assert.equal(it.kept, false);
  const saved = it.flush();
  await passed(0);
  typed.a = "3";
  it.changed();
  arrive();
  await passed(0);
  arrive();
  await passed(0);
  assert.equal(await saved, true);
  assert.deepEqual(
    sent.map(([, body]) => body),
    ["a=2", "a=3"],
  );
});

test("what cannot be saved keeps the page once, and not a second time", async () => {
  const { state, draft: it } = draft({ staying: "still here" });
  state.scrollIntoView = () => {};
  reply = () => answered(500);
  typed.a = "2";
  it.changed();
  const saved = it.flush();
  await passed(0);
  assert.equal(await saved, false);
  it.stay();
  assert.equal(state.textContent, "still here");
  assert.equal(it.kept, true);
  typed.a = "3";
  it.changed();
  assert.equal(it.kept, false);
});

test("the page knows how often its draft was saved, and shows the way to other texts", async () => {
  const { form, draft: it } = draft({ seen: "4" });
  const earlier = new Element("a", { className: "save-state__earlier", hidden: true });
  form.append(earlier);
  reply = () => answered(200, "saved", { "Draft-Version": "5" });
  typed.a = "2";
  it.changed();
  await passed(2_000);
  assert.equal(it.version, 5);
  assert.equal(earlier.hidden, true);
  reply = () => answered(200, "saved", { "Draft-Version": "7", "Draft-Other": "1" });
  typed.a = "3";
  it.changed();
  await passed(2_000);
  assert.equal(earlier.hidden, false);
});
