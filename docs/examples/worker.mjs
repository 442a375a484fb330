// Renders letters into files: a worker of Tindak, in JavaScript (Node 18 or newer, no package).
// TINDAK_URL, TINDAK_TOKEN: where, and as whom. LETTERS: the folder the letters go to.

import { mkdir, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";

const { TINDAK_URL, TINDAK_TOKEN, LETTERS = "letters" } = process.env;
const workerId = `${hostname()}-${process.pid}`;
const LEASE = 30_000, POLL = 30_000, RETRIES = 2;
const TEMPLATES = { plain: "<h1>TITLE</h1>", formal: "<p>Yth.</p><h1>TITLE</h1>" };

class BpmnError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

async function render(task) {
  const { title, template } = task.variables;
  const found = TEMPLATES[template?.value ?? "plain"];
  if (!found) throw new BpmnError("no_template", "This worker does not have that template.");
  const escaped = title.value.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
  // Named by the task: should it be done twice, the second letter replaces the first.
  const file = `${task.id}.html`;
  await writeFile(`${LETTERS}/${file}`, found.replace("TITLE", () => escaped));
  return { file: { value: file }, size: { value: (await stat(`${LETTERS}/${file}`)).size } };
}

async function call(path, body, signal) {
  const answer = await fetch(`${TINDAK_URL}/engine-rest/external-task/${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${TINDAK_TOKEN}`, "Content-Type": "application/json" },
    body: JSON.stringify({ workerId, ...body }),
    signal,
  });
  if (answer.ok) return answer.status === 204 ? null : answer.json();
  const { message } = await answer.json().catch(() => ({}));
  throw Object.assign(new Error(`${message} (${answer.status})`), { status: answer.status });
}

async function report(id, act, body) {
  for (let pause = 200; ; pause *= 2) {
    try {
      return await call(`${id}/${act}`, body);
    } catch (trouble) {
      // Below 500 the server has decided; else it has not heard us, or we not its answer.
      if (trouble.status < 500 || pause > LEASE) throw trouble;
      await sleep(pause * (0.5 + Math.random() / 2));
    }
  }
}

async function outcome(task) {
  const extend = () => call(`${task.id}/extendLock`, { newDuration: LEASE }).catch(console.warn);
  const extending = setInterval(extend, LEASE / 2);
  try {
    return ["complete", { variables: await render(task) }];
  } catch (error) {
    const { code: errorCode, message: errorMessage } = error;
    if (error instanceof BpmnError) return ["bpmnError", { errorCode, errorMessage }];
    const retries = task.retries === null ? RETRIES : Math.max(task.retries - 1, 0);
    // The message is for all who repair: of an error nobody raised on purpose, no value.
    const told = { errorMessage: `${error.name} in the worker`, errorDetails: `${error.stack}` };
    return ["failure", { ...told, retries, retryTimeout: 1000 }];
  } finally {
    clearInterval(extending);
  }
}

async function work(task) {
  const [act, body] = await outcome(task);
  await report(task.id, act, body).catch(({ message }) =>
    console.warn(`What came of task ${task.id} counts no more: ${message}`),
  );
}

const stopping = new AbortController();
for (const name of ["SIGTERM", "SIGINT"]) process.once(name, () => stopping.abort());
const rest = (time) => sleep(time, null, { signal: stopping.signal }).catch(() => {});

const topics = [
  { topicName: "render-letter", lockDuration: LEASE, variables: ["title", "template"] },
];
await mkdir(LETTERS, { recursive: true });
for (let pause = 500; !stopping.signal.aborted; ) {
  try {
    const body = { maxTasks: 4, asyncResponseTimeout: POLL, topics };
    const tasks = await call("fetchAndLock", body, stopping.signal);
    await Promise.all(tasks.map(work)); // what is held is finished, also while stopping
    if (!tasks.length) await rest(500);
    pause = 500;
  } catch (trouble) {
    if (stopping.signal.aborted) break;
    if ([401, 403].includes(trouble.status)) {
      console.error(`The token is refused: ${trouble.message}`);
      process.exit(77);
    }
    console.warn(`No tasks, next try in ${pause} ms: ${trouble.message}`);
    await rest(pause * (0.5 + Math.random() / 2));
    pause = Math.min(pause * 2, 60_000);
  }
}
